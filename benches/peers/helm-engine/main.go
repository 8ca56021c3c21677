// Renders charts with Helm's own engine, as a library in one process: helm-engine TIMES DIRECTORY...
//
// For each chart it prints the directory and the shortest time of TIMES, in microseconds, of everything from reading
// the directory to the sorted manifests, as `helm template` does it; then the sum. Charts that cannot be rendered are
// left out. With SORT=no it ends at the rendered files, before their documents are read. With PROCESS="COMMAND ..." it
// times this command with the directory as its last argument instead, from its start to its end.
package main

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"time"

	"helm.sh/helm/v4/pkg/chart/common"
	commonutil "helm.sh/helm/v4/pkg/chart/common/util"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	chartutil "helm.sh/helm/v4/pkg/chart/v2/util"
	"helm.sh/helm/v4/pkg/engine"
	releaseutil "helm.sh/helm/v4/pkg/release/v1/util"
)

func render(directory string) error {
	chart, err := loader.LoadDir(directory)
	if err != nil {
		return err
	}
	values := map[string]any{}
	if err := chartutil.ProcessDependencies(chart, values); err != nil {
		return err
	}
	options := common.ReleaseOptions{Name: "release-name", Namespace: "default", Revision: 1, IsInstall: true}
	all, err := commonutil.ToRenderValues(chart, values, options, common.DefaultCapabilities)
	if err != nil {
		return err
	}
	files, err := engine.Render(chart, all)
	if err != nil || os.Getenv("SORT") == "no" {
		return err
	}
	for name := range files {
		if strings.HasSuffix(name, "NOTES.txt") {
			delete(files, name)
		}
	}
	_, _, err = releaseutil.SortManifests(files, nil, releaseutil.InstallOrder)
	return err
}

// process runs a command on a directory and throws away what it prints.
func process(command []string, directory string) error {
	arguments := append(append([]string{}, command[1:]...), directory)
	err := exec.Command(command[0], arguments...).Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return nil
	}
	return err
}

func main() {
	runtime.GOMAXPROCS(1)
	slog.SetDefault(slog.New(slog.DiscardHandler))
	times, err := strconv.Atoi(os.Args[1])
	if err != nil {
		panic(err)
	}
	command := strings.Fields(os.Getenv("PROCESS"))
	var sum time.Duration
	for _, directory := range os.Args[2:] {
		var best time.Duration
		for i := 0; i < times; i++ {
			started := time.Now()
			if len(command) > 0 {
				err = process(command, directory)
			} else {
				err = render(directory)
			}
			took := time.Since(started)
			if err != nil {
				break
			}
			if best == 0 || took < best {
				best = took
			}
		}
		if err != nil {
			continue
		}
		sum += best
		fmt.Printf("%s\t%d\n", directory, best.Microseconds())
	}
	fmt.Printf("sum\t%d\n", sum.Microseconds())
}
