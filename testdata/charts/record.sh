#!/bin/sh
# Records what `helm template` prints for each chart here: record.sh HELM4 HELM3 [CHART...], with the binaries of
# helm v4.2.4 and v3.21.4.
#
# CHART/cases has one case a line: its name, then arguments. CHART/golden/CASE.out is the standard output of Helm 4, or
# CHART/golden/CASE.err the standard error where it refuses the chart; golden-v3 is the same for Helm 3.
set -e
helm4=$1
helm3=$2
shift 2
cd "$(dirname "$0")"
[ $# -gt 0 ] || set -- */

# record HELM DIRECTORY: runs the cases of the chart in the working directory.
record() {
    rm -rf "$2"
    mkdir "$2"
    while read -r name arguments; do
        [ -n "$name" ] || continue
        case "$arguments" in *--kube-version*) ;; *) arguments="$arguments --kube-version 1.36.0" ;; esac
        if printf '%s' "$arguments" | TZ=UTC HELM_DEBUG=false xargs "$1" template release-name chart \
            >"$2/$name.out" 2>"$2/$name.err"; then
            rm "$2/$name.err"
        else
            rm "$2/$name.out"
            # helm's own log lines, and the path of the chart, would differ from machine to machine.
            sed -i -e '/^level=/d' -e '/^time=/d' -e '/coalesce.go/d' -e '/^WARNING: /d' -e "s|$(pwd)/||g" "$2/$name.err"
        fi
    done <cases
}

for chart in "$@"; do
    (
        cd "$chart"
        record "$helm4" golden
        record "$helm3" golden-v3
    )
done
