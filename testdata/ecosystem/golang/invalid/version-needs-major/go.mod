module example.com/demo

go 1.21

require example.org/a v2.0.0
