module example.com/demo

go 1.21

module example.com/other
