module example.com/demo

go 1.21

require "example.org/\x61" v1.0.0
