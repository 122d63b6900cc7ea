package find

import (
	"bytes"
	"cmp"
	"slices"
)

// merge makes one segment of several, without what was removed.
func merge(layers []layer, n *names) *segment {
	var y yield
	docs, posts, blob := 0, 0, 0
	for _, l := range layers {
		docs += l.seg.len() - l.dead.len()
		posts += len(l.seg.ranks)
		blob += len(l.seg.blob)
	}
	w := newWriter(docs, posts, blob)
	remap := mergeDicts(w, layers, &y)

	type part struct{ layer, run int }
	byPlace := make([][]part, len(n.places))
	newDoc := make([][]uint32, len(layers))
	for l, layer := range layers {
		newDoc[l] = make([]uint32, layer.seg.len())
		for r := range layer.seg.places() {
			p := layer.seg.runs[r].place
			byPlace[p] = append(byPlace[p], part{l, r})
		}
	}
	var o order
	for place, parts := range byPlace {
		o.reset()
		for _, p := range parts {
			seg := layers[p.layer].seg
			for d := seg.runs[p.run].doc; d < seg.runs[p.run+1].doc; d++ {
				y.tick()
				if layers[p.layer].dead.has(d) {
					newDoc[p.layer][d] = gone
				} else {
					o.add(p.layer, d, seg, len(parts) > 1)
				}
			}
		}
		if len(o.items) == 0 {
			continue
		}
		w.open(uint32(place))
		if len(parts) > 1 {
			o.sort(&y)
		}
		for _, it := range o.items {
			newDoc[it.layer][it.doc] = w.add(it.size)
			w.blob = append(w.blob, layers[it.layer].seg.record(it.doc)...)
		}
		for _, p := range parts {
			seg := layers[p.layer].seg
			for i := seg.runs[p.run].post; i < seg.runs[p.run+1].post; i++ {
				y.tick()
				if d := newDoc[p.layer][seg.refs[i]>>3]; d != gone {
					w.post(remap[p.layer][seg.ranks[i]], d, seg.refs[i]&7)
				}
			}
		}
	}
	o.wipe()
	return w.finish(n)
}

const gone = ^uint32(0)

// order sorts the entries of one place that come from several segments.
type order struct {
	items []item
	names []byte
	split splitter
}

type item struct {
	size  uint8
	layer int
	doc   uint32
	name  int
	end   int
	id    []byte
}

func (o *order) reset() { o.items, o.names = o.items[:0], o.names[:0] }

func (o *order) add(layer int, d uint32, seg *segment, sorting bool) {
	it := item{size: seg.sizes[d], layer: layer, doc: d, name: len(o.names)}
	if sorting {
		r := seg.record(d)
		it.id = r.id()
		o.names = o.split.appendName(o.names, string(r.title()))
	}
	it.end = len(o.names)
	o.items = append(o.items, it)
}

func (o *order) sort(y *yield) {
	slices.SortFunc(o.items, func(a, b item) int {
		y.tick()
		if a.size != b.size {
			return cmp.Compare(a.size, b.size)
		}
		return cmp.Or(bytes.Compare(o.names[a.name:a.end], o.names[b.name:b.end]), bytes.Compare(a.id, b.id))
	})
}

func (o *order) wipe() {
	clear(o.names[:cap(o.names)])
	clear(o.split.buf[:cap(o.split.buf)])
}

// mergeDicts writes the words that living entries use and gives, for each
// layer, the new rank of each old one.
func mergeDicts(w *writer, layers []layer, y *yield) [][]uint32 {
	remap := make([][]uint32, len(layers))
	var heads []head
	words, text := 0, 0
	for l, layer := range layers {
		d := &layer.seg.dict
		words, text = max(words, d.len()), max(text, len(d.text))
		remap[l] = make([]uint32, d.len())
		used := usedWords(layer)
		if h := (head{d: d, used: used, remap: remap[l], next: -1}); h.advance() {
			heads = append(heads, h)
		}
	}
	w.dict = newDict(words*3/2, text*3/2)
	for i := len(heads)/2 - 1; i >= 0; i-- {
		sink(heads, i)
	}
	var last []byte
	for len(heads) > 0 {
		y.tick()
		h := &heads[0]
		if w.dict.len() == 0 || !bytes.Equal(h.word, last) {
			w.dict.add(h.word)
			last = h.word
		}
		h.remap[h.next] = uint32(w.dict.len() - 1)
		if !h.advance() {
			heads[0] = heads[len(heads)-1]
			heads = heads[:len(heads)-1]
		}
		sink(heads, 0)
	}
	return remap
}

func usedWords(l layer) []bool {
	if l.dead.len() == 0 {
		return nil
	}
	used := make([]bool, l.seg.dict.len())
	for i, ref := range l.seg.refs {
		if !l.dead.has(ref >> 3) {
			used[l.seg.ranks[i]] = true
		}
	}
	return used
}

type head struct {
	d     *dict
	used  []bool
	remap []uint32
	next  int
	word  []byte
}

func (h *head) advance() bool {
	for h.next++; h.next < h.d.len(); h.next++ {
		if h.used == nil || h.used[h.next] {
			h.word = h.d.word(h.next)
			return true
		}
	}
	return false
}

func sink(h []head, i int) {
	for {
		c := 2*i + 1
		if c >= len(h) {
			return
		}
		if c+1 < len(h) && bytes.Compare(h[c+1].word, h[c].word) < 0 {
			c++
		}
		if bytes.Compare(h[i].word, h[c].word) <= 0 {
			return
		}
		h[i], h[c] = h[c], h[i]
		i = c
	}
}
