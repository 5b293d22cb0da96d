provider "registry.example/corp/a/b" {
  version     = "1.0.0"
  constraints = ">= 1.0.0"
}
