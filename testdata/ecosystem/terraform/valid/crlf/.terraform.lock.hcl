provider "registry.example/corp/a" {
  version     = "1.0.0"
  constraints = ">= 1.0.0"
  hashes = [
    "h1:ypeBEsobvcr6wjGzmiPcTaeG7/gUfE5yuYB3ha/uSLs=",
  ]
}
