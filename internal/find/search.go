package find

import (
	"slices"
	"sort"
	"sync"
)

const (
	maxQuery = 12  // words; later ones are not looked at
	maxLimit = 500 // hits
)

// Search returns the best entries that have, for each word of the query, a word
// that begins with it, in places that are allowed. Order: score (where the
// words are found: start of the title, title, username, host, client, tags,
// type; whole words before beginnings), then shorter title, title, identifier.
//
// The time depends on the query and on what lies in allowed places, and on how
// many places there are; not on what lies in others. There is deliberately no
// short cut for a word that nobody has.
func (ix *Index) Search(query string, allowed func(place uint32) bool, limit int) []Hit {
	q := scratch.Get().(*searcher)
	defer q.put()
	words := q.split.split(query)
	words = words[:min(len(words), maxQuery)]
	if len(words) == 0 || limit <= 0 {
		return nil
	}
	s := ix.acquire()
	defer s.release()
	q.allow(s.places, allowed)
	q.top.reset(min(limit, maxLimit))
	for _, f := range s.fresh {
		if !q.open[f.place] {
			continue
		}
		if score := f.match(words); score > 0 {
			q.top.offerFresh(f, score)
		}
	}
	for _, l := range s.layers {
		q.layer(l, words)
	}
	return q.top.hits(s)
}

// searcher is the working memory of one search.
type searcher struct {
	split splitter
	open  []bool // by number of place
	spans []span
	cells []uint32 // by entry of the place: score<<16 | words found<<8 | points of the last word
	seen  []uint32
	list  []stretch
	top   top
}

type span struct {
	lo, hi uint32 // ranks
	whole  bool
	i, j   uint32 // postings in the place
}

var scratch = sync.Pool{New: func() any { return new(searcher) }}

func (q *searcher) put() {
	clear(q.split.buf[:cap(q.split.buf)])
	q.top.forget()
	scratch.Put(q)
}

func (q *searcher) allow(places []uint32, allowed func(uint32) bool) {
	q.open = slices.Grow(q.open[:0], len(places))[:len(places)]
	for i, p := range places {
		q.open[i] = allowed(p)
	}
}

func (q *searcher) layer(l layer, words [][]byte) {
	seg := l.seg
	q.spans = q.spans[:0]
	for _, w := range words {
		lo, hi, whole := seg.dict.span(w)
		q.spans = append(q.spans, span{lo: lo, hi: hi, whole: whole})
	}
	for r := range seg.places() {
		switch {
		case !q.open[seg.runs[r].place] || !q.postings(seg, r):
		case len(words) == 1:
			q.oneWord(l, r)
		case !q.hopeless(seg):
			q.run(l, r)
		}
	}
}

// postings finds the words' postings in a place, fewest first; false when one
// word has none.
func (q *searcher) postings(seg *segment, r int) bool {
	from, to := seg.runs[r].post, seg.runs[r+1].post
	ranks := seg.ranks[from:to]
	for i := range q.spans {
		s := &q.spans[i]
		a, b := lower(ranks, s.lo), 0
		if b = a; b < len(ranks) && ranks[b] < s.hi {
			b += lower(ranks[a:], s.hi)
		}
		if a == b {
			return false
		}
		s.i, s.j = from+uint32(a), from+uint32(b)
	}
	if len(q.spans) > 1 {
		sort.Slice(q.spans, func(i, j int) bool { return q.spans[i].j-q.spans[i].i < q.spans[j].j-q.spans[j].i })
	}
	return true
}

// lower is the first index whose rank is at least x.
func lower(ranks []uint32, x uint32) int {
	lo, hi := 0, len(ranks)
	for lo < hi {
		if m := int(uint(lo+hi) >> 1); ranks[m] < x {
			lo = m + 1
		} else {
			hi = m
		}
	}
	return lo
}

// place gives the number of a place's first entry, and a cell for each. The
// cells are all zero, and are to be left so.
func (q *searcher) place(seg *segment, r int) (base uint32, cells []uint32) {
	base = seg.runs[r].doc
	docs := int(seg.runs[r+1].doc - base)
	if len(q.cells) < docs {
		q.cells = make([]uint32, docs)
	}
	return base, q.cells[:docs]
}

// run scores the entries of one place for a query of several words.
func (q *searcher) run(l layer, r int) {
	seg := l.seg
	base, cells := q.place(seg, r)
	seen := q.seen[:0]
	for n := range q.spans {
		s, stage := &q.spans[n], uint32(n)
		refs, ranks := seg.refs[s.i:s.j], seg.ranks[s.i:s.j]
		for i, ref := range refs {
			d := ref>>3 - base
			c := cells[d]
			p := points(ref&7, s.whole && ranks[i] == s.lo)
			switch found := c >> 8 & 255; {
			case found == stage:
				if stage == 0 {
					seen = append(seen, d)
				}
				cells[d] = c>>16<<16 + p<<16 + (stage+1)<<8 + p
			case found == stage+1 && p > c&255:
				cells[d] = c + (p-c&255)<<16 + (p - c&255)
			}
		}
	}
	q.offer(l, base, cells, seen)
	q.seen = seen[:0]
}

// offer hands the entries that have all words to the list of the best, in their
// order within the place: when one loses against the worst of the list, later
// ones with no better score lose too.
func (q *searcher) offer(l layer, base uint32, cells, seen []uint32) {
	all, lost := uint32(len(q.spans)), uint32(0)
	visit := func(d uint32) {
		c := cells[d]
		cells[d] = 0
		score := c >> 16
		if c>>8&255 != all || score <= lost || l.dead.has(base+d) {
			return
		}
		if !q.top.offer(l.seg, base+d, score) {
			lost = score
		}
	}
	if len(seen)*8 > len(cells) {
		for d := range cells {
			if cells[d] != 0 {
				visit(uint32(d))
			}
		}
		return
	}
	slices.Sort(seen)
	for _, d := range seen {
		visit(d)
	}
}
