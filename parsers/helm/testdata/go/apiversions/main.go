// Prints the API versions that Helm knows without a cluster: data/api-versions.txt below its comment.
package main

import (
	"fmt"

	"helm.sh/helm/v4/pkg/chart/common"
)

func main() {
	for _, version := range common.DefaultVersionSet {
		fmt.Println(version)
	}
}
