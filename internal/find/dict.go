package find

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"hash/maphash"
	"slices"
	"sort"
)

// dict is a sorted list of words; a word's number is its rank.
type dict struct {
	text []byte
	offs []uint32 // one more than words
}

func (d *dict) len() int          { return len(d.offs) - 1 }
func (d *dict) word(i int) []byte { return d.text[d.offs[i]:d.offs[i+1]] }
func (d *dict) add(w []byte) {
	d.text = append(d.text, w...)
	d.offs = append(d.offs, uint32(len(d.text)))
}
func newDict(words, text int) dict {
	return dict{make([]byte, 0, text), append(make([]uint32, 0, words+1), 0)}
}

// span finds the ranks of the words that begin with prefix, and whether the
// first of them is the prefix itself.
func (d *dict) span(prefix []byte) (lo, hi uint32, whole bool) {
	n := d.len()
	l := sort.Search(n, func(i int) bool { return bytes.Compare(d.word(i), prefix) >= 0 })
	h := l + sort.Search(n-l, func(i int) bool {
		w := d.word(l + i)
		return bytes.Compare(w[:min(len(w), len(prefix))], prefix) > 0
	})
	return uint32(l), uint32(h), l < n && bytes.Equal(d.word(l), prefix)
}

// interner numbers words in the order in which they come.
type interner struct {
	dict
	table []uint32 // number + 1
	tops  []uint32 // upper half of the hash
	seed  maphash.Seed
}

func newInterner(seed maphash.Seed) *interner {
	return &interner{dict: newDict(1<<12, 1<<15), table: make([]uint32, 1<<13), seed: seed}
}

func (n *interner) number(w []byte) uint32 {
	h := maphash.Bytes(n.seed, w)
	mask := uint64(len(n.table) - 1)
	i := h & mask
	for ; n.table[i] != 0; i = (i + 1) & mask {
		at := n.table[i] - 1
		if n.tops[at] == uint32(h>>32) && bytes.Equal(n.word(int(at)), w) {
			return at
		}
	}
	id := uint32(n.len())
	n.table[i] = id + 1
	n.add(w)
	n.tops = append(n.tops, uint32(h>>32))
	if n.len()*4 > len(n.table)*3 {
		n.grow()
	}
	return id
}

func (n *interner) grow() {
	n.table = make([]uint32, len(n.table)*2)
	mask := uint64(len(n.table) - 1)
	for id := range n.len() {
		i := maphash.Bytes(n.seed, n.word(id)) & mask
		for n.table[i] != 0 {
			i = (i + 1) & mask
		}
		n.table[i] = uint32(id) + 1
	}
}

// sorted gives the words in order, and the rank of each number.
func (n *interner) sorted(y *yield) (dict, []uint32) {
	type keyed struct {
		key uint64 // the first eight bytes decide nearly always
		id  uint32
	}
	keys := make([]keyed, n.len())
	for id := range keys {
		var b [8]byte
		copy(b[:], n.word(id))
		keys[id] = keyed{binary.BigEndian.Uint64(b[:]), uint32(id)}
	}
	slices.SortFunc(keys, func(a, b keyed) int {
		y.tick()
		if a.key != b.key {
			return cmp.Compare(a.key, b.key)
		}
		return bytes.Compare(n.word(int(a.id)), n.word(int(b.id)))
	})
	d := newDict(n.len(), len(n.text))
	ranks := make([]uint32, n.len())
	for rank, k := range keys {
		d.add(n.word(int(k.id)))
		ranks[k.id] = uint32(rank)
	}
	return d, ranks
}
