provider "registry.example/corp/a" {
  version = trimspace("1.0.0")
}
