module example.com/demo

go 1.21

toolchain go1.21.1
toolchain go1.21.2
