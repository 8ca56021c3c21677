# New detectors look at audit logs of clusters.
resource "aws_guardduty_detector" "this" {
  enable = true
}
