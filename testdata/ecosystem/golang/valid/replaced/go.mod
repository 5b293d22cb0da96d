module example.com/demo

go 1.21

require (
	example.org/a v1.0.0
	example.org/b v1.0.0
	example.org/c v1.0.0
	example.org/d v1.0.0
	example.org/e v1.0.0
	local v0.0.0
)

replace example.org/a => example.net/fork v1.4.5
replace (
	example.org/b v1.0.0 => ./b/
	example.org/c => ../c
	example.org/d v1.1.0 => example.net/d v1.0.1
	example.org/e => example.net/e v1.0.0
	example.org/e v1.0.0 => example.net/exact v1.0.0
	local => ./local
	example.org/unused => ./unused
)
