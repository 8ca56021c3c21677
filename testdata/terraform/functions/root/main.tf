terraform {
  required_providers {
    terraform = {
      source = "terraform.io/builtin/terraform"
    }
  }
}

locals {
  greeting = "Hello, $${name}!"
  listing  = "%%{ for x in list ~}\n- $${x}\n%%{ endfor ~}\n"
  number   = "$${n}"
  broken   = "$${"
  reads    = "$${file(\"files/hello.txt\")}"
  calls    = "$${upper(name)} $${core::lower(name)}"
}
