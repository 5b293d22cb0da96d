module example.com/demo

go 1.16

require example.org/a v1.0.0
