package seal

import (
	"errors"
	"fmt"
	"sort"
	"strings"
	"unicode"

	"github.com/tyler-smith/go-bip39/wordlists"
)

const (
	codeWords    = 12
	bitsPerWord  = 11
	wordPrefix   = 4 // letters that tell any two words of the list apart
	fewestTyped  = 6 // this many words or more, of which most are in the list
	wordCheckLen = codeWords*bitsPerWord - codeBits
)

// formatWords writes 130 bits and 2 check bits as twelve words of the English
// BIP-39 list. It is not a BIP-39 mnemonic: the check differs.
func formatWords(bits *[codeBytes]byte) []string {
	full := *bits
	putBits(full[:], codeBits, wordCheckLen, wordCheck(bits))
	words := make([]string, 0, codeWords)
	for i := range codeWords {
		words = append(words, wordlists.English[bitsAt(full[:], i*bitsPerWord, bitsPerWord)])
	}
	return words
}

// wordCheck returns the first two bits of Hash("code words", bits). They find
// three of four swapped or mistaken words; misspelt ones aren't in the list.
func wordCheck(bits *[codeBytes]byte) int {
	return bitsAt(Hash([]byte("code words"), bits[:]), 0, wordCheckLen)
}

func parseWords(words []string) (*[codeBytes]byte, error) {
	full := new([codeBytes]byte)
	for i, word := range words {
		v := wordIndex(word)
		if v < 0 {
			return nil, fmt.Errorf("word %d is not in the list of words", i+1)
		}
		if i < codeWords {
			putBits(full[:], i*bitsPerWord, bitsPerWord, v)
		}
	}
	if len(words) != codeWords {
		return nil, fmt.Errorf("the code has %d words instead of %d", len(words), codeWords)
	}
	check := bitsAt(full[:], codeBits, wordCheckLen)
	full[codeBytes-1] &= 0xc0
	if check != wordCheck(full) {
		return nil, errors.New("the words don't fit together: one is wrong, or they are in another order")
	}
	return full, nil
}

// splitWords returns the runs of letters and digits in lower case, without
// those of digits only, so that a numbered list can be pasted.
func splitWords(s string) []string {
	fields := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	words := fields[:0]
	for _, f := range fields {
		if strings.TrimFunc(f, unicode.IsDigit) != "" {
			words = append(words, f)
		}
	}
	return words
}

// looksLikeWords decides which of the two forms was meant, also when some
// words are misspelt or missing.
func looksLikeWords(words []string) bool {
	known := 0
	for _, w := range words {
		if wordIndex(w) >= 0 {
			known++
		}
	}
	return len(words) >= fewestTyped && known*2 > len(words)
}

// wordIndex finds a word, or the only one that begins with these four letters.
func wordIndex(word string) int {
	list := wordlists.English
	i := sort.SearchStrings(list, word)
	if i < len(list) && (list[i] == word || len(word) == wordPrefix && strings.HasPrefix(list[i], word)) {
		return i
	}
	return -1
}
