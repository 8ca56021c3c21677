variable "token" {
  sensitive = true
}

provider "kubernetes" {
  host  = "https://kubernetes.example.com"
  token = var.token
}
