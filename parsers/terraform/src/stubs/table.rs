//! Which modules are known, and in which major versions.

use std::ops::RangeInclusive;

/// What stands for a module that is not on disk.
#[derive(Debug)]
pub(crate) struct Stub {
    /// The package as the registry names it.
    pub(crate) package: &'static str,
    /// The directory in it; empty for the package's own module.
    pub(crate) directory: &'static str,
    /// Major versions in which every release is as the stub says.
    pub(super) majors: RangeInclusive<u32>,
    /// The configuration.
    pub(crate) text: &'static str,
}

macro_rules! stubs {
    ($($package:literal $directory:literal $low:literal..=$high:literal $name:literal)*) => {
        /// All stubs.
        pub(super) static STUBS: &[Stub] = &[$(Stub {
            package: $package,
            directory: $directory,
            majors: $low..=$high,
            text: include_str!(concat!($name, "/main.tf")),
        }),*];
    };
}

#[rustfmt::skip]
stubs! {
    "terraform-aws-modules/eks/aws"                     ""                                          18..=21 "aws-eks"
    "terraform-aws-modules/eks/aws"                     "modules/eks-managed-node-group"            18..=21 "aws-eks-managed-node-group"
    "terraform-aws-modules/eks/aws"                     "modules/fargate-profile"                   18..=21 "aws-eks-fargate-profile"
    "terraform-aws-modules/eks/aws"                     "modules/karpenter"                         20..=21 "aws-eks-karpenter"
    "terraform-aws-modules/eks/aws"                     "modules/self-managed-node-group"           18..=21 "aws-eks-self-managed-node-group"
    "terraform-aws-modules/eks-pod-identity/aws"        ""                                          1..=2 "aws-eks-pod-identity"
    "terraform-aws-modules/iam/aws"                     "modules/iam-assumable-role"                4..=5 "aws-iam-assumable-role"
    "terraform-aws-modules/iam/aws"                     "modules/iam-assumable-role-with-oidc"      4..=5 "aws-iam-assumable-role-with-oidc"
    "terraform-aws-modules/iam/aws"                     "modules/iam-assumable-roles"               5..=5 "aws-iam-assumable-roles"
    "terraform-aws-modules/iam/aws"                     "modules/iam-eks-role"                      5..=5 "aws-iam-eks-role"
    "terraform-aws-modules/iam/aws"                     "modules/iam-github-oidc-provider"          5..=5 "aws-iam-oidc-provider"
    "terraform-aws-modules/iam/aws"                     "modules/iam-github-oidc-role"              5..=5 "aws-iam-github-role"
    "terraform-aws-modules/iam/aws"                     "modules/iam-group"                         6..=6 "aws-iam-group"
    "terraform-aws-modules/iam/aws"                     "modules/iam-group-with-policies"           5..=5 "aws-iam-group"
    "terraform-aws-modules/iam/aws"                     "modules/iam-oidc-provider"                 6..=6 "aws-iam-oidc-provider"
    "terraform-aws-modules/iam/aws"                     "modules/iam-policy"                        4..=6 "aws-iam-policy"
    "terraform-aws-modules/iam/aws"                     "modules/iam-read-only-policy"              5..=6 "aws-iam-read-only-policy"
    "terraform-aws-modules/iam/aws"                     "modules/iam-role"                          6..=6 "aws-iam-role"
    "terraform-aws-modules/iam/aws"                     "modules/iam-role-for-service-accounts"     6..=6 "aws-iam-service-account-role"
    "terraform-aws-modules/iam/aws"                     "modules/iam-role-for-service-accounts-eks" 4..=5 "aws-iam-service-account-role"
    "terraform-aws-modules/iam/aws"                     "modules/iam-user"                          5..=6 "aws-iam-user"
    "terraform-aws-modules/ec2-instance/aws"            ""                                          4..=6 "aws-ec2-instance"
    "terraform-aws-modules/ecr/aws"                     ""                                          1..=3 "aws-ecr"
    "terraform-aws-modules/kms/aws"                     ""                                          1..=4 "aws-kms"
    "terraform-aws-modules/lambda/aws"                  ""                                          4..=8 "aws-lambda"
    "terraform-aws-modules/rds/aws"                     ""                                          5..=7 "aws-rds"
    "terraform-aws-modules/rds/aws"                     "modules/db_instance"                       5..=7 "aws-rds-instance"
    "terraform-aws-modules/s3-bucket/aws"               ""                                          4..=5 "aws-s3-bucket"
    "terraform-aws-modules/security-group/aws"          ""                                          3..=5 "aws-security-group"
    "terraform-aws-modules/vpc/aws"                     ""                                          3..=6 "aws-vpc"
    "terraform-google-modules/kubernetes-engine/google" ""                                          30..=44 "google-gke"
    "terraform-google-modules/kubernetes-engine/google" "modules/private-cluster"                   30..=44 "google-gke"
    "terraform-google-modules/kubernetes-engine/google" "modules/workload-identity"                 30..=44 "google-workload-identity"
    "Azure/aks/azurerm"                                 ""                                          7..=11 "azure-aks"
}
