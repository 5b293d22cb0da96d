provider "registry.example/corp/a" {
  version = <<EOT
1.0.0
EOT
}
