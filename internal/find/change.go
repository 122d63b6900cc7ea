package find

import (
	"hash/maphash"
	"iter"
	"slices"
)

const (
	maxFresh  = 1024
	chunk     = 64 << 10 // entries that are made a segment at once
	maxDocs   = 1 << 29  // an entry's number shares 32 bits with its field
	maxBlob   = 3 << 30
	mergeFrom = 3 // a segment is merged with later ones of a third of its size
)

// Put inserts entries, or replaces those with the same identifier; of several
// with one identifier in a call the last counts. Searches see all of a call or
// nothing.
func (ix *Index) Put(entries ...Entry) { ix.Load(slices.Values(entries)) }

// Load is Put for many entries that come one by one.
func (ix *Index) Load(entries iter.Seq[Entry]) {
	ix.write.Lock()
	defer ix.write.Unlock()
	if ix.wiped {
		return
	}
	c := ix.begin()
	var batch []Entry
	for e := range entries {
		batch = append(batch, e)
		if len(batch) == chunk {
			c.segment(batch)
			clear(batch)
			batch = batch[:0]
		}
	}
	if len(batch)+len(c.fresh) < maxFresh && len(batch) < maxFresh/4 {
		for _, e := range batch {
			c.remove(e.ID)
			c.fresh = append(c.fresh, newFresh(e, ix.names))
		}
	} else {
		c.segment(batch)
	}
	c.commit()
}

// Remove takes entries out. Unknown identifiers are no error.
func (ix *Index) Remove(ids ...string) {
	ix.write.Lock()
	defer ix.write.Unlock()
	c := ix.begin()
	for _, id := range ids {
		c.remove(id)
	}
	c.commit()
}

// change is a state in the making.
type change struct {
	ix     *Index
	layers []layer
	edits  []*bitsEdit // beside layers; nil: untouched
	fresh  []*fresh
	owned  bool // fresh is a copy
}

func (ix *Index) begin() *change {
	s := ix.now.Load()
	return &change{ix: ix, layers: slices.Clone(s.layers), edits: make([]*bitsEdit, len(s.layers)), fresh: s.fresh}
}

func (c *change) remove(id string) {
	if i := slices.IndexFunc(c.fresh, func(f *fresh) bool { return f.ID == id }); i >= 0 {
		if !c.owned {
			c.fresh, c.owned = slices.Clone(c.fresh), true
		}
		c.fresh = slices.Delete(c.fresh, i, i+1)
		return
	}
	h := maphash.String(c.ix.seed, id)
	for i, l := range c.layers {
		if d, ok := l.find(h, id); ok {
			if c.edits[i] == nil {
				c.edits[i] = edit(l.dead, l.seg.len())
				c.layers[i].dead = &c.edits[i].bits
			}
			c.edits[i].add(d)
			return
		}
	}
}

// segment makes a new layer of entries, and of the fresh ones that they do not
// replace.
func (c *change) segment(entries []Entry) {
	if len(entries) == 0 {
		return
	}
	last := make(map[string]int, len(entries))
	for i, e := range entries {
		last[e.ID] = i
	}
	keep := make([]Entry, 0, len(entries)+len(c.fresh))
	for _, f := range c.fresh {
		if _, again := last[f.ID]; !again {
			keep = append(keep, f.Entry)
		}
	}
	c.fresh, c.owned = nil, true
	var y yield
	for i, e := range entries {
		if last[e.ID] == i {
			c.remove(e.ID)
			keep = append(keep, e)
		}
		y.tick()
	}
	c.layers = append(c.layers, layer{seg: build(keep, c.ix.names)})
	c.edits = append(c.edits, nil)
}

func (c *change) commit() {
	c.settle()
	c.ix.publish(&state{layers: c.layers, fresh: c.fresh})
}

// settle keeps segments few: each at least thrice as large as all after it,
// and no more than a quarter of any removed.
func (c *change) settle() {
	c.layers = slices.DeleteFunc(c.layers, func(l layer) bool { return l.live() == 0 })
	slices.SortStableFunc(c.layers, func(a, b layer) int { return b.live() - a.live() })
	for i, l := range c.layers {
		if l.dead.len()*4 > l.seg.len() {
			c.layers[i] = layer{seg: merge(c.layers[i:i+1], c.ix.names)}
		}
	}
	from, docs, blob := len(c.layers), 0, 0
	for i := len(c.layers) - 1; i >= 0; i-- {
		l := c.layers[i]
		if docs+l.live() > maxDocs || blob+len(l.seg.blob) > maxBlob {
			break
		}
		if l.live() <= mergeFrom*docs {
			from = i
		}
		docs, blob = docs+l.live(), blob+len(l.seg.blob)
	}
	if from < len(c.layers)-1 {
		one := layer{seg: merge(c.layers[from:], c.ix.names)}
		c.layers = append(c.layers[:from:from], one)
	}
}

// Wipe empties the index for good, waits for searches that are under way, and
// zeroes what they read. Strings that were handed in or out, and copies that
// the garbage collector has not reached, are beyond it.
func (ix *Index) Wipe() {
	ix.write.Lock()
	defer ix.write.Unlock()
	ix.wiped = true
	fresh, list := ix.now.Load().fresh, ix.names.list
	ix.names = newNames(ix.seed)
	ix.publish(&state{})
	for len(ix.old) > 0 {
		var y yield = 4095
		y.tick()
		ix.sweep()
	}
	for _, f := range fresh {
		f.wipe()
	}
	for _, b := range list {
		clear(b)
	}
}
