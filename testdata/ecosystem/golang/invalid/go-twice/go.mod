module example.com/demo

go 1.21

go 1.22
