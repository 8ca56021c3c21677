package main

import (
	"math/rand"
	"strings"
)

var words = strings.Fields(`y Y yes Yes YES yEs n N no No NO nO on On ON oN off Off OFF oFF true True TRUE tRue false False
FALSE t f T F null Null NULL nULL nil ~ ~~ .nan .NaN .NAN .Nan nan NaN .inf .Inf .INF .iNF +.inf -.inf +.Inf -.INF inf -inf
Infinity << <<< = == . .. ... - -- --- + ++ +- _ __ ? : 0 00 000 0x 0X 0o 0O 0b 0B 0x1F 0X1f 0x_1 0x1_ 0xg 0o7 0O7 0o8 0o17 0o_7
017 08 09 0777 00777 0b1 0b11 0B1 0b2 0b_1 0b+1 0b-1 -0b1 -0b-1 +0b1 -0x1F +0x1F -0o7 0o-7 0o+7 0o1_7 -017 +017 +1 -1 - 1_000 1__0 1_ _1 1_000.5
1. 1.0 .5 -.5 +.5 .5e3 .e3 .5_0 ._5 .5_ 5e 5e3 5E3 5e+3 5e-3 5e3.0 1e999 -1e999 1e-999 1e308 1.7976931348623159e308 5e-324 1e 1e+ 0e0
0.0 -0 -0.0 +0 0.1.2 1.2.3.4 12:30 12:30:45 1:2 1:60 60:60 1:59.5 +1:2 -1:2.5_ 1_0:20 0:0 :1 1:
190:20:30.15 2020-01-01 2020-1-1 2020-13-01 2020-02-30 2020-02-29 2019-02-29 20200101 2020-01 2020-01-01T 2020-01-01T00:00:00Z
2020-01-01t1:2:3Z 2020-01-01T00:00:00.123456789Z 2020-01-01T00:00:00 2020-01-01T00:00:00+05:30 2020-01-01T00:00:00-24:60
2020-01-01T00:00:00+25:00 2020-01-01T24:00:00Z 2020-01-01T23:60:00Z 2020-01-01T00:00:00+0530 2020-01-01T00:00:00,5Z 0000-01-01
9223372036854775807 9223372036854775808 -9223372036854775808 -9223372036854775809 18446744073709551615 18446744073709551616
+18446744073709551615 99999999999999999999 123456789012345678 0xFFFFFFFFFFFFFFFF 0x10000000000000000 1000000 1234567.5
100000000000000000000 1000000000000000000000 1e21 1e20 0.000001 0.0000001 1e-7 1e15 1e16 123456789.125 3.14159265358979 3.4e38
0.30000000000000004 1.10 0x1p-2 0x1.8p1 1d 1f 1L 1,000 1.5e 1e5e5 a b null1 yesno true1 -true #a a#b a: :a a:b -a - -a- ?a a?
!a !!str &a *a @a %a |a >a "a 'a a' a" [a ]a {a }a ,a a, a] a} a[ a{ a& a* a! a| a> a% a@ \ \n a\b / // http://x.y/z?a=b&c=d#e 10.0.0.0/8
512Mi 100m 1Gi 5m 1h30m v1 v1.2.3 1.2.3 1.20 apps/v1 app.kubernetes.io/name *.example.com $(VAR) ${var} {{x}} <no sha256:abc 0600 0o600 000123 1e1000 é 日本 ñ🎉 🎉 ± ½ ² ١`)

var spaced = []string{
	"2020-01-01 00:00:00", "2020-01-01  1:2:3.5", "2020-01-01 00:00:00 Z", "2020-01-01 00:00:00Z", "2001-12-14 21:59:43.10 -5",
	"a b", "a  b", "a #b", "a: b", "a :b", "a : b", "- a", "? a", ": a", "<no value>", "a, b", "a b: c", "# a", "1 2", "1_000 ", " a",
	"--- a", "... a", "---a", "...a", "!!int 12", "!!int \"12\"", "!!int x", "!!int true", "!!int 1.5", "!!int 2020-01-01", "!!float 12", "!!float 0x10", "!!float x", "!!float '1.5'",
	"!!float 18446744073709551615", "!!bool yes", "!!bool 'no'", "!!bool 1", "!!bool x", "!!null ''", "!!null ~", "!!null x", "!!null 12", "!!str 12", "!!str", "!!str ~", "!!str 2020-01-01", "!!timestamp 2020-01-01",
	"!!timestamp '2020-01-01'", "!!timestamp x", "!!timestamp 12", "!!binary aGVsbG8=", "!!binary aGVsbG8", "!!binary 'aGVs bG8='", "!!binary \"aGVs\\nbG8=\"", "!!binary /w==", "!!merge x", "!!set x", "!x 12", "! 12", "! 'a'", "!<tag:yaml.org,2002:int> 12",
	"!<tag:yaml.org,2002:str> 12", "''", "\"\"", "'true'", "\"true\"", "'12'", "'it''s'", "\"a\\tb\"", "\"\\x41\\u00e9\\U0001F600\"", "\"\\ud83d\\ude00\"", "\"\\ud83d\"", "\"\\q\"", "\"\\/\\ \\_\\N\\L\\P\\e\\0\\a\\b\\v\\f\\r\"",
	"!!float .inf", "!!float .nan", "!!int .inf", "&a 1", "&a", "&a !!str 1", "!!str &a 1", "*a", "'<<'", "\"<<\"",
}

func scalarTexts(random *rand.Rand) []string {
	texts := append(append([]string{}, words...), spaced...)
	pick := func(alphabet string, most int) string {
		letters := strings.Split(alphabet, "")
		text := ""
		for n := 1 + random.Intn(most); n > 0; n-- {
			text += letters[random.Intn(len(letters))]
		}
		return text
	}
	for range 700 {
		texts = append(texts, pick("00112345689__..eE+-xXob", 8))
	}
	for range 200 {
		texts = append(texts, pick("0123456789:_.-+", 7))
	}
	for range 200 {
		texts = append(texts, pick("yYnNoOfFtTrRuUeEsSaAlL~", 3))
	}
	for range 150 {
		texts = append(texts, pick("0123", 2)+pick("0123456789", 2)+"-"+pick("0123", 2)+"-"+pick("0123456", 2)+pick("T t", 1)+pick("012", 2)+":"+pick("0123456", 2)+":"+pick("012345", 2)+pick("Z.5+-0:", 4))
	}
	for range 300 {
		texts = append(texts, pick("0b1", 3)+pick("01_+-", 6))
		texts = append(texts, pick("0xXaAfF9_", 7))
		texts = append(texts, pick("123456789", 4)+"."+pick("0123456789", 20)+pick("e+-0123", 4))
	}
	for range 400 {
		texts = append(texts, pick("ab1 :#-?,[]{}&*!|>'\"%@`\\=~<.é", 6))
	}
	return unique(texts)
}

// Each line: the text, what Helm and Terraform read as an item and as a key, how the text is written if it is a string.
func scalarCases(random *rand.Rand) []string {
	var lines []string
	for _, text := range scalarTexts(random) {
		item, key := "- "+text+"\n", text+": 1\n"
		lines = append(lines, line(text, asJSON([]byte(item)), asCty(item), asJSON([]byte(key)), asCty(key),
			toYaml(text), toYamlPretty(text), toTerraform(text)))
	}
	return lines
}
