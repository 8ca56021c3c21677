// Command golden writes tests/golden.json: templates with data and what Go's text/template makes of them. One
// JSON value a line: first the data, then cases [data, missingkey=zero, template, result, error]. Strings hold
// bytes as characters up to U+00FF; a result of more than 2000 bytes is given as "#LENGTH:FNV-1a".
//
//	go run ./golden > ../golden.json
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"os"
	"strings"
	"text/template"
)

var data = []string{
	`null`,
	`{"s":"str","e":"","n":3,"f":1.5,"z":0,"t":true,"x":null,"l":[1,"b",null,{"k":"v"}],"m":{"a":{"b":"c"},"x":null,"l":["p"],"n":2},"o":{},"el":[],"u":"h\u00e9\u4e16<&>\"'"}`,
	`"scalar"`,
	`[{"name":"a","v":1},{"name":"b"}]`,
	`7`,
}

var seen = map[string]bool{}

func main() {
	out = bufio.NewWriter(os.Stdout)
	defer out.Flush()
	emit(data)
	syntax()
	literals()
	printing()
	comparing()
	fields()
	calling()
	indexing()
	looping()
	templates()
	escaping()
	mutated()
	programs()
}

var out *bufio.Writer

func emit(value any) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(value); err != nil {
		panic(err)
	}
	out.Write(b.Bytes())
}

// run records what a template gives with one of the data, under missingkey=default and, if it differs, zero.
func run(at int, text string) {
	key := fmt.Sprint(at, text)
	if seen[key] {
		return
	}
	seen[key] = true
	plain, plainError := execute(at, "default", text)
	zero, zeroError := execute(at, "zero", text)
	if strings.Contains(plain+plainError+zero+zeroError, "0xc0") {
		return // an address
	}
	record(at, false, text, plain, plainError)
	if plain != zero || plainError != zeroError {
		record(at, true, text, zero, zeroError)
	}
}

func record(at int, zero bool, text, result, failure string) {
	if len(result) > 2000 {
		hash := fnv.New64a()
		hash.Write([]byte(result))
		result = fmt.Sprintf("#%d:%016x", len(result), hash.Sum64())
	}
	emit([]any{at, zero, latin(text), latin(result), latin(failure)})
}

func execute(at int, missing, text string) (string, string) {
	t, err := template.New("t").Option("missingkey=" + missing).Funcs(funcs).Parse(text)
	if err != nil {
		return "", err.Error()
	}
	var value any
	if err := json.Unmarshal([]byte(data[at]), &value); err != nil {
		panic(err)
	}
	var b bytes.Buffer
	if err := t.Execute(&b, value); err != nil {
		return b.String(), err.Error()
	}
	return b.String(), ""
}

func latin(s string) string {
	r := make([]rune, len(s))
	for i := range len(s) {
		r[i] = rune(s[i])
	}
	return string(r)
}
