provider "registry.example/corp/a" {
  source = "x"
}
