resource "aws_launch_template" "node" {
  user_data = base64encode("/etc/eks/bootstrap.sh prod --kubelet-extra-args '--read-only-port=10255'\n") # expect: ec2-user-data-kubelet-insecure
}
