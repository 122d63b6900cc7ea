package find

import "hash/maphash"

// names numbers what many entries share: places, and the texts of clients,
// folders and types. Lists only grow, so readers keep what they have.
type names struct {
	seed    maphash.Seed
	list    [][]byte
	known   map[uint64]uint32
	places  []uint32
	placeOf map[uint32]uint32
}

func newNames(seed maphash.Seed) *names {
	return &names{seed: seed, known: map[uint64]uint32{}, placeOf: map[uint32]uint32{}}
}

// number keeps bytes, not strings, so that they can be zeroed.
func (n *names) number(s string) uint32 {
	h := maphash.String(n.seed, s)
	for ; ; h++ {
		at, ok := n.known[h]
		if !ok {
			break
		}
		if string(n.list[at]) == s {
			return at
		}
	}
	at := uint32(len(n.list))
	n.list = append(n.list, []byte(s))
	n.known[h] = at
	return at
}

func (n *names) place(p uint32) uint32 {
	at, ok := n.placeOf[p]
	if !ok {
		at = uint32(len(n.places))
		n.places = append(n.places, p)
		n.placeOf[p] = at
	}
	return at
}

func (n *names) bytes() int {
	sum := 4*cap(n.places) + 20*len(n.placeOf) + 24*cap(n.list) + 30*len(n.known)
	for _, b := range n.list {
		sum += cap(b)
	}
	return sum
}
