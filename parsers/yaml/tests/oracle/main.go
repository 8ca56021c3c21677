// Writes what Go's YAML libraries make of thousands of texts and values, for the tests of iac-yaml:
//
//	go run . ../golden
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"

	ctyyaml "github.com/zclconf/go-cty-yaml"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function/stdlib"
	yamlv3 "go.yaml.in/yaml/v3"
	"sigs.k8s.io/yaml"
)

func main() {
	if len(os.Args) == 3 && os.Args[1] == "json" {
		answerFiles(os.Args[2])
		return
	}
	random := rand.New(rand.NewSource(1))
	write("scalars.jsonl", scalarCases(random))
	write("documents.jsonl", documentCases(random))
	write("values.jsonl", valueCases(random))
}

func write(name string, lines []string) {
	path := filepath.Join(os.Args[1], name)
	if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o644); err != nil {
		panic(err)
	}
	fmt.Println(path, len(lines))
}

// Prints, for each path in a list, the JSON that sigs.k8s.io/yaml makes of the file, and toYaml and toYamlPretty of that.
func answerFiles(list string) {
	paths, err := os.ReadFile(list)
	if err != nil {
		panic(err)
	}
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	for _, path := range strings.Fields(string(paths)) {
		text, err := os.ReadFile(path)
		if err != nil {
			panic(err)
		}
		var value any
		if err := yaml.Unmarshal(text, &value); err != nil {
			out.Encode([]any{path, nil, nil, nil})
			continue
		}
		out.Encode([]any{path, asJSON(text), toYaml(value), toYamlPretty(value)})
	}
}

// A line of compact JSON.
func line(parts ...any) string {
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(parts); err != nil {
		panic(err)
	}
	return strings.TrimSuffix(buffer.String(), "\n")
}

// What Helm and kubectl read: JSON text, or nil where they fail.
func asJSON(text []byte) any {
	out, err := yaml.YAMLToJSON(text)
	if err != nil {
		return nil
	}
	return string(out)
}

// What Terraform reads: JSON text, or nil where it fails.
func asCty(text string) (out any) {
	defer func() {
		if recover() != nil {
			out = nil
		}
	}()
	ty, err := ctyyaml.Standard.ImpliedType([]byte(text))
	if err != nil {
		return nil
	}
	value, err := ctyyaml.Standard.Unmarshal([]byte(text), ty)
	if err != nil {
		return nil
	}
	encoded, err := stdlib.JSONEncode(value)
	if err != nil {
		return nil
	}
	return encoded.AsString()
}

func toYaml(value any) any {
	out, err := yaml.Marshal(value)
	if err != nil {
		return nil
	}
	return strings.TrimSuffix(string(out), "\n")
}

func toYamlPretty(value any) any {
	var out bytes.Buffer
	encoder := yamlv3.NewEncoder(&out)
	encoder.SetIndent(2)
	if err := encoder.Encode(value); err != nil {
		return nil
	}
	return strings.TrimSuffix(out.String(), "\n")
}

func toTerraform(value any) any {
	out, err := ctyyaml.Standard.Marshal(asValue(value))
	if err != nil {
		return nil
	}
	return string(out)
}

func asValue(value any) cty.Value {
	switch value := value.(type) {
	case nil:
		return cty.NullVal(cty.DynamicPseudoType)
	case bool:
		return cty.BoolVal(value)
	case int64:
		return cty.NumberIntVal(value)
	case float64:
		// Terraform reads numbers with 512 bits, from decimal digits.
		return cty.MustParseNumberVal(strconv.FormatFloat(value, 'g', -1, 64))
	case string:
		return cty.StringVal(value)
	case []any:
		items := make([]cty.Value, len(value))
		for i, item := range value {
			items[i] = asValue(item)
		}
		return cty.TupleVal(items)
	case map[string]any:
		entries := map[string]cty.Value{}
		for key, item := range value {
			entries[key] = asValue(item)
		}
		return cty.ObjectVal(entries)
	}
	panic(fmt.Sprintf("%T", value))
}

func unique(texts []string) []string {
	sort.Strings(texts)
	var out []string
	for i, text := range texts {
		if i == 0 || text != texts[i-1] {
			out = append(out, text)
		}
	}
	return out
}

// A float that stays one in JSON: it has a fraction or an exponent.
type float float64

func (f float) MarshalJSON() ([]byte, error) {
	text, err := json.Marshal(float64(f))
	if err == nil && !bytes.ContainsAny(text, ".e") {
		text = append(text, ".0"...)
	}
	return text, err
}
