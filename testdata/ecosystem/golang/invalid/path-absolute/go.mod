module example.com/demo

go 1.21

require /etc/a v1.0.0
