module example.com/demo

go 1.21

retract all
