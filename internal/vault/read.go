package vault

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"bailiwick/internal/extlink"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/perm"
)

// stored is a credential's row.
type stored struct {
	Credential
	item
	rev, passwordAt, judged    int64
	changed, archived, expires int64
}

const columns = `id, COALESCE(client_id, ''), COALESCE(owner_id, ''), COALESCE(folder_id, ''), type, archived_at, expires_at, created_at, changed_at, changed_by,
	version, password_rev, password_at, judged_by, key_id, key_epoch, key_box, overview_version, overview_box, secret_version`

var (
	sqlOne   = gate.SQL(`SELECT ` + columns + `, secret_box FROM credentials WHERE org_id = $1 AND id = $2`)
	sqlOf    = gate.SQL(`SELECT ` + columns + ` FROM credentials WHERE org_id = $1 AND client_id = $2 AND (archived_at <> 0) = $3`)
	sqlOwned = gate.SQL(`SELECT ` + columns + ` FROM credentials WHERE org_id = $1 AND owner_id = $2 AND (archived_at <> 0) = $3`)
	sqlSome  = gate.SQL(`SELECT ` + columns + ` FROM credentials WHERE org_id = $1 AND id IN (` + marks(2, some) + `)`)
	sqlName  = gate.SQL(`SELECT COALESCE((SELECT name FROM users WHERE org_id = $1 AND id = $2), (SELECT name FROM offboardings WHERE org_id = $1 AND user_id = $2), 'a deleted user')`)
)

// some is how many rows sqlSome reads at once.
const some = 50

// marks writes $from, … for so many arguments.
func marks(from, n int) string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprint("$", from+i)
	}
	return strings.Join(all, ", ")
}

func scan(r interface{ Scan(...any) error }, more ...any) (*stored, error) {
	c := &stored{}
	var created int64
	dest := []any{&c.ID, &c.ClientID, &c.OwnerID, &c.FolderID, &c.Type, &c.archived, &c.expires, &created, &c.changed, &c.ChangedBy,
		&c.Version, &c.rev, &c.passwordAt, &c.judged, &c.keyID, &c.epoch, &c.keyBox, &c.overviewVersion, &c.overview, &c.secretVersion}
	err := r.Scan(append(dest, more...)...)
	c.credential = c.ID
	c.Created, c.Changed, c.Expires, c.ArchivedAt = at(created), at(c.changed), at(c.expires), at(c.archived)
	c.Archived, c.PasswordAt = c.archived != 0, at(c.passwordAt)
	return c, err
}

// load reads a credential's row with both envelopes and opens its item key and
// overview.
func load(tx *gate.Tx, credential string) (*stored, error) {
	c, there := tx.Found().(*stored)
	if !there || c.ID != credential {
		var err error
		if c, err = whole(tx, credential); err != nil {
			return c, err
		}
	}
	if err := c.open(tx, c.ClientID); err != nil {
		return c, err
	}
	var err error
	c.Overview, err = c.openOverview(tx.Who().Org())
	return c, err
}

func whole(tx *gate.Tx, credential string) (*stored, error) {
	var secret []byte
	c, err := scan(tx.Row(sqlOne, credential), &secret)
	c.secret = secret
	return c, err
}

// row lets the gate read the row, which says where the credential lies.
func row(tx *gate.Tx, credential string) (gate.Lies, any, error) {
	c, err := whole(tx, credential)
	return gate.Lies{Client: c.ClientID, Owner: c.OwnerID, Folder: c.FolderID}, c, err
}

// Get gives a credential without its secret.
func (s *Store) Get(ctx context.Context, who gate.Actor, credential string) (Credential, error) {
	return gate.Do(ctx, s.gate, who, OpView, gate.Credential(credential), func(tx *gate.Tx) (Credential, error) {
		c, err := load(tx, credential)
		if err != nil {
			return Credential{}, err
		}
		if err := tx.Row(sqlName, c.ChangedBy).Scan(&c.ChangedByName); err != nil {
			return Credential{}, err
		}
		flags, err := readFlags(tx, sqlFlagsOf, credential)
		if err != nil {
			return Credential{}, err
		}
		if err := c.flag(tx, flags[credential], map[string]string{}); err != nil {
			return Credential{}, err
		}
		c.permit(tx)
		kinds, err := KindsIn(tx)
		if err != nil {
			return Credential{}, err
		}
		kinds.label(&c.Credential)
		settings, err := SettingsIn(tx)
		c.ShowSeconds = settings.RevealSeconds
		return c.Credential, err
	})
}

// permit asks for the place, which was read already, so that a long list does
// not read every row again.
func (c *stored) permit(tx *gate.Tx) {
	t := Place{Client: c.ClientID, Own: c.OwnerID != "", Folder: c.FolderID}.target()
	c.MayReveal = tx.May(OpReveal, t)
	c.MayEdit = tx.May(OpEdit, t)
	c.MayMove = c.MayEdit
	c.MayArchive = tx.May(OpArchive, t)
	c.MayDelete = c.Archived && tx.May(OpDelete, t)
	c.MayClear = tx.May(OpUnflag, t)
	c.MayTOTP = tx.May(OpTOTP, t)
	c.MayShare = !c.Archived && c.OwnerID == "" && tx.May(extlink.OpAdd, t)
	c.MayExport = !c.Archived && c.MayReveal && (c.OwnerID != "" || tx.Has(perm.AdminExportData))
}

// Listing narrows a list of credentials.
type Listing struct {
	Place    Place // with Folder "", the whole client
	Archived bool
	Flagged  bool   // only those with a flag
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
	fits := Filter(in.Filter)
	list, err = s.Browse(ctx, who, in, func(lines []Line) []Line {
		if in.Filter != "" {
			lines = slices.DeleteFunc(slices.Clone(lines), func(l Line) bool { return !fits(l) })
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
		var list []Credential
		names := map[string]string{}
		for _, l := range lines {
			c := rows[l.ID]
			if c == nil || c.ClientID != k.client || c.OwnerID != k.owner || !tx.Sees(c.ClientID, c.OwnerID, c.FolderID) {
				continue // the row says otherwise than the order that is remembered
			}
			if c.ChangedByName, err = nameOf(tx, names, c.ChangedBy); err != nil {
				return nil, err
			}
			if err := c.flag(tx, flags[c.ID], names); err != nil {
				return nil, err
			}
			c.permit(tx)
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
		if err == nil && tx.Sees(c.ClientID, c.OwnerID, c.FolderID) {
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
// wanted folder; each folder is decided on once.
func reached(tx *gate.Tx, k orderKey, within string, lines []Line) []Line {
	out := make([]Line, 0, len(lines))
	sees := map[string]bool{}
	for _, l := range lines {
		ok, decided := sees[l.FolderID]
		if !decided {
			ok = tx.Sees(k.client, k.owner, l.FolderID) && (within == "" || tx.Below(l.FolderID, within))
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
	missing := make([]any, 0, len(lines))
	for _, l := range lines {
		if rows[l.ID] == nil {
			missing = append(missing, l.ID)
		}
	}
	for part := range slices.Chunk(missing, some) {
		for len(part) < some { // one text for every number
			part = append(part[:len(part):len(part)], "")
		}
		var read []*stored
		err := tx.Each(sqlSome, func(r *gate.Rows) error {
			c, err := scan(r)
			read = append(read, c)
			return err
		}, part...)
		if err != nil {
			return err
		}
		for _, c := range read {
			if err := c.open(tx, c.ClientID); err != nil {
				return err
			}
			if c.Overview, err = c.openOverview(tx.Who().Org()); err != nil {
				return err
			}
			rows[c.ID] = c
		}
	}
	return nil
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

var insertSeen = gate.InsertMany(`INSERT INTO seen (org_id, credential_id, user_id, password_rev, first_at, last_at)`, 5,
	`ON CONFLICT (org_id, credential_id, user_id, password_rev) DO UPDATE SET last_at = excluded.last_at`)

// saw notes that the actor knows a version of a password.
func saw(tx *gate.Tx, credential string, rev int64) error {
	user := tx.Who().User()
	return tx.Add(&insertSeen, fmt.Sprint(credential, " ", user, " ", rev), credential, user, rev, tx.Millis(), tx.Millis())
}

// Reveal gives a secret to be shown. It is one event in the audit log, and
// from now on the user knows this version of the password.
func (s *Store) Reveal(ctx context.Context, who gate.Actor, credential string) (Secret, error) {
	return s.reveal(ctx, who, OpReveal, credential)
}

// Copy gives a secret to be put on the clipboard.
func (s *Store) Copy(ctx context.Context, who gate.Actor, credential string) (Secret, error) {
	return s.reveal(ctx, who, OpCopy, credential)
}

func (s *Store) reveal(ctx context.Context, who gate.Actor, op *gate.Op, credential string) (Secret, error) {
	return gate.Do(ctx, s.gate, who, op, gate.Credential(credential), func(tx *gate.Tx) (Secret, error) {
		c, err := load(tx, credential)
		if err != nil {
			return Secret{}, err
		}
		secret, err := c.openSecret(who.Org())
		if err != nil {
			return Secret{}, err
		}
		secret.TOTP = "" // only codes of it are given out
		tx.Title(c.ClientID, c.Title)
		return secret, saw(tx, credential, c.rev)
	})
}

// orStale turns "no row of this version" into a conflict.
func orStale(err error) error {
	if fault.Is(err, fault.Absent) {
		return fault.Stale("credential")
	}
	return err
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
		names, flags := map[string]string{}, map[string]map[string][]Flag{}
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
				kinds.label(&c.Credential)
				list = append(list, c.Credential)
			}
		}
		return list, nil
	})
}
