package main

import (
	"fmt"
	"strings"
)

func all(at int, texts ...string) {
	for _, text := range texts {
		run(at, text)
	}
}

// expressions are operands of every form.
var expressions = []string{
	`.`, `$`, `nil`, `true`, `1`, `1.5`, `"q"`, "`r`", `'a'`, `1i`, `.s`, `.n`, `.x`, `.missing`, `.l`, `.m`, `.m.a.b`, `.m.x`,
	`.x.y`, `.missing.y`, `.m.missing.y`, `.s.y`, `.m.a.b.c`, `(.x)`, `(.missing)`, `(.x).y`, `(.missing).y`,
	`(.m.a).b`, `(.s).y`, `$.s`, `$.x.y`, `(index .l 2)`, `(index .l 2).y`, `(index .m "x")`, `list`, `dict`, `nilmap`,
	`nillist`, `dict.a`, `(v 0)`, `(v 24)`, `(v 34)`, `(v 34).Size`, `(v 34).k`, `(v 35)`, `(v 36)`, `(v 36).X`,
	`(v 36).Any`, `(v 36).Any.q`, `(v 36).None`, `(v 37).X`, `(v 38)`, `(v 38).Major`, `(v 39)`, `(1)`, `("q")`,
}

func syntax() {
	all(1,
		"", "plain", "{{", "}}", "a{{", "{{}}", "{{ }}", "{{\n}}", "a {{- 1 }} b", "a {{ 1 -}} b", "a\n\t\r {{- 1 -}} \n b",
		"{{-3}}", "{{- 3}}", "{{3 -}}", "{{3-}}", "{{ -3 }}", "x {{- -3 -}} y", "a{{-}}b", "a {{- }} b", "{{ - }}", "{{ -}}",
		"{{/* c */}}", "a {{- /* c */ -}} b", "{{/* c */ }}", "{{ /* c */}}", "{{/* c }}", "{{/* c */ -}} x", "{{-/* c */}}",
		"{{- /* c */}}", "a {{/* c\n */}} b", "{{/*}}", "{{/**/}}", "{{/*/}}", "a\u00a0{{- 1}}", "a\v{{- 1}}",
		"{{1}}{{2}}", "{{\"a\nb\"}}", "{{\"a", "{{`a", "{{`a\nb`}}", "{{'a}}", "{{'ab'}}", "{{''}}", "{{'\\''}}", "{{'\\x41'}}",
		"{{'\n'}}", "{{\"\\", "{{\"\\q\"}}", "{{\"\\x4\"}}", "{{\"\\ud800\"}}", "{{\"\\u00e9\\U0001f600\\101\\a\\b\\f\\v\"}}",
		"{{\"\xff\"}}", "{{`\xff\r`}}", "{{#}}", "{{é}}", "{{.é}}", "{{$é := 1}}{{$é}}", "{{\u0001}}", "{{\u00a0}}", "{{\u2028}}",
		"{{\xff}}", "{{.a\xff}}", "{{a\u2028}}", "{{.a+b}}", "{{.a#}}", "{{$x}}", "{{$x := 1}}{{$x}}", "{{$x = 1}}", "{{$x := 1}}{{$x = 2}}{{$x}}",
		"{{$x:=1}}{{$x}}", "{{$x : = 1}}", "{{$x :=}}", "{{$x := }}", "{{$x, $y := 1}}", "{{$x, := 1}}", "{{$ := 1}}{{$}}", "{{$x := 1 | print}}{{$x}}",
		"{{with $x := 1}}{{$x}}{{end}}{{$x}}", "{{if $x := .s}}{{$x}}{{else}}{{$x}}{{end}}", "{{if $x := .e}}{{else if $y := .s}}{{$x}}{{$y}}{{end}}",
		"{{if .e}}a{{else if .s}}b{{else if .t}}c{{else}}d{{end}}", "{{if .e}}a{{else if .z}}b{{else}}d{{end}}", "{{if .e}}a{{else if .z}}b{{end}}",
		"{{if .s}}{{else with .s}}{{end}}", "{{with .e}}{{else if .s}}{{end}}", "{{with .e}}a{{else with .s}}{{.}}{{else}}c{{end}}", "{{with .e}}a{{else}}{{.n}}{{end}}",
		"{{with .s}}{{.}}{{$.n}}{{end}}", "{{with $x := .m}}{{$x.n}}{{.n}}{{end}}", "{{if}}{{end}}", "{{if .s}}", "{{if .s}}{{else}}", "{{if .s}}{{else}}{{else}}{{end}}",
		"{{end}}", "{{else}}", "{{if .s}}{{end}}{{end}}", "{{if .s}}{{define \"a\"}}{{end}}{{end}}", "{{if .s end}}", "{{end .s}}", "{{else .s}}", "{{if .s}}{{else .s}}{{end}}",
		"{{if .s}}{{else x}}{{end}}", "{{break}}", "{{continue}}", "{{if .s}}{{break}}{{end}}", "{{range .l}}{{else}}{{break}}{{end}}", "{{range .l}}{{break .}}{{end}}",
		"{{range .l}}{{block \"b\" .}}{{break}}{{end}}{{end}}", "{{define}}{{end}}", "{{define a}}{{end}}", "{{define \"a\" .}}{{end}}", "{{define \"a\"}}", "{{define \"a\"}}{{else}}{{end}}",
		"{{define \"a\"}}{{define \"b\"}}{{end}}{{end}}", "{{template}}", "{{template a}}", "{{template .s}}", "{{template \"nope\"}}", "{{template \"nope\" .s}}", "{{template \"a\" .s .n}}",
		"{{block \"a\"}}{{end}}", "{{block \"a\" .}}", "{{block \"a\" .s}}{{.}}{{end}}{{template \"a\" .n}}", "{{block \"a\" .}}{{else}}{{end}}", "{{block `a` 1}}x{{end}}",
		"{{nope}}", "{{.s | nope}}", "{{nope .s}}", "{{(nope)}}", "{{nil}}", "{{nil | print}}", "{{print nil}}", "{{.s | 1}}", "{{.s | \"a\"}}", "{{1 | 2}}", "{{.s | nil}}", "{{.s | .}}", "{{.s | true}}",
		"{{\"a\" | }}", "{{ | }}", "{{| print}}", "{{print |}}", "{{print | | print}}", "{{\"a\" | print | print}}", "{{(}}", "{{)}}", "{{()}}", "{{(1)}}", "{{((1))}}", "{{(1 | print)}}", "{{(1}}", "{{1)}}", "{{( 1 )}}",
		"{{(print 1).x}}", "{{print (1) (2)}}", "{{print(1)}}", "{{print 1(2)}}", "{{print (1)(2)}}", "{{1.x}}", "{{\"a\".x}}", "{{nil.x}}", "{{true.x}}", "{{..x}}", "{{.s.}}", "{{. s}}", "{{.s .n}}", "{{$.s}}", "{{$.}}", "{{$.s .n}}",
		"{{.s,.n}}", "{{print .s, .n}}", "{{print .s\n.n}}", "{{\n.s\n}}", "{{print\t1\r\n2}}", "{{if .s}}\n{{.x.y}}\n{{end}}", "line1\nline2 {{.x.y}}", "é {{.x.y}}", "{{\n\n  nope}}", "{{/* a\nb */}}{{nope}}", "a\n{{if .s}}\nb\n{{nope}}",
		"{{print \"a\n", "{{\nprint \"a\n", "{{\n\nprint (1", "{{\n1", "{{print 1\n", "{{define \"a\"}}x{{end}}{{define \"a\"}}y{{end}}", "{{define \"a\"}}x{{end}}{{define \"a\"}} {{end}}{{template \"a\"}}",
		"{{define \"a\"}} \n{{end}}{{define \"a\"}}y{{end}}{{template \"a\"}}", "{{define \"t\"}}x{{end}}", "{{define \"t\"}}x{{end}}y", "{{define \"t\"}}x{{end}} \n", "{{else if .s}}", "{{if .s}}{{else if}}{{end}}", "{{if .s}}{{else if .n}}{{else}}{{else}}{{end}}",
		"{{if .e}}{{else if .s}}x{{end}}{{end}}", "{{range}}{{end}}", "{{range $i := }}{{end}}", "{{range $i, := .l}}{{end}}", "{{range $i, $j, $k := .l}}{{end}}", "{{range $i, 1 := .l}}{{end}}", "{{range $i $j := .l}}{{end}}", "{{range $i, $j}}{{end}}",
		"{{with $x, $y := .s}}{{end}}", "{{if $x, $y := .s}}{{end}}", "{{$x := $y := 1}}", "{{$x := 1 := 2}}", "{{print $x := 1}}", "{{(($x := 1))}}{{$x}}", "{{print ($x := 5)}}{{$x}}", "{{true}}{{false}}", "{{truex}}", "{{0true}}", "{{True}}",
		"{{with}}{{end}}", "{{template \"a\"", "{{template \"a\" | print}}", "{{block \"x\" .", "{{define \"x\"", "{{break", "{{range .l}}{{break}", "{{.s}", "{{.s}} }", "{ {.s}}", "{{{.s}}}", "{{.s}}}}", "{{\"}}\"}}", "{{`}}`}}", "{{.s /* c */}}",
		"{{'\\400'}}", "{{\"abcdefghijklmnop\" \"x\"}}", "{{if .s}}{{abcdefghijklmnop}}", "{{.abcdefghijklmnop \"世世世世世世世世世世世世\" }}{{end}}", "{{\"世世世世世世世世世世世世\" := 1}}", "{{.s := 1}}", "{{1 := 1}}", "{{print := 1}}",
	)
}

func literals() {
	for _, n := range strings.Fields(`0 00 07 08 010 0x 0x1F 0X1f 0x1_F 0o17 0O17 0o8 0b11 0B11 0b2 1_000 1__0 1_ _1 1e3 1E3 1e+3 1e-3 1e 1.5 .5 5. . 1.e2
		.5e1 1.5.2 0x1p4 0x1.8p1 0x1.8 0x.8p1 1p4 1i 1.5i 0i 0x1i 010i 1+2i 1-2i 1.5e3+2i 1+2 1+0i -1 +1 -0 -0.0 --1 +-1 - + 9223372036854775807
		9223372036854775808 18446744073709551615 18446744073709551616 -9223372036854775808 -9223372036854775809 1e18 1e19 1e20 1e100 1e400 1e-400
		123456789 1234567.0 1e6 1e5 100000.0 0.0001 0.00001 1e21 'a' 'é' '\n' '\u00e9' '世' '\xff' 'ab' 0777 0_7 0x_1 0b_1 1e1_0 1a 0xg 1.x 0.1e-2 1_0.5 -0x10 -'a'
		4.0 1e2i 0x10000000000000000 0xffffffffffffffff 0b1.1 0o1.1 1+1e2i 0x1p1+1i`) {
		run(0, "{{print "+n+"}}")
		run(0, "{{"+n+" | printf \"%T %v\"}}")
		run(0, "{{fi "+n+"}}")
		run(0, "{{ff "+n+"}}")
		run(0, "{{i64 "+n+"}}")
		run(0, "{{fu "+n+"}}")
	}
}

func printing() {
	loop := "{{range vals}}{{printf %q .}}|{{end}}"
	flags := []string{"", "+", "#", " ", "8", "-8", "08", ".0", ".3", "8.3", "-8.3", "08.3", "+.2", "# ", "+#", "#.3", "+08", "-08", "020.5"}
	for i := range 24 { // what is no pointer has no address
		run(0, fmt.Sprintf("{{printf \"%%p %%+8p\" (v %d) (v %d)}}", i, i))
	}
	for _, verb := range "vTtbcdoOqxXUeEfFgGswzy%" {
		for i, flag := range flags {
			if strings.ContainsRune("tOUEFGwzy%T", verb) && i > 5 && i%4 != 0 {
				continue
			}
			run(0, fmt.Sprintf(loop, "%"+flag+string(verb)))
		}
	}
	formats := []string{
		"", "%", "%%", "%5%", "%!", "%d", "%d %d", "%d %d %d", "%[1]d", "%[2]d %[1]d", "%[3]d", "%[0]d", "%[x]d", "%[", "%[1", "%[1]", "%[]d", "%[-1]d",
		"%[2]*[1]d", "%*d", "%-*d", "%.*d", "%*.*d", "%[2]*d", "%.[2]*d", "%[1].2d", "%[1]2d", "%.[1]d", "%.", "%5", "%5.", "%+", "%1000001d",
		"%10000000000d", "%.1000001d", "%é", "%\xff", "%d%%", "%s", "a%db", "%[1]d %d", "%[2]d %d", "%v%v", "%6.2f", "%[1]*d",
	}
	for _, format := range formats {
		for _, args := range []string{"", "1", "1 2", "3 -4 5", `"s" 1`, "1.5 2.5", "nil", "3 nil", "(i64 3) 7", "2000000 1", "-2000000 1", "(v 8) 5"} {
			run(0, fmt.Sprintf("{{printf %q %s}}", format, args))
		}
	}
	all(0, "{{print}}", "{{println}}", "{{printf}}", "{{printf 1}}", "{{printf nil}}", "{{range vals}}{{.}}|{{end}}", "{{range vals}}{{print .}}|{{end}}", "{{range vals}}{{println .}}{{end}}",
		"{{range vals}}{{print . .}}|{{end}}", "{{range vals}}{{print \"a\" . \"b\"}}|{{end}}", "{{range vals}}{{println . 1 .}}{{end}}", "{{with list (v 26) (v 29) (v 31) (v 34) (v 36) (v 39)}}{{print .}}{{printf \"%v %+v %#v %d %s %x\" . . . . . .}}{{end}}",
		"{{print 1 2 \"a\" 3 nil nil true}}", "{{1 | printf \"%d-%d\" 2}}", "{{\"%d\" | printf}}", "{{range vals}}{{if .}}T{{else}}F{{end}}{{end}}",
		"{{range vals}}{{with .}}{{.}}{{else}}-{{end}}|{{end}}", "{{range vals}}{{not .}} {{end}}", "{{range vals}}{{and . 1}}|{{or . 1}}|{{and 1 .}}|{{or nil .}}|{{end}}")
	for i := range values {
		for _, flag := range []string{"%1.4e", "%.10g", "%.0f", "%.20f", "%30.20e", "%#g", "%#.3g", "%.3x", "%#x", "%+q", "%#q", "%#U", "%+d", "%b"} {
			run(0, fmt.Sprintf("{{printf %q (v %d)}}", flag, i))
		}
	}
	for _, f := range []string{"0.1", "0.5", "1.5", "2.5", "0.25", "0.125", "123456.789", "1e15", "1e16", "99999.5", "999999.5", "0.000123456", "1e300", "4.35", "1.005", "2.675", "1e22", "1e23", "8.5e-310"} {
		for _, format := range []string{"%v", "%e", "%f", "%g", "%.0f", "%.1f", "%.2f", "%.3g", "%.15g", "%.17g", "%.25g", "%.40f", "%G", "%x", "%b", "%#v", "%010.3f", "%+.3e", "% .2f", "%#.5g", "%-12.4g|"} {
			run(0, fmt.Sprintf("{{printf %q %s}}", format, f))
			run(0, fmt.Sprintf("{{printf %q -%s}}", format, f))
		}
	}
}

func comparing() {
	pick := []int{0, 1, 3, 4, 6, 8, 9, 10, 11, 20, 21, 24, 25, 26, 27, 29, 30, 32, 33, 34, 36, 37, 39, 40}
	for _, a := range pick {
		for _, b := range pick {
			run(0, fmt.Sprintf("{{eq (v %d) (v %d)}}", a, b))
			run(0, fmt.Sprintf("{{lt (v %d) (v %d)}}", a, b))
		}
	}
	for _, f := range []string{"eq", "ne", "lt", "le", "gt", "ge"} {
		for _, pair := range []string{"1 1", "1 2", "2 1", "1.5 1.5", "1.5 2", `"a" "b"`, `"b" "a"`, `"a" "a"`, `"é" "z"`, "true false", "nil nil", "nil 1", ".n 3", ".n 3.0", ".x nil", ".x .missing", ".missing nil",
			"(.x) nil", "(i64 1) 1", "(v 8) 65", "(v 9) -1", "-1 (v 9)", ".l .l", ".m .m", ".l .m", ".s .n", "1", "", "1 2 3", `"a" "b" "a"`, "1i 1i", ".o .o", "nilmap nil", "nilmap nilmap", "nillist nilmap", "(v 39) 5", "(v 39) (v 39)", ".t true"} {
			run(1, fmt.Sprintf("{{%s %s}}", f, pair))
		}
		run(1, fmt.Sprintf("{{3 | %s 3}}{{.n | %s .n}}", f, f))
	}
	all(1, "{{eq 1 2 3 1}}", "{{eq 1 \"a\" 1}}", "{{eq 1 1 \"a\"}}", "{{and}}", "{{or}}", "{{and 1}}", "{{or 0}}", "{{and 1 0 .x.y}}", "{{or 1 .x.y}}", "{{and 1 .x.y}}", "{{or 0 .x.y}}", "{{1 | and 0}}", "{{1 | and 2}}", "{{0 | or 0}}", "{{.x | or 0}}",
		"{{and .x 1}}", "{{and .missing 1}}", "{{or .x .missing}}", "{{(and .x 1).y}}", "{{(or .x .m).n}}", "{{not}}", "{{not 1 2}}", "{{not nil}}", "{{.x | not}}", "{{not (and 1 0)}}", "{{or (and .x .s) .n}}", "{{print (and .x)}}", "{{fs (and .x)}}")
}

func fields() {
	for _, e := range expressions {
		if e == "(v 39)" {
			continue // we do not count up to a number of a named type
		}
		for _, wrap := range []string{"{{%s}}", "{{print %s}}", "{{if %s}}T{{else}}F{{end}}", "{{with %s}}{{.}}{{end}}", "{{%s | print}}", "{{fa %s}}", "{{fs %s}}", "{{$x := %s}}{{$x}}", "{{$x := %s}}{{$x.y}}", "{{%s.y}}", "{{(%s).y}}", "{{(%s).y.z}}",
			"{{range %s}}{{.}},{{else}}none{{end}}", "{{range $i, $e := %s}}{{$i}}={{$e}},{{end}}", "{{len %s}}", "{{index %s 0}}", "{{index %s \"a\"}}", "{{html %s}}", "{{template \"x\" %s}}{{define \"x\"}}[{{.}}]{{end}}", "{{%s 1}}", "{{1 | %s}}", "{{list %s}}", "{{and %s}}", "{{not %s}}"} {
			run(1, fmt.Sprintf(wrap, e))
		}
	}
	for at := range data {
		all(at, "{{.}}", "{{.a}}", "{{.a.b}}", "{{$}}", "{{$.a}}", "{{with .}}{{.}}{{end}}", "{{range .}}{{.}};{{end}}", "{{range .}}{{.name}}{{.v}};{{end}}", "{{range .}}{{.missing.x}}{{end}}", "{{len .}}", "{{(.).a}}")
	}
}

func calling() {
	arguments := append([]string{"", "1 2", `"a" "b"`, `"a" 1`, "1 nil"}, expressions...)
	for _, f := range []string{"fs", "fi", "ff", "fb", "fm", "fl", "fss", "fv", "fvi", "fu", "i64"} {
		for _, a := range arguments {
			run(1, fmt.Sprintf("{{%s %s}}", f, a))
		}
		for _, a := range []string{"1", "1.5", `"a"`, ".s", ".n", ".x", ".missing", ".m", ".l", "true", "list", "dict", "strs", "(v 34)", "(v 35)"} {
			run(1, fmt.Sprintf("{{%s | %s}}", a, f))
			run(1, fmt.Sprintf("{{%s | %s 1}}", a, f))
		}
	}
	all(1, `{{fe "x"}}`, `{{.s | fe}}`, "{{fp}}", "{{print fp}}", "{{fs fp}}", "{{fs (fe .s)}}", "{{call .s}}", "{{call nil}}", "{{call .x}}", "{{call .missing}}", "{{3 | call}}", "{{call}}", "{{.s | call}}", "{{call 1 2}}", "{{call print}}", "{{.l | call}}",
		`{{(v 34).Pick "k"}}`, `{{(v 34).Pick}}`, `{{(v 34).Pick 1}}`, `{{(v 34).Pick "k" "l"}}`, `{{(v 34).Pick "k" 1}}`, `{{"k" | (v 34).Pick}}`, `{{(v 34).Size 1}}`, `{{(v 34).k 1}}`, `{{(v 35).Has "n1"}}`, `{{(v 35).Has "q"}}`, `{{(v 35).Nope}}`, `{{(v 36).Plus 1}}`,
		`{{(v 36).Plus -1}}`, `{{(v 36).Plus}}`, `{{(v 36).Plus "a"}}`, `{{1 | (v 36).Plus}}`, `{{(v 36).X 1}}`, `{{1 | (v 36).X}}`, `{{(v 37).Plus 4}}`, `{{(v 36).x}}`, `{{(v 34).n}}`, `{{with v 34}}{{.Pick "k"}}{{.Size}}{{.n}}{{end}}`, `{{set (v 34) "z" 1}}`, `{{fa (set (v 34) "z" 1)}}`, `{{$v := v 34}}{{$_ := set $v "z" 1}}{{$v.z}}{{$v.Size}}{{fa $v}}`, `{{$x := v 34}}{{$x.Pick "k" "z"}}{{$x.Size.y}}`,
		"{{list 1 2 3}}", "{{list}}", "{{dict \"a\" 1 \"b\" nil}}", "{{(dict \"a\" 1).a}}", "{{(dict \"a\" (dict \"b\" 2)).a.b}}", "{{set .m \"q\" 5}}{{.m.q}}", "{{$m := .m}}{{$_ := set $m \"n\" 9}}{{.m.n}}", "{{set nilmap \"a\" 1}}", "{{set (.missing) \"a\" 1}}", "{{set .missing \"a\" 1}}", "{{set .o 1 2}}",
		"{{range $k, $v := set .o \"z\" 1}}{{$k}}{{$v}}{{end}}", "{{range $k, $v := .m}}{{$x := set $.m \"new\" 1}}{{$k}}{{end}}", "{{fs .s | fs | fs}}", "{{.s | fs | printf \"%s-%s\" \"a\"}}", "{{strs \"a\" \"b\"}}", "{{strs .s .n}}", "{{fss (strs \"a\")}}", "{{fl list}}", "{{fm dict}}", "{{fl (strs)}}")
}

func indexing() {
	for _, item := range []string{".s", ".l", ".m", ".x", ".missing", ".n", "(list 1 2)", "(v 24)", "(v 27)", "(v 30)", "(v 31)", "(v 32)", "(v 33)", "(v 34)", "(v 36)", "nil", ".e", ".el"} {
		for _, indexes := range []string{"", "0", "1", "2", "3", "4", "-1", "9", `"a"`, `"k"`, `"l" 0`, "nil", ".n", "1.0", "(v 9)", "(i64 0)", "0 0", `"a" "b"`, `"a" "b" "c"`, ".x", "true", `3 "k"`, "2 0"} {
			run(1, fmt.Sprintf("{{index %s %s}}", item, indexes))
		}
		for _, indexes := range []string{"", "0", "1", "1 2", "2 1", "0 2", "0 1 2", "0 2 1", "1 1 1 1", "-1", "9", `"a"`, "nil", "1.0"} {
			if item != ".l" && item != ".el" {
				run(1, fmt.Sprintf("{{slice %s %s}}", item, indexes))
			}
		}
	}
	all(1, "{{len}}", "{{len 1 2}}", "{{len \"é\"}}", "{{len vals}}", "{{range vals}}{{if .}}{{fa .}} {{end}}{{end}}", "{{index}}", "{{slice}}", "{{1 | index .l}}", "{{len nil}}", "{{len (.x)}}")
	for i := range values {
		run(0, fmt.Sprintf("{{len (v %d)}}", i))
		if i == 39 {
			continue // we do not count up to a number of a named type
		}
		run(0, fmt.Sprintf("{{range $i, $e := v %d}}{{$i}}:{{$e}}:{{printf \"%%T\" $e}},{{else}}none{{end}}", i))
		run(0, fmt.Sprintf("{{range v %d}}{{.}}{{break}}{{end}}", i))
	}
}

func looping() {
	all(1, "{{range .l}}{{.}}{{end}}", "{{range .l}}{{.k}}{{end}}", "{{range $e := .l}}{{$e}}{{end}}", "{{range $i, $e := .l}}{{$i}}{{$e}}{{end}}", "{{range .m}}{{.}};{{end}}", "{{range $k, $v := .m}}{{$k}}={{$v}};{{end}}", "{{range .el}}x{{else}}empty{{end}}", "{{range .x}}x{{else}}empty{{end}}",
		"{{range 3}}{{.}}{{end}}", "{{range $i := 3}}{{$i}}{{end}}", "{{range $i, $j := 3}}{{$i}}{{end}}", "{{range 0}}x{{else}}none{{end}}", "{{range -1}}x{{else}}none{{end}}", "{{range .n}}x{{end}}", "{{range .s}}x{{end}}", "{{range true}}x{{end}}", "{{range 1.5}}x{{end}}", "{{range (i64 2)}}{{printf \"%T\" .}}{{end}}", "{{range (v 8)}}{{break}}{{end}}",
		"{{range .l}}{{if eq (fa .) \"string\"}}{{continue}}{{end}}{{.}},{{end}}", "{{range .l}}{{if eq (fa .) \"string\"}}{{break}}{{end}}{{.}},{{end}}", "{{range 3}}{{range 3}}{{if eq . 1}}{{break}}{{end}}{{.}}{{end}};{{end}}", "{{range 3}}{{range 3}}{{continue}}{{end}}{{.}}{{end}}", "{{range 2}}{{with 1}}{{break}}{{end}}x{{end}}y",
		"{{$x := 0}}{{range 3}}{{$x = .}}{{end}}{{$x}}", "{{$x := 0}}{{range $x = .l}}{{$x}},{{end}}{{$x}}", "{{$i := 0}}{{$e := 0}}{{range $i, $e = .l}}{{$i}}{{$e}},{{end}}{{$i}}{{$e}}", "{{$i := 0}}{{range $i, $e = .l}}{{end}}", "{{range $i, $e := .l}}{{$i = 9}}{{$e = 8}}{{$i}}{{$e}}{{end}}", "{{range $x := .l}}{{$y := .}}{{$y}}{{end}}{{$y}}",
		"{{range .l}}{{$.s}}{{end}}", "{{range $i, $e := .l}}{{if $i}},{{end}}{{$i}}{{end}}", "{{range $k, $v := .m}}{{range $k, $v := $.m}}{{$k}}{{end}}{{$k}};{{end}}", "{{range vals}}{{range .}}x{{else}}y{{end}}{{end}}", "{{range .l}}{{.x.y}}{{end}}", "{{range list nil 1}}{{.}}{{.a}}{{end}}", "{{range $e := list nil}}{{$e}}{{$e.a}}{{end}}", "{{range list nil}}{{with .}}{{else}}{{.}}{{.a}}{{end}}{{end}}",
		"{{range 2}}{{define \"in\"}}{{end}}{{end}}", "{{range $i, $c := \"abc\"}}{{$i}}{{end}}", "{{range nilmap}}{{else}}e{{end}}", "{{range (v 24)}}{{.}} {{end}}", "{{range $x, $y := .el}}{{else}}{{.s}}{{end}}", "{{range .l}}{{else}}{{end}}{{range .el}}{{else}}{{break}}{{end}}", "{{range 2}}{{range .el}}{{else}}{{break}}{{end}}{{end}}")
}

func templates() {
	all(1, `{{define "a"}}[{{.}}]{{end}}{{template "a" .s}}{{template "a"}}{{template "a" nil}}`, `{{define "a"}}{{$}}{{$.s}}{{end}}{{template "a" .}}`, `{{$x := 1}}{{define "a"}}{{$x}}{{end}}`, `{{define "a"}}{{template "b" .}}{{end}}{{define "b"}}{{.x.y}}{{end}}{{template "a" .}}`, `{{define "a"}}{{template "b" .}}{{end}}{{template "a" .}}`,
		`{{define "a"}}pre{{fe "no"}}post{{end}}out{{template "a" .}}`, `{{block "a" .m}}{{.n}}{{end}}`, `{{block "a" .}}{{.s}}{{block "b" .m}}{{.n}}{{end}}{{end}}{{template "b" .m}}`, `{{define "a"}}{{if gt . 0}}{{.}}{{template "a" (fi -2)}}{{end}}{{end}}{{template "a" 3}}`, `{{define "r"}}{{with .m}}{{template "r" .}}{{else}}end{{end}}{{end}}{{template "r" .}}`,
		`{{template "a" .s}}{{define "a"}}<{{.}}>{{end}}`, "{{template `a` 1}}{{define `a`}}{{.}}{{end}}", `{{define "a b"}}x{{end}}{{template "a b"}}`, `{{define "é\n"}}x{{.x.y}}{{end}}{{template "é\n" .}}`, `{{define "a"}}{{range .}}{{.}},{{end}}{{end}}{{template "a" .l}}`, `{{with .m}}{{template "a" .}}{{end}}{{define "a"}}{{.n}}{{end}}`, `{{template "a" .x}}{{define "a"}}{{.}}{{.y}}{{end}}`, `{{template "a" .missing}}{{define "a"}}{{.}}{{.y}}{{end}}`,
		`{{template "a" $y := .s}}{{$y}}{{define "a"}}{{.}}{{end}}`, `{{template "t" .e}}`, `{{if .t}}{{template "a"}}{{end}}{{define "a"}}{{. | print}}{{end}}`, `{{define "a"}}{{break}}{{end}}`, `{{range .l}}{{template "a" .}}{{end}}{{define "a"}}{{.}};{{end}}`, `x{{define "a"}} y {{end -}} z`, `{{template "a" 1 | fi}}{{define "a"}}{{.}}{{end}}`)
}

func escaping() {
	texts := []string{".u", ".s", ".x", ".missing", ".n", ".l", ".m", "(v 22)", "(v 23)", "(v 24)", "1 2", `"a" "b"`, "", "nil", `1 "a" nil 2`, `"a b/c?d=e&f+g~h-_.!*'()"`, `"<script>alert('x=\"y\"');\\</script>"`, `"\u2028\u00a0\u00ad\U000e0001\x00\x1f\x7f"`, "(v 37)", "(v 38)", "(v 36)", "(v 39)"}
	for _, f := range []string{"html", "js", "urlquery", "print"} {
		for _, t := range texts {
			run(1, fmt.Sprintf("{{%s %s}}", f, t))
		}
	}
}
