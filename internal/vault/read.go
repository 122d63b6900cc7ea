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
	alone, stale               bool
	changed, archived, expires int64
	restores                   int64  // the revision of the password that is being restored
	other                      string // the organization with which it is shared, or whose it is; known of one that is read alone
}

// source is the rows of an organization, with those of the makers where they
// are shared by others: the envelopes lie there. A row is of use only as far as
// its own organization has it; what it may see is decided by the gate.
const source = `FROM credentials c LEFT JOIN credentials o ON c.from_org <> '' AND o.org_id = c.from_org AND o.id = c.id`

const columns = `c.id, COALESCE(c.client_id, ''), COALESCE(c.owner_id, ''), COALESCE(c.folder_id, ''), c.type, c.archived_at, c.expires_at, c.created_at, c.changed_at, c.changed_by,
	c.version, c.password_rev, c.password_at, c.judged_by, c.alone, COALESCE(o.key_stale, c.key_stale), ` + keyColumns + `, ` + overviewColumns + `, COALESCE(o.secret_version, c.secret_version)`

// keyColumns, overviewColumns and secretColumn are the sealed columns of source.
const (
	keyColumns      = `c.from_org, c.key_id, c.key_epoch, COALESCE(o.key_id, c.key_id), COALESCE(o.key_epoch, c.key_epoch), c.key_box`
	overviewColumns = `COALESCE(o.overview_version, c.overview_version), COALESCE(o.overview_box, c.overview_box)`
	secretColumn    = `COALESCE(o.secret_box, c.secret_box)`
)

// keyDest is where a scan of keys goes.
func (it *item) keyDest() []any {
	return []any{&it.got.from, &it.got.keyID, &it.got.epoch, &it.keyID, &it.epoch, &it.keyBox}
}

var (
	sqlOne   = gate.SQLShared("envelopes of what is received", `SELECT `+columns+`, `+secretColumn+`, COALESCE(NULLIF(c.from_org, ''), (SELECT MIN(s.to_org) FROM shares s WHERE s.org_id = c.org_id AND s.credential_id = c.id), '') `+source+` WHERE c.org_id = $1 AND c.id = $2`)
	sqlOf    = gate.SQLShared("envelopes of what is received", `SELECT `+columns+` `+source+` WHERE c.org_id = $1 AND c.client_id = $2 AND (c.archived_at <> 0) = $3`)
	sqlOwned = gate.SQLShared("envelopes of what is received", `SELECT `+columns+` `+source+` WHERE c.org_id = $1 AND c.owner_id = $2 AND (c.archived_at <> 0) = $3`)
	sqlSome  = gate.SQLShared("envelopes of what is received", `SELECT `+columns+` `+source+` WHERE c.org_id = $1 AND c.id IN (`+marks(2, some)+`)`)
	// Somebody of the other organization is that organization, and has a name only
	// where it lets its names be read.
	sqlName = gate.SQL(`SELECT COALESCE((SELECT name FROM users WHERE org_id = $1 AND id = $2), (SELECT name FROM offboardings WHERE org_id = $1 AND user_id = $2),
		(SELECT CASE WHEN t.value = 'on' THEN u.name || ', ' || p.name ELSE p.name END FROM organizations p JOIN users u ON u.org_id = p.id AND u.id = $2
			LEFT JOIN settings t ON t.org_id = p.id AND t.name = '` + gate.NamesToPartners + `'
			WHERE p.provider_id = $1 OR p.id = (SELECT me.provider_id FROM organizations me WHERE me.id = $1)), 'a deleted user')`)
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
		&c.Version, &c.rev, &c.passwordAt, &c.judged, &c.alone, &c.stale}
	dest = append(append(dest, c.keyDest()...), &c.overviewVersion, &c.overview, &c.secretVersion)
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
	var other string
	c, err := scan(tx.Row(sqlOne, credential), &secret, &other)
	c.secret, c.other = secret, other
	return c, err
}

// lies is where it lies, and which one it is.
func (c *stored) lies() gate.Lies {
	return gate.Lies{Client: c.ClientID, Owner: c.OwnerID, Folder: c.FolderID, Item: c.ID}
}

// item is its id where who sees it is not said by its place.
func (c *stored) itself() string {
	if c.alone {
		return c.ID
	}
	return ""
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
		if c.discreet(tx) {
			c.ChangedBy = ""
		} else if err := tx.Row(sqlName, c.ChangedBy).Scan(&c.ChangedByName); err != nil {
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
		shared, err := sharesOf(tx, credential)
		if err != nil {
			return Credential{}, err
		}
		partner, err := hasPartner(tx, c.ClientID)
		if err != nil {
			return Credential{}, err
		}
		c.sharable(tx, shared[credential], partner, chooses(tx))
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

// discreet reports whether the one who changed a received credential is not
// this side's to know.
func (c *stored) discreet(tx *gate.Tx) bool {
	rights, got := tx.Rights(c.ID)
	return got && !rights.History
}

// permit asks for the place, which was read already, so that a long list does
// not read every row again.
func (c *stored) permit(tx *gate.Tx) {
	t := gate.At(c.lies())
	c.MayReveal = tx.May(OpReveal, t)
	c.MayEdit = tx.May(OpEdit, t)
	c.MayMove = tx.May(OpMove, t) && tx.May(OpEdit, c.where().target())
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
