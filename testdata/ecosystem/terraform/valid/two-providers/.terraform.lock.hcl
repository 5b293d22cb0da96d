# This file is maintained automatically by "terraform init".

provider "registry.example/corp/a" {
  version     = "5.72.1"
  constraints = ">= 1.0.0"
  hashes = [
    "h1:ypeBEsobvcr6wjGzmiPcTaeG7/gUfE5yuYB3ha/uSLs=",
    "zh:f55ff16f66f43360266b95db6f8fec01d76031054306ae4a4b380598f6cfd114",
    "zh:2c3a4249d77070058649dbd822dcaf7957586fce428cfb2ca88b94741eda8b07",
  ]
}

provider "registry.example:8443/corp/b-b" {
  version     = "0.1.0-beta.1"
  hashes = [
    "h1:PiPoFgA5WUoziU9lZOGxNIu9egCI1CxKy3PurtWcAJ0=",
  ]
}
