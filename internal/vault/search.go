package vault

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"time"

	"bailiwick/internal/find"
	"bailiwick/internal/gate"
)

// Kinds of search results.
const (
	HitClient uint8 = iota + 1
	HitCredential
)

// Hit is a search result.
type Hit struct {
	Kind                                uint8
	ID, ClientID, ClientName            string
	Title, Username, Host, Type, Folder string // Type is its name, TypeIcon its drawing
	TypeIcon                            string
	Tags                                []string
	Personal                            bool
	MayReveal                           bool
	Score                               int // higher is better, over all kinds
}

// Drop is how long after the last search or change an opened structure is kept.
const dropAfter = 15 * time.Minute

// indexes holds the search structures of organizations whose sessions are
// open: overviews in memory, never in the database.
type indexes struct {
	now func() time.Time
	mu  sync.Mutex
	of  map[string]*index
}

type index struct {
	mu     sync.Mutex // of filling; searching takes no lock
	find   *find.Index
	seq    int64
	places map[spotKey]uint32
	spots  []spotKey
	names  map[string]string // clients
	kinds  Kinds             // as of the last filling
	used   time.Time
}

// spotKey is where entries lie; a client itself is an entry too.
type spotKey struct {
	gate.Lies
	client bool
}

func newIndexes(now func() time.Time) *indexes {
	return &indexes{now: now, of: map[string]*index{}}
}

// get gives the structure under a name, an empty one at first.
func (x *indexes) get(name string) *index {
	x.mu.Lock()
	defer x.mu.Unlock()
	ix := x.of[name]
	if ix == nil {
		ix = &index{find: find.New(), places: map[spotKey]uint32{}, names: map[string]string{}, seq: -1}
		x.of[name] = ix
	}
	ix.used = x.now()
	return ix
}

// Structures counts the search structures in memory.
func (s *Store) Structures() int {
	s.indexes.mu.Lock()
	defer s.indexes.mu.Unlock()
	return len(s.indexes.of)
}

// Sweep wipes the structures that nobody has used for a quarter of an hour.
func (s *Store) Sweep() {
	s.orders.sweep()
	s.indexes.mu.Lock()
	defer s.indexes.mu.Unlock()
	for name, ix := range s.indexes.of {
		if s.indexes.now().Sub(ix.used) > dropAfter {
			ix.find.Wipe()
			delete(s.indexes.of, name)
		}
	}
}

var sqlNames = gate.SQL(`SELECT id, name, short_code FROM clients WHERE org_id = $1 AND change_seq > $2`)

// part is one structure that a query looks into.
type part struct {
	name string
	stmt gate.Stmt
	args []any
}

// Search finds clients and credentials by prefixes of words, best first, and
// only what the actor reaches. A sealed session finds clients only.
func (s *Store) Search(ctx context.Context, who gate.Actor, query string, limit int) ([]Hit, error) {
	s.opened(who)
	return gate.Do(ctx, s.gate, who, OpSearch, gate.Nothing(), func(tx *gate.Tx) ([]Hit, error) {
		parts := []part{{name: who.Org() + "/names", stmt: sqlNames}}
		switch {
		case !who.Open():
		case who.Kind() == gate.Token: // a token opens only the clients of its scope
			parts = append(parts, part{name: fmt.Sprintf("%s at %d", who.Session(), tx.AccessEpoch()), stmt: sqlChanged})
		default:
			parts = append(parts, part{name: who.Org(), stmt: sqlChanged})
			if who.Kind() == gate.User { // in a perspective the target's own can't be opened
				parts = append(parts, part{who.User(), sqlOwnSince, []any{who.User()}})
			}
		}
		kinds, err := KindsIn(tx)
		if err != nil {
			return nil, err
		}
		var hits []Hit
		for _, p := range parts {
			ix := s.indexes.get(p.name)
			if err := ix.follow(tx, kinds, p.stmt, p.args...); err != nil {
				return nil, err
			}
			hits = ix.search(tx, query, limit, hits)
		}
		for i := range hits {
			hits[i].TypeIcon = kinds.iconOf(hits[i].Type)
		}
		return hits, nil
	})
}

// follow takes in what changed since the structure was last used.
func (ix *index) follow(tx *gate.Tx, kinds Kinds, stmt gate.Stmt, args ...any) error {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	if ix.seq >= tx.ChangeSeq() {
		return nil
	}
	ix.kinds = kinds
	if err := ix.clients(tx, stmt == sqlNames); err != nil {
		return err
	}
	if stmt != sqlNames {
		if err := ix.credentials(tx, stmt, args...); err != nil {
			return err
		}
	}
	ix.seq = tx.ChangeSeq()
	return nil
}

func (ix *index) clients(tx *gate.Tx, entries bool) error {
	return tx.Each(sqlNames, func(r *gate.Rows) error {
		var id, name, code string
		if err := r.Scan(&id, &name, &code); err != nil {
			return err
		}
		ix.names[id] = name
		if entries {
			ix.find.Put(find.Entry{ID: id, Kind: HitClient, Place: ix.place(spotKey{gate.Lies{Client: id}, true}), Client: id, Title: name, Host: code})
		}
		return nil
	}, ix.seq)
}

func (ix *index) place(k spotKey) uint32 {
	n, ok := ix.places[k]
	if !ok {
		n = uint32(len(ix.spots))
		ix.places[k] = n
		ix.spots = append(ix.spots, k)
	}
	return n
}

// search asks the same decision as every list, once per place and query.
func (ix *index) search(tx *gate.Tx, query string, limit int, hits []Hit) []Hit {
	ix.mu.Lock()
	spots := ix.spots
	ix.mu.Unlock()
	asked := make([]int8, len(spots))
	allowed := func(place uint32) bool {
		if int(place) >= len(spots) {
			return false
		}
		if asked[place] == 0 {
			asked[place] = -1
			if k := spots[place]; k.client && tx.SeesClient(k.Client) || !k.client && tx.Sees(k.Lies) {
				asked[place] = 1
			}
		}
		return asked[place] > 0
	}
	for _, h := range ix.find.Search(query, allowed, limit) {
		if len(hits) >= limit {
			break
		}
		hits = append(hits, Hit{Kind: h.Kind, ID: h.ID, ClientID: h.Client, ClientName: h.ClientName, Title: h.Title, Username: h.Username,
			Host: h.Host, Type: h.Type, Tags: h.Tags, Folder: h.Folder, Personal: h.Kind == HitCredential && h.Client == "",
			MayReveal: h.Kind == HitCredential && tx.May(OpReveal, gate.Credential(h.ID)), Score: h.Score})
	}
	return hits
}

// hostOf is the host of the first address that has one.
func hostOf(urls []string) string {
	for _, u := range urls {
		if !strings.Contains(u, "://") {
			u = "https://" + u
		}
		if parsed, err := url.Parse(u); err == nil && parsed.Hostname() != "" {
			return parsed.Hostname()
		}
	}
	return ""
}
