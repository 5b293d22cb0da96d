require (
    example.org/a v1.2.3
    example.org/a v0.5.6
)
