package main

import (
	"math/rand"
	"strings"
)

// mutated breaks templates at random places: nearly all of them no longer parse.
func mutated() {
	r := rand.New(rand.NewSource(1))
	bases := []string{
		"{{if .s}}a{{else if .n}}b{{else}}c{{end}}", "{{range $i, $e := .l}}{{$i}}{{$e}}{{else}}x{{end}}", "{{with $x := .m}}{{$x.n | printf \"%v\"}}{{end}}", "a {{- .s -}} b", "{{define \"a\"}}x{{end}}{{template \"a\" .}}", "{{print (list 1 2.5 'c' `r`) | html}}",
		"{{$x := 1}}{{$x = fi $x}}{{$x}}", "{{/* c */}}{{block \"b\" .s}}{{.}}{{end}}", "{{(index .m \"a\").b}}{{.m.a.b}}", "{{range .l}}{{break}}{{continue}}{{end}}", "{{\n.s |\nprint}}\n{{eq .n 3.0}}",
	}
	pieces := []string{"{{", "}}", " ", "(", ")", ".", "|", "$", "$x", ":=", "=", ",", "\"", "`", "'", "-", "1", "end", "else", "if", "nil", "\n", "{{end}}", "{{else}}", "{{- ", " -}}", "/*", "*/", "é", "\x01", "break", "range", "define", ".y", "print"}
	for range 1500 {
		b := bases[r.Intn(len(bases))]
		for range 1 + r.Intn(2) {
			at := r.Intn(len(b) + 1)
			end := min(len(b), at+r.Intn(5)*r.Intn(2))
			b = b[:at] + pieces[r.Intn(len(pieces))] + b[end:]
		}
		run(1, b)
	}
}

// programs are templates that mostly run.
func programs() {
	g := generator{rand.New(rand.NewSource(2))}
	for range 1500 {
		run(1, g.list(3, 0))
	}
}

type generator struct{ *rand.Rand }

func (g generator) pick(of ...string) string { return of[g.Intn(len(of))] }

func (g generator) list(depth, vars int) string {
	var b strings.Builder
	for range 1 + g.Intn(3) {
		b.WriteString(g.node(depth, vars))
	}
	return b.String()
}

func (g generator) open() string  { return g.pick("{{", "{{", "{{- ") }
func (g generator) close() string { return g.pick("}}", "}}", " -}}") }

func (g generator) node(depth, vars int) string {
	open, close := g.open(), g.close()
	kind := g.Intn(10)
	if depth == 0 {
		kind = g.Intn(3)
	}
	switch kind {
	case 0:
		return g.pick("a", " b\n", "\n\n  ", "- é: ", "\t")
	case 1, 2:
		return open + g.pipe(2, vars) + close
	case 3:
		return open + "$v := " + g.pipe(2, vars) + close + open + "$v" + close
	case 4:
		return open + "if " + g.pipe(2, vars) + close + g.list(depth-1, vars) + "{{else}}" + g.list(depth-1, vars) + "{{end}}"
	case 5:
		return open + "if " + g.pipe(2, vars) + close + g.list(depth-1, vars) + open + "else if " + g.pipe(1, vars) + close + g.list(depth-1, vars) + "{{end}}"
	case 6:
		return open + "with $w := " + g.pipe(2, vars) + close + g.list(depth-1, vars|2) + "{{end}}"
	case 7:
		return open + "range " + g.pick(".l", ".m", "3", ".el", ".", g.operand(1, vars)) + close + g.list(depth-1, vars) + g.pick("", "{{break}}", "{{if .}}{{continue}}{{end}}x", "{{else}}none") + "{{end}}"
	case 8:
		return open + "range $k, $e := " + g.pick(".l", ".m", "(list 1 nil .)", "$.m") + close + g.list(depth-1, vars|1) + "{{end}}"
	default:
		return "{{/* c */" + g.pick("}}", " -}}") + open + "range $e := $.l" + close + "{{$e}}" + "{{end}}"
	}
}

func (g generator) pipe(depth, vars int) string {
	p := g.command(depth, vars)
	for g.Intn(4) == 0 {
		p += " | " + g.pick("print", "printf \"%v.\"", "len", "html", "not", "fa", "list", "eq 3", "index .l", "fs", "and 1", "or .x")
	}
	return p
}

func (g generator) command(depth, vars int) string {
	if depth == 0 {
		return g.operand(0, vars)
	}
	o := func() string { return g.operand(depth-1, vars) }
	switch g.Intn(12) {
	case 0:
		return g.pick("eq ", "ne ", "lt ", "ge ") + o() + " " + o()
	case 1:
		return g.pick("and ", "or ") + o() + " " + o()
	case 2:
		return "not " + o()
	case 3:
		return "print " + o() + " " + o()
	case 4:
		return "printf " + g.pick(`"%v %s"`, `"%d%%"`, `"%q"`, `"%5.1f|%-4v"`) + " " + o() + " " + o()
	case 5:
		return "index " + g.pick(".l 0", ".m \"a\"", ".l 9", o()+" 0")
	case 6:
		return g.pick("len ", "html ", "fa ", "fs ", "fi ") + o()
	default:
		return o()
	}
}

func (g generator) operand(depth, vars int) string {
	if depth > 0 && g.Intn(3) == 0 {
		return "(" + g.pipe(depth-1, vars) + ")" + g.pick("", "", ".b", ".n")
	}
	if vars&1 != 0 && g.Intn(4) == 0 {
		return g.pick("$k", "$e", "$e.k", "$e.n")
	}
	if vars&2 != 0 && g.Intn(4) == 0 {
		return g.pick("$w", "$w.n", "$w.a.b")
	}
	return g.pick(".", "$", ".s", ".n", ".x", ".t", ".m", ".l", ".m.a.b", ".m.x", ".missing", "$.s", "$.m.n", "1", "2.5", `"lit"`, "true", "'c'", "nil", ".u", ".k", ".x.y", ".missing.y")
}
