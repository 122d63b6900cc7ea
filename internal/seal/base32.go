package seal

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
)

const (
	codeBits    = 130
	codeBytes   = 17 // 130 bits from the left, then 6 zero bits
	codeSymbols = 26
	groupSize   = 5

	// crockford is Crockford's base32 alphabet, without I, L, O and U.
	crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

	// mostTyped bounds what is parsed at all.
	mostTyped = 1024
)

// Codes differ in the value that their weighted symbols add up to, so that one
// kind is never taken for another.
const (
	sumOrganization byte = 0
	sumRecovery     byte = 1
)

var errTyping = errors.New("the code has a typing mistake: compare it character by character")

// checkSymbol returns what makes the weighted sum of all 27 symbols equal sum.
// Symbols are elements of GF(32); the i-th has weight 2^i, all of them
// different, so that every wrong symbol and every swap of two symbols, near or
// far, is detected. (Crockford's own check needs five characters outside the
// alphabet.)
func checkSymbol(symbols []byte, sum byte) byte {
	weight := byte(1)
	for _, s := range symbols {
		weight = times2(weight)
		for bit, w := 0, weight; bit < 5; bit, w = bit+1, times2(w) {
			if s>>bit&1 == 1 {
				sum ^= w
			}
		}
	}
	return sum
}

// times2 multiplies by 2 in GF(32) with x^5 + x^2 + 1.
func times2(x byte) byte {
	x <<= 1
	if x&0x20 != 0 {
		x ^= 0x25
	}
	return x
}

// bitsAt returns n bits of b that begin at bit offset, first bit highest.
func bitsAt(b []byte, offset, n int) (v int) {
	for i := offset; i < offset+n; i++ {
		v = v<<1 | int(b[i/8]>>(7-i%8)&1)
	}
	return v
}

// putBits is the reverse of bitsAt; the bits in b must be zero before.
func putBits(b []byte, offset, n, v int) {
	for i := range n {
		if v>>(n-1-i)&1 == 1 {
			b[(offset+i)/8] |= 1 << (7 - (offset+i)%8)
		}
	}
}

// formatGroups returns "XXXXX", five times, and "XX" with the check character.
func formatGroups(bits *[codeBytes]byte, sum byte) []string {
	symbols := symbolsOf(bits)
	symbols = append(symbols, checkSymbol(symbols, sum))
	var text strings.Builder
	for _, s := range symbols {
		text.WriteByte(crockford[s])
	}
	var groups []string
	for rest := text.String(); rest != ""; {
		n := min(groupSize, len(rest))
		groups, rest = append(groups, rest[:n]), rest[n:]
	}
	return groups
}

func symbolsOf(bits *[codeBytes]byte) []byte {
	symbols := make([]byte, 0, codeSymbols+1)
	for i := range codeSymbols {
		symbols = append(symbols, byte(bitsAt(bits[:], i*5, 5)))
	}
	return symbols
}

// parseSymbols reads 26 characters and the check character, in any case, with
// anything but letters and digits between them. Errors name the place of a
// mistake but never repeat what was typed, because they may be logged.
func parseSymbols(s string, sum byte) (*[codeBytes]byte, error) {
	var symbols []byte
	for _, r := range s {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			continue
		}
		v := symbolOf(r)
		if v < 0 {
			return nil, fmt.Errorf("group %d has a character at position %d that codes don't use",
				len(symbols)/groupSize+1, len(symbols)%groupSize+1)
		}
		symbols = append(symbols, byte(v))
	}
	switch n := len(symbols); {
	case n == 0:
		return nil, errors.New("the code is empty")
	case n < codeSymbols+1:
		return nil, fmt.Errorf("the code is too short: %d of %d characters", n, codeSymbols+1)
	case n > codeSymbols+1:
		return nil, fmt.Errorf("the code is too long: %d instead of %d characters", n, codeSymbols+1)
	}
	if checkSymbol(symbols[:codeSymbols], sum) != symbols[codeSymbols] {
		return nil, errTyping
	}
	bits := new([codeBytes]byte)
	for i, v := range symbols[:codeSymbols] {
		putBits(bits[:], i*5, 5, int(v))
	}
	return bits, nil
}

func symbolOf(r rune) int {
	switch r = unicode.ToUpper(r); r {
	case 'O':
		r = '0'
	case 'I', 'L':
		r = '1'
	}
	return strings.IndexRune(crockford, r)
}
