/* a
 comment */ provider "registry.example/corp/a" { // here

  hashes = ["h1:ypeBEsobvcr6wjGzmiPcTaeG7/gUfE5yuYB3ha/uSLs=", # one
 "zh:3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d"]
  version="1.0.0" }
// end