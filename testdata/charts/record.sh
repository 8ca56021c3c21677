#!/bin/sh
# Records what `helm template` prints for each chart here: record.sh HELM [CHART...]. HELM is a helm v4.2.4 binary.
#
# CHART/cases has one case a line: its name, then arguments. CHART/golden/CASE.out is the standard output, or
# CHART/golden/CASE.err the standard error where helm refuses the chart.
set -e
helm=$1
shift
cd "$(dirname "$0")"
[ $# -gt 0 ] || set -- */
for chart in "$@"; do
    (
        cd "$chart"
        rm -rf golden
        mkdir golden
        while read -r name arguments; do
            [ -n "$name" ] || continue
            case "$arguments" in *--kube-version*) ;; *) arguments="$arguments --kube-version 1.36.0" ;; esac
            if printf '%s' "$arguments" | TZ=UTC HELM_DEBUG=false xargs "$helm" template release-name chart \
                >"golden/$name.out" 2>"golden/$name.err"; then
                rm "golden/$name.err"
            else
                rm "golden/$name.out"
                # Where helm's own log lines and the path of the chart would differ from machine to machine.
                sed -i -e '/^level=/d' -e '/^time=/d' -e "s|$(pwd)/||g" "golden/$name.err"
            fi
        done <cases
    )
done
