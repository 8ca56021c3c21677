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

  templates = { a = "A $${name}" }
  key       = "a"
  list_of   = ["L $${name}"]
  nothing   = null
  object    = { a = 1 }
  on        = true
}

variable "text" {
  type    = string
  default = "T $${name}"
}

variable "list" {
  type    = list(string)
  default = ["a"]
}

variable "map" {
  type    = map(string)
  default = { a = "1" }
}

variable "object" {
  type    = object({ a = string })
  default = { a = "O $${name}" }
}

variable "untyped" {
  default = { a = 1, b = {} }
}

variable "deep" {
  type = object({
    a    = object({ b = string })
    list = list(object({ b = string }))
    map  = map(object({ c = string }))
  })
  default = { a = { b = "x" }, list = [{ b = "y" }], map = { k = { c = "z" } } }
}

resource "terraform_data" "one" {
  input = 1
}

resource "terraform_data" "many" {
  count = 2
  input = count.index
}

resource "terraform_data" "keyed" {
  for_each = toset(["a", "b"])
  input    = each.key
}

module "child" {
  source = "./child"
}

module "children" {
  source   = "./child"
  for_each = toset(["a", "b"])
}
