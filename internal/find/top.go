package find

import (
	"bytes"
	"cmp"
	"sort"
)

// top keeps the best so far, best first.
type top struct {
	limit int
	list  []candidate
	split splitter
	name  []byte
}

type candidate struct {
	score uint32
	size  uint8
	name  []byte // folded title
	id    []byte
	seg   *segment // nil: fresh
	doc   uint32
	fresh *fresh
}

func (t *top) reset(limit int) { t.limit, t.list = limit, t.list[:0] }

// forget drops pointers into the index and zeroes texts.
func (t *top) forget() {
	clear(t.name[:cap(t.name)])
	clear(t.split.buf[:cap(t.split.buf)])
	clear(t.list[:cap(t.list)])
	t.list = t.list[:0]
}

func (t *top) full() bool { return len(t.list) >= t.limit }

// takes says whether a match would enter the list.
func (t *top) takes(seg *segment, doc, score uint32) bool {
	if t.loses(score, seg.sizes[doc]) {
		return false
	}
	if !t.full() {
		return true
	}
	c := t.candidate(seg, doc, score)
	return c.before(&t.list[len(t.list)-1])
}

// candidate's name is valid until the next one is made.
func (t *top) candidate(seg *segment, doc, score uint32) candidate {
	r := seg.record(doc)
	t.name = t.split.appendName(t.name[:0], string(r.title()))
	return candidate{score: score, size: seg.sizes[doc], name: t.name, id: r.id(), seg: seg, doc: doc}
}

// loses says, from what costs nothing to know, that a match is worse than the
// worst of a full list.
func (t *top) loses(score uint32, size uint8) bool {
	if !t.full() {
		return false
	}
	w := &t.list[len(t.list)-1]
	return score < w.score || score == w.score && size > w.size
}

func (t *top) offer(seg *segment, doc, score uint32) bool {
	return !t.loses(score, seg.sizes[doc]) && t.insert(t.candidate(seg, doc, score))
}

func (t *top) offerFresh(f *fresh, score uint32) {
	if !t.loses(score, f.size) {
		t.insert(candidate{score: score, size: f.size, name: f.name, id: []byte(f.ID), fresh: f})
	}
}

func (t *top) insert(c candidate) bool {
	at := sort.Search(len(t.list), func(i int) bool { return c.before(&t.list[i]) })
	if at == t.limit {
		return false
	}
	c.name = bytes.Clone(c.name)
	if len(t.list) < t.limit {
		t.list = append(t.list, candidate{})
	}
	copy(t.list[at+1:], t.list[at:])
	t.list[at] = c
	return true
}

func (c *candidate) before(o *candidate) bool {
	if c.score != o.score {
		return c.score > o.score
	}
	if c.size != o.size {
		return c.size < o.size
	}
	return cmp.Or(bytes.Compare(c.name, o.name), bytes.Compare(c.id, o.id)) < 0
}

func (t *top) hits(s *state) []Hit {
	hits := make([]Hit, len(t.list))
	for i, c := range t.list {
		hits[i].Score = int(c.score)
		if c.fresh != nil {
			hits[i].Entry = c.fresh.Entry
		} else {
			place := s.places[c.seg.placeOf(c.doc)]
			hits[i].Entry = c.seg.record(c.doc).entry(place, s.list)
		}
		clear(c.name)
	}
	return hits
}
