// Prints which names Helm's .Files.Glob finds for a pattern, one JSON object a line.
package main

import (
	"encoding/json"
	"math/rand"
	"os"
	"strings"

	"github.com/gobwas/glob"
)

var names = []string{
	"a", "b", "ab", "abc", "a.b", "a/b", "a/b/c", "ab/ab", "a/ab.b", "-", "a-b", "]", "a]", "{a}", "*", "a*b", "\u00e9", "\u00e9/a", "x.yaml", "conf/x.yaml",
	"conf/dev/x.yaml", "conf/dev/.hidden", "c", "b/c",
}

var written = []string{
	"*", "**", "*/*", "**/*", "*/**", "a*", "*b", "*.yaml", "**.yaml", "**/*.yaml", "conf/*", "conf/**", "conf/*/*.yaml",
	"{a,b}", "{a,b}*", "{a,{b,c}}", "{a*,b*}/*", "conf/{dev,prod}/*", "*.{yaml,yml}", "[ab]", "[!ab]", "[a-b]", "[!a-b]", "[a-bx]",
	"[]", "[!]", "[", "a[", "a\\*b", "\\{a\\}", "{", "}", "{a", "a}", "{,a}b", "?", "??", "a?b", "?/?", "", "***", "a**b", "a***b", "{*,**}", "[abc]*",
	"{a/b,b}/c", "**a**", "*a*", "conf/**x.yaml", "[\\]]", "[\\-]", "[^a]", "{}", "a,b", "\\", "a\\", "**/", "/**", "[!/]*", "\u00e9", "\u00e9*", "[\u00e0-\u00ff]*",
}

func main() {
	patterns := append([]string{}, written...)
	random := rand.New(rand.NewSource(4))
	alphabet := []string{"a", "b", "c", "/", "*", "**", "?", "[a-b]", "[!c]", "{a,b}", "{b,*}", ".", "x.yaml", "conf"}
	for range 500 {
		var pattern strings.Builder
		for range 1 + random.Intn(4) {
			pattern.WriteString(alphabet[random.Intn(len(alphabet))])
		}
		patterns = append(patterns, pattern.String())
	}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	for _, pattern := range patterns {
		compiled, err := glob.Compile(pattern, '/')
		if err != nil {
			compiled, _ = glob.Compile("**")
		}
		found := []string{}
		for _, name := range names {
			if compiled.Match(name) {
				found = append(found, name)
			}
		}
		encoder.Encode(map[string]any{"pattern": pattern, "found": found, "names": len(names)})
	}
	encoder.Encode(map[string]any{"names": names})
}
