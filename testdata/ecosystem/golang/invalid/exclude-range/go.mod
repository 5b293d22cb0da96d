module example.com/demo

go 1.21

exclude example.org/a v1
