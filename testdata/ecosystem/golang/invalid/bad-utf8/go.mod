module example.com/demo

go 1.21

require example.org/ÿ v1.0.0
