package find

import (
	"bytes"
	"slices"
	"strings"
)

// fresh is an entry that was put lately and is in no segment yet.
type fresh struct {
	Entry
	place uint32
	size  uint8
	name  []byte
	words []freshWord
}

type freshWord struct {
	word  []byte
	field uint32
}

func newFresh(e Entry, n *names) *fresh {
	var s splitter
	e.Tags = slices.Clone(e.Tags)
	f := &fresh{Entry: e, place: n.place(e.Place), size: titleSize(e.Title), name: s.appendName(nil, e.Title)}
	add := func(field uint32, w []byte) { f.words = append(f.words, freshWord{bytes.Clone(w), field}) }
	ownWords(&s, &e, add)
	sharedWords(&e, func(field uint32, text string) {
		for _, w := range s.split(text) {
			add(field, w)
		}
	})
	return f
}

// match gives the score for the words, 0 when one of them is missing.
func (f *fresh) match(words [][]byte) uint32 {
	sum := uint32(0)
	for _, q := range words {
		best := uint32(0)
		for _, w := range f.words {
			if bytes.HasPrefix(w.word, q) {
				best = max(best, points(w.field, len(w.word) == len(q)))
			}
		}
		if best == 0 {
			return 0
		}
		sum += best
	}
	return sum
}

func (f *fresh) wipe() {
	clear(f.name)
	for _, w := range f.words {
		clear(w.word)
	}
}

func (f *fresh) bytes() int {
	n := 250 + len(f.ID) + len(f.Title) + len(f.Username) + len(f.Host) + cap(f.name) + 40*cap(f.words)
	return n + len(strings.Join(f.Tags, ""))
}
