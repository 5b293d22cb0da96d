provider "registry.example/corp/\u0061" {
  version     = "1.0.0"
  constraints = ">= 1.0.0"
}
