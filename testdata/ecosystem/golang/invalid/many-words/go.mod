module example.com/demo

go 1.21

require a b c d e f g
