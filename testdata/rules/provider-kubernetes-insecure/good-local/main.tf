provider "kubernetes" {
  host     = "https://127.0.0.1:6443"
  insecure = true
}
