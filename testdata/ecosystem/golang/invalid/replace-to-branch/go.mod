module example.com/demo

go 1.21

replace example.org/a => example.net/a main
