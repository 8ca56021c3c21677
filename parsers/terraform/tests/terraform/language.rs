//! What the language means, from files to resources.

use iac_model::{Origin, ResourceKind, Store, Value};
use iac_terraform::{Evaluated, Inputs, Project, RootKind};

use crate::scan;

/// Evaluates the root module of some files.
fn evaluate(store: &Store, files: &[(&str, &str)]) -> Evaluated {
    let tree = scan::files(files);
    Project::new(store, &tree).evaluate("", &Inputs::default())
}

/// Addresses and bodies, one a line.
fn bodies(store: &Store, evaluated: &Evaluated) -> Vec<String> {
    let line = |resource: &iac_model::Resource| {
        format!("{} {}", resource.address, scan::json(store, &resource.body))
    };
    evaluated.resources.iter().map(line).collect()
}

#[test]
fn modules_counts_and_dynamic_blocks_are_expanded() {
    let store = Store::new();
    let evaluated = evaluate(
        &store,
        &[
            (
                "main.tf",
                r#"
                variable "names" { default = ["a", "b"] }
                locals { ports = { web = 80, dns = 53 } }
                module "m" {
                  source   = "./m"
                  for_each = toset(var.names)
                  name     = each.key
                  ports    = local.ports
                }
                output "ids" { value = [for key, one in module.m : "${key}=${one.name}"] }
                "#,
            ),
            (
                "m/main.tf",
                r#"
                variable "name" { type = string }
                variable "ports" { type = map(number) }
                resource "aws_security_group" "this" {
                  count = 2
                  name  = "${var.name}-${count.index}"
                  dynamic "ingress" {
                    for_each = var.ports
                    content {
                      from_port   = ingress.value
                      description = ingress.key
                    }
                  }
                }
                output "name" { value = aws_security_group.this[1].name }
                "#,
            ),
        ],
    );
    assert_eq!(evaluated.problems, []);
    let ingress = r#""ingress":[{"description":"dns","from_port":53},{"description":"web","from_port":80}]"#;
    let body = |key: &str, index: usize| {
        format!(
            "module.m[\"{key}\"].aws_security_group.this[{index}] {{{ingress},\"name\":\"{key}-{index}\"}}"
        )
    };
    assert_eq!(bodies(&store, &evaluated), [body("a", 0), body("a", 1), body("b", 0), body("b", 1)]);
    assert_eq!(scan::json(&store, &evaluated.outputs[0].value), r#"["a=a-1","b=b-1"]"#);
    assert_eq!(evaluated.calls.len(), 2);
    assert_eq!(evaluated.calls[0].directory.as_deref(), Some("m"));
    let ResourceKind::Terraform(id) = &evaluated.resources[0].kind else { panic!("a Terraform resource") };
    assert_eq!((id.module.as_str(), id.key.as_str(), id.name.as_str()), ("module.m[\"a\"]", "[0]", "this"));
}

#[test]
fn unknowns_are_symbols_wherever_they_go() {
    let store = Store::new();
    let evaluated = evaluate(
        &store,
        &[(
            "main.tf",
            r#"
            variable "region" {}
            resource "aws_iam_role" "app" { name = "app" }
            resource "x" "y" {
              arn    = aws_iam_role.app.arn
              name   = aws_iam_role.app.id
              policy = jsonencode({ Resource = aws_iam_role.app.arn })
              url    = "https://${var.region}.example"
            }
            resource "x" "many" {
              for_each = var.region == "a" ? toset(["k"]) : toset([])
              key      = each.key
            }
            "#,
        )],
    );
    assert_eq!(evaluated.problems, []);
    let bodies = bodies(&store, &evaluated);
    assert_eq!(
        bodies[2],
        "x.y {\"arn\":{\"$unknown\":\"aws_iam_role.app.arn\"},\"name\":\"app\",\
         \"policy\":{\"$template\":[\"{\\\"Resource\\\":\\\"\",{\"$unknown\":\"aws_iam_role.app.arn\"},\"\\\"}\"]},\
         \"url\":{\"$template\":[\"https://\",{\"$unknown\":\"var.region\"},\".example\"]}}"
    );
    assert!(bodies[1].starts_with("x.many[*] "), "{}", bodies[1]);
    assert!(store.origins.assumed(evaluated.resources[1].origin).is_some());
    let symbol = store.symbols.find("aws_iam_role.app.arn").expect("it was made");
    assert_eq!(store.symbols.get(symbol).resource.as_deref(), Some("aws_iam_role.app"));
    assert_eq!(store.symbols.get(symbol).attribute.as_deref(), Some("arn"));
}

#[test]
fn literals_keep_their_place_through_variables_and_modules() {
    let store = Store::new();
    let evaluated = evaluate(
        &store,
        &[
            ("terraform.tfvars", "hops = 2\n"),
            ("main.tf", "variable \"hops\" {}\nmodule \"m\" {\n  source = \"./m\"\n  hops = var.hops\n}\n"),
            ("m/main.tf", "variable \"hops\" {}\nresource \"x\" \"y\" {\n  hops = var.hops\n}\n"),
        ],
    );
    let hops = evaluated.resources[0].body.get("hops").expect("it is set");
    let leaf = store.origins.leaf(hops.origin).expect("a literal has a place");
    assert_eq!(store.sources.file(leaf.file).path, "terraform.tfvars");
    assert_eq!(store.sources.slice(leaf), "2");
    let Origin::Written(header) = store.origins.get(evaluated.resources[0].origin) else {
        panic!("a header")
    };
    assert_eq!(store.sources.slice(*header), "resource \"x\" \"y\"");
}

#[test]
fn what_nobody_calls_is_a_root_or_a_library() {
    let store = Store::new();
    let tree = scan::files(&[
        (
            "envs/prod/main.tf",
            "module \"m\" { source = \"../../modules/m\" }\nterraform {\n  backend \"s3\" {}\n}\n",
        ),
        ("modules/m/main.tf", "variable \"x\" {}\n"),
        ("modules/unused/main.tf", "resource \"a\" \"b\" {}\n"),
        ("network/main.tf", "variable \"x\" {}\noutput \"x\" { value = var.x }\n"),
        ("shop/main.tf", "variable \"x\" {}\nresource \"a\" \"b\" { x = var.x }\n"),
    ]);
    let roots = Project::new(&store, &tree).roots();
    let roots: Vec<_> = roots.iter().map(|root| (root.directory.as_str(), root.kind)).collect();
    assert_eq!(
        roots,
        [
            ("envs/prod", RootKind::Root),
            ("modules/unused", RootKind::Library),
            ("network", RootKind::Library),
            ("shop", RootKind::Root)
        ]
    );
}

#[test]
fn cycles_end_and_are_named() {
    let store = Store::new();
    let evaluated = evaluate(
        &store,
        &[("main.tf", "locals {\n  a = local.b\n  b = local.a\n}\nresource \"x\" \"y\" { a = local.a }\n")],
    );
    let codes: Vec<_> = evaluated.problems.iter().map(|problem| problem.code).collect();
    assert_eq!(codes, ["terraform-cycle"]);
    assert_eq!(evaluated.resources.len(), 1);
}

#[test]
fn modules_that_are_not_on_disk_are_named_once() {
    let store = Store::new();
    let call = "{\n  source = \"terraform-aws-modules/vpc/aws\"\n  cidr = \"10.0.0.0/8\"\n}\n";
    let text =
        format!("module \"a\" {call}module \"b\" {call}resource \"x\" \"y\" {{ vpc = module.a.vpc_id }}\n");
    let evaluated = evaluate(&store, &[("main.tf", &text)]);
    assert_eq!(evaluated.problems.len(), 1);
    assert!(evaluated.problems[0].message.contains("terraform init"), "{}", evaluated.problems[0].message);
    assert_eq!(bodies(&store, &evaluated), ["x.y {\"vpc\":{\"$unknown\":\"module.a.vpc_id\"}}"]);
    assert_eq!(scan::json(&store, &evaluated.calls[0].arguments), r#"{"cidr":"10.0.0.0/8"}"#);
}

#[test]
fn a_null_in_a_block_is_what_the_provider_computes() {
    let store = Store::new();
    let text = r#"
        variable "ip" { default = null }
        resource "google_compute_instance" "vm" {
          name = "vm"
          network_interface {
            network    = "net"
            network_ip = var.ip
          }
        }
        output "ip" { value = "http://${google_compute_instance.vm.network_interface[0].network_ip}/" }
        output "net" { value = google_compute_instance.vm.network_interface[0].network }
    "#;
    let evaluated = evaluate(&store, &[("main.tf", text)]);
    assert_eq!(evaluated.problems, []);
    let outputs: Vec<String> =
        evaluated.outputs.iter().map(|output| scan::json(&store, &output.value)).collect();
    let symbol = r#"{"$unknown":"google_compute_instance.vm.network_interface[0].network_ip"}"#;
    assert_eq!(outputs, [format!(r#"{{"$template":["http://",{symbol},"/"]}}"#), "\"net\"".to_owned()]);
}

#[test]
fn elements_of_an_unknown_list_may_leave_out_what_is_optional() {
    let store = Store::new();
    let main = r#"
        resource "x_y" "many" {
          count = x_z.unknown.size
          name  = "n"
        }
        resource "x_z" "unknown" {}
        module "m" {
          source   = "./m"
          backends = [for one in x_y.many : { group = one.name }]
        }
        output "all" { value = module.m.all }
    "#;
    let module = r#"
        variable "backends" {
          type = list(object({ group = string, mode = optional(string, "U"), other = optional(string) }))
        }
        output "all" { value = [for one in var.backends : one.mode if one.other != null] }
    "#;
    let evaluated = evaluate(&store, &[("main.tf", main), ("m/main.tf", module)]);
    assert_eq!(evaluated.problems, []);
    // However many there are, none of them has what is left out.
    assert_eq!(scan::json(&store, &evaluated.outputs[0].value), "[]");
}

#[test]
fn an_override_may_configure_a_provider_that_is_not_configured() {
    let store = Store::new();
    let files = [
        ("main.tf", "resource \"aws_x\" \"y\" {}\n"),
        ("providers_override.tf", "provider \"aws\" {\n  region = \"eu-west-1\"\n}\n"),
    ];
    assert_eq!(evaluate(&store, &files).problems, []);
}

#[test]
fn all_of_a_block_is_under_the_condition_that_it_is_there() {
    let store = Store::new();
    let text = r#"
        variable "rules" {}
        resource "aws_security_group" "s" {
          dynamic "ingress" {
            for_each = var.rules
            content { cidr_blocks = ["0.0.0.0/0"] }
          }
        }
    "#;
    let evaluated = evaluate(&store, &[("main.tf", text)]);
    let body = &evaluated.resources[0].body;
    let block = &body.get("ingress").and_then(Value::as_list).expect("a list")[0];
    let cidrs = block.get("cidr_blocks").expect("it is written");
    let element = &cidrs.as_list().expect("a list")[0];
    for value in [cidrs, element] {
        assert!(store.origins.assumed(value.origin).is_some(), "{value:?}");
    }
}

#[test]
fn what_is_declared_nowhere_is_refused_wherever_it_stands() {
    let store = Store::new();
    let text = r#"
        locals {
          tried   = try(local.missing.x, 1)
          taken   = true ? "a" : var.missing
          decided = false && module.missing.on
          part    = { known = 1, missing = local.missing }
        }
        resource "x_y" "z" {
          tried   = local.tried
          taken   = local.taken
          decided = local.decided
          part    = local.part
          other   = 2
        }
    "#;
    let evaluated = evaluate(&store, &[("main.tf", text)]);
    let bodies = bodies(&store, &evaluated).join("");
    assert_eq!(
        bodies,
        concat!(
            r#"x_y.z {"decided":{"$unknown":"unevaluated(module.missing)"},"other":2,"#,
            r#""part":{"known":1,"missing":{"$unknown":"local.missing"}},"#,
            r#""taken":{"$unknown":"unevaluated(var.missing)"},"tried":{"$unknown":"local.missing.x"}}"#
        )
    );
    // Each missing thing is reported at the first of its places.
    let mut found: Vec<(String, u32)> = evaluated
        .problems
        .iter()
        .map(|problem| {
            let at = problem.at.expect("it has a place");
            (problem.message.clone(), store.sources.file(at.file).position(at.start).line)
        })
        .collect();
    found.sort();
    let missing = |name: &str, line| (format!("{name} is not declared in this module"), line);
    let lines = found.iter().map(|(_, line)| *line).collect::<Vec<_>>();
    assert!(lines.iter().all(|line| (3..=6).contains(line)), "{lines:?}");
    assert_eq!(found[1..], [missing("module.missing", 5), missing("var.missing", 4)]);
    assert_eq!(found[0].0, "local.missing is not declared in this module");
}

#[test]
fn a_reference_to_what_is_not_declared_still_says_what_it_means() {
    let store = Store::new();
    let text = r#"
        resource "aws_iam_role_policy_attachment" "a" {
          role       = aws_iam_role.node.name
          policy_arn = "${aws_iam_role.node.name}-policy"
        }
        resource "aws_x" "b" { role = nothing.node }
    "#;
    let evaluated = evaluate(&store, &[("main.tf", text)]);
    assert_eq!(
        bodies(&store, &evaluated),
        [
            r#"aws_iam_role_policy_attachment.a {"policy_arn":{"$template":[{"$unknown":"aws_iam_role.node.name"},"-policy"]},"role":{"$unknown":"aws_iam_role.node.name"}}"#,
            r#"aws_x.b {"role":{"$unknown":"unevaluated(aws_x.b.role)"}}"#,
        ]
    );
    let symbol = store.symbols.find("aws_iam_role.node.name").expect("it is known");
    assert_eq!(store.symbols.get(symbol).resource.as_deref(), Some("aws_iam_role.node"));
    let codes: Vec<&str> = evaluated.problems.iter().map(|problem| problem.code).collect();
    assert_eq!(codes, ["terraform-reference", "terraform-reference"]);
}

#[test]
fn dynamic_blocks_nest_and_stand_between_others() {
    let store = Store::new();
    let text = r#"
        variable "unknown" { type = list(object({ port = number })) }
        locals {
          groups = { b = { rules = [1, 2] }, a = { rules = [] } }
        }
        resource "x" "y" {
          dynamic "group" {
            for_each = local.groups
            iterator = it
            labels   = ["ignored"]
            content {
              name = it.key
              dynamic "rule" {
                for_each = toset([for rule in it.value.rules : tostring(rule)])
                content {
                  value = "${it.key}${rule.value}${rule.key}"
                }
              }
              rule { value = "written" }
            }
          }
          group { name = "written" }
          dynamic "group" {
            for_each = ["last"]
            content { name = "${group.key}-${group.value}" }
          }
          dynamic "none" {
            for_each = []
            content { name = "never" }
          }
          dynamic "port" {
            for_each = var.unknown
            content { number = port.value.port }
          }
        }
    "#;
    let evaluated = evaluate(&store, &[("main.tf", text)]);
    assert_eq!(evaluated.problems, []);
    let body = &evaluated.resources[0].body;
    let group = scan::json(&store, body.get("group").expect("there are groups"));
    let expected = concat!(
        r#"[{"name":"a","rule":[{"value":"written"}]},"#,
        r#"{"name":"b","rule":[{"value":"b11"},{"value":"b22"},{"value":"written"}]},"#,
        r#"{"name":"written"},{"name":"0-last"}]"#
    );
    assert_eq!(group, expected);
    assert!(body.get("none").is_none());
    let ports = body.get("port").and_then(iac_model::Value::as_list).expect("one stands for all");
    assert!(ports[0].get("number").is_some_and(|number| number.symbol().is_some()));
    let assumed = store.origins.assumed(ports[0].origin).expect("it may not be there");
    assert_eq!(store.symbols.get(assumed).address, "var.unknown");
}

#[test]
fn origins_lead_to_literals_through_locals_loops_and_conditions() {
    let store = Store::new();
    let text = r#"variable "open" { default = ["0.0.0.0/0"] }
locals {
  sets  = { web = { cidrs = var.open, tokens = "optional" } }
  other = { for name, set in local.sets : name => merge({ hops = 2 }, set) }
}
resource "x" "y" {
  for_each = local.other
  cidrs    = each.value.cidrs
  tokens   = true ? lookup(each.value, "tokens", "required") : "required"
  hops     = try(each.value.hops, 1)
  dynamic "block" {
    for_each = each.value.cidrs
    content { cidr = block.value }
  }
}
"#;
    let evaluated = evaluate(&store, &[("main.tf", text)]);
    assert_eq!(evaluated.problems, []);
    let body = &evaluated.resources[0].body;
    let written = |value: &iac_model::Value| {
        let place = store.origins.leaf(value.origin).expect("a literal has a place");
        let line = store.sources.file(place.file).position(place.start).line;
        (line, store.sources.slice(place).into_owned())
    };
    let at = |key: &str| body.get(key).expect("it is set");
    let cidr = &at("cidrs").as_list().expect("a list")[0];
    assert_eq!(written(cidr), (1, "0.0.0.0/0".into()));
    assert_eq!(written(at("tokens")), (3, "optional".into()));
    assert_eq!(written(at("hops")), (4, "2".into()));
    let block = &at("block").as_list().expect("a list")[0];
    assert_eq!(written(block.get("cidr").expect("it is set")), (1, "0.0.0.0/0".into()));
}
