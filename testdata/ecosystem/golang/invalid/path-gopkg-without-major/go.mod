module example.com/demo

go 1.21

require gopkg.in/yaml v1.0.0
