provider "registry.example/corp/a {
}
