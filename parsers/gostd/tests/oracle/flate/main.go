// Command flate writes tests/golden/flate.txt: what compress/gzip makes of many inputs at its default level.
//
//	go run ./flate > ../golden/flate.txt
//
// A line is a recipe for an input, then length and 64-bit FNV-1a hash of the compressed bytes, with and without a
// flush before the end. A recipe is one or more pieces with a plus sign between them: `random SEED LENGTH`, `letters
// SEED LENGTH COUNT` (the first COUNT letters, evenly), `skewed SEED LENGTH COUNT` (each byte half as often as the
// one before), `words SEED LENGTH`, `cycle SEED LENGTH PERIOD` (random bytes that come again and again).
package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"hash/fnv"
	"io"
	"strings"
)

var words = strings.Fields("resource variable output = { } name value string default for_each count module source " +
	"type description tags true false null [ ] ( ) aws_iam_role policy kubernetes # // \" : , ${var.name} merge lookup")

type generator uint64

// next is xorshift64*, of which the test has its own.
func (g *generator) next() uint64 {
	x := uint64(*g)
	x ^= x >> 12
	x ^= x << 25
	x ^= x >> 27
	*g = generator(x)
	return x * 0x2545F4914F6CDD1D >> 32
}

func piece(recipe string) []byte {
	var kind string
	var seed uint64
	var length, count int
	fmt.Sscan(recipe, &kind, &seed, &length, &count)
	g := generator(seed*2 + 1)
	out := make([]byte, 0, length)
	for len(out) < length {
		switch kind {
		case "random":
			out = append(out, byte(g.next()))
		case "letters":
			out = append(out, 'a'+byte(g.next()%uint64(count)))
		case "skewed":
			n := g.next()
			symbol := 0
			for symbol < count-1 && n&1 == 0 {
				n >>= 1
				symbol++
			}
			out = append(out, byte(symbol))
		case "words":
			n := g.next()
			out = append(out, words[n%uint64(len(words))]...)
			if n>>16%9 == 0 {
				out = append(out, "\n  "[:1+n>>24%3]...)
			} else {
				out = append(out, ' ')
			}
		case "cycle":
			if len(out) < count {
				out = append(out, byte(g.next()))
			} else {
				out = append(out, out[len(out)-count])
			}
		default:
			panic(recipe)
		}
	}
	return out[:length]
}

func compressed(data []byte, flush bool) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	w.Write(data)
	if flush {
		w.Flush()
	}
	w.Close()
	r, err := gzip.NewReader(bytes.NewReader(out.Bytes()))
	if err != nil {
		panic(err)
	}
	if back, err := io.ReadAll(r); err != nil || !bytes.Equal(back, data) {
		panic("it does not come back")
	}
	return out.Bytes()
}

func main() {
	write := func(recipes ...string) {
		var data []byte
		for _, recipe := range recipes {
			data = append(data, piece(recipe)...)
		}
		fmt.Print(strings.Join(recipes, " + "))
		for _, flush := range []bool{true, false} {
			out := compressed(data, flush)
			hash := fnv.New64a()
			hash.Write(out)
			fmt.Printf("\t%d %016x", len(out), hash.Sum64())
		}
		fmt.Println()
	}
	lengths := []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 16, 17, 31, 32, 33, 64, 100, 127, 128, 129, 200, 257, 258, 259, 260, 261, 262, 263, 264,
		300, 515, 516, 517, 1000, 2048, 4096, 5000, 10000}
	for seed, length := range lengths {
		write(fmt.Sprintf("random %d %d", seed, length))
		write(fmt.Sprintf("words %d %d", seed, length))
		for _, count := range []int{1, 2, 3, 5, 26} {
			write(fmt.Sprintf("letters %d %d %d", seed, length, count))
		}
		for _, period := range []int{2, 3, 4, 5, 31, 258} {
			write(fmt.Sprintf("cycle %d %d %d", seed, length, period))
		}
		write(fmt.Sprintf("skewed %d %d 20", seed, length))
	}
	// Around the end of a block, of a window, of what Go holds, and of what a stored block can be.
	for seed, edge := range []int{1 << 14, 1 << 15, 1<<15 + 262, 1<<16 - 262, 1<<16 - 1, 1 << 16, 1<<16 + 262, 3<<15 - 262, 3 << 15, 1 << 17} {
		for _, more := range []int{-1, 0, 1} {
			write(fmt.Sprintf("random %d %d", seed, edge+more))
			write(fmt.Sprintf("cycle %d %d 1", seed, edge+more))
			write(fmt.Sprintf("cycle %d %d %d", seed, edge+more, 1<<15+more))
		}
	}
	// What comes again at the end of a window and beyond it.
	for seed := range 15 {
		again := fmt.Sprintf("random %d 300", seed)
		gap := 1<<15 - 300 + (seed-7)*97
		write(again, fmt.Sprintf("words %d %d", seed, gap), again)
		write(again, fmt.Sprintf("random %d %d", seed+100, gap), again, fmt.Sprintf("random %d %d", seed+200, gap), again)
		write(fmt.Sprintf("words %d %d", seed, 9000+seed*991), fmt.Sprintf("random %d %d", seed, seed*1777), fmt.Sprintf("letters %d %d 2", seed, seed*313))
		write(again[:len(again)-3]+"4", fmt.Sprintf("letters %d %d 26", seed, 4080+seed), again[:len(again)-3]+"4")
	}
	for seed := range 3 {
		write(fmt.Sprintf("words %d %d", seed, 100_000+seed*1001))
		write(fmt.Sprintf("letters %d %d %d", seed, 50_000+seed*777, seed*9+4))
		write(fmt.Sprintf("skewed %d %d %d", seed, 20_000+seed*777, seed+17))
	}
	write("words 5 70000", "random 5 100000", "cycle 5 100000 7", "words 6 30000")
}
