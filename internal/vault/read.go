package vault

import (
	"context"
	"slices"
	"sort"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/org"
)

// stored is a credential's row.
type stored struct {
	Credential
	item
	rev                        int64
	changed, archived, expires int64
}

const columns = `id, COALESCE(client_id, ''), COALESCE(owner_id, ''), COALESCE(folder_id, ''), type, archived_at, expires_at, created_at, changed_at, changed_by,
	version, password_rev, key_id, key_epoch, key_box, overview_version, overview_box, secret_version`

var (
	sqlOne   = gate.SQL(`SELECT ` + columns + `, secret_box FROM credentials WHERE org_id = $1 AND id = $2`)
	sqlOf    = gate.SQL(`SELECT ` + columns + ` FROM credentials WHERE org_id = $1 AND client_id = $2 AND (archived_at <> 0) = $3`)
	sqlOwned = gate.SQL(`SELECT ` + columns + ` FROM credentials WHERE org_id = $1 AND owner_id = $2 AND (archived_at <> 0) = $3`)
	sqlName  = gate.SQL(`SELECT name FROM users WHERE org_id = $1 AND id = $2`)
)

func scan(r interface{ Scan(...any) error }, more ...any) (*stored, error) {
	c := &stored{}
	var created int64
	dest := []any{&c.ID, &c.ClientID, &c.OwnerID, &c.FolderID, &c.Type, &c.archived, &c.expires, &created, &c.changed, &c.ChangedBy,
		&c.Version, &c.rev, &c.keyID, &c.epoch, &c.keyBox, &c.overviewVersion, &c.overview, &c.secretVersion}
	err := r.Scan(append(dest, more...)...)
	c.credential = c.ID
	c.Created, c.Changed, c.Expires, c.ArchivedAt = at(created), at(c.changed), at(c.expires), at(c.archived)
	c.Archived = c.archived != 0
	return c, err
}

// load reads a credential's row with both envelopes and opens its item key and
// overview.
func load(tx *gate.Tx, credential string) (*stored, error) {
	c := &stored{}
	var secret []byte
	c, err := scan(tx.Row(sqlOne, credential), &secret)
	if err != nil {
		return c, err
	}
	c.secret = secret
	if err := c.open(tx, c.ClientID); err != nil {
		return c, err
	}
	c.Overview, err = c.openOverview(tx.Who().Org())
	return c, err
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
		c.permit(tx)
		return c.Credential, nil
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
}

// Listing narrows a list of credentials.
type Listing struct {
	Place    Place // with Folder "", the whole client
	Archived bool
	After    string // id of the last one of the page before
	Limit    int    // 0: all
}

// List gives the credentials of a client, or of the actor's personal vault,
// that he reaches, by title.
func (s *Store) List(ctx context.Context, who gate.Actor, in Listing) (list []Credential, more bool, err error) {
	_, err = gate.Do(ctx, s.gate, who, OpList, in.Place.target(), func(tx *gate.Tx) (bool, error) {
		stmt, of := sqlOf, in.Place.Client
		if in.Place.Own {
			stmt, of = sqlOwned, who.User()
		}
		// The rows first, the keys after: a query can't wait inside another.
		var rows []*stored
		err := tx.Each(stmt, func(r *gate.Rows) error {
			c, err := scan(r)
			if err == nil && tx.Sees(c.ClientID, c.OwnerID, c.FolderID) && (in.Place.Folder == "" || tx.Below(c.FolderID, in.Place.Folder)) {
				rows = append(rows, c)
			}
			return err
		}, of, in.Archived)
		if err != nil {
			return false, err
		}
		for _, c := range rows {
			if err := c.open(tx, c.ClientID); err != nil {
				return false, err
			}
			if c.Overview, err = c.openOverview(who.Org()); err != nil {
				return false, err
			}
		}
		rows, more = page(rows, in.After, in.Limit)
		names := map[string]string{}
		for _, c := range rows {
			if _, known := names[c.ChangedBy]; !known {
				var name string
				if err := tx.Row(sqlName, c.ChangedBy).Scan(&name); err != nil {
					return false, err
				}
				names[c.ChangedBy] = name
			}
			c.ChangedByName = names[c.ChangedBy]
			c.permit(tx)
			list = append(list, c.Credential)
		}
		return true, nil
	})
	return list, more, err
}

// page sorts by title and gives the part after a credential.
func page(rows []*stored, after string, limit int) ([]*stored, bool) {
	folded := make(map[*stored]string, len(rows))
	for _, c := range rows {
		folded[c] = org.Fold(c.Title)
	}
	sort.Slice(rows, func(i, j int) bool {
		if a, b := folded[rows[i]], folded[rows[j]]; a != b {
			return a < b
		}
		return rows[i].ID < rows[j].ID
	})
	if after != "" { // what is gone ends the list: beginning anew would never end
		i := slices.IndexFunc(rows, func(c *stored) bool { return c.ID == after })
		if i < 0 {
			return nil, false
		}
		rows = rows[i+1:]
	}
	if limit > 0 && len(rows) > limit {
		return rows[:limit], true
	}
	return rows, false
}

var sqlSeen = gate.SQL(`INSERT INTO seen (org_id, credential_id, user_id, password_rev, first_at, last_at) VALUES ($1, $2, $3, $4, $5, $5)
	ON CONFLICT (org_id, credential_id, user_id, password_rev) DO UPDATE SET last_at = $5`)

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
		tx.Title(c.ClientID, c.Title)
		_, err = tx.Exec(sqlSeen, credential, who.User(), c.rev, tx.Millis())
		return secret, err
	})
}

// orStale turns "no row of this version" into a conflict.
func orStale(err error) error {
	if fault.Is(err, fault.Absent) {
		return fault.Stale("credential")
	}
	return err
}
