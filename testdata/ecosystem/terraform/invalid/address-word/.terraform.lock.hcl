provider a {
}
