package vault

import (
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"bailiwick/internal/gate"
	"bailiwick/internal/org"
)

// Line is where a credential lies in a list by title.
type Line struct {
	ID, FolderID string
	Flagged      bool
	title        string // folded, without accents
}

// sortable puts Ä beside A, as people look for it in a list.
func sortable(title string) string {
	folded := org.Fold(title)
	for i := range len(folded) {
		if folded[i] >= utf8.RuneSelf {
			return strings.Map(func(r rune) rune {
				if unicode.Is(unicode.Mn, r) {
					return -1
				}
				return r
			}, norm.NFKD.String(folded))
		}
	}
	return folded
}

func before(a, b Line) int {
	if a.title != b.title {
		return strings.Compare(a.title, b.title)
	}
	return strings.Compare(a.ID, b.ID)
}

// large is from how many credentials on a place's order is kept in memory:
// below, opening all of them for a page takes some milliseconds.
const large = 1000

// orders remembers how the credentials of large places follow one another by
// title, so that a page opens only what it shows. Like the search structures
// they hold what sessions opened, are dropped when nobody uses them, and follow
// the organization's change sequence before each use. Who may see which of them
// is decided at each use.
type orders struct {
	now func() time.Time
	mu  sync.Mutex
	of  map[orderKey]*order
}

type orderKey struct {
	org, client, owner string
	archived           bool
}

// home is the client or owner whose place it is.
func (k orderKey) home() string { return k.client + k.owner }

// order does not change; what follows a change is another one.
type order struct {
	seq   int64
	lines []Line
	used  time.Time
}

func newOrders(now func() time.Time) *orders { return &orders{now: now, of: map[orderKey]*order{}} }

func (o *orders) get(k orderKey) *order {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.of[k]
}

// keep puts an order in the place of an older one.
func (o *orders) keep(k orderKey, next *order) {
	o.mu.Lock()
	defer o.mu.Unlock()
	next.used = o.now()
	if old := o.of[k]; old == nil || old.seq <= next.seq {
		o.of[k] = next
	}
}

func (o *orders) sweep() {
	o.mu.Lock()
	defer o.mu.Unlock()
	for k, order := range o.of {
		if o.now().Sub(order.used) > dropAfter {
			delete(o.of, k)
		}
	}
}

var sqlSince = gate.SQL(`SELECT ` + columns + ` FROM credentials WHERE org_id = $1 AND change_seq > $2 LIMIT 1001`)

// order gives the lines of a place as this transaction sees them, or false
// where all rows have to be read: it is small, or too much has changed.
func (s *Store) order(tx *gate.Tx, k orderKey) ([]Line, bool, error) {
	known := s.orders.get(k)
	if known == nil || known.seq > tx.ChangeSeq() { // a view from before
		return nil, false, nil
	}
	if known.seq == tx.ChangeSeq() {
		s.orders.keep(k, &order{seq: known.seq, lines: known.lines})
		return known.lines, true, nil
	}
	var changed []*stored
	err := tx.Each(sqlSince, func(r *gate.Rows) error {
		c, err := scan(r)
		changed = append(changed, c)
		return err
	}, known.seq)
	if err != nil || len(changed) > 1000 {
		return nil, false, err
	}
	gone := map[string]bool{}
	var added []Line
	for _, c := range changed {
		gone[c.ID] = true
		if c.ClientID != k.client || c.OwnerID != k.owner || c.Archived != k.archived {
			continue
		}
		if c.open(tx, c.ClientID) != nil {
			return nil, false, nil // who reaches it hears of it when he reads it
		}
		if c.Overview, err = c.openOverview(tx.Who().Org()); err != nil {
			return nil, false, nil
		}
		added = append(added, lineOf(c))
	}
	lines := make([]Line, 0, len(known.lines)+len(added))
	for _, l := range known.lines {
		if !gone[l.ID] {
			lines = append(lines, l)
		}
	}
	for _, l := range added {
		at, _ := slices.BinarySearchFunc(lines, l, before)
		lines = slices.Insert(lines, at, l)
	}
	s.orders.keep(k, &order{seq: tx.ChangeSeq(), lines: lines})
	return lines, true, nil
}

func lineOf(c *stored) Line { return Line{ID: c.ID, FolderID: c.FolderID, title: sortable(c.Title)} }
