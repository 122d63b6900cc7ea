package find

// bits is a set of removed entries that readers share: a writer changes copies
// of the pages it touches.
type bits struct {
	pages []*page
	count int
}

type page [64]uint64

const pageBits = 64 * 64

func (b *bits) has(i uint32) bool {
	if b == nil {
		return false
	}
	p := b.pages[i/pageBits]
	return p != nil && p[i%pageBits/64]&(1<<(i%64)) != 0
}

func (b *bits) len() int {
	if b == nil {
		return 0
	}
	return b.count
}

// bitsEdit is the writer's copy.
type bitsEdit struct {
	bits
	own []bool
}

func edit(b *bits, size int) *bitsEdit {
	n := (size + pageBits - 1) / pageBits
	e := &bitsEdit{bits: bits{pages: make([]*page, n)}, own: make([]bool, n)}
	if b != nil {
		copy(e.pages, b.pages)
		e.count = b.count
	}
	return e
}

func (e *bitsEdit) add(i uint32) {
	if e.has(i) {
		return
	}
	n := i / pageBits
	if !e.own[n] {
		p := new(page)
		if e.pages[n] != nil {
			*p = *e.pages[n]
		}
		e.pages[n], e.own[n] = p, true
	}
	e.pages[n][i%pageBits/64] |= 1 << (i % 64)
	e.count++
}
