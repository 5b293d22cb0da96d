module example.com/demo

go 1.21

require exam'ple.org/a v1.0.0
