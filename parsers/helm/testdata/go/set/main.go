// Prints what Helm's own strvals package makes of --set flags, one JSON object a line.
package main

import (
	"encoding/json"
	"fmt"
	"math/rand"
	"os"
	"strings"

	"helm.sh/helm/v4/pkg/strvals"
)

type result struct {
	Kind  string `json:"kind"`
	Flag  string `json:"flag"`
	Value any    `json:"value"`
	Error string `json:"error,omitempty"`
}

var written = []string{
	"", "a=1", "a=b,c=d", "a.b.c=x", "a=", "a=,b=1", "a", "a.b", "a.", "a.=1", ".a=1", "=1", "a=b=c", "a=true",
	"a=TRUE", "a=False", "a=null", "a=NULL", "a=0", "a=00", "a=01", "a=-1", "a=+1", "a=1.5", "a=1e3",
	"a=9223372036854775807", "a=9223372036854775808", "a=0x1f", "a={}", "a={b}", "a={b,c}", "a={b,c},d=e",
	"a={b,c", "a={b}c", "a={1,true,null,}", "a={b\\,c,d}", "a[0]=1", "a[1]=1", "a[0]=1,a[1]=2", "a[0].b=1",
	"a[0].b=1,a[0].c=2", "a[1].b=1,a[0].b=2", "a[0][1]=x", "a[0][0]=x,a[0][1]=y", "a[0]", "a[]=1", "a[x]=1",
	"a[-1]=1", "a[0]x=1", "a[65537]=1", "a[99999999999999999999]=1", "a[0].b=", "a[0]=", "a[0", "a[0]={x,y}",
	"a\\.b=1", "a\\,b=1", "a=b\\,c", "a=\\\\", "a=b\\", "a\\=b=c", "a=1,a.b=2", "a.b=1,a=2", "a[0]=1,a.b=1", "a.b=1,a[0]=1",
	"a=1,a[0]=2", "a=null,a.b=1", "a=null,a[0]=1", " a = b ", "a b=c d", "a=\u00e9\u4e16", "\u00e9.\u00e8=1", "a=1,,b=2", ",a=1", "a=1,",
	"nodeSelector.\"kubernetes\\.io/role\"=master", "a={},b={}", "a={ x , y }", "a=[1,2]", "a.b[2].c=1,a.b[1]=x",
	"a[0].b[1].c=z", "image.tag=1.10,port=8080",
	strings.Repeat("a.", 30) + "a=1", strings.Repeat("a.", 31) + "a=1",
	`a={"b": 1}`, `a=[1, 2.5, "x"], b=null,c="d"`, `{"a": {"b": [1, true, null]}}`, `a={"b":1}x`, `a=`, `a= ,b=1`, `a[1]={"x":1e3}`,
	`a.b={"c":null}`, `a={b}`, `a="x`, `a=1 b=2`, `a=123456789012`, `a=  1  ,  b=2`,
}

func main() {
	kinds := map[string]func(string, map[string]any) error{
		"typed":   strvals.ParseInto,
		"string":  strvals.ParseIntoString,
		"literal": strvals.ParseLiteralInto,
		"json":    strvals.ParseJSON,
		"file": func(flag string, into map[string]any) error {
			return strvals.ParseIntoFile(flag, into, func(name []rune) (any, error) {
				if strings.HasPrefix(string(name), "b") {
					return nil, fmt.Errorf("open %s: no such file or directory", string(name))
				}
				return "content of " + string(name), nil
			})
		},
	}
	flags := append([]string{}, written...)
	random := rand.New(rand.NewSource(4))
	alphabet := []string{"a", "b", "a", "b", ".", "=", "=", ",", "[0]", "[1]", "[", "]", "{", "}", "\\", "0", "1", "true", " "}
	for range 600 {
		var flag strings.Builder
		for range 1 + random.Intn(12) {
			flag.WriteString(alphabet[random.Intn(len(alphabet))])
		}
		flags = append(flags, flag.String())
	}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	for _, kind := range []string{"typed", "string", "literal", "json", "file"} {
		for _, flag := range flags {
			into := map[string]any{}
			line := result{Kind: kind, Flag: flag}
			if err := kinds[kind](flag, into); err != nil {
				line.Error = err.Error()
			} else {
				line.Value = into
			}
			encoder.Encode(line)
		}
	}
}
