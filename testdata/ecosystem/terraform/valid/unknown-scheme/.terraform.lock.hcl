provider "registry.example/corp/a" {
  version     = "1.0.0"
  constraints = ">= 1.0.0"
  hashes = [
    "x9:whatever",
    "zh:ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb",
  ]
}
