#!/bin/sh
# Times Helm and iac-scan on the same charts in one run, on one processor: helm.sh DIRECTORY-OF-CHARTS [TIMES]
#
# HELM names the helm command (v4.2.4), IAC_SCAN a release build of iac-scan; Go builds Helm's engine. For each chart
# that Helm can render the shortest of TIMES counts. The helm command and the iac-scan command run in a process for each
# chart; Helm's library and ours in one process, both from the chart's directory to its sorted manifests. `helm-engine` is
# the same library without reading and sorting manifests, which ours never leaves out. What counts are the ratios; the load
# of the machine stands beside them.
set -e
charts=$(cd "$1" && pwd)
times=${2:-5}
helm=${HELM:-helm}
cd "$(dirname "$0")/../.."
ours=${IAC_SCAN:-target/release/iac-scan}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HELM_CACHE_HOME="$work/cache" HELM_CONFIG_HOME="$work/config" HELM_DATA_HOME="$work/data"
one=''
if command -v taskset >/dev/null; then one='taskset -c 0'; fi

(cd benches/peers/helm-engine && go build -o "$work/engine" .)
bench=$(cargo bench -q -p iac-helm --bench render --no-run --message-format=json |
    sed -n 's/.*"executable":"\([^"]*render-[^"]*\)".*/\1/p')

# Only charts that Helm renders with their defaults.
set --
for chart in "$charts"/*/; do
    chart=${chart%/}
    if [ -f "$chart/Chart.yaml" ] && "$helm" template release-name "$chart" >/dev/null 2>&1; then
        set -- "$@" "$chart"
    fi
done

count=$#
uptime
echo "helm $(PROCESS="$helm template release-name" $one "$work/engine" "$times" "$@" | sed -n 's/^sum\t//p')" >"$work/times"
echo "iac-scan $(PROCESS="$ours render --no-config -q" $one "$work/engine" "$times" "$@" |
    sed -n 's/^sum\t//p')" >>"$work/times"
echo "helm-library $($one "$work/engine" "$times" "$@" | sed -n 's/^sum\t//p')" >>"$work/times"
echo "helm-engine $(SORT=no $one "$work/engine" "$times" "$@" | sed -n 's/^sum\t//p')" >>"$work/times"
echo "iac-helm $($one "$bench" "$times" "$@" | sed -n 's/^sum\t//p')" >>"$work/times"
uptime
awk -v count="$count" '
    { time[$1] = $2; printf "%-12s %8.1f ms for %d charts, %.2f ms a chart\n", $1, $2 / 1000, count, $2 / 1000 / count }
    END {
        printf "the helm command takes %.1f times as long as iac-scan\n", time["helm"] / time["iac-scan"]
        printf "the helm command takes %.1f times as long as our library\n", time["helm"] / time["iac-helm"]
        printf "the helm library takes %.1f times as long as ours\n", time["helm-library"] / time["iac-helm"]
        printf "the helm engine alone takes %.1f times as long\n", time["helm-engine"] / time["iac-helm"]
    }' "$work/times"
