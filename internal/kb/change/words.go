package change

import (
	"unicode"
	"unicode/utf8"
)

// mark compares the lines that went with those that came in their place, one by
// one, and marks the words that differ. Lines with less than a third in common
// are not marked: nobody would read them as a change.
func mark(run []Line) {
	gone := 0
	for gone < len(run) && run[gone].Kind == Gone {
		gone++
	}
	for i := 0; i < gone && gone+i < len(run); i++ {
		markPair(&run[i], &run[gone+i])
	}
}

// longest line whose words are compared.
const longest = 5000

func markPair(before, after *Line) {
	s, t := before.Text(), after.Text()
	if len(s) > longest || len(t) > longest {
		return
	}
	a, b := wordsOf(s), wordsOf(t)
	pairs := common(a, b, mostWords)
	shared := 0
	for _, m := range pairs {
		if r, _ := utf8.DecodeRuneInString(a[m.a]); !unicode.IsSpace(r) {
			shared += len(a[m.a])
		}
	}
	if shared*3 < max(solid(a), solid(b)) || shared == 0 {
		return
	}
	kept, keptAfter := make([]bool, len(a)), make([]bool, len(b))
	for _, m := range pairs {
		kept[m.a], keptAfter[m.b] = true, true
	}
	before.Parts, after.Parts = parts(a, kept), parts(b, keptAfter)
}

// solid is the length without spaces.
func solid(words []string) (n int) {
	for _, w := range words {
		if r, _ := utf8.DecodeRuneInString(w); !unicode.IsSpace(r) {
			n += len(w)
		}
	}
	return n
}

func parts(words []string, kept []bool) (all []Part) {
	for i, w := range words {
		if n := len(all); n > 0 && all[n-1].Marked == !kept[i] {
			all[n-1].Text += w
			continue
		}
		all = append(all, Part{Text: w, Marked: !kept[i]})
	}
	return all
}

// wordsOf cuts a line into words, runs of space, and single signs.
func wordsOf(s string) (words []string) {
	class := func(r rune) int {
		switch {
		case unicode.IsSpace(r):
			return 1
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r), r == '_':
			return 2
		}
		return 0
	}
	start, last := 0, -1
	for i, r := range s {
		c := class(r)
		if i > start && (c != last || c == 0) {
			words = append(words, s[start:i])
			start = i
		}
		last = c
	}
	if start < len(s) {
		words = append(words, s[start:])
	}
	return words
}
