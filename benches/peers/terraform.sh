#!/bin/sh
# Times `terraform plan` and `iac-scan resources` on the same generated project of terraform_data.
#
# usage: benches/peers/terraform.sh [RESOURCES]
# Needs terraform on the path and a release build of iac-scan; nothing is downloaded, terraform_data is built in.
set -eu
resources=${1:-2000}
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
cargo bench -q -p iac-terraform --bench evaluate -- write "$directory" "$resources"
(cd "$directory" && terraform init -input=false >init.log)
now() { date +%s%N; }
start=$(now)
(cd "$directory" && terraform plan -input=false -out=plan >plan.log)
planned=$(now)
target/release/iac-scan resources "$directory" --format json --quiet >"$directory/resources.json"
scanned=$(now)
plan=$(((planned - start) / 1000000))
scan=$(((scanned - planned) / 1000000))
echo "$resources resources: terraform plan $plan ms, iac-scan $scan ms: $((plan / (scan > 0 ? scan : 1))) times"
