resource "aws_launch_template" "node" {
  user_data = base64encode(<<-EOT
    #!/bin/bash
    /etc/eks/bootstrap.sh prod \
      --kubelet-extra-args '--read-only-port=10255' # expect: ec2-user-data-kubelet-insecure
  EOT
  )
}
