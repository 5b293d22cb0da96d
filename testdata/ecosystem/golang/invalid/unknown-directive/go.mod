module example.com/demo

go 1.21

requires example.org/a v1.0.0
