resource "aws_launch_template" "node" {
  user_data = base64encode(yamlencode({
    apiVersion = "node.eks.aws/v1alpha1"
    kind       = "NodeConfig"
    spec       = { kubelet = { config = { authentication = { anonymous = { enabled = true } } } } } # expect: ec2-user-data-kubelet-insecure
  }))
}
