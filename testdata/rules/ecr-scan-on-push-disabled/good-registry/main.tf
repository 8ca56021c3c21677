resource "aws_ecr_repository" "web" {
  name = "web"
}

# The whole registry is scanned.
resource "aws_ecr_registry_scanning_configuration" "all" {
  scan_type = "ENHANCED"
}
