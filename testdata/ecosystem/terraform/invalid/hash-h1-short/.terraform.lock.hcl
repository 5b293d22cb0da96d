provider "registry.example/corp/a" {
  version     = "1.0.0"
  constraints = ">= 1.0.0"
  hashes = [
    "h1:YWJj",
  ]
}
