package find

import (
	"cmp"
	"slices"
)

// blockSize postings have their best one noted beside them, so that a short
// beginning, which fits most entries, need not look at each.
const blockSize = 64

// keyOf orders postings best first: field, then the entry's order in its place.
func keyOf(ref uint32) uint32 { return (startsTitle-ref&7)<<29 | ref>>3 }

// bestOf gives the best key of each block.
func bestOf(refs []uint32) []uint32 {
	best := make([]uint32, 0, (len(refs)+blockSize-1)/blockSize)
	for part := range slices.Chunk(refs, blockSize) {
		best = append(best, least(part))
	}
	return best
}

func least(refs []uint32) uint32 {
	k := ^uint32(0)
	for _, ref := range refs {
		k = min(k, keyOf(ref))
	}
	return k
}

// stretch is a part of a word's postings in a place, no longer than a block,
// with its best entry.
type stretch struct {
	points, doc uint32
	whole       bool
	i, j        uint32
}

// before orders as hits of the same place are ordered.
func (s *stretch) before(points, doc uint32) bool {
	return s.points > points || s.points == points && s.doc < doc
}

// stretches calls f for the parts of a word's postings, those of the whole word
// first.
func (s *span) stretches(seg *segment, f func(stretch)) {
	whole := s.i
	if s.whole {
		whole += uint32(lower(seg.ranks[s.i:s.j], s.lo+1))
	}
	cut := func(i, j uint32, whole bool) {
		for i < j {
			end := min(j, i/blockSize*blockSize+blockSize)
			k := uint32(0)
			if end-i == blockSize {
				k = seg.best[i/blockSize]
			} else {
				k = least(seg.refs[i:end])
			}
			f(stretch{points: points(startsTitle-k>>29, whole), doc: k & (1<<29 - 1), whole: whole, i: i, j: end})
			i = end
		}
	}
	cut(s.i, whole, true)
	cut(whole, s.j, false)
}

// hopeless says that no entry of the place could enter the list: none has more
// points than the sum of the words' best, and one that has as many comes no
// earlier than the last of the entries that have them. Where little is to be
// read anyway it doesn't look.
func (q *searcher) hopeless(seg *segment) bool {
	most := q.spans[len(q.spans)-1]
	if !q.top.full() || most.j-most.i < 8*blockSize {
		return false
	}
	sum, doc := uint32(0), uint32(0)
	for n := range q.spans {
		best := stretch{}
		q.spans[n].stretches(seg, func(s stretch) {
			if s.before(best.points, best.doc) {
				best = s
			}
		})
		sum, doc = sum+best.points, max(doc, best.doc)
	}
	return !q.top.takes(seg, doc, sum)
}

// oneWord scores the entries of one place for a query of one word: of its few
// best stretches if those decide, else of all.
func (q *searcher) oneWord(l layer, r int) {
	few := 4 * q.top.limit
	next := q.choose(l.seg, few)
	base, cells := q.place(l.seg, r)
	q.score(l.seg, base, cells)
	if next.points > 0 && q.settled(l, base, cells, next) < q.top.limit {
		next = q.choose(l.seg, len(l.seg.refs))
		q.score(l.seg, base, cells)
	}
	slices.Sort(q.seen)
	lost := uint32(0) // as in offer: later ones with no more points lose too
	for _, d := range q.seen {
		p := cells[d]
		cells[d] = 0
		if p > lost && !next.before(p, base+d) && !l.dead.has(base+d) && !q.top.offer(l.seg, base+d, p) {
			lost = p
		}
	}
	q.seen = q.seen[:0]
}

// choose lists up to n of the word's best stretches, in no order, without those
// that lose against the list, and gives the best of the others: no points for
// none.
func (q *searcher) choose(seg *segment, n int) (next stretch) {
	q.list = q.list[:0]
	cut := func() {
		slices.SortFunc(q.list, func(a, b stretch) int { return cmp.Or(cmp.Compare(b.points, a.points), cmp.Compare(a.doc, b.doc)) })
		if q.list[n].before(next.points, next.doc) {
			next = q.list[n]
		}
		q.list = q.list[:n]
	}
	q.spans[0].stretches(seg, func(s stretch) {
		if next.before(s.points, s.doc) || q.top.loses(s.points, seg.sizes[s.doc]) {
			return
		}
		if q.list = append(q.list, s); len(q.list) > 2*n {
			cut()
		}
	})
	if len(q.list) > n {
		cut()
	}
	return next
}

// score notes the points of the entries of the chosen stretches.
func (q *searcher) score(seg *segment, base uint32, cells []uint32) {
	for _, s := range q.list {
		for _, ref := range seg.refs[s.i:s.j] {
			d, p := ref>>3-base, points(ref&7, s.whole)
			if cells[d] == 0 {
				q.seen = append(q.seen, d)
			}
			cells[d] = max(cells[d], p)
		}
	}
}

// settled counts the living entries that nothing from next on can change or
// come before.
func (q *searcher) settled(l layer, base uint32, cells []uint32, next stretch) int {
	n := 0
	for _, d := range q.seen {
		if !next.before(cells[d], base+d) && !l.dead.has(base+d) {
			n++
		}
	}
	return n
}
