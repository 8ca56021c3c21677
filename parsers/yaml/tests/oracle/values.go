package main

import (
	"encoding/hex"
	"math/rand"
	"strings"
	"unicode/utf8"
)

// Bytes that are not UTF-8 cannot stand in JSON: their hexadecimal form stands in a list.
func asInput(text string) any {
	if utf8.ValidString(text) {
		return text
	}
	return []string{hex.EncodeToString([]byte(text))}
}

var strange = []string{
	"", " ", "  ", "\n", "\n\n", "a\n", "a\n\n", "\na", "\n\na\n", " a", "a ", " a\n", "a \n", "a \nb", "a\n b", "a\n\n b\n", "  a\n b\n", "a\n  b\n c", "a\tb", "\ta", "a\t", "a\tb\nc", "a\n\tb\n", "a\r\nb", "a\rb", "\r", "a\r\n",
	"a\x00b", "\x01", "\x1b[0m", "a\x7fb", "a\u0080b", "a\u0085b", "a\u0085", "\u0085a", "a \u0085 b", "a\u0085\u0085b\n", "a\u0085 \u0085 b c", "a\u00a0b", "a\u2028b", "a\u2029", "a \u2028b", "a\u2028 b", "a\u2028\nb", "\u2028", "a\ufeffb", "\ufeffab", "\ufeff", "a\ufffeb", "a\uffffb", "a\ufffdb", "é", "日本語", "🎉", "a🎉b\nc", "🎉\n",
	"'", "\"", "\\", "it's", "a \"b\" c", "'a'", "\"a\"", "a\\b", "- a", "-", "--", "---", "--- a", "...", "....", "a: b", "a:", ":a", "a :b", "a #b", "a# b", "#a", "? a", "?a", "?", ": a", ":", "a, b", "[a]", "{a}", "a]", "!a", "&a", "*a", "|a", ">a", "%a", "@a", "`a", "a`", "a\nb: c", "a\n# b", "#\na",
	"{{ .Values.x }}", "$(A)", "${a}", "*.example.com", "0.0.0.0/0", "a=b", "=", "<<", "~", "null", "true", "yes", "1", "1.5", "0x1", "12:30", "2020-01-01", "sha256:0123", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
	strings.Repeat("a", 90), strings.Repeat("a ", 60), strings.Repeat("ab ", 40) + "x", strings.Repeat("a  b ", 30) + "x", strings.Repeat("é ", 60) + "x", strings.Repeat("it's ", 30) + "#", strings.Repeat("a: b ", 30) + "x", strings.Repeat("tab\t", 30) + "end here now",
	strings.Repeat("x", 79) + " y z", strings.Repeat("x", 80) + " y z", strings.Repeat("x", 81) + " y z", strings.Repeat("x", 78) + " y z " + strings.Repeat("w", 80) + " v u", strings.Repeat("x", 85) + "  y", strings.Repeat("x", 85) + " ", " " + strings.Repeat("x y", 40), strings.Repeat("word ", 40) + "\nand more", strings.Repeat("\"q\" ", 30) + "z", strings.Repeat("é\t ", 30) + "z", strings.Repeat("a\\ b  c ", 20) + "\t", strings.Repeat("'a  b' ", 20) + "#",
	strings.Repeat("k", 127), strings.Repeat("k", 128), strings.Repeat("k", 129), strings.Repeat("é", 64), strings.Repeat("é", 65), strings.Repeat("k ", 70) + "k", strings.Repeat("k\n", 5), "k\nl", strings.Repeat("k", 1022), strings.Repeat("k", 1023), strings.Repeat("<", 170), strings.Repeat("<", 171), strings.Repeat("\"", 510), strings.Repeat("\"", 512),
	"caf\xe9", "\xff\xfe", "a\xc3", strings.Repeat("\xff", 60), strings.Repeat("\x80\xff", 80), "ok\xed\xa0\x80ok",
}

var numbers = []any{
	int64(0), int64(1), int64(-1), int64(1000000), int64(9007199254740993), int64(9223372036854775807), int64(-9223372036854775808),
	0.0, 1.0, 1.5, -1.5, 0.1, 100000.0, 1000000.0, 1234567.0, 1234567.5, 123456789012345678.0, 1e15, 1e16, 1e18, 9223372036854775807.0, 18446744073709551615.0, 1.8e19, 1e20, 1e21, 1e22, 1.5e300, 1e-5, 1e-6, 1e-7, 0.00001234, 5e-324, 3.14, 0.30000000000000004, 1e100, 123456.789, 999999.0, 65535.0, 8080.0,
}

// A generator of values, as templates and modules have them.
type maker struct {
	random *rand.Rand
	words  *generator
}

func (m *maker) text() string {
	switch m.random.Intn(10) {
	case 0:
		return strange[m.random.Intn(len(strange))]
	case 1, 2:
		return m.words.word()
	case 3:
		parts := make([]string, m.random.Intn(40))
		for i := range parts {
			parts[i] = m.words.pick("lorem", "ipsum", "a", "it's", "\"x\"", "c:", "-", "#d", "é", "", "veryveryverylongword")
		}
		return strings.Join(parts, " ")
	case 4, 5:
		parts := make([]string, 1+m.random.Intn(6))
		for i := range parts {
			parts[i] = m.words.pick("", "", "  ", "    ") + m.words.phrase() + m.words.pick("", "", "", " ")
			if m.random.Intn(4) == 0 {
				parts[i] = ""
			}
		}
		return strings.Join(parts, "\n") + m.words.pick("", "", "\n", "\n\n")
	case 6:
		letters := []string{"a", "b", " ", " ", "\n", "'", "\"", "\\", ":", "#", "-", "\t", "é", "🎉", "\u2028", "\u00a0", "1", ".", "{", "]", ","}
		text := ""
		for n := m.random.Intn(12); n > 0; n-- {
			text += letters[m.random.Intn(len(letters))]
		}
		return text
	}
	return m.words.pick("a", "web", "nginx:1.2.3", "/var/run", "10m", "app.kubernetes.io/name")
}

func (m *maker) key() string {
	switch m.random.Intn(10) {
	case 0:
		return m.text()
	case 1, 2, 3:
		// No digit before a letter: go-yaml v2's order of such keys depends on chance.
		return m.words.pick("a", "b", "ab", "z", "A", "é", "a-", "a.", "a_", "") + m.words.pick("", "1", "2", "10", "01", "009", "9", "-1", ".5")
	case 4:
		return m.words.word()
	}
	return m.words.pick("name", "image", "ports", "labels", "env", "value", "args", "spec")
}

func (m *maker) value(depth int) any {
	kind := m.random.Intn(20)
	switch {
	case kind < 5 && depth > 0:
		entries := map[string]any{}
		for n := m.random.Intn(5); n > 0; n-- {
			entries[m.key()] = m.value(depth - 1)
		}
		return entries
	case kind < 8 && depth > 0:
		items := make([]any, m.random.Intn(4))
		for i := range items {
			items[i] = m.value(depth - 1)
		}
		return items
	case kind == 8:
		return nil
	case kind == 9:
		return m.random.Intn(2) == 0
	case kind < 12:
		return numbers[m.random.Intn(len(numbers))]
	}
	return m.text()
}

// Each line: the value, and how toYaml, toYamlPretty and yamlencode write it.
func valueCases(random *rand.Rand) []string {
	m := &maker{random: random, words: &generator{random: random}}
	var values []any
	for _, text := range strange {
		values = append(values, text, []any{text}, map[string]any{"k": text}, map[string]any{text: "v"}, map[string]any{"k": []any{map[string]any{text: []any{text}}}})
	}
	for _, number := range numbers {
		values = append(values, number, map[string]any{"k": number})
	}
	values = append(values, nil, true, false, []any{}, map[string]any{}, []any{[]any{}}, []any{[]any{int64(1)}, map[string]any{}}, map[string]any{"a": []any{}, "b": map[string]any{}},
		[]any{[]any{[]any{int64(1), int64(2)}, []any{}}, []any{map[string]any{"a": int64(1), "b": []any{int64(2)}}}})
	for len(values) < 2600 {
		values = append(values, m.value(4))
	}
	var lines []string
	for _, value := range values {
		v2, v3, terraform := toYaml(value), toYamlPretty(value), any(nil)
		if isText(value) {
			terraform = toTerraform(value)
		}
		if text := line(asInputs(value), v2, same(v3, v2), same(terraform, v2)); len(text) < 1500 {
			lines = append(lines, text)
		}
	}
	return lines
}

// Most outputs are the same: `true` stands for the first one.
func same(text, first any) any {
	if text != nil && text == first {
		return true
	}
	return text
}

// Terraform has no strings that are not text, and normalizes the others; an empty list has no element type to print.
func isText(value any) bool {
	switch value := value.(type) {
	case string:
		return utf8.ValidString(value)
	case []any:
		for _, item := range value {
			if !isText(item) {
				return false
			}
		}
	case map[string]any:
		for key, item := range value {
			if !utf8.ValidString(key) || !isText(item) {
				return false
			}
		}
	}
	return true
}

// The value with each string as an input: a list with one key `$hex` stands for one that is not text.
func asInputs(value any) any {
	switch value := value.(type) {
	case string:
		if utf8.ValidString(value) {
			return value
		}
		return map[string]any{"$hex": hex.EncodeToString([]byte(value))}
	case []any:
		items := make([]any, len(value))
		for i, item := range value {
			items[i] = asInputs(item)
		}
		return items
	case map[string]any:
		entries := map[string]any{}
		for key, item := range value {
			if !utf8.ValidString(key) {
				key = "$hex:" + hex.EncodeToString([]byte(key))
			}
			entries[key] = asInputs(item)
		}
		return entries
	case float64:
		return float(value)
	}
	return value
}
