package vault

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"bailiwick/internal/extlink"
	"bailiwick/internal/gate"
	"bailiwick/internal/perm"
)

// stored is a credential's row.
type stored struct {
	Credential
	item
	rev, passwordAt, judged    int64
	changed, archived, expires int64
	restores                   int64 // the revision of the password that is being restored
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
	return c, c.openUp(tx)
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

// someOf fills a list of ids up to some, so that there is one text for every
// number.
func someOf(ids []string) []any {
	all := make([]any, some)
	for i := range all {
		all[i] = ""
		if i < len(ids) {
			all[i] = ids[i]
		}
	}
	return all
}

// eachOf reads the rows of ids, some with one query, and then calls fn for each:
// it may query, too.
func eachOf(tx *gate.Tx, ids []string, fn func(*stored) error) error {
	for part := range slices.Chunk(ids, some) {
		var read []*stored
		err := tx.Each(sqlSome, func(r *gate.Rows) error {
			c, err := scan(r)
			read = append(read, c)
			return err
		}, someOf(part)...)
		if err != nil {
			return err
		}
		for _, c := range read {
			if err := fn(c); err != nil {
				return err
			}
		}
	}
	return nil
}

// openUp opens the item key and the overview.
func (c *stored) openUp(tx *gate.Tx) (err error) {
	if err = c.open(tx, c.ClientID); err != nil {
		return err
	}
	c.Overview, err = c.openOverview(tx.Who().Org())
	return err
}
