package web

import (
	"sync"

	"bailiwick/internal/brand"
	"bailiwick/internal/door"
	"bailiwick/internal/gate"
)

// keptPages is what passers-by were answered. The gate decides on each request
// all the same, and says whether the answer would be another one by now.
type keptPages struct {
	mu    sync.Mutex
	of    map[pageOf]keptPage
	bytes int
}

type pageOf struct {
	org, name, path, theme string
	colour                 brand.Colour
}

type keptPage struct {
	kind, tag string
	body      []byte
	stamp     gate.Stamp
	until     int64 // Unix milliseconds; 0: no article is scheduled
}

const (
	mostKept   = 16 << 20 // bytes of all answers
	mostOfThis = 1 << 20  // bytes of one
)

func (c *keptPages) get(q pageOf, stamp gate.Stamp, now int64) (keptPage, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	a, ok := c.of[q]
	return a, ok && a.stamp == stamp && (a.until == 0 || now < a.until)
}

// put forgets half of the answers, whichever, where there is no room.
func (c *keptPages) put(q pageOf, a keptPage) {
	if len(a.body) > mostOfThis {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.of == nil {
		c.of = map[pageOf]keptPage{}
	}
	c.bytes += len(a.body) - len(c.of[q].body)
	c.of[q] = a
	if c.bytes <= mostKept {
		return
	}
	for k, old := range c.of {
		if k != q {
			delete(c.of, k)
			c.bytes -= len(old.body)
		}
		if c.bytes <= mostKept/2 {
			return
		}
	}
}

// keeping mounts a page whose answer to passers-by is kept.
func (s *Server) keeping(pattern string, p page) {
	s.reading(pattern, func(v *visit) error {
		if v.bearer() != "" || v.r.URL.RawQuery != "" {
			return p(v)
		}
		rd, err := v.reads()
		if err != nil {
			return err
		}
		base := v.r.PathValue("base")
		stamp, err := v.app.Bases.Stamp(v.ctx(), v.who, base)
		if err != nil {
			return err
		}
		q := pageOf{rd.at.ID, rd.at.Name, v.r.URL.EscapedPath(), themeOf(v.r), rd.at.Colour}
		now := v.app.Clock.Now().UnixMilli()
		if a, ok := s.answers.get(q, stamp, now); ok {
			return v.sendAnswer(false, a)
		}
		until, err := v.app.Bases.Upcoming(v.ctx(), v.who, base)
		if err != nil {
			return err
		}
		v.kept = func(a keptPage) {
			a.stamp, a.until = stamp, until
			s.answers.put(q, a)
		}
		return p(v)
	})
}

// shelfSlash sends whoever adds a slash to the page of all knowledge bases there.
func shelfSlash(v *visit) error {
	door.Elsewhere(v.w, v.r, v.r.URL.Path[:len(v.r.URL.Path)-1])
	return nil
}
