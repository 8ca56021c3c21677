package main

import (
	"errors"
	"fmt"
	"strings"
	"text/template"
)

// Vals is a named map with methods.
type Vals map[string]any

// Size is a method without arguments.
func (v Vals) Size() int { return len(v) }

// Pick is a method with arguments.
func (v Vals) Pick(key string, more ...string) any {
	if len(more) > 0 {
		return strings.Join(append([]string{key}, more...), "+")
	}
	return v[key]
}

// Names is a named slice with a method.
type Names []string

// Has tells whether a name is there.
func (n Names) Has(name string) bool {
	for _, x := range n {
		if x == name {
			return true
		}
	}
	return false
}

// Point is a struct without String.
type Point struct {
	X    int
	Name string
	Any  any
}

// Plus is a method of Point.
func (p Point) Plus(n int) (int, error) {
	if n < 0 {
		return 0, errors.New("negative")
	}
	return p.X + n, nil
}

// Version prints itself.
type Version struct{ Major uint64 }

func (v *Version) String() string { return fmt.Sprintf("v%d", v.Major) }

// Ticks is a number that prints itself.
type Ticks int64

func (t Ticks) String() string { return fmt.Sprintf("%dt", int64(t)) }

var (
	point   = &Point{X: 2}
	version = &Version{3}
	values  = fresh()
)

// fresh makes one value of every kind; v and vals hand them out, and templates may change them.
func fresh() []any {
	return []any{
		nil, true, false, 0, 7, -42, int64(7), int64(-1 << 63), uint8(65), uint64(1 << 63), 0.0, 7.0, -1.5,
		1e6, 123456789.0, 1e21, 1e-7, 12.34567, 5e-324, 1.7976931348623157e308, "", "abc",
		"a\"b\\c\n\t\x00é\u2028\U0001f600", "\xff\xfex", []byte("hi"), []any{}, []any{1.0, "a", nil, true},
		[]string{"x", "y z"}, map[string]any{}, map[string]any{"b": 1.0, "a": nil, "C": []any{"q"}},
		map[string]string{"k": "v"}, [][]any{{1, 2}, {"a"}}, []any(nil), map[string]any(nil),
		Vals{"k": "v", "n": 2.0}, Names{"n1", "n2"}, Point{X: 1, Name: "p"}, point, version, Ticks(5),
		complex(1, -2),
	}
}

var funcs = template.FuncMap{
	"v":    func(i int) any { return fresh()[i] },
	"vals": func() []any { return fresh() },
	"list": func(x ...any) []any { return x },
	"strs": func(x ...string) []string { return x },
	"dict": func(x ...any) map[string]any {
		m := map[string]any{}
		for i := 0; i+1 < len(x); i += 2 {
			m[fmt.Sprint(x[i])] = x[i+1]
		}
		return m
	},
	"set":     func(m map[string]any, k string, v any) map[string]any { m[k] = v; return m },
	"nilmap":  func() map[string]any { return nil },
	"nillist": func() []any { return nil },
	"i64":     func(x int64) int64 { return x },
	"fs":      func(s string) string { return "<" + s + ">" },
	"fi":      func(i int) int { return i + 1 },
	"ff":      func(f float64) float64 { return f * 2 },
	"fb":      func(b bool) bool { return !b },
	"fm":      func(m map[string]any) int { return len(m) },
	"fl":      func(l []any) int { return len(l) },
	"fss":     func(l []string) int { return len(l) },
	"fa":      func(x any) string { return fmt.Sprintf("%T", x) },
	"fv":      func(s string, more ...string) string { return s + fmt.Sprint(len(more)) },
	"fvi":     func(x ...int) int { return len(x) },
	"fu":      func(u uint32) string { return fmt.Sprint(u) },
	"fe":      func(s string) (string, error) { return "", errors.New("failed: " + s) },
	"fp":      func() string { panic("panicked") },
}
