package find

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
)

// build makes a segment of entries with different identifiers.
func build(entries []Entry, n *names) *segment {
	var (
		y     yield
		s     splitter
		words = newInterner(n.seed)
		posts = make([]uint32, 0, len(entries)*20) // pairs of word and field
		name  []byte                               // folded titles
	)
	common := shared{names: n, numbers: map[string]uint32{}, lists: map[string][]uint32{}}
	type doc struct {
		place        uint32
		size         uint8
		entry        int
		name0, name1 int // in name
		post0, post1 int // in posts
	}
	docs := make([]doc, len(entries))
	for i := range entries {
		e, d := &entries[i], &docs[i]
		*d = doc{place: n.place(e.Place), size: titleSize(e.Title), entry: i, name0: len(name), post0: len(posts)}
		ownWords(&s, e, func(field uint32, w []byte) {
			posts = append(posts, words.number(w), field)
			if field >= inTitle {
				name = append(append(name, w...), ' ')
			}
			y.tick()
		})
		sharedWords(e, func(field uint32, text string) {
			for _, w := range common.words(text, &s, words) {
				posts = append(posts, w, field)
			}
		})
		d.name1, d.post1 = len(name), len(posts)
	}
	slices.SortFunc(docs, func(a, b doc) int {
		y.tick()
		if c := cmp.Or(cmp.Compare(a.place, b.place), cmp.Compare(a.size, b.size)); c != 0 {
			return c
		}
		return cmp.Or(bytes.Compare(name[a.name0:a.name1], name[b.name0:b.name1]),
			strings.Compare(entries[a.entry].ID, entries[b.entry].ID))
	})

	w := newWriter(len(entries), len(posts)/2, len(entries)*100)
	var ranks []uint32
	w.dict, ranks = words.sorted(&y)
	for i, d := range docs {
		if i == 0 || d.place != docs[i-1].place {
			w.open(d.place)
		}
		at := w.add(d.size)
		w.blob = appendRecord(w.blob, &entries[d.entry], common.number)
		for p := d.post0; p < d.post1; p += 2 {
			w.post(ranks[posts[p]], at, posts[p+1])
			y.tick()
		}
	}
	zero(name)
	zero(words.text)
	clear(s.buf[:cap(s.buf)])
	return w.finish(n)
}

// shared saves work on texts that many entries of a segment have in common.
type shared struct {
	names   *names
	numbers map[string]uint32
	lists   map[string][]uint32
}

func (c *shared) number(text string) uint32 {
	at, ok := c.numbers[text]
	if !ok {
		at = c.names.number(text)
		c.numbers[text] = at
	}
	return at
}

func (c *shared) words(text string, s *splitter, n *interner) []uint32 {
	list, ok := c.lists[text]
	if !ok {
		for _, w := range s.split(text) {
			list = append(list, n.number(w))
		}
		c.lists[text] = list
	}
	return list
}

// writer puts a segment together, place by place.
type writer struct {
	segment
	keys []uint64 // postings of the open place: word, entry, field (best first)
}

func newWriter(docs, posts, blob int) *writer {
	w := &writer{}
	w.sizes = make([]uint8, 0, docs)
	w.offs = make([]uint32, 0, docs+1)
	w.ranks = make([]uint32, 0, posts)
	w.refs = make([]uint32, 0, posts)
	w.blob = make([]byte, 0, blob)
	return w
}

func (w *writer) open(place uint32) {
	w.close()
	w.runs = append(w.runs, run{place, uint32(len(w.sizes)), uint32(len(w.ranks))})
}

func (w *writer) add(size uint8) uint32 {
	w.sizes = append(w.sizes, size)
	w.offs = append(w.offs, uint32(len(w.blob)))
	return uint32(len(w.sizes) - 1)
}

func (w *writer) post(rank, doc, field uint32) {
	w.keys = append(w.keys, uint64(rank)<<32|uint64(doc)<<3|uint64(7-field))
}

// close sorts the place's postings and keeps the best field of each word in
// each entry.
func (w *writer) close() {
	slices.Sort(w.keys)
	last := ^uint64(0)
	for _, k := range w.keys {
		if k>>3 != last {
			last = k >> 3
			w.ranks = append(w.ranks, uint32(k>>32))
			w.refs = append(w.refs, uint32(k)&^7|(7-uint32(k)&7))
		}
	}
	w.keys = w.keys[:0]
}

func (w *writer) finish(n *names) *segment {
	w.open(^uint32(0))
	w.offs = append(w.offs, uint32(len(w.blob)))
	s := w.segment
	s.runs, s.ranks, s.refs = slices.Clip(s.runs), trim(s.ranks), trim(s.refs)
	s.blob, s.dict.text = trim(s.blob), trim(s.dict.text)
	s.best = bestOf(s.refs)
	s.index(n.seed)
	return &s
}

// trim gives back memory beyond an eighth, and zeroes what it copied from.
func trim[T byte | uint32](a []T) []T {
	if cap(a)-len(a) <= len(a)/8 {
		return a
	}
	b := make([]T, len(a))
	for n := 0; n < len(a); { // in pieces, like zero
		n += copy(b[n:min(len(a), n+64<<10)], a[n:])
	}
	zero(a)
	return b
}
