resource "aws_launch_template" "node" {
  metadata_options {
    http_tokens                 = "optional" # expect: imdsv1-enabled
    http_put_response_hop_limit = 1
  }
}
