package org

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"

	"bailiwick/internal/find"
)

// known.txt has passwords of at least twelve characters that were found in
// breaches or stand in books, songs and comics: those that zxcvbn, which knows
// words but not sentences, takes for good. It holds what the lists of
// zxcvbn-ts (MIT) have of that length, and well-known phrases.
//
//go:embed known.txt
var knownText string

var knownPasswords = sync.OnceValue(func() map[string]bool {
	set := map[string]bool{}
	for line := range strings.Lines(knownText) {
		set[bare(strings.TrimSpace(line))] = true
	}
	return set
})

// bare is a password without case, accents, spaces and signs.
func bare(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, find.Plain(text))
}

// swapped undoes the letters that people write as digits and signs.
var swapped = strings.NewReplacer("0", "o", "1", "i", "3", "e", "4", "a", "5", "s", "7", "t", "@", "a", "$", "s", "!", "i")

// isKnown reports whether a password is a known one, also with some digits or
// signs before or after it, or with letters written as such.
func isKnown(text string) bool {
	all := knownPasswords()
	plain := find.Plain(text)
	for _, form := range []string{plain, swapped.Replace(plain)} {
		core := strings.TrimFunc(form, func(r rune) bool { return !unicode.IsLetter(r) })
		if all[bare(form)] || all[bare(core)] {
			return true
		}
	}
	core := strings.TrimFunc(plain, func(r rune) bool { return !unicode.IsLetter(r) })
	return all[bare(swapped.Replace(core))]
}
