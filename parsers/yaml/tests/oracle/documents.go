package main

import (
	"fmt"
	"math/rand"
	"strings"
)

var documents = []string{
	"", "\n", "# only a comment\n", "---\n", "---\n---\na: 1\n", "...\n", "a: 1\n...\nb: 2\n", "--- a\n", "--- |\n a\n", "%YAML 1.1\n---\na: 1\n", "%TAG !e! tag:e,2000:\n---\na: !e!x 1\n",
	"a:\n", "a:\nb:\n", "a: \n  # c\nb: 1\n", "- \n-\n- a\n", "a: ~\nb: null\nc: ''\n", "? a\n: b\n", "? a\n", "? [a]\n: b\n", "[a]: b\n", "{a: b}: c\n", "~: 1\n", "null: 1\n", ": 1\n", "'': 1\n",
	"{}\n", "[]\n", "{a}\n", "{a, b: c}\n", "{a: }\n", "{a:1}\n", "{\"a\":1}\n", "[a, b, ]\n", "{a: 1, }\n", "[,]\n", "[a,,b]\n", "{a: [b, {c: d}]}\n", "[a: b]\n", "[a: b, c]\n", "[? a : b]\n", "{? a : b}\n",
	"a: {\n  b: 1,\n  c: 2\n}\n", "a: [\n1,\n2\n]\n", "a: {\nb: 1\n}\n", "a:\n- 1\n- 2\nb: 3\n", "a:\n  - 1\n  -\n    - 2\n", "- - - a\n", "- a: 1\n  b: 2\n- c: 3\n", "- a:\n  - b\n", "-\n  a: 1\n",
	"a: 1\na: 2\n", "a: 1\n\"a\": 2\n", "a: {b: 1}\na: {c: 2}\n", "yes: a\ntrue: b\n",
	"a: &x 1\nb: *x\n", "a: &x [1, 2]\nb: *x\nc: [*x, *x]\n", "*x : 1\n", "a: &x b\n*x : c\n", "&x a: 1\nb: *x\n", "a: &x\nb: *x\n", "a: &x 1\nb: &x 2\nc: *x\n", "a: *x\nb: &x 1\n", "a: &x {b: &x 1}\nc: *x\n", "a: !!int -inf\n", "- ?\n", "a: [~: 1]\na: 2\n", "&x [*x]\n", "a: &x {b: *x}\n", "a: &x {b: 1}\nc: *x\nd: {<<: *x, e: 2}\n",
	"a: &x {b: 1, c: 2}\nd:\n  <<: *x\n  b: 3\n", "a: &x {b: 1, c: 2}\nd:\n  b: 3\n  <<: *x\n", "a: &x {b: 1}\ne: &y {b: 2, f: 3}\nd:\n  <<: [*x, *y]\n", "a: &x {b: 1}\ne: &y {b: 2, f: 3}\nd:\n  <<: *x\n  <<: *y\n", "d:\n  <<: {a: 1}\n", "d:\n  <<: [{a: 1}, {a: 2, b: 3}]\n",
	"d:\n  <<: 1\n", "d:\n  <<:\n", "d:\n  <<: [1]\n", "d:\n  <<: []\n", "d:\n  <<: {}\n", "d:\n  '<<': {a: 1}\n", "d:\n  \"<<\": {a: 1}\n", "d:\n  !!merge x: {a: 1}\n", "d:\n  !!merge <<: {a: 1}\n", "d:\n  !!str <<: {a: 1}\n", "x: &x [{a: 1}]\nd:\n  <<: *x\n", "x: &x {a: 1}\ny: &y {<<: *x, b: 2}\nz: {<<: *y, c: 3}\n", "x: &x {a: {b: 1}}\ny: {<<: *x, a: {c: 2}}\n", "- <<\n", "a: <<\n",
	"a: |\n  b\n", "a: |-\n  b\n", "a: |+\n  b\n\n", "a: |\n  b", "a: |+\n  b", "a: |\n\n\n  b\n", "a: |\n", "a: |+\n", "a: |+\n\n\n", "a: |-\n\nb: 1\n", "a: |2\n    b\n   c\n", "a: |1\n b\n", "a: |+2\n   b\n", "a: |-2\n   b\n", "a: |0\n b\n", "a: |\n   b\n  c\n", "a: |\n  b\n c\n", "a: |\n  b\n   c\n  d\n", "a: | # c\n  b\n", "a: |x\n  b\n", "a: |\n  b\n# c\n", "a: |\n  b\n  # c\n", "a: |\n\tb\n", "a: |\n  b\tc\t\n", "a: |\n  b  \n   \n  c\n", "a: |\n    \n  b\n", "- |\n a\n- |\n  b\n", "- |\n- a\n",
	"a: >\n  b\n  c\n", "a: >-\n  b\n  c\n\n  d\n", "a: >+\n  b\n\n", "a: >\n\n  b\n\n\n  c\n", "a: >\n  b\n    c\n  d\n", "a: >\n  b\n\n    c\n\n  d\n", "a: >\n    b\n  c\n", "a: >2\n    b\n   c\n  d\n", "a: >\n  b\n  \tc\n  d\n", "a: >\n  b \n  c\n", "a: >\n\n", "a: >\n  b\n  - c\n  d: e\n",
	"a: b\n  c\n", "a: b\n c\n", "a: b\nc\n", "a: b\n\n  c\n", "a: b\n  c: d\n", "a:\n  b\n  c\n", "a:\n  b #c\n  d\n", "a: b #c\n  d\n", "a: b\n  #c\n  d\n", "- a\n  b\n", "- a\n b\n", "a\nb\n", "a\n b: c\n", "a: b: c\n", "a: 'b': c\n", "a: 'b' c\n", "a: b'c\n", "a: \"b\n  c\"\n", "a: \"b\nc\"\n", "a: 'b\n\n  c'\n", "a: \"b\\\n  c\"\n", "a: \"b \\\n   \\ c\"\n", "a: \"b\n--- \nc\"\n", "a: \"b\\\n\n  c\"\n", "'a\n b': c\n", "\"a\\nb\": c\n",
	"a:\tb\n", "\ta: b\n", "a:\n\tb: c\n", "a:\n\t- b\n", "a:\n  b:\tc\n", "a: b\t\n", "a: b\t#c\n", "-\ta\n", "- \ta\n", "a: [\n\tb\n]\n", "a: {\n\t\"b\": [\n\t\t1,\n\n\t\t2\n\t],\n\t\"c\": \"d\n\t e\"\n}\nf: |\n  x\n", "a: []# b\nc: 'd'#e\n", "a: |1\n \tb\n", "a: |  # 2\n \tb\n", "a: {\n\tb: c\n}\n", "a:\n  - b\n\t- c\n", "a: b\n\tc\n", "a:\n  b\n\tc\n", "a: \"b\n\tc\"\n", "a: 1\n\t\nb: 2\n", "a: 1\n  \t\nb: 2\n", "\t\na: 1\n", "a: [1,\t2]\n", "\t# c\na: 1\n", "a: 1\n\t# c\nb: 2\n",
	"a: 1\r\nb: 2\r\n", "a: |\r\n  b\r\n  c\r\n", "a: b\r\n  c\r\n", "a: 1\rb: 2\r", "\ufeffa: 1\n", "\ufeff# c\na: 1\n", "a: \ufeffb\n", "a: 1\n\ufeffb: 2\n", "a: b\u0085c\n", "a: b\u2028c\n", "a: \"b\u2028  c\"\n", "a: \u00a0b\n", "a: b\u00a0\n", "a: \x07\n", "a: \x7f\n", "a: \xff\n", "a: caf\xc3\xa9\n", "a: \xed\xa0\x80\n", "a: \x00\n", "# \x00\na: 1\n",
	"a: 1\n b: 2\n", "a:\n  b: 1\n c: 2\n", "a:\n    b: 1\n  c: 2\n", "- a\n - b\n", "  a: 1\n  b: 2\n", "  a: 1\n b: 2\n", "a: 1\n- b\n", "- a\nb: 1\n", "a: - b\n", "a: - b\n  - c\n", "- - a\n  - b\n- c\n", "a:\n- b\n c\n", "a: [\nb\n", "a: ]\n", "a: {b\n", "a: \"b\n", "a: 'b\n", "a: }\n", "[a]]\n", "{a: 1}}\n", "[a] b\n", "{a: 1}\nb: 2\n", "a: [b]c\n", "a: 'b'c\n",
	"a: @b\n", "a: `b\n", "a: %b\n", "%b\n", "a: ,b\n", "a: ]b\n", "a: &\n", "a: *\n", "a: !\n", "a: !!\n", "a: ! b\n", "a: &x !!str &y b\n", "a: !!str !!int b\n", "!!map {a: 1}\n", "!!seq [a]\n", "!!set {a, b}\n", "!!omap [a: 1]\n", "!!str [a]\n", "!!map [a]\n", "!x {a: 1}\n", "!!null [a]\n", "a: !!null {b: c}\n", "a: !e!x b\n",
	"a: {b: 'c', \"d\": e}\n", "a: {b:c}\n", "a: {b: c:d}\n", "a: {http://b: c}\n", "a: [http://b]\n", "a: {\"b\":c}\n", "a: {b ,c}\n", "a: {b: ,c}\n", "a: [b#c]\n", "a: [b #c\n]\n", "a: {-: b}\n", "[-]\n", "[- a]\n", "[-a]\n", "{?: b}\n", "[?a]\n", "[:a]\n", "[a:]\n", "[a:, b]\n", "{a:}\n", "{a:, b: 1}\n", "[-, a]\n", "{a: -}\n", "[ - ]\n", "[http://a?b=c]\n", "[a :b]\n", "[a: b: c]\n", "{a: b: c}\n", "[\"a\": b]\n", "[\"a\":b]\n", "[[a]: b]\n", "[{a: b}: c]\n", "{[a]: b}\n",
	"a: .inf\n", "a: -.Inf\n", "a: .nan\n", ".inf: a\n", ".nan: a\n", "1.50: a\n", "1e3: a\n", "0x10: a\n", "0.1: a\n", "16777217.0: a\n", "1e100: a\n", "18446744073709551615: a\n", "1e-7: a\n", "123456.7: a\n", "1234567.8: a\n", "9007199254740993: a\n", "-0.0: a\n", "2020-01-01: a\n", "!!str 1: a\n", "!!binary YQ==: a\n", "!!float 1: a\n",
	"a: 1 # c\n# d\nb: 2 #e\n", "#a: 1\n", "a: #b\n", "a: b#c\n", "a:#b\n", "a: '#b' # c\n", "a: [ # c\n  b ] # d\n", "- # c\n  a\n", "a: # c\n  b: 1\n", "a: | # c\n  # d\n  b\n", "a: &x # c\n  b\n", "a: !!str # c\n  1\n",
	"a: 18446744073709551615\n", "a: 1e20\n", "a: 12345678901234567890123\n", "a: 0.1\n", "a: 1e21\n", "a: 1e-7\n", "a: 100000000000000000000.0\n", "a: 1.0\n", "a: -0\n", "a: -0.0\n", "a: \"<b>&\\u2028\"\n", "a: \"\\0\\x01\\x7f\\x1f\"\n",
	"key with spaces: 1\n", "a b : c\n", "a : b\n", "'a' : b\n", "\"a\": b\n", "a::b: c\n", "a:: b\n", "-a: b\n", "?a: b\n", "?: a\n", "-: a\n", ":a: b\n", "a-b_c.d/e: f\n", "a,b: c\n", "a[b]: c\n", "{{ x }}: y\n", "a: {{ x }}\n", "a: {{x}}\n", "{{x: y}}\n", "a: b {{ c }}\n",
	strings.Repeat("k", 1024) + ": 1\n", strings.Repeat("k", 1025) + ": 1\n", "\"" + strings.Repeat("k", 1022) + "\": 1\n", "\"" + strings.Repeat("k", 1023) + "\": 1\n", "? " + strings.Repeat("k", 1100) + "\n: 1\n",
	"a: 'b\n  # c\n  d'\n", "a: \"b # c\"\n", "a: b # c\n  d\n", "a:\n  - b\n  c\n", "a:\n  b\n  - c\n", "a:\n  b:\n  - c\n  d: e\n", "a:\n    - b:\n      c: d\n", "a:\n  -b\n", "a:\n  - -b\n", "a:\n  --- b\n", "a: ---\n", "a: ...\n", "a: --- b\n", "---a\n", "...a\n", "--- # c\na: 1\n", "--- &x\na: 1\n", "--- !!map\na: 1\n", "---\n- a\n...\n---\n", "a: 1\n---\nb\n",
}

// A generator of documents as people and templates write them, and now and then as they should not.
type generator struct {
	random  *rand.Rand
	anchors []string
}

func (g *generator) pick(texts ...string) string { return texts[g.random.Intn(len(texts))] }

func (g *generator) chance(percent int) bool { return g.random.Intn(100) < percent }

func (g *generator) word() string {
	if g.chance(60) {
		return g.pick("a", "b", "c", "name", "image", "web", "app.kubernetes.io/name", "foo-bar", "x_y", "value", "10.0.0.0/8", "http://x/y", "nginx:1.2")
	}
	// Terraform prints a thousand zeros for 1e1000.
	switch word := words[g.random.Intn(len(words))]; word {
	case "1e1000", "?", "inf", "-inf":
		return "1e20"
	default:
		return word
	}
}

// A word that a flow collection may hold in YAML 1.1 and in 1.2.
func (g *generator) flowWord() string {
	for {
		word := g.word()
		if !strings.ContainsAny(word, "?,[]{}!") && word[0] != ':' && word != "-" && !strings.HasSuffix(word, ":") {
			return word
		}
	}
}

func (g *generator) phrase() string {
	parts := make([]string, 1+g.random.Intn(6))
	for i := range parts {
		parts[i] = g.pick("lorem", "ipsum", "dolor", "a", "it's", "x:y", "b#c", "(z)", "\"q\"", "-", "100%", "é")
	}
	return strings.Join(parts, g.pick(" ", " ", "  "))
}

func (g *generator) quoted(indent string) string {
	text := g.phrase()
	if g.chance(30) {
		text = strings.ReplaceAll(text, " ", g.pick(" ", "\n"+indent+"  ", "\n\n"+indent+" ", " \n"+indent+"   "))
	}
	if g.chance(50) {
		return "'" + strings.ReplaceAll(text, "'", "''") + "'"
	}
	text = strings.ReplaceAll(text, "\"", g.pick("\\\"", "\\x22", "\\u0022"))
	text = strings.ReplaceAll(text, "(", g.pick("(", "\\t", "\\\\", "\\n", "\\"+"\n"+indent+"  "))
	return "\"" + text + "\""
}

func (g *generator) block(indent string) string {
	header := g.pick("|", "|", ">", ">") + g.pick("", "", "-", "+")
	inner := indent + g.pick("  ", "  ", "    ", " ")
	text := header + g.pick("", "", " ", " # c") + "\n"
	for n := g.random.Intn(5); n >= 0; n-- {
		switch g.random.Intn(8) {
		case 0:
			text += g.pick("", "", inner, indent) + "\n"
		case 1:
			text += inner + g.pick("  ", " ", "\t") + g.phrase() + "\n"
		case 2:
			text += inner + "# " + g.word() + "\n"
		default:
			text += inner + g.phrase() + g.pick("", "", "", " ") + "\n"
		}
	}
	return strings.TrimSuffix(text, "\n")
}

func (g *generator) scalar(indent string) string {
	switch g.random.Intn(12) {
	case 0, 1:
		return g.quoted(indent)
	case 2:
		return g.block(indent)
	case 3:
		return g.phrase()
	case 4:
		return strings.ReplaceAll(g.phrase(), " ", g.pick(" ", "\n"+indent+"  ", "\n\n"+indent+"  "))
	case 5:
		return g.pick("!!str ", "!!int ", "!!float ", "!!bool ", "!x ", "") + g.word()
	case 6:
		return ""
	}
	return g.word()
}

func (g *generator) flow(depth int) string {
	blank := g.pick("", " ", " ", "\n  ")
	item := func() string {
		if depth > 0 && g.chance(25) {
			return g.flow(depth - 1)
		}
		if g.chance(25) {
			return g.quoted("  ")
		}
		return g.flowWord()
	}
	var parts []string
	isMap := g.chance(50)
	for n := g.random.Intn(4); n > 0; n-- {
		part := item()
		if isMap {
			part = g.pick("a", "b", "'c'", "\"d\"", g.flowWord()) + g.pick(": ", ": ", ":  ") + part
		}
		parts = append(parts, part)
	}
	text := strings.Join(parts, ","+blank)
	if isMap {
		return "{" + blank + text + blank + "}"
	}
	return "[" + blank + text + blank + "]"
}

func (g *generator) anchor() string {
	if !g.chance(8) {
		return ""
	}
	name := fmt.Sprintf("x%d", len(g.anchors))
	g.anchors = append(g.anchors, name)
	return "&" + name
}

// What stands behind a key or a dash, from the blank on.
func (g *generator) value(indent string, depth int, isItem bool) string {
	if len(g.anchors) > 0 && g.chance(8) {
		return " *" + g.anchors[g.random.Intn(len(g.anchors))] + "\n"
	}
	comment := g.pick("", "", "", "", "", " # comment")
	anchor := g.anchor()
	if anchor != "" {
		anchor = " " + anchor
	}
	deeper := indent + g.pick("  ", "  ", "    ")
	switch {
	case depth > 0 && g.chance(30):
		return anchor + comment + "\n" + g.mapping(deeper, depth-1)
	case depth > 0 && g.chance(25):
		if !isItem && g.chance(50) {
			deeper = indent
		}
		return anchor + comment + "\n" + g.sequence(deeper, depth-1)
	case g.chance(15):
		return anchor + " " + strings.ReplaceAll(g.flow(2), "\n  ", "\n"+deeper) + comment + "\n"
	}
	text := g.scalar(indent)
	if text == "" {
		return anchor + comment + "\n"
	}
	if strings.Contains(text, "\n") {
		comment = ""
	}
	return anchor + " " + text + comment + "\n"
}

func (g *generator) mapping(indent string, depth int) string {
	text := ""
	for n := g.random.Intn(4); n >= 0; n-- {
		if g.chance(10) {
			text += g.pick("", indent, "    ") + g.pick("# comment", "") + "\n"
		}
		key := g.word()
		switch {
		case g.chance(70):
			key = fmt.Sprintf("k%d", g.random.Intn(6))
		case g.chance(10):
			key = g.pick("'", "\"")
			key += "q" + key
		case len(g.anchors) > 0 && g.chance(40):
			text += indent + "<<: *" + g.anchors[g.random.Intn(len(g.anchors))] + "\n"
			continue
		}
		text += indent + key + ":" + g.value(indent, depth, false)
	}
	return text
}

func (g *generator) sequence(indent string, depth int) string {
	text := ""
	for n := g.random.Intn(4); n >= 0; n-- {
		if depth > 0 && g.chance(25) {
			inner := g.mapping(indent+"  ", depth-1)
			text += indent + "- " + strings.TrimLeft(inner, " \n")
			continue
		}
		text += indent + "-" + g.value(indent, depth, true)
	}
	return text
}

func (g *generator) document() string {
	g.anchors = nil
	var text string
	switch g.random.Intn(8) {
	case 0:
		text = g.sequence("", 3)
	case 1:
		text = g.flow(3) + "\n"
	case 2:
		for text == "" || strings.HasPrefix(text, "\"q\"") {
			text = g.scalar("") + "\n"
		}
	default:
		text = g.mapping("", 3)
	}
	text = g.pick("", "", "", "---\n", "# head\n", "# head\n---\n") + text + g.pick("", "", "", "", "...\n", "---\nmore: 1\n")
	if g.chance(10) {
		text = strings.ReplaceAll(text, "\n", "\r\n")
	}
	if g.chance(10) {
		text = strings.TrimRight(text, "\r\n")
	}
	if g.chance(15) && len(text) < 100 && len(text) > 2 {
		runes := []rune(text)
		at := g.random.Intn(len(runes))
		switch g.random.Intn(4) {
		case 0:
			runes = append(runes[:at:at], runes[at+1:]...)
		case 1:
			runes = runes[:at]
		default:
			runes = append(runes[:at:at], append([]rune(g.pick(" ", "  ", "\t", "\n", ":", "#", "'", "\"", "{", "]", "- ", ",", "&x ", "*x ", "|", ">")), runes[at:]...)...)
		}
		text = string(runes)
	}
	return text
}

// Each line: the text, what Helm and Terraform read. Terraform refuses what is not one document.
func documentCases(random *rand.Rand) []string {
	texts := append([]string{}, documents...)
	g := &generator{random: random}
	for len(texts) < 3500 {
		if text := g.document(); len(text) < 500 {
			texts = append(texts, text)
		}
	}
	var lines []string
	for _, text := range unique(texts) {
		lines = append(lines, line(asInput(text), asJSON([]byte(text)), asCty(text)))
	}
	return lines
}
