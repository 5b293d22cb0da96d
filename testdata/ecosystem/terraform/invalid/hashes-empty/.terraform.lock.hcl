provider "registry.example/corp/a" {
  version = "1.0.0"
  hashes = []
}
