package kb

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"bailiwick/internal/find"
)

// around is how many characters an excerpt has on each side of what was found.
const around = 120

// excerpt is the part of a text around the first word that was looked for.
func excerpt(text string, words []string) []Part {
	text = strings.Join(strings.Fields(text), " ")
	at := 0
	for _, p := range pieces(text) {
		if fits(p.folded, words) {
			at = p.from
			break
		}
	}
	from := max(0, at-around)
	for from > 0 && !utf8.RuneStart(text[from]) {
		from--
	}
	if i := strings.IndexByte(text[from:], ' '); from > 0 && i >= 0 && from+i < at {
		from += i + 1
	}
	to := min(len(text), at+2*around)
	if i := strings.LastIndexByte(text[:to], ' '); to < len(text) && i > at {
		to = i
	}
	for to < len(text) && !utf8.RuneStart(text[to]) {
		to++
	}
	parts := mark(text[from:to], words)
	if from > 0 {
		parts = append([]Part{{Text: "… "}}, parts...)
	}
	if to < len(text) {
		parts = append(parts, Part{Text: " …"})
	}
	return parts
}

// mark cuts a text into what was looked for and what is between.
func mark(text string, words []string) (parts []Part) {
	done := 0
	for _, p := range pieces(text) {
		if !fits(p.folded, words) {
			continue
		}
		if p.from > done {
			parts = append(parts, Part{Text: text[done:p.from]})
		}
		parts = append(parts, Part{Text: text[p.from:p.to], Found: true})
		done = p.to
	}
	if done < len(text) {
		parts = append(parts, Part{Text: text[done:]})
	}
	return parts
}

// piece is a run of letters and digits in a text.
type piece struct {
	from, to int
	folded   []string
}

func pieces(text string) (all []piece) {
	start := -1
	end := func(at int) {
		if start >= 0 {
			all = append(all, piece{start, at, find.Words(text[start:at])})
		}
		start = -1
	}
	for i, r := range text {
		if unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) {
			if start < 0 {
				start = i
			}
		} else {
			end(i)
		}
	}
	end(len(text))
	return all
}

// fits: one of the words, or what the last one begins.
func fits(folded, words []string) bool {
	return slices.ContainsFunc(folded, func(f string) bool {
		return slices.Contains(words, f) || len(words) > 0 && strings.HasPrefix(f, words[len(words)-1])
	})
}
