provider "kubernetes" {
  host  = "https://kubernetes.example.com"
  token = "eyJhbGciOiJSUzI1NiJ9.example" # expect: provider-kubernetes-credential
}
