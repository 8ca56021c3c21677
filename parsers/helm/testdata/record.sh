#!/bin/sh
# Records what Helm's own packages answer, for the unit tests of this crate. Needs Go and its module proxy.
set -e
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -r "$here"/go/* "$work"
cd "$work"
go mod init record >/dev/null 2>&1
go get helm.sh/helm/v4@v4.2.4 >/dev/null 2>&1
go mod tidy >/dev/null 2>&1
for name in set glob; do
    go run "./$name" >"$here/$name.jsonl"
done
{
    grep '^#' "$here/../data/api-versions.txt"
    go run ./apiversions
} >"$work/api-versions.txt"
cp "$work/api-versions.txt" "$here/../data/api-versions.txt"
