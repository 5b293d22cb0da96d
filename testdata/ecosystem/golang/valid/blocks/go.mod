// Deprecated: of old.
module (
	example.com/demo
)
go 1.23.0 // newest

toolchain go1.23.4

require (
	example.org/a v1.2.3
	example.org/b/v2 v2.0.0-rc.1 // indirect

	// a comment
	example.org/c v3.0.0+incompatible // indirect; for a test
	"example.org/d" v0.0.0-20220715151400-c0bba94af5f8
	gopkg.in/yaml.v3 v3.0.1
	gopkg.in/tomb.v1 v0.0.0-20141024135613-dd632973f1e7
)
require ()
exclude example.org/a v1.2.2
exclude (
	example.org/a v1.2.1
)
retract v1.0.0 // wrong
retract (
	[v1.1.0, v1.1.9]
	v1.2.0
)
tool example.org/a/cmd/tool
tool (
	`example.org/d/cmd/x`
)
godebug default=go1.21
godebug (
	panicnil=1
)
ignore ./static
