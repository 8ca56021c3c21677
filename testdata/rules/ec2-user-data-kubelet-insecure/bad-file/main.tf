resource "aws_launch_template" "node" {
  user_data = base64encode(templatefile("${path.module}/node.sh", { cluster = "prod" }))
}
