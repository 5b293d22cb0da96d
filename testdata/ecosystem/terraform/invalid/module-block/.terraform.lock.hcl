module "./a" {
}
