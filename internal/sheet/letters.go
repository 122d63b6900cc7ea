package sheet

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// candidates are what spreadsheets write that is not UTF-8: Excel's CSV, its
// "CSV (MS-DOS)", its "CSV (Macintosh)", and the CSV of a Cyrillic Windows. The
// first is taken where they fit alike.
var candidates = []struct {
	name string
	read *charmap.Charmap
}{{"Windows-1252", charmap.Windows1252}, {"CP850", charmap.CodePage850}, {"Mac OS Roman", charmap.Macintosh}, {"Windows-1251", charmap.Windows1251}}

// guessLetters finds the encoding in which the signs beyond ASCII make words. It
// is sure where they do so in Windows-1252, and nothing fits better.
func (s *Sheet) guessLetters() (name string, sure bool, err error) {
	if err := s.rewind(); err != nil {
		return "", false, err
	}
	sums, odd := make([]int, len(candidates)), 0
	in := bufio.NewReaderSize(s.src, 64<<10)
	var before, here byte
	for {
		next, err := in.ReadByte()
		if err != nil && !errors.Is(err, io.EOF) {
			return "", false, fmt.Errorf("read the file: %w", err)
		}
		if here >= utf8.RuneSelf {
			for i, c := range candidates {
				n := fits(c.read, before, here, next)
				sums[i] += n
				if i == 0 && n < 0 {
					odd++
				}
			}
		}
		if err != nil {
			break
		}
		before, here = here, next
	}
	best, tie := 0, false
	for i, sum := range sums {
		tie = tie || i > 0 && sum > 0 && sum == sums[0]
		if sum > sums[best] {
			best = i
		}
	}
	return candidates[best].name, best == 0 && odd == 0 && !tie, nil
}

// usual are letters of western languages that words are full of.
const usual = "äöüßéèêëàâáåæçîïíñôóòøùûúÄÖÜÉÀÅÆÇØ"

// fits says how well a sign fits between those beside it: letters belong into
// words, in the case of their neighbours; signs and frames do not.
func fits(read *charmap.Charmap, before, here, next byte) int {
	l, r, n := read.DecodeByte(before), read.DecodeByte(here), read.DecodeByte(next)
	switch {
	case r == utf8.RuneError || unicode.IsControl(r):
		return -4
	case r >= '─' && r <= '▟': // frames and blocks
		return -3
	case unicode.Is(unicode.Cyrillic, r):
		return cyrillic(l, r, n)
	case !unicode.IsLetter(r):
		return signFits(l, r, n)
	case before >= utf8.RuneSelf && next >= utf8.RuneSelf: // three in a row are no western word
		return -2
	case unicode.IsUpper(r) && unicode.IsLower(l), unicode.IsLower(r) && unicode.IsUpper(l) && unicode.IsUpper(n):
		return -2
	case unicode.IsLower(r) && !unicode.IsLetter(l) && unicode.IsUpper(n): // a quotation mark elsewhere
		return -2
	case !strings.ContainsRune(usual, r):
		return 0
	case unicode.IsLetter(l) || unicode.IsLetter(n):
		return 2
	}
	return 0
}

// signFits: quotation marks stand before and after words, dashes between them,
// and no other sign within one.
func signFits(l, r, n rune) int {
	after, ahead := unicode.IsLetter(l) || unicode.IsDigit(l), unicode.IsLetter(n) || unicode.IsDigit(n)
	switch {
	case r == '’' && after && ahead, strings.ContainsRune("“„‘‚‹«", r) && !after && ahead, strings.ContainsRune("“”’›»", r) && after && !ahead:
		return 2
	case strings.ContainsRune("–—", r):
		return 1
	case strings.ContainsRune("„‘‚‹«", r) && after, unicode.IsLetter(l) && unicode.IsLetter(n):
		return -2
	case r == '€' && (unicode.IsDigit(l) || unicode.IsDigit(n) || l == ' '):
		return 1
	}
	return 0
}

// cyrillic words have no other letters in them.
func cyrillic(l, r, n rune) int {
	switch {
	case unicode.IsUpper(r) && unicode.IsLower(l), unicode.IsLetter(l) && !unicode.Is(unicode.Cyrillic, l), unicode.IsLetter(n) && !unicode.Is(unicode.Cyrillic, n):
		return -2
	case unicode.IsLetter(l) || unicode.IsLetter(n):
		return 2
	}
	return -1
}
