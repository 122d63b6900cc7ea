package find

import (
	"encoding/binary"
	"hash/maphash"
	"sort"
)

// segment is an immutable part of the index. Entries lie together by place, and
// within a place by length of title, title and identifier. Each place has its
// own postings, sorted by word: a search reads those of allowed places only, so
// that its time says nothing about what lies elsewhere.
type segment struct {
	dict  dict
	runs  []run    // by place, with a closing one
	ranks []uint32 // of words, sorted within a run
	refs  []uint32 // entry<<3 | field, beside ranks
	best  []uint32 // key of the best of each block of refs
	sizes []uint8  // of titles
	blob  []byte
	offs  []uint32 // of entries in blob, one more than entries
	table []uint32 // hash of identifier -> entry + 1
	tags  []uint8  // beside table: top byte of the hash, which spares a look at the record
}

type run struct {
	place uint32 // number in names.places
	doc   uint32
	post  uint32
}

func (s *segment) len() int               { return len(s.offs) - 1 }
func (s *segment) places() int            { return len(s.runs) - 1 }
func (s *segment) record(d uint32) record { return record(s.blob[s.offs[d]:s.offs[d+1]]) }

func (s *segment) placeOf(d uint32) uint32 {
	return s.runs[sort.Search(s.places(), func(i int) bool { return s.runs[i+1].doc > d })].place
}

func (s *segment) index(seed maphash.Seed) {
	size := 8
	for size*3 < s.len()*4 {
		size *= 2
	}
	s.table, s.tags = make([]uint32, size), make([]uint8, size)
	for d := range uint32(s.len()) {
		h := maphash.Bytes(seed, s.record(d).id())
		i := h & uint64(size-1)
		for s.table[i] != 0 {
			i = (i + 1) & uint64(size-1)
		}
		s.table[i], s.tags[i] = d+1, uint8(h>>56)
	}
}

// find looks an identifier with hash h up.
func (s *segment) find(h uint64, id string) (uint32, bool) {
	mask, tag := uint64(len(s.table)-1), uint8(h>>56)
	for i := h & mask; s.table[i] != 0; i = (i + 1) & mask {
		if s.tags[i] != tag {
			continue
		}
		if d := s.table[i] - 1; string(s.record(d).id()) == id {
			return d, true
		}
	}
	return 0, false
}

func (s *segment) wipe() {
	zero(s.dict.text)
	zero(s.dict.offs)
	zero(s.ranks)
	zero(s.refs)
	zero(s.best)
	zero(s.sizes)
	zero(s.blob)
	zero(s.offs)
	zero(s.table)
	zero(s.tags)
}

func (s *segment) bytes() int {
	return cap(s.dict.text) + 4*cap(s.dict.offs) + 12*cap(s.runs) + 4*cap(s.ranks) + 4*cap(s.refs) + 4*cap(s.best) +
		cap(s.sizes) + cap(s.blob) + 4*cap(s.offs) + 4*cap(s.table) + cap(s.tags)
}

// record is an entry as bytes: title, identifier, kind, numbers of names, then
// the other texts, each after its length.
type record []byte

func (r record) text() (text, rest record) {
	n, w := binary.Uvarint(r)
	return r[w : w+int(n)], r[w+int(n):]
}

func (r record) title() []byte { t, _ := r.text(); return t }

func (r record) id() []byte {
	_, rest := r.text()
	id, _ := rest.text()
	return id
}

func appendRecord(b []byte, e *Entry, number func(string) uint32) []byte {
	put := func(s string) { b = append(binary.AppendUvarint(b, uint64(len(s))), s...) }
	put(e.Title)
	put(e.ID)
	b = append(b, e.Kind)
	for _, s := range [...]string{e.Client, e.Folder, e.ClientName, e.Type} {
		b = binary.AppendUvarint(b, uint64(number(s)))
	}
	put(e.Username)
	put(e.Host)
	b = binary.AppendUvarint(b, uint64(len(e.Tags)))
	for _, t := range e.Tags {
		put(t)
	}
	return b
}

func (r record) entry(place uint32, list [][]byte) Entry {
	e := Entry{Place: place}
	text := func() string {
		t, rest := r.text()
		r = rest
		return string(t)
	}
	number := func() uint64 {
		n, w := binary.Uvarint(r)
		r = r[w:]
		return n
	}
	e.Title, e.ID = text(), text()
	e.Kind, r = r[0], r[1:]
	for _, s := range [...]*string{&e.Client, &e.Folder, &e.ClientName, &e.Type} {
		*s = string(list[number()])
	}
	e.Username, e.Host = text(), text()
	if n := number(); n > 0 {
		e.Tags = make([]string, n)
		for i := range e.Tags {
			e.Tags[i] = text()
		}
	}
	return e
}
