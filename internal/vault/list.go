package vault

import (
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"context"
	"slices"
	"strings"
)

// Listing narrows a list of credentials.
type Listing struct {
	Place    Place // with Folder "", the whole client
	Archived bool
	Flagged  bool   // only those with a flag
	Due      string // one of Dues: only those with such an expiry date
	Filter   string // words that all must occur; see Filter
	Sort     string // one of Sorts; "" is by title
	Descends bool
	After    string // id of the last one of the page before
	Limit    int    // 0: all
}

// List gives the credentials of a client, or of the actor's personal vault,
// that he reaches, by title.
func (s *Store) List(ctx context.Context, who gate.Actor, in Listing) (list []Credential, more bool, err error) {
	if in.Sort != "" && !slices.Contains(Sorts, in.Sort) {
		return nil, false, fault.Bad("sort", "A list can be sorted by title, %s. This is none of them.", strings.Join(Sorts, ", "))
	}
	if in.Due != "" && !slices.Contains(Dues, in.Due) {
		return nil, false, fault.Bad("due", "Give %s, or nothing for all.", strings.Join(Dues, " or "))
	}
	fits, now := Filter(in.Filter), s.gate.Now()
	list, err = s.Browse(ctx, who, in, func(lines []Line) []Line {
		if in.Filter != "" {
			lines = slices.DeleteFunc(slices.Clone(lines), func(l Line) bool { return !fits(l) })
		}
		if in.Due != "" {
			lines = slices.DeleteFunc(slices.Clone(lines), func(l Line) bool { return !l.IsDue(in.Due, now) })
		}
		lines = SortLines(lines, in.Sort, in.Descends)
		if in.After != "" { // what is gone ends the list: beginning anew would never end
			i := slices.IndexFunc(lines, func(l Line) bool { return l.ID == in.After })
			if i < 0 {
				return nil
			}
			lines = lines[i+1:]
		}
		if more = in.Limit > 0 && len(lines) > in.Limit; more {
			lines = lines[:in.Limit]
		}
		return lines
	})
	return list, more, err
}

// Browse gives what pick picks out of the lines of all credentials that the
// actor reaches at a place, in the order of pick. Of a large place only those
// are opened. pick may be called again, must not keep what it gets, and sorts
// itself: Sort says only what lines have to hold. Filter, After and Limit do not
// count here.
func (s *Store) Browse(ctx context.Context, who gate.Actor, in Listing, pick func([]Line) []Line) ([]Credential, error) {
	s.opened(who)
	return gate.Do(ctx, s.gate, who, OpList, in.Place.target(), func(tx *gate.Tx) ([]Credential, error) {
		k := orderKey{org: who.Org(), client: in.Place.Client, archived: in.Archived}
		if in.Place.Own {
			k.client, k.owner = "", who.User()
		}
		lines, known, err := s.order(tx, k)
		if err != nil {
			return nil, err
		}
		rows := map[string]*stored{}
		if !known {
			if lines, err = s.readAll(tx, k, rows); err != nil {
				return nil, err
			}
		}
		flags, err := readFlags(tx, sqlFlagsAt, k.home())
		if err != nil {
			return nil, err
		}
		kinds, err := KindsIn(tx)
		if err != nil {
			return nil, err
		}
		lines = reached(tx, k, in.Place.Folder, lines)
		if in.Sort == "by" {
			if err := named(tx, lines); err != nil {
				return nil, err
			}
		}
		lines = pick(flagged(kinds.ofLines(lines), flags, in.Flagged))
		if err := readSome(tx, lines, rows); err != nil {
			return nil, err
		}
		partner, err := hasPartner(tx, k.client)
		if err != nil {
			return nil, err
		}
		var shown []string
		for _, l := range lines {
			if k.client != "" { // nothing of a personal vault is shared
				shown = append(shown, l.ID)
			}
		}
		shared, err := sharesOf(tx, shown...)
		if err != nil {
			return nil, err
		}
		var list []Credential
		names, chooses := map[string]string{}, chooses(tx)
		for _, l := range lines {
			c := rows[l.ID]
			if c == nil || c.ClientID != k.client || c.OwnerID != k.owner || !tx.Sees(c.lies()) {
				continue // the row says otherwise than the order that is remembered
			}
			if c.discreet(tx) {
				c.ChangedBy = ""
			} else if c.ChangedByName, err = nameOf(tx, names, c.ChangedBy); err != nil {
				return nil, err
			}
			if err := c.flag(tx, flags[c.ID], names); err != nil {
				return nil, err
			}
			c.permit(tx)
			c.sharable(tx, shared[c.ID], partner, chooses)
			kinds.label(&c.Credential)
			list = append(list, c.Credential)
		}
		return list, nil
	})
}

// readAll reads and opens every row of a place that the actor reaches. If that
// is all and much, its order is remembered.
func (s *Store) readAll(tx *gate.Tx, k orderKey, rows map[string]*stored) ([]Line, error) {
	stmt, of := sqlOf, k.client
	if k.owner != "" {
		stmt, of = sqlOwned, k.owner
	}
	// The rows first, the keys after: a query can't wait inside another.
	var read []*stored
	all := true
	err := tx.Each(stmt, func(r *gate.Rows) error {
		c, err := scan(r)
		if err == nil && tx.Sees(c.lies()) {
			read = append(read, c)
		} else {
			all = false
		}
		return err
	}, of, k.archived)
	if err != nil {
		return nil, err
	}
	lines := make([]Line, 0, len(read))
	for _, c := range read {
		if err := c.open(tx, c.ClientID); err != nil {
			return nil, err
		}
		if c.Overview, err = c.openOverview(k.org); err != nil {
			return nil, err
		}
		rows[c.ID] = c
		lines = append(lines, lineOf(c))
	}
	slices.SortFunc(lines, before)
	if all && len(lines) > large {
		s.orders.keep(k, &order{seq: tx.ChangeSeq(), lines: lines})
	}
	return lines, nil
}

// reached leaves out what lies where the actor may not look, or outside of the
// wanted folder; each folder is decided on once, and what is alone by itself.
func reached(tx *gate.Tx, k orderKey, within string, lines []Line) []Line {
	out := make([]Line, 0, len(lines))
	sees := map[string]bool{}
	for _, l := range lines {
		ok, decided := sees[l.FolderID]
		if !decided || l.item != "" {
			ok = tx.Sees(gate.Lies{Client: k.client, Owner: k.owner, Folder: l.FolderID, Item: l.item}) && (within == "" || tx.Below(l.FolderID, within))
		}
		if l.item == "" {
			sees[l.FolderID] = ok
		}
		if ok {
			out = append(out, l)
		}
	}
	return out
}

// flagged gives lines their causes; only leaves out those without one.
func flagged(lines []Line, flags map[string][]Flag, only bool) []Line {
	n := 0
	for _, l := range lines {
		for _, f := range flags[l.ID] {
			if !slices.Contains(l.Causes, f.Cause) {
				l.Causes = append(l.Causes, f.Cause)
			}
		}
		if len(l.Causes) > 0 || !only {
			lines[n] = l
			n++
		}
	}
	return lines[:n]
}

// readSome reads and opens the rows of the lines that are not there yet, fifty
// with one query: as many queries as lines would take as long as a large page.
func readSome(tx *gate.Tx, lines []Line, rows map[string]*stored) error {
	var missing []string
	for _, l := range lines {
		if rows[l.ID] == nil {
			missing = append(missing, l.ID)
		}
	}
	return eachOf(tx, missing, func(c *stored) error {
		rows[c.ID] = c
		return c.openUp(tx)
	})
}

// nameOf gives a user's name, asked for once a list.
func nameOf(tx *gate.Tx, known map[string]string, user string) (string, error) {
	name, ok := known[user]
	if !ok {
		if err := tx.Row(sqlName, user).Scan(&name); err != nil {
			return "", err
		}
		known[user] = name
	}
	return name, nil
}

// Those gives the credentials of these ids that the actor reaches, in the
// order of the ids; what he does not reach is left out.
func (s *Store) Those(ctx context.Context, who gate.Actor, ids []string) ([]Credential, error) {
	if len(ids) == 0 {
		return nil, fault.NotFound()
	}
	return gate.Do(ctx, s.gate, who, OpView, gate.Credential(ids[0]), func(tx *gate.Tx) ([]Credential, error) {
		kinds, err := KindsIn(tx)
		if err != nil {
			return nil, err
		}
		rows, err := readChosen(tx, OpView, ids)
		if err != nil {
			return nil, err
		}
		var list []Credential
		chooses := chooses(tx)
		names, flags := map[string]string{}, map[string]map[string][]Flag{}
		partners := map[string]bool{}
		shared, err := sharesOf(tx, ids...)
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			if c := rows[id]; c != nil {
				delete(rows, id)
				if flags[c.home()] == nil {
					if flags[c.home()], err = readFlags(tx, sqlFlagsAt, c.home()); err != nil {
						return nil, err
					}
				}
				if err := c.flag(tx, flags[c.home()][id], names); err != nil {
					return nil, err
				}
				c.permit(tx)
				partner, asked := partners[c.ClientID]
				if !asked {
					if partner, err = hasPartner(tx, c.ClientID); err != nil {
						return nil, err
					}
					partners[c.ClientID] = partner
				}
				c.sharable(tx, shared[c.ID], partner, chooses)
				kinds.label(&c.Credential)
				list = append(list, c.Credential)
			}
		}
		return list, nil
	})
}
