variable "token" {
  default = "eyJhbGciOiJSUzI1NiJ9.example" # expect: provider-kubernetes-credential
}

provider "helm" {
  kubernetes {
    host  = "https://kubernetes.example.com"
    token = var.token
  }
}
