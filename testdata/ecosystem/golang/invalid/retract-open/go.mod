module example.com/demo

go 1.21

retract [v1.0.0, v1.1.0
