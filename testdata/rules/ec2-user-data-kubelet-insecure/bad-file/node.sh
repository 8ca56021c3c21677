#!/bin/bash
/etc/eks/bootstrap.sh ${cluster} \
  --kubelet-extra-args '--anonymous-auth=true' # expect: ec2-user-data-kubelet-insecure
