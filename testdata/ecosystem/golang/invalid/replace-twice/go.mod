module example.com/demo

go 1.21

replace example.org/a => ./a
replace example.org/a => ./b
