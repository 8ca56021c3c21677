resource "aws_launch_template" "node" {
  user_data = base64encode("/etc/eks/bootstrap.sh prod --kubelet-extra-args '--max-pods=58 --read-only-port=0'\n")
}
