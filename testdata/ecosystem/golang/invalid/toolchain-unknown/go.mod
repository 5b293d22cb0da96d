module example.com/demo

go 1.21

toolchain evil
