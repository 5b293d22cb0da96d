provider "registry.example/corp/a" {
  version = 1
}
