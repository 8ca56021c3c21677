output "out" {
  value = "C $${name}"
}
