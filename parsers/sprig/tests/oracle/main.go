// Writes ../cases.txt: what sprig v3.3.0 itself makes of many calls of each of its functions.
//
//	go run . > ../cases.txt
//
// A line is an expression and, behind a tab, what it prints with its type, or `!` and the error. A line that starts
// with `=` holds a whole template. Backslashes, control characters and bytes that are not UTF-8 are escaped.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math/rand"
	"os"
	"sort"
	"strconv"
	"strings"
	"text/template"
	"unicode/utf8"

	"github.com/Masterminds/sprig/v3"
)

// dataText is what the templates are executed with; it also stands in ../differential.rs.
const dataText = `{"s":"hello world","n":3,"f":1.5,"neg":-2.7,"big":1e21,"large":9007199254740993,"t":true,"no":false,` +
	`"z":0,"nul":null,"e":"","u":"héllo wörld ☃ 日本","ml":"one\ntwo\n\nfour\n","oct":"010",` +
	`"l":[1,"a",null,{"k":"v"},2.5],"le":[],"ls":["b","a","c","a"],"ll":[[1,2],[3]],` +
	`"m":{"a":1,"b":{"c":"d","e":null,"f":{"g":[1]}},"s":"x","z":0,"n":null},"me":{},"ms":{"x":"1","y":"2"}}`

// Values of all kinds.
var anything = []string{
	"nil", `""`, `"abc"`, "0", "1", "-3", "1.5", "true", "false", ".s", ".n", ".f", ".neg", ".big", ".large", ".t",
	".z", ".nul", ".e", ".u", ".ml", ".oct", ".l", ".le", ".ls", ".ll", ".m", ".me", ".ms", ".missing", ".m.b",
	"(list)", `(list 1 2 "x")`, `(dict "a" 1)`, "(until 3)", `(split "/" "a/b")`, `(splitList "," "a,b,a")`,
	`(int64 7)`, `(toDate "2006-01-02" "2024-02-29")`, `(semver "1.2.3-rc.1+b")`, `(chunk 2 (list 1 2 3))`,
	`(index .l 3)`, `(float64 "NaN")`, `(float64 "-Inf")`, `1e300`, `'a'`, "(.missing | default nil)", "(index .s 1)",
	`(first .ls)`, `"\xff\xfeé"`, `(duration "5")`, `(toDate "2006" "2024").Month`, `(regexFindAll "x" "y" -1)`,
}

var strs = []string{
	`""`, `"a"`, `"abc"`, `"  a b  "`, `"Hello World"`, `"foo_bar-baz qux"`, `"HTTPServer2xx"`, `"a,b,,c"`, `"x"`, `"l"`,
	`"é"`, `"日本語"`, `"ǆ ß İ ŉ Ⅷ"`, `"a\nb\n"`, `"\t \r\n"`, `"\xffabc\xc3"`, `"a/b/../c"`, `"/x//y/"`, `"ἀᾳῳ"`, `"-"`,
	".s", ".u", ".ml", ".oct", ".e", `"aaaa"`, `"\u00a0x\u2003"`, `"😀 smile"`, `"Σίσυφος"`, `"<a href='x'>&\"\\"`,
}

var ints = []string{"0", "1", "2", "3", "5", "7", "10", "80", "-1", "-2", "-5", "100", "(len .s)", "(int .n)", "(int64 4)", "(int -7)"}

var smallInts = []string{"0", "1", "2", "3", "5", "10", "-1", "-4"}

var maps = []string{".m", ".me", ".m.b", `(dict "a" 1 "b" (dict "c" 2))`, `(dict)`, `(dict "a" "" "z" 0 "l" (list))`, ".nul", ".missing", "nil", ".ms"}

var keys = []string{`"a"`, `"b"`, `"missing"`, `""`, `"z"`, `"n"`, `"c"`, ".e", `"s"`}

var lists = []string{
	".l", ".le", ".ls", ".ll", "(list)", "(list 1 2 3)", "(until 4)", `(splitList "/" "a/b/c")`, "(list nil 0 false)",
	`(list 1 1.0 "1" (list 1) (list 1))`, `(list .m .m .me)`, "(rest (list))", "(chunk 1 (list 1 2))", "(list 3 1 2)",
	`(list "b" 1 nil "a" true)`,
}

var numbers = []string{
	"0", "1", "-1", "2", "3.7", "-3.7", "0.1", "0.2", "1e20", "9223372036854775807", "-9223372036854775808", `"010"`,
	`"0x1f"`, `"08"`, `"1.9"`, `"3.0"`, `"abc"`, `""`, "nil", "true", "false", ".n", ".f", ".neg", ".big", ".large",
	`"1e3"`, `"-5"`, `"1_000"`, `"0b11"`, "(int64 6)", `"inf"`, `"NaN"`, `"0x1p4"`, "(list 1)", ".m", "1e-7", "123456789.987654321",
	`"9223372036854775808"`, "'z'", `"+7"`, `" 1"`, `"0o17"`, `"1."`, `".5"`, "2.5", "0.5", "1e308", "1e-308", "100", "7",
}

var patterns = []string{
	`"a"`, `"[a-z]+"`, `"l+"`, `"(l)(o)?"`, "`\\w+`", "`\\d`", "`\\s+`", `"^h"`, `"d$"`, `"(?i)HELLO"`, `"(?P<x>o)"`, `""`,
	`"x*"`, `"["`, `"a{1001}"`, `"a**"`, `"(a"`, `"a)"`, `"*"`, "`\\C`", "`\\Qa.b\\E`", `"a{,2}"`, `"{"`, `"[a&&b]"`, `"[[a]]"`,
	`"[~~]"`, "`\\pL+`", "`\\p{Greek}`", "`\\p{Nope}`", "`\\PN`", "`[^\\d]`", "`\\bo`", "`\\B.`", `"(?s)."`, `"."`, `"(?m)^."`,
	`"(?U)o+"`, "`\\x{65}`", "`\\145`", "`\\1`", "`\\z`", "`[[:alpha:]]+`", "`[[:foo:]]`", "`[[:^space:]]+`", `"(?:a|b)+"`, `"a|b|"`,
	`"h(?:e(l))"`, `"o??"`, `"(?i)É"`, "`\\`", `"(?z)"`, `"(?i"`, `"(?P<>a)"`, `"(?P<1a>o)"`, `"(?<n>o)"`, `"[b-a]"`, `"[a"`, `"a{2}{3}"`,
	`"(a{500}){3}"`, `"[^a]"`, "`[\\w-]+`", "`[-a]`", "`[]a]`", "`[^]a]+`", "`a\\_`", "`\\q`", `"a(?i)b"`, `"a(?i)*"`, `"\xff"`, `"☃|日"`,
	"`\\x`", "`\\x{110000}`", "`\\x{D800}`", "`[\\x{D7FF}-\\x{E000}]`", "`(?i-s:.)`", "`(?-)`", "`()`", "`(|l)+`", "`\\pZ`", "`\\p{^L}+`", "`\\S*?d`", "`(?i)k`",
	"`\\p{L}\\p{Lu}`", "`\\p{Letter}`", "`\\p{lowercase_letter}+`", "`\\p{Any}`", "`[^\\pL]`", "`\\D+`", "`[\\D]+`", "`\\W`", "`(?i)[^\\W]+`", "`[a-\\d]`", "`[\\d-z]`", "`[a-z-9]`", "`^*`", "`(?m)$`", "`\\A\\w`", "`x{0}`", "`o{0,1}`", "`l{2,}`", "`l{2,1}`", "`\\x4`", "`(?P<n>a`", "`(?P=n)`", "`(?=a)`", "`(?<a`", "`(?P<a`",
}

var replacements = []string{`"-"`, `"<$0>"`, `"$1"`, `"${1}x"`, `"$1x"`, `"$x"`, `"${x}"`, `"$$"`, `"$"`, `""`, `"${"`, `"$9"`, `"é$0"`}

var constraints = []string{
	`">=1.19-0"`, `">=1.19"`, `"^1.2"`, `"^1.2.3"`, `"^0.2.3"`, `"^0.0.3"`, `"^0"`, `"^0.0"`, `"~1.2"`, `"~1"`, `"~>1.2.3"`, `"~0"`, `"~0.0.0"`, `"1.x"`,
	`"*"`, `"x"`, `"1.2.x"`, `"!=1.2"`, `"!=1.2.3"`, `"!=1"`, `"=1.2"`, `"=<2"`, `"=>1.19.0-0"`, `">1"`, `">1.19"`, `"<1.20"`, `"<=1.19"`, `"<=1"`, `"<2 || >3"`,
	`"1.2 - 2.3.4"`, `"1.0 - 1.5 || 2 - 3"`, `">1 <2"`, `">1, <2"`, `">1,<2"`, `"> 1"`, `""`, `" "`, `"foo"`, `"1.2.3.4"`, `">=1.2.3-beta.2"`, `"v1.2"`,
	`"1|2"`, `"1 ,2"`, `">="`, `"||"`, `"1.19 ||"`, `"^1.2.3-alpha"`, `"~1.2.3-rc"`, `"=1.19.3-gke.1"`, `"!=1.19.x-gke"`, `">1.x"`, `">*"`, `"<*"`, `"!=*"`, `"^*"`, `"~*"`, `"<=*"`, `"^x.1"`, `"1.*.3"`, `"01.2"`, `">=1.2.3-01"`, `"1x"`, `"99999999999999999999"`,
}

var versions = []string{
	`"1.19.3"`, `"v1.19.3"`, `"1.19.3-gke.1"`, `"1.2"`, `"1"`, `"0.2.5"`, `"0.0.3"`, `"1.2.3"`, `"1.2.3-beta.2"`, `"1.2.3-beta.11"`, `"2.0.0-rc"`, `"1.2.3+b"`,
	`"2.5.1"`, `"foo"`, `""`, `"1.2.3-01"`, `"1.2.3.4"`, `"01.02.03"`, `"1.2.3-"`, `" 1.2"`, `"0.0.0"`, `"1.19.0"`, `"99999999999999999999.1"`, `"1-2"`, `"3.0.0-alpha.beta"`,
}

var layouts = []string{
	`"2006-01-02"`, `"2006-01-02T15:04:05Z07:00"`, `"Mon Jan _2 15:04:05 MST 2006"`, `"Monday, 02-Jan-06 3:04PM"`, `"January 2 __2 002"`, `"06/1/2 03:04:05.000 pm"`,
	`"15h4m5s .999 -07 -0700 -07:00:00 Z0700"`, `""`, `"Month Janet 2006x _2006"`, `"20060102150405,000000"`, `"05.00 .0 -070000 Z07 Z070000 Z07:00:00"`,
}

var times = []string{
	`(toDate "2006-01-02" "2024-02-29")`, `(toDate "2006-01-02T15:04:05Z07:00" "1999-12-31T23:59:59.123456789+05:30")`, `(toDate "2006" "0001")`, `(toDate "x" "y")`,
	"0", "1700000000", "(int64 -62135596800)", `(toDate "2006-01-02 15:04 MST" "2020-07-05 13:07 CEST")`, "-1", "(int64 253402300800)", `(toDate "15:04" "00:30")`,
}

var zones = []string{`"UTC"`, `""`, `"Local"`, `"Nowhere/City"`, `"../etc"`, `"Europe/Berlin"`, `"America/New_York"`, `"Asia/Kolkata"`}

var dates = []string{
	`"2024-02-29"`, `"2024-02-30"`, `"2024-13-01"`, `"1999-12-31T23:59:59Z"`, `"1999-12-31T23:59:59+25:00"`, `"Thu Feb  1 10:00:00 CET 2024"`, `"Thursday, 01-Feb-24 3:04PM"`,
	`""`, `"x"`, `"2024-2-9"`, `"February 29 366 366"`, `"24/2/9 13:04:05.123 am"`, `"20240229101112,123456"`, `"2024-02-29 "`, `"1999-12-31T23:59:59.5-07:00"`, `"2024-02-29T24:00:00Z"`,
}

var durations = []string{`"1h"`, `"-1.5h30m"`, `"300ms"`, `"x"`, `""`, `"5"`, `"1y"`, `"2562048h"`, `".5s"`, `"1µs1ns"`, `"0"`, `"-0"`, `"+5m"`, `"1h1"`, `"9223372036854775807ns"`}

var urls = []string{
	`"http://user:pa%20ss@host.com:80/path/x?q=1&r=2#frag"`, `"https://[::1]:8080/"`, `"mailto:a@b.c"`, `"/rel/path?x"`, `"//host/p"`, `"host:80"`, `"a:b:c"`, `"http://h:port/"`, `""`, `"*"`,
	`":x"`, `"http://a b/"`, `"/%zz"`, `"/%41%2f"`, `"http://h/é#é"`, `"HTTP://H"`, `"http://h?x#"`, `"http://h/\x7f"`, `"postgres://a:1,b:2/db"`, `"http://a:1,b:2/db"`, `"http://u@@h"`, `"http://u:p:q@h"`,
	`"http://[1.2.3.4]/"`, `"http://[::1"`, `"x://h/%20"`, `"http://%41/"`, `"http://h%C3%A9/"`, `"first:seg/x"`, `"./a:b"`, `"///x"`, `"http:///x"`, `"http://[fe80::1%25en0]/"`, `"http:opaque?x"`, `"http://u%40:p%3A@h"`,
}

var jsons = []string{
	`"{\"a\":[1,2.5,true,null,\"x\\u00e9\\n\"]}"`, `"[1,2"`, `""`, `"nul"`, `"null"`, `"1e400"`, `"[1e400,2]"`, `"01"`, `"-"`, `"1.5x"`, `"{\"a\" 1}"`, `"{a:1}"`, `"[1,]"`, `"\"\\ud83d\\ude00\\ud83d\""`,
	`"\"a\nb\""`, `"\"\\q\""`, `"\"\\u12g4\""`, `"  {\"b\":1,\"a\":2,\"b\":3} "`, `"{\"a\":{\"b\":[{}]}} x"`, `"tru'"`, `"\"\xff\""`, `"1."`, `"1e"`, `"-0"`, `"1E+5"`, `"{\"a\":1"`, `"[\"a\""`, `"\"\\"`, `"é"`, `"123456789012345678901"`, `"{,}"`, `"[}"`, `"{\"\":\"\"}"`,
}

var b64s = []string{`"aGVsbG8="`, `"aGVsbG8"`, `"!"`, `"aGV\nsbG8=\n"`, `"YQ=a"`, `"YQ==x"`, `"Y==="`, `""`, `"_-8="`, `"/+8="`, `"YWI"`, `"Y"`, `"YR=="`, `"é"`}

var b32s = []string{`"NBSWY3DP"`, `"ME======"`, `"ME"`, `"ME====="`, `"me======"`, `"MEA====="`, `"M=======x"`, `""`, `"NBSWY3DP\nME======"`, `"1"`, `"MFRGG==="`, `"MFRGG====="`, `"=ME"`, `"NBSWY3DPEB3W64TMMQ======"`, `"ME===x=="`, `"MFRA===="`}

// A function and what to call it with.
type spec struct {
	name     string
	params   [][]string
	variadic []string
	count    int
}

var specs = []spec{
	{"abbrev", [][]string{ints, strs}, nil, 60}, {"abbrevboth", [][]string{ints, ints, strs}, nil, 90},
	{"cat", nil, anything, 60}, {"contains", [][]string{strs, strs}, nil, 60}, {"hasPrefix", [][]string{strs, strs}, nil, 50},
	{"hasSuffix", [][]string{strs, strs}, nil, 50}, {"hello", nil, nil, 1}, {"indent", [][]string{smallInts, strs}, nil, 50},
	{"nindent", [][]string{smallInts, strs}, nil, 50}, {"nospace", [][]string{strs}, nil, 40}, {"plural", [][]string{strs, strs, ints}, nil, 30},
	{"quote", nil, anything, 120}, {"squote", nil, anything, 80}, {"repeat", [][]string{smallInts, strs}, nil, 40},
	{"replace", [][]string{strs, strs, strs}, nil, 150}, {"substr", [][]string{ints, ints, strs}, nil, 150}, {"toString", [][]string{anything}, nil, 80},
	{"trim", [][]string{strs}, nil, 40}, {"trimAll", [][]string{strs, strs}, nil, 80}, {"trimall", [][]string{strs, strs}, nil, 20},
	{"trimPrefix", [][]string{strs, strs}, nil, 60}, {"trimSuffix", [][]string{strs, strs}, nil, 60}, {"trunc", [][]string{ints, strs}, nil, 100},
	{"wrap", [][]string{ints, strs}, nil, 80}, {"wrapWith", [][]string{ints, strs, strs}, nil, 100},
	{"camelcase", [][]string{strs}, nil, 40}, {"initials", [][]string{strs}, nil, 40}, {"kebabcase", [][]string{strs}, nil, 40}, {"lower", [][]string{strs}, nil, 40},
	{"snakecase", [][]string{strs}, nil, 40}, {"swapcase", [][]string{strs}, nil, 40}, {"title", [][]string{strs}, nil, 40}, {"untitle", [][]string{strs}, nil, 40},
	{"upper", [][]string{strs}, nil, 40},
	{"join", [][]string{strs, anything}, nil, 120}, {"sortAlpha", [][]string{anything}, nil, 80}, {"split", [][]string{strs, strs}, nil, 80},
	{"splitList", [][]string{strs, strs}, nil, 80}, {"splitn", [][]string{strs, smallInts, strs}, nil, 80}, {"toStrings", [][]string{anything}, nil, 70},
	{"add", nil, numbers, 120}, {"add1", [][]string{numbers}, nil, 60}, {"add1f", [][]string{numbers}, nil, 60}, {"addf", nil, numbers, 150},
	{"atoi", [][]string{strs}, nil, 20}, {"biggest", [][]string{numbers}, numbers, 20}, {"ceil", [][]string{numbers}, nil, 60}, {"div", [][]string{numbers, numbers}, nil, 120},
	{"divf", [][]string{numbers}, numbers, 150}, {"float64", [][]string{anything}, nil, 70}, {"floor", [][]string{numbers}, nil, 60}, {"int", [][]string{anything}, nil, 70},
	{"int64", [][]string{numbers}, nil, 70}, {"max", [][]string{numbers}, numbers, 60}, {"maxf", [][]string{numbers}, numbers, 80}, {"min", [][]string{numbers}, numbers, 60},
	{"minf", [][]string{numbers}, numbers, 80}, {"mod", [][]string{numbers, numbers}, nil, 120}, {"mul", [][]string{numbers}, numbers, 80}, {"mulf", [][]string{numbers}, numbers, 150},
	{"round", [][]string{numbers, smallInts}, nil, 150}, {"seq", nil, smallInts, 120}, {"sub", [][]string{numbers, numbers}, nil, 80}, {"subf", [][]string{numbers}, numbers, 120},
	{"toDecimal", [][]string{anything}, nil, 70}, {"until", [][]string{ints}, nil, 20}, {"untilStep", [][]string{ints, ints, ints}, nil, 120},
	{"int", [][]string{numbers}, nil, 70}, {"float64", [][]string{numbers}, nil, 70}, {"atoi", [][]string{{`"08"`, `"+5"`, `"-9"`, `"0x1"`, `"1_0"`, `"9223372036854775808"`}}, nil, 6},
	{"date", [][]string{layouts, times}, nil, 130}, {"dateInZone", [][]string{layouts, times, zones}, nil, 200}, {"dateModify", [][]string{durations, times}, nil, 80},
	{"date_in_zone", [][]string{layouts, times, zones}, nil, 10}, {"date_modify", [][]string{durations, times}, nil, 10}, {"duration", [][]string{numbers}, nil, 60},
	{"duration", [][]string{anything}, nil, 60}, {"durationRound", [][]string{durations}, nil, 30}, {"htmlDate", [][]string{times}, nil, 15}, {"htmlDateInZone", [][]string{times, zones}, nil, 20},
	{"durationRound", [][]string{{"(int64 31536000000000001)", "(int64 -90000000000000)", "(int64 9223372036854775807)", "5", ".n"}}, nil, 5},
	{"mustDateModify", [][]string{durations, times}, nil, 60}, {"mustToDate", [][]string{layouts, dates}, nil, 220}, {"must_date_modify", [][]string{durations, times}, nil, 10},
	{"toDate", [][]string{layouts, dates}, nil, 100}, {"unixEpoch", [][]string{times}, nil, 15},
	{"all", nil, anything, 60}, {"any", nil, anything, 60}, {"coalesce", nil, anything, 80}, {"compact", [][]string{anything}, nil, 80}, {"mustCompact", [][]string{lists}, nil, 20},
	{"default", [][]string{anything}, anything, 120}, {"deepCopy", [][]string{anything}, nil, 60}, {"mustDeepCopy", [][]string{lists}, nil, 20}, {"empty", [][]string{anything}, nil, 70},
	{"fail", [][]string{strs}, nil, 30}, {"ternary", [][]string{anything, anything, {"true", "false", ".t", ".no", "1", "nil", ".nul"}}, nil, 80},
	{"fromJson", [][]string{jsons}, nil, 50}, {"mustFromJson", [][]string{jsons}, nil, 50}, {"mustToJson", [][]string{anything}, nil, 70}, {"mustToPrettyJson", [][]string{anything}, nil, 60},
	{"mustToRawJson", [][]string{anything}, nil, 60}, {"toJson", [][]string{anything}, nil, 70}, {"toPrettyJson", [][]string{anything}, nil, 60}, {"toRawJson", [][]string{anything}, nil, 60},
	{"toJson", [][]string{numbers}, nil, 60}, {"toJson", [][]string{strs}, nil, 40}, {"toRawJson", [][]string{strs}, nil, 40},
	{"append", [][]string{anything, anything}, nil, 80}, {"chunk", [][]string{smallInts, lists}, nil, 100}, {"concat", nil, anything, 100}, {"concat", nil, lists, 60}, {"first", [][]string{anything}, nil, 80},
	{"has", [][]string{anything, lists}, nil, 150}, {"has", [][]string{anything, anything}, nil, 50}, {"initial", [][]string{anything}, nil, 80}, {"last", [][]string{anything}, nil, 80}, {"list", nil, anything, 50},
	{"mustAppend", [][]string{anything, anything}, nil, 40}, {"mustChunk", [][]string{smallInts, lists}, nil, 30}, {"mustFirst", [][]string{anything}, nil, 50}, {"mustHas", [][]string{anything, anything}, nil, 50},
	{"mustInitial", [][]string{anything}, nil, 50}, {"mustLast", [][]string{anything}, nil, 50}, {"mustPrepend", [][]string{anything, anything}, nil, 40}, {"mustPush", [][]string{anything, anything}, nil, 40},
	{"mustRest", [][]string{anything}, nil, 50}, {"mustReverse", [][]string{anything}, nil, 50}, {"mustSlice", [][]string{lists}, smallInts, 60}, {"mustUniq", [][]string{anything}, nil, 50},
	{"mustWithout", [][]string{lists}, anything, 50}, {"prepend", [][]string{anything, anything}, nil, 80}, {"push", [][]string{anything, anything}, nil, 40}, {"rest", [][]string{anything}, nil, 80},
	{"reverse", [][]string{anything}, nil, 80}, {"slice", [][]string{lists}, smallInts, 120}, {"slice", [][]string{anything}, anything, 80}, {"tuple", nil, anything, 20}, {"uniq", [][]string{anything}, nil, 80}, {"uniq", [][]string{lists}, nil, 20},
	{"without", [][]string{lists}, anything, 150}, {"chunk", [][]string{ints, anything}, nil, 60},
	{"dict", nil, anything, 120}, {"get", [][]string{maps, keys}, nil, 80}, {"hasKey", [][]string{maps, keys}, nil, 80}, {"keys", nil, maps, 40}, {"omit", [][]string{maps}, keys, 80}, {"pick", [][]string{maps}, keys, 80},
	{"pluck", [][]string{keys}, maps, 80}, {"set", [][]string{maps, keys, anything}, nil, 80}, {"unset", [][]string{maps, keys}, nil, 50}, {"values", [][]string{maps}, nil, 20},
	{"dig", nil, append(append([]string{}, keys...), ".m", ".me", ".m.b", ".ms", "nil", "1"), 150}, {"dig", [][]string{keys, keys, anything, maps}, nil, 120}, {"dig", [][]string{keys, anything, maps}, nil, 100},
	{"dig", [][]string{{`"b"`}, {`"f"`, `"c"`, `"e"`}, {`"g"`, `"x"`}, {`"d"`}, {".m"}}, nil, 12},
	{"merge", [][]string{maps}, maps, 200}, {"mergeOverwrite", [][]string{maps}, maps, 200}, {"mustMerge", [][]string{maps}, maps, 80}, {"mustMergeOverwrite", [][]string{maps}, maps, 80},
	{"deepEqual", [][]string{anything, anything}, nil, 200}, {"kindIs", [][]string{{`"map"`, `"slice"`, `"string"`, `"invalid"`, `"float64"`, `"int"`, `"ptr"`, `"struct"`}, anything}, nil, 100}, {"kindOf", [][]string{anything}, nil, 70},
	{"typeIs", [][]string{{`"string"`, `"float64"`, `"[]interface {}"`, `"semver.Version"`, `"<nil>"`}, anything}, nil, 100}, {"typeIsLike", [][]string{{`"string"`, `"semver.Version"`, `"*semver.Version"`}, anything}, nil, 70}, {"typeOf", [][]string{anything}, nil, 70},
	{"base", [][]string{strs}, nil, 40}, {"clean", [][]string{strs}, nil, 40}, {"dir", [][]string{strs}, nil, 40}, {"ext", [][]string{strs}, nil, 40}, {"isAbs", [][]string{strs}, nil, 30}, {"osBase", [][]string{strs}, nil, 30},
	{"osClean", [][]string{strs}, nil, 30}, {"osDir", [][]string{strs}, nil, 30}, {"osExt", [][]string{strs}, nil, 30}, {"osIsAbs", [][]string{strs}, nil, 30},
	{"ext", [][]string{{`"a.tar.gz"`, `"/x.y/z"`, `".hidden"`, `"a."`, `"a.b/"`}}, nil, 5}, {"base", [][]string{{`"///"`, `"a/"`, `"/a//"`}}, nil, 3}, {"dir", [][]string{{`"///"`, `"a/"`, `"/a//"`, `"../x"`}}, nil, 4},
	{"adler32sum", [][]string{strs}, nil, 40}, {"b32dec", [][]string{b32s}, nil, 30}, {"b32enc", [][]string{strs}, nil, 40}, {"b64dec", [][]string{b64s}, nil, 30}, {"b64enc", [][]string{strs}, nil, 40},
	{"sha1sum", [][]string{strs}, nil, 15}, {"sha256sum", [][]string{strs}, nil, 15}, {"sha512sum", [][]string{strs}, nil, 8},
	{"urlJoin", [][]string{maps}, nil, 20}, {"urlParse", [][]string{urls}, nil, 60}, {"urlJoin", [][]string{{
		`(dict "scheme" "http" "host" "h" "path" "p q" "query" "a=b" "fragment" "é" "userinfo" "u:p@")`, `(dict "path" "a:b/c")`, `(dict "scheme" "x" "opaque" "y")`, `(dict "host" 1)`, `(dict "path" nil)`,
		`(dict "scheme" "http" "path" "/x")`, `(dict "scheme" "http")`, `(dict "host" "h [x]" "path" "*")`, `(dict "path" "*")`, `(dict "userinfo" "a b" "host" "h")`, `(urlParse "http://user:pa%20ss@host.com:80/path/x?q=1&r=2#frag")`, `(dict "userinfo" "a" "path" "x")`, `(dict "query" "q")`,
	}}, nil, 30},
	{"regexFind", [][]string{patterns, strs}, nil, 260}, {"regexFindAll", [][]string{patterns, strs, smallInts}, nil, 300}, {"regexMatch", [][]string{patterns, strs}, nil, 200}, {"regexQuoteMeta", [][]string{append(append([]string{}, strs...), patterns...)}, nil, 60},
	{"regexReplaceAll", [][]string{patterns, strs, replacements}, nil, 400}, {"regexReplaceAllLiteral", [][]string{patterns, strs, replacements}, nil, 150}, {"regexSplit", [][]string{patterns, strs, smallInts}, nil, 300},
	{"mustRegexFind", [][]string{patterns, strs}, nil, 150}, {"mustRegexFindAll", [][]string{patterns, strs, smallInts}, nil, 80}, {"mustRegexMatch", [][]string{patterns, strs}, nil, 150}, {"mustRegexReplaceAll", [][]string{patterns, strs, replacements}, nil, 80},
	{"mustRegexReplaceAllLiteral", [][]string{patterns, strs, replacements}, nil, 40}, {"mustRegexSplit", [][]string{patterns, strs, smallInts}, nil, 60},
	{"regexFind", [][]string{patterns, {".s"}}, nil, 160}, {"regexFindAll", [][]string{patterns, {`"Hello World 42 naïve ΑΒΓ ☃\nline 2\tx_y-z {a}&b k K"`}, {"-1"}}, nil, 160},
	{"regexReplaceAll", [][]string{patterns, {`"Hello World 42 naïve ΑΒΓ\nab\xffz"`}, {`"<$0|$1>"`}}, nil, 160},
	{"semver", [][]string{versions}, nil, 30}, {"semverCompare", [][]string{constraints, versions}, nil, 900},
	{"decryptAES", [][]string{{`"key"`, `"secretkey"`}, {`""`, `"!"`, `"AAAA"`, `"30tEfhuJSVRhpG97XCuWgz2okj7L8vQ1s6V9zVUPeDQ="`, `"AAAAAAAAAAAAAAAAAAAAAA=="`, `"AAAAAAAAAAAAAAAAAAAAAAAA"`, `"qEnXUgvBMfvSmUGUqA8xHqIGRBFrlZAYzHJbJXcCNXs="`}}, nil, 14},
	{"derivePassword", [][]string{{"2"}, {`"maximum"`, `"nope"`}, {`"password"`}, {`"user"`}, {`"example.com"`}}, nil, 2},
	{"genPrivateKey", [][]string{{`"foo"`}}, nil, 1}, {"randAlpha", [][]string{{"0", "-1"}}, nil, 2}, {"randNumeric", [][]string{{"0", "-1"}}, nil, 2}, {"randInt", [][]string{{"5"}, {"5", "4"}}, nil, 2},
	{"htpasswd", [][]string{{`"a:b"`}, {`"x"`}}, nil, 1}, {"buildCustomCert", [][]string{{`"!"`, `"YQ=="`}, {`"!"`, `"YQ=="`}}, nil, 4}, {"bcrypt", [][]string{{`(repeat 73 "x")`}}, nil, 1},
	{"genSelfSignedCert", [][]string{{`"cn"`}, {`(list "x")`, `(list 1)`, "(list)"}, {"(list 1)"}, {"1"}}, nil, 3}, {"genCAWithKey", [][]string{{`"cn"`}, {"1"}, {`""`, `"x"`}}, nil, 2},
	{"encryptAES", [][]string{{`"k"`}, {`""`}}, nil, 1}, {"shuffle", [][]string{{`""`, `"a"`}}, nil, 2},
}

// Whole templates: what is done to maps that others hold, methods, and the like.
var templates = []string{
	`{{$a := dict "x" (dict "y" 1)}}{{$b := dict}}{{$_ := merge $b $a}}{{$_ := set $b.x "z" 2}}{{toJson $a}}`,
	`{{$a := dict "x" (dict "y" 1)}}{{$b := dict "x" (dict "q" 0)}}{{$_ := merge $b $a}}{{$_ := set $b.x "z" 2}}{{toJson $a}}{{toJson $b}}`,
	`{{$a := dict "x" (dict "y" 1)}}{{$b := dict "x" (dict)}}{{$_ := merge $b $a}}{{$_ := set $b.x "z" 2}}{{toJson $a}}{{toJson $b}}`,
	`{{$a := dict "x" (dict)}}{{$b := dict "x" (dict)}}{{$_ := mergeOverwrite $b $a}}{{$_ := set $b.x "z" 2}}{{toJson $a}}{{toJson $b}}`,
	`{{$a := deepCopy .m}}{{$_ := set $a.b "c" "changed"}}{{.m.b.c}}`,
	`{{$a := pick .m "b"}}{{$_ := set $a.b "c" "changed"}}{{.m.b.c}}`,
	`{{$a := omit .m "a"}}{{$_ := set $a.b "c" "changed"}}{{.m.b.c}}`,
	`{{$_ := set .m "a" 5}}{{$_ := unset .m "s"}}{{toJson .m}}`,
	`{{toJson (merge (dict "a" (list 1)) (dict "a" (list 2)))}}{{toJson (mergeOverwrite (dict "a" (list 1)) (dict "a" (list)))}}`,
	`{{toJson (merge (dict "a" (dict "b" 1)) (dict "a" 5))}}{{toJson (mergeOverwrite (dict "a" (dict "b" 1)) (dict "a" 5))}}`,
	`{{toJson (merge (dict "a" 5) (dict "a" (dict "b" 1)))}}{{toJson (mergeOverwrite (dict "a" 5) (dict "a" (dict "b" 1)))}}`,
	`{{toJson (merge (dict "a" "" "b" false "c" 0 "d" nil "e" (list)) (dict "a" 1 "b" 2 "c" 3 "d" 4 "e" 5))}}`,
	`{{toJson (merge (dict "a" 1) (dict "a" nil "b" nil))}}{{toJson (mergeOverwrite (dict "a" 1) (dict "a" nil "b" nil))}}`,
	`{{toJson (merge (dict "a" (list)) (dict "a" (list 1)) (dict "a" (list 2)))}}`,
	`{{toJson (mergeOverwrite (dict "a" true "b" 1 "c" "x") (dict "a" false "b" 0 "c" ""))}}`,
	`{{toJson (merge (dict "a" (dict "b" (dict "c" 1))) (dict "a" (dict "b" (dict "d" 2) "e" 3)) (dict "a" (dict "b" (dict "c" 9 "f" 4))))}}`,
	`{{toJson (merge (dict "v" (semver "1.2.3")) (dict "v" (dict "a" 1)))}}`,
	`{{mustMerge (dict "v" (semver "1.2.3")) (dict "v" (dict "a" 1))}}`,
	`{{toJson (mergeOverwrite (dict "v" (semver "1.2.3")) (dict "v" (dict "a" 1)))}}`,
	`{{toJson (merge (dict "a" (split "," "x,y")) (dict "a" (dict "_0" "z" "k" 1)))}}`,
	`{{toJson (merge (dict "a" (dict "_0" "z" "k" 1)) (dict "a" (split "," "x,y")))}}`,
	`{{$m := .m}}{{toJson (merge $m $m)}}`,
	`{{with (semver "v1.2.3-rc.1+build")}}{{.Major}}.{{.Minor}}.{{.Patch}} {{.Prerelease}} {{.Metadata}} {{.Original}} {{.String}} {{.IncPatch}} {{.IncMinor}} {{.IncMajor}}{{end}}`,
	`{{(semver "1.2.3").Compare (semver "1.2.4")}} {{(semver "1.2.3").LessThan (semver "1.2.4")}} {{(semver "1.2.3").Equal (semver "1.2.3+x")}} {{(semver "1.2.3").GreaterThan (semver "1.2.3-a")}}`,
	`{{printf "%T %T" (semver "1.2.3") (semver "1.2.3").IncPatch}} {{(semver "1.2.3").IncPatch}} {{(semver "v1.2.3").IncMinor.Minor}}`,
	`{{with (toDate "2006-01-02T15:04:05Z07:00" "2024-02-29T13:14:15.5+02:00")}}{{.}} {{.Year}} {{.Month}} {{printf "%d" .Month}} {{.Day}} {{.Hour}} {{.Minute}} {{.Second}} {{.Nanosecond}} {{.YearDay}} {{.Weekday}} {{.Unix}} {{.UnixMilli}} {{.UTC}} {{.Format "Jan 06"}} {{.IsZero}} {{.AddDate 1 -3 40}}{{end}}`,
	`{{$a := toDate "2006-01-02" "2024-02-29"}}{{$b := toDate "2006-01-02" "2024-03-01"}}{{$a.Before $b}} {{$a.After $b}} {{$a.Equal $b}} {{$b.Sub $a}} {{($b.Sub $a).Hours}} {{$a.Add ($b.Sub $a)}} {{printf "%T %T" ($b.Sub $a) $a.Month}}`,
	`{{toDate "2006-01-02" "2024-02-29"}} {{quote (toDate "2006-01-02" "2024-02-29")}} {{toJson (toDate "2006-01-02" "2024-02-29")}} {{list (toDate "2006-01-02" "2024-02-29")}}`,
	`{{range $i, $e := until 3}}{{$i}}={{$e}} {{end}}{{range split "," "b,a"}}{{.}}{{end}}{{(split "," "b,a")._1}}`,
	`{{range splitList "," "b,a"}}{{.}}{{end}}{{index (splitList "," "b,a") 1}}{{len (until 5)}}`,
	`{{dict "a" 1 "b"}}{{dict 1 2 nil 3 true 4}}{{(dict "a" (dict "b" 5)).a.b}}`,
	`{{.s | replace "o" "0" | upper | trunc 5 | quote | indent 2}}`,
	`{{list 1 2 3 | rest | reverse | first}}{{list "a" "b" | join "," | quote}}{{.ls | sortAlpha | uniq | join "-"}}`,
	`{{$l := list 1 2}}{{$m := append $l 3}}{{$n := append $l 4}}{{$l}}{{$m}}{{$n}}`,
	`{{keys (dict "b" 1 "a" 2) | sortAlpha}}{{values (dict "b" 1 "a" 2)}}{{kindOf (keys .m)}}{{typeOf (keys .m)}}{{typeOf (values .m)}}`,
	`{{typeOf (pluck "a" .m)}}{{typeOf (splitList "," "a")}}{{typeOf (split "," "a")}}{{typeOf (until 1)}}{{typeOf (chunk 1 .l)}}{{typeOf (concat .l)}}{{typeOf (sortAlpha .l)}}{{typeOf (regexFindAll "a" "a" 1)}}`,
	`{{eq (int .n) 3}}{{eq (add 1 2) 3}}{{eq (add 1 2) (int64 3)}}{{lt (int .n) 4}}{{add .n 1 | int | eq 4}}`,
	`{{int .n | until | join ","}}{{seq 3}}{{seq 0 2 6}}{{seq 5 -2 0}}{{round 2.345 2}}{{round -2.5 0}}{{divf 1 3}}`,
	`{{get .m "b" | toJson}}{{hasKey .m "n"}}{{hasKey .m "q"}}{{dig "b" "f" "g" "no" .m}}{{dig "b" "x" "y" "no" .m}}`,
	`{{ternary "a" "b" (eq 1 1)}}{{"x" | default "y"}}{{"" | default "y"}}{{.nul | default "y"}}{{.missing | default "y"}}{{0 | default 5}}{{false | default true}}`,
	`{{tuple 1 2 | toJson}}{{list | toJson}}{{rest (list 1) | toJson}}{{rest (list) | toJson}}{{initial (list) | toJson}}{{concat (list) (list) | toJson}}{{without (list 1) 1 | toJson}}`,
	`{{slice (list 1 2 3 4) 1 3}}{{slice (list 1 2 3 4)}}{{slice (list 1 2) 1}}{{slice (splitList "," "a,b,c") 1 2 | typeOf}}`,
	`{{derivePassword 1 "long" "password" "user" "example.com" | len}}`,
	`{{nospace "h e\tl\nlo"}}{{cat "a" nil "b" 1 1.5 .l}}{{wrap 5 "aaa bbb ccc ddddddddd e"}}{{wrapWith 5 "|" "aaa bbb ccc ddddddddd e"}}`,
	`{{fromJson "{\"a\":[1,2]}" | toPrettyJson}}{{(fromJson "{\"a\":{\"b\":true}}").a.b}}{{toPrettyJson (dict "a" (list) "b" (dict) "c" (list 1 (dict "d" nil)))}}`,
	`{{squote "it's" 1 nil .l}}{{quote "a\"b\\c\n" 1.0 1e6 true .m}}{{1000000.0 | quote}}{{.n | quote}}{{.large | quote}}{{.big | squote}}`,
	`{{fail "stop"}}`, `{{fail (printf "%s" .s)}}`, `{{mustToDate "2006" "x"}}`, `{{1 | upper}}`, `{{upper}}`, `{{upper "a" "b"}}`, `{{.l | upper}}`, `{{hasKey .l "a"}}`, `{{trunc "a" "b"}}`, `{{trunc 1.5 "b"}}`, `{{trunc .n "abc"}}`,
	`{{set .m 1 2}}`, `{{dict "a" 1 | set "b"}}`, `{{ternary 1 2}}`, `{{round 1.5}}`, `{{round 1.5 0 0.6}}`, `{{round 1.5 0 1}}`, `{{round 2.4 0 .4}}`, `{{until .n}}`, `{{until 2.5}}`, `{{plural "a" "b" 1}}`, `{{seq 1 2 3 4}}`,
	`{{dateModify "1h" .s}}`, `{{unixEpoch nil}}`, `{{unixEpoch 5}}`, `{{genCA 1 2}}`, `{{genSignedCert "a" nil nil 1 "x"}}`, `{{derivePassword -1 "pin" "a" "b" "c"}}`, `{{derivePassword 1.5 "pin" "a" "b" "c"}}`, `{{keys .s}}`, `{{pick .m 1}}`,
}

var functions template.FuncMap

func main() {
	functions = sprig.TxtFuncMap()
	delete(functions, "env")
	delete(functions, "expandenv")
	// Go's order is random; the library sorts.
	functions["keys"] = func(dicts ...map[string]interface{}) []string {
		all := []string{}
		for _, dict := range dicts {
			all = append(all, sorted(dict)...)
		}
		return all
	}
	functions["values"] = func(dict map[string]interface{}) []interface{} {
		all := []interface{}{}
		for _, key := range sorted(dict) {
			all = append(all, dict[key])
		}
		return all
	}
	random := rand.New(rand.NewSource(1))
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	seen := map[string]bool{}
	write := func(line, text string) {
		if seen[line] {
			return
		}
		seen[line] = true
		// What is not the same twice is random.
		if result := run(text); result == run(text) {
			fmt.Fprintf(out, "%s\t%s\n", escape(line), result)
		}
	}
	for _, spec := range specs {
		total := 1
		for _, pool := range spec.params {
			total *= len(pool)
		}
		all := spec.variadic == nil && total <= spec.count*3/2
		count := spec.count
		if all {
			count = total
		}
		for i := 0; i < count; i++ {
			parts := []string{spec.name}
			index := i
			for _, pool := range spec.params {
				at := random.Intn(len(pool))
				if all {
					at = index % len(pool)
					index /= len(pool)
				} else if len(spec.params) == 1 && spec.variadic == nil {
					at = i % len(pool)
				}
				parts = append(parts, pool[at])
			}
			if spec.variadic != nil {
				for n := random.Intn(4); n > 0; n-- {
					parts = append(parts, spec.variadic[random.Intn(len(spec.variadic))])
				}
			}
			expression := strings.Join(parts, " ")
			write(expression, wrap(expression))
		}
		// Arguments of other types, too few and too many.
		for at, pool := range spec.params {
			if &pool[0] == &times[0] {
				// Anything else than a time is the present.
				continue
			}
			for i := 0; i < 3; i++ {
				parts := []string{spec.name}
				for other, pool := range spec.params {
					if other == at {
						pool = anything
					}
					parts = append(parts, pool[random.Intn(len(pool))])
				}
				expression := strings.Join(parts, " ")
				write(expression, wrap(expression))
			}
		}
	}
	for _, text := range templates {
		write("="+text, text)
	}
	for _, kind := range fuzzed {
		for i := 0; i < kind.count; i++ {
			parts := []string{kind.functions[random.Intn(len(kind.functions))]}
			for _, pieces := range kind.pieces {
				text := ""
				for n := random.Intn(kind.length + 1); n > 0; n-- {
					text += pieces[random.Intn(len(pieces))]
				}
				parts = append(parts, strconv.Quote(text))
			}
			expression := strings.Join(parts, " ") + kind.after
			write(expression, wrap(expression))
		}
	}
}

// Calls with texts put together from pieces.
var fuzzed = []struct {
	count     int
	functions []string
	pieces    [][]string
	length    int
	after     string
}{
	{900, []string{"camelcase", "kebabcase", "snakecase", "title", "untitle", "swapcase", "initials", "nospace", "upper", "lower", "trim"},
		[][]string{{"a", "b", "A", "B", "Z", "z", "0", "9", "_", "-", " ", ".", "$", "é", "É", "日", "ǅ", "ß", "½", "\t", "\xff", "Ⅷ", "а", "Я", "٣", "+", "😀"}}, 9, ""},
	{300, []string{"wrap 4", "wrap 6", "wrapWith 4 \"|\"", "wrapWith 7 \"-\"", "abbrev 6", "abbrevboth 5 8", "abbrevboth 3 7"}, [][]string{{"a", "bb", "ccc ", " ", " dddd", "é", "\n"}}, 9, ""},
	{600, []string{"regexFind", "mustRegexFind"}, [][]string{
		{"a", "b", "l", "[a-c]", "[^a]", ".", "\\w", "\\d", "\\b", "(", ")", "(?:", "|", "*", "+", "?", "{2}", "{1,3}", "^", "$", "(?i)", "(?s)", "(?m)", "(?U)", "é", "\\pL", "[[:upper:]]", "\\B", "{", "}", "]", "\\."},
		{"a", "b", "c", "l", "L", "1", " ", "\n", "é", "É", ".", "_", "{"}}, 8, ""},
	{300, []string{"regexReplaceAll"}, [][]string{
		{"a", "b", "[a-c]", "[^a]", ".", "\\w", "(a)", "(b|c)", "(?P<n>b)", "*", "+", "?", "|", "\\b", "(x)?"}, {"a", "b", "c", " ", "é", "\xff", "\n"}, {"$1", "$2", "${n}", "$n", "x", "$0", "$$", "-", "${1}", "$1x"}}, 5, ""},
	{200, []string{"regexSplit"}, [][]string{{"a", "b", "[a-c]", ",", "*", "+", "?", "|", "\\s"}, {"a", "b", "c", ",", " ", "é"}}, 6, " -1"},
	{700, []string{"semverCompare"}, [][]string{
		{"1", "0", "2", ".", ".1", ".0", ".x", "*", ">", "<", "=", "~", "^", "!=", ">=", " ", ",", " || ", " - ", "-0", "-a.1", "+b", "1.2.3", "0.2.3", "v1"},
		{"1", ".2", ".0", "0", ".3", "-0", "-a", "v1"}}, 5, ""},
	{300, []string{"b64dec", "b32dec"}, [][]string{{"YQ", "ME", "==", "=", "A", "AAAA", "\n", "!", "b2s", "Z7"}}, 6, ""},
	{300, []string{"durationRound", "duration"}, [][]string{{"1", "20", "h", "m", "s", "ms", ".5", "-", "365", "00", "24", "µs", "d"}}, 6, ""},
	{400, []string{"urlParse"}, [][]string{{"http", ":", "/", "//", "@", "a", "b.c", ":80", "?", "#", "%20", "%2f", "%", "é", " ", "[", "]", "[::1]", "&", ";", "x=1", "..", "\\", "\"", "+"}}, 8, ""},
	{300, []string{"mustFromJson"}, [][]string{{"{", "}", "[", "]", ",", ":", "\"a\"", "\"b\"", "1", "-", "0", ".5", "e3", "true", "null", " ", "\"\\u00e9\"", "\\"}}, 7, ""},
	{300, []string{"clean", "base", "dir", "ext"}, [][]string{{"/", "a", "b", ".", "..", "//", ".x"}}, 8, ""},
	{400, []string{"addf 1.1", "mulf 3.3", "divf 7", "subf 2.2", "float64", "int", "toDecimal", "round 1.25e3", "int64"}, [][]string{{"1", "2", "0", "9", ".", "e", "-", "7", "_", "0x", "f", "+", "123456"}}, 5, ""},
	{300, []string{`toDate "2006-01-02 15:04:05.000 MST -0700"`, `mustToDate "2006-01-02 15:04"`, `mustToDate "Jan _2 06 3PM"`}, [][]string{{"2024-02-29", " ", "12:30", ":45", ".123", "UTC", "GMT+3", "-0700", "Feb", "9", "24", "3PM", "12AM", "é"}}, 7, ""},
	{300, []string{"replace", "splitList", "trimAll", "trimPrefix", "trimSuffix", "contains"}, [][]string{{"a", "b", "é", ""}, {"a", "b", "é", "x", " "}}, 4, ` "aéb a"`},
}

func wrap(expression string) string {
	return "{{$r := " + expression + "}}{{printf \"%T \" $r}}" +
		"{{if or (kindIs \"map\" $r) (kindIs \"slice\" $r)}}{{mustToRawJson $r}}{{else}}{{$r}}{{end}}"
}

func sorted(dict map[string]interface{}) []string {
	all := []string{}
	for key := range dict {
		all = append(all, key)
	}
	sort.Strings(all)
	return all
}

func run(text string) string {
	var data map[string]interface{}
	if err := json.Unmarshal([]byte(dataText), &data); err != nil {
		panic(err)
	}
	parsed, err := template.New("t").Funcs(functions).Option("missingkey=zero").Parse(text)
	if err != nil {
		return "!" + escape(err.Error())
	}
	var out strings.Builder
	if err := parsed.Execute(&out, data); err != nil {
		return "!" + escape(err.Error())
	}
	return escape(out.String())
}

func escape(text string) string {
	var out strings.Builder
	for at := 0; at < len(text); {
		r, width := utf8.DecodeRuneInString(text[at:])
		switch {
		case r == utf8.RuneError && width == 1, r < ' ', r == 0x7f:
			fmt.Fprintf(&out, `\x%02x`, text[at])
		case r == '\\':
			out.WriteString(`\\`)
		default:
			out.WriteString(text[at : at+width])
		}
		at += width
	}
	return out.String()
}
