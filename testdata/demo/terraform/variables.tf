variable "subnet_ids" {
  description = "Private subnets of the cluster"
  type        = list(string)
}
