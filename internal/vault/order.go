package vault

import (
	"cmp"
	"math"
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

// Line is what a list is filtered and sorted by. It holds opened titles,
// usernames and addresses, and lives as long as the search structures do.
type Line struct {
	ID, FolderID, Type      string
	item                    string   // the id, where it is decided on by itself
	Causes                  []string // of its flags, as of this reading
	added, changed, expires int64
	by                      string // who changed it: an id, and a name where that is sorted by
	title, user, host, text string // folded, without accents
	tags                    string // the same
}

// Expires is its expiry date, zero where it has none.
func (l Line) Expires() time.Time {
	if l.expires == 0 {
		return time.Time{}
	}
	return at(l.expires)
}

// Soon is how near an expiry date is when it is said to expire soon.
const Soon = 30 * 24 * time.Hour

// Dues are the filters by expiry date: passed, or near.
var Dues = []string{"expired", "soon"}

// IsDue counts as a client's overview does: a date holds until the end of its
// day.
func (l Line) IsDue(which string, now time.Time) bool {
	day := l.Expires()
	over := !now.Before(day.Add(24 * time.Hour))
	return !day.IsZero() && over == (which == "expired") && day.Before(now.Add(Soon))
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

func before(a, b Line) int { return compare("", a, b) }

// Sorts are what a list can be sorted by besides its title.
var Sorts = []string{"username", "address", "type", "tags", "expires", "added", "changed", "by"}

// compare orders by a column, then by title.
func compare(by string, a, b Line) int {
	first := 0
	switch by {
	case "username":
		first = emptyLast(a.user, b.user)
	case "address":
		first = emptyLast(a.host, b.host)
	case "type":
		first = strings.Compare(a.Type, b.Type)
	case "tags":
		first = emptyLast(a.tags, b.tags)
	case "added":
		first = cmp.Compare(a.added, b.added)
	case "by":
		first = emptyLast(a.by, b.by)
	case "changed":
		first = cmp.Compare(a.changed, b.changed)
	case "expires":
		first = cmp.Compare(never(a.expires), never(b.expires))
	}
	return cmp.Or(first, strings.Compare(a.title, b.title), strings.Compare(a.ID, b.ID))
}

// never puts what does not expire after all that does.
func never(expires int64) int64 {
	if expires == 0 {
		return math.MaxInt64
	}
	return expires
}

func emptyLast(a, b string) int {
	if (a == "") != (b == "") {
		return cmp.Compare(len(b), len(a))
	}
	return strings.Compare(a, b)
}

// SortLines sorts by one of Sorts, or by title. The lines of Browse are sorted
// by title already and must not be changed: this gives others.
func SortLines(lines []Line, by string, descending bool) []Line {
	if by == "" && !descending {
		return lines
	}
	lines = slices.Clone(lines)
	slices.SortFunc(lines, func(a, b Line) int {
		if descending {
			a, b = b, a
		}
		return compare(by, a, b)
	})
	return lines
}

// Filter makes a filter out of typed words: all must occur in the title, the
// username, the addresses, the tags or the type.
func Filter(typed string) func(Line) bool {
	words := strings.Fields(sortable(typed))
	return func(l Line) bool {
		for _, w := range words {
			if !strings.Contains(l.text, w) {
				return false
			}
		}
		return true
	}
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

var sqlSince = gate.SQLShared("envelopes of what is received", `SELECT `+columns+` `+source+` WHERE c.org_id = $1 AND c.change_seq > $2 LIMIT 1001`)

// order gives the lines of a place as this transaction sees them, or false
// where all rows have to be read: it is small, or too much has changed.
func (s *Store) order(tx *gate.Tx, k orderKey) ([]Line, bool, error) {
	known := s.orders.get(k)
	if known == nil || known.seq > tx.ChangeSeq() { // a view from before
		return nil, false, nil
	}
	if known.seq == tx.ChangeSeq() {
		ok, err := complete(tx, k, known.lines)
		if ok {
			s.orders.keep(k, &order{seq: known.seq, lines: known.lines})
		}
		return known.lines, ok, err
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
	ok, err := complete(tx, k, lines)
	if ok {
		s.orders.keep(k, &order{seq: tx.ChangeSeq(), lines: lines})
	}
	return lines, ok, err
}

func lineOf(c *stored) Line {
	all := append([]string{c.Title, c.Username, c.Type}, append(slices.Clone(c.URLs), c.Tags...)...)
	by := c.ChangedBy
	if c.got.from != "" {
		by = "" // it may not be this side's to know
	}
	return Line{ID: c.ID, item: c.itself(), FolderID: c.FolderID, Type: c.Type, added: c.Created.UnixMilli(), changed: c.changed, expires: c.expires, by: by, tags: sortable(strings.Join(c.Tags, "\n")),
		title: sortable(c.Title), user: sortable(c.Username), host: c.Host(), text: sortable(strings.Join(all, "\n"))}
}

// ofLines puts the words of custom types to lines that are nobody else's.
func (k Kinds) ofLines(lines []Line) []Line {
	words := map[string]string{}
	for _, all := range [][]Type{k.All, k.theirs} {
		for _, t := range all {
			if t.ID != t.Name {
				words[t.ID] = t.Name
			}
		}
	}
	if len(words) == 0 {
		return lines
	}
	for i := range lines {
		if name, custom := words[lines[i].Type]; custom {
			lines[i].Type = name
			lines[i].text += "\n" + sortable(name)
		}
	}
	return lines
}

// named puts names in the place of the ids of those who changed credentials,
// into lines that are nobody else's.
func named(tx *gate.Tx, lines []Line) error {
	names := map[string]string{}
	for i := range lines {
		name, err := nameOf(tx, names, lines[i].by)
		if err != nil {
			return err
		}
		lines[i].by = sortable(name)
	}
	return nil
}

var (
	sqlArchived      = gate.SQL(`SELECT COUNT(*) FROM credentials WHERE org_id = $1 AND client_id = $2 AND archived_at <> 0`)
	sqlOwnedArchived = gate.SQL(`SELECT COUNT(*) FROM credentials WHERE org_id = $1 AND owner_id = $2 AND archived_at <> 0`)
)

// complete reports whether an archive still has as many rows as its remembered
// order: what was deleted for good has no row that tells of the change.
func complete(tx *gate.Tx, k orderKey, lines []Line) (bool, error) {
	if !k.archived {
		return true, nil
	}
	stmt, of := sqlArchived, k.client
	if k.owner != "" {
		stmt, of = sqlOwnedArchived, k.owner
	}
	n := 0
	err := tx.Row(stmt, of).Scan(&n)
	return n == len(lines), err
}
