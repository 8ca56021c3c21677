// Command tables writes src/unicode/tables.rs: the classes of characters on which Go's template lexer and its
// quoting depend, as ranges, from the Go distribution that runs it.
//
//	go run ./tables > ../../src/unicode/tables.rs
package main

import (
	"fmt"
	"strconv"
	"unicode"
)

func main() {
	fmt.Printf("//! Classes of characters in Unicode %s, as the Go distribution knows them.\n", unicode.Version)
	fmt.Println("//!\n//! Written by tests/oracle/tables; sorted ranges, both ends included.")
	table("LETTER", "Letters, as Go's `unicode.IsLetter` has them.", unicode.IsLetter)
	table("DIGIT", "Decimal digits, as Go's `unicode.IsDigit` has them.", unicode.IsDigit)
	table("PRINT", "Printable characters, as Go's `strconv.IsPrint` has them.", strconv.IsPrint)
}

func table(name, doc string, in func(rune) bool) {
	fmt.Printf("\n/// %s\n#[rustfmt::skip]\npub(crate) const %s: &[(u32, u32)] = &[", doc, name)
	start, count := rune(-1), 0
	for r := rune(0); r <= unicode.MaxRune+1; r++ {
		switch now := r <= unicode.MaxRune && in(r); {
		case now && start < 0:
			start = r
		case !now && start >= 0:
			if count%8 == 0 {
				fmt.Print("\n   ")
			}
			fmt.Printf(" (%#x, %#x),", start, r-1)
			start, count = -1, count+1
		}
	}
	fmt.Println("\n];")
}
