package find

import (
	"hash/maphash"
	"slices"
	"sync"
	"sync/atomic"
)

// Index holds the entries of one organization. All methods may be called at
// the same time; searches never wait for a writer, and each sees one state.
type Index struct {
	now   atomic.Pointer[state]
	seed  maphash.Seed
	write sync.Mutex

	// the writer's own
	names   *names
	old     []*state  // replaced, perhaps still being read
	retired []retired // segments to zero when nobody reads them
	seq     uint64
	wiped   bool
}

// state is what a search reads. It does not change.
type state struct {
	readers atomic.Int64
	seq     uint64
	layers  []layer
	fresh   []*fresh // few, searched one by one
	places  []uint32
	list    [][]byte
}

type layer struct {
	seg  *segment
	dead *bits
}

func (l layer) live() int { return l.seg.len() - l.dead.len() }

type retired struct {
	seg *segment
	seq uint64 // of the last state that had it
}

// New makes an empty index.
func New() *Index {
	seed := maphash.MakeSeed()
	ix := &Index{seed: seed, names: newNames(seed)}
	ix.now.Store(&state{})
	return ix
}

// acquire takes the present state for reading. A writer that replaces it
// between the two steps may already count on nobody reading it, hence the
// second look.
func (ix *Index) acquire() *state {
	for {
		s := ix.now.Load()
		s.readers.Add(1)
		if ix.now.Load() == s {
			return s
		}
		s.readers.Add(-1)
	}
}

func (s *state) release() { s.readers.Add(-1) }

// publish makes s the present state and zeroes segments that no reader can
// have any more.
func (ix *Index) publish(s *state) {
	ix.seq++
	s.seq, s.places, s.list = ix.seq, ix.names.places, ix.names.list
	before := ix.now.Swap(s)
	for _, l := range before.layers {
		if !slices.ContainsFunc(s.layers, func(n layer) bool { return n.seg == l.seg }) {
			ix.retired = append(ix.retired, retired{l.seg, before.seq})
		}
	}
	ix.old = append(ix.old, before)
	ix.sweep()
}

func (ix *Index) sweep() {
	ix.old = slices.DeleteFunc(ix.old, func(s *state) bool { return s.readers.Load() == 0 })
	ix.retired = slices.DeleteFunc(ix.retired, func(r retired) bool {
		for _, s := range ix.old {
			if s.seq <= r.seq {
				return false
			}
		}
		r.seg.wipe()
		return true
	})
}

// Len is the number of entries.
func (ix *Index) Len() int {
	s := ix.acquire()
	defer s.release()
	n := len(s.fresh)
	for _, l := range s.layers {
		n += l.live()
	}
	return n
}

// Get returns one entry, whatever its place.
func (ix *Index) Get(id string) (Entry, bool) {
	s := ix.acquire()
	defer s.release()
	for _, f := range s.fresh {
		if f.ID == id {
			return f.Entry, true
		}
	}
	h := maphash.String(ix.seed, id)
	for _, l := range s.layers {
		if d, ok := l.find(h, id); ok {
			return l.seg.record(d).entry(s.places[l.seg.placeOf(d)], s.list), true
		}
	}
	return Entry{}, false
}

func (l layer) find(h uint64, id string) (uint32, bool) {
	d, ok := l.seg.find(h, id)
	return d, ok && !l.dead.has(d)
}

// Stats measures the index.
func (ix *Index) Stats() Stats {
	ix.write.Lock()
	defer ix.write.Unlock()
	s := ix.now.Load()
	st := Stats{Entries: ix.Len(), Places: len(s.places), Segments: len(s.layers), Bytes: ix.names.bytes()}
	for _, l := range s.layers {
		st.Words += l.seg.dict.len()
		st.Bytes += l.seg.bytes()
		if l.dead != nil {
			st.Bytes += 8*len(l.dead.pages) + 512*len(l.dead.pages)
		}
	}
	for _, f := range s.fresh {
		st.Bytes += f.bytes()
	}
	return st
}
