package vault

import (
	"context"

	"bailiwick/internal/extlink"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/perm"
)

var (
	sqlRefolder = gate.SQL(`UPDATE credentials SET folder_id = NULLIF($3, ''), change_seq = $4, version = version + CASE WHEN from_org = '' THEN 1 ELSE 0 END WHERE org_id = $1 AND id = $2 AND version = $5`)
	sqlReclient = gate.SQL(`UPDATE credentials SET client_id = $3, folder_id = NULLIF($4, ''), change_seq = $5, key_id = $6, key_epoch = $7, key_box = $8,
		overview_version = $9, overview_box = $10, secret_version = $11, secret_box = $12, version = version + 1 WHERE org_id = $1 AND id = $2 AND version = $13`)
	sqlOldKey = gate.SQL(`UPDATE credential_versions SET key_epoch = $4, key_box = $5, overview_box = $6, secret_box = $7 WHERE org_id = $1 AND credential_id = $2 AND version = $3`)
)

// Move puts a credential elsewhere and gives its id, which changes only
// between a personal vault and a client: that is a copy and an archive, so
// that neither side keeps the other's history.
func (s *Store) Move(ctx context.Context, who gate.Actor, credential string, version int64, to Place) (string, error) {
	made, err := s.MoveAll(ctx, who, []Moving{{Chosen{credential, version}, to}})
	if err != nil {
		return "", err
	}
	return made[0].ID, nil
}

// Moving puts one credential somewhere.
type Moving struct {
	Chosen
	To Place
}

// MoveAll puts several credentials elsewhere, all or none.
func (s *Store) MoveAll(ctx context.Context, who gate.Actor, all []Moving) ([]Changed, error) {
	chosen := make([]Chosen, len(all))
	for i, m := range all {
		chosen[i] = m.Chosen
	}
	return s.several(ctx, who, OpMove, chosen, func(tx *gate.Tx, c *stored, i int) (Changed, error) {
		tx.Event().Fields = []string{"place"}
		return moveOne(tx, c, all[i].To)
	})
}

// MoveBack takes back a move of clients' credentials into the personal vault:
// they come out of the archive, and the copies go there. Neither may have been
// changed since.
func (s *Store) MoveBack(ctx context.Context, who gate.Actor, made []Changed) error {
	chosen := make([]Chosen, len(made))
	for i, m := range made {
		if m.Was == "" || m.NoUndo {
			return fault.NotFound()
		}
		chosen[i] = Chosen{m.Was, m.WasAt}
	}
	_, err := s.several(ctx, who, OpRestore, chosen, func(tx *gate.Tx, c *stored, i int) (Changed, error) {
		seq, err := tx.NextChange()
		if err != nil {
			return Changed{}, err
		}
		err = tx.Also(OpArchive, gate.Credential(made[i].ID), func() error {
			copied, err := load(tx, made[i].ID)
			if err != nil {
				return err
			}
			tx.Note(gate.Event{Operation: OpArchive.Name, Kind: string(gate.KindCredential), ID: copied.ID, Client: copied.ClientID, Owner: copied.OwnerID}, copied.Title)
			return orStale(tx.One(sqlArchive, copied.ID, tx.Millis(), seq, made[i].Version))
		})
		if err != nil {
			return Changed{}, err
		}
		return Changed{ID: c.ID, Version: c.Version + 1, From: c.where()}, orStale(tx.One(sqlArchive, c.ID, 0, seq, c.Version))
	})
	return err
}

func moveOne(tx *gate.Tx, c *stored, to Place) (changed Changed, err error) {
	changed = Changed{ID: c.ID, Version: c.Version + 1, From: c.where()}
	if c.got.from != "" {
		changed.Version = c.Version // it is this side's filing only
	}
	if c.ClientID != to.Client || to.Own {
		if err := staysThere(tx, c); err != nil {
			return changed, err
		}
	}
	if (c.OwnerID != "") != to.Own {
		// Out of a personal vault there is no way back: what others may have seen
		// already must not look as if it had never left.
		changed.Was, changed.WasAt, changed.Version, changed.NoUndo = c.ID, c.Version+1, 1, !to.Own
		changed.ID, err = crossing(tx, c, to)
		return changed, err
	}
	// Taking something out of what a group guards is the group's business.
	if taken(tx, c.where(), to) || !tx.May(OpEdit, c.where().target()) {
		return changed, fault.NotFound()
	}
	changed.NoUndo = taken(tx, to, c.where())
	return changed, tx.Also(OpEdit, to.target(), func() error { return move(tx, c, to) })
}

// staysThere refuses to take out of its client what is shared.
func staysThere(tx *gate.Tx, c *stored) error {
	if c.got.from != "" {
		return fault.Cannot("Another organization shares this credential with this client: it can be filed in the client's folders, but not moved elsewhere. Nothing was moved.")
	}
	n := 0
	if err := tx.Row(sqlSharedWith, c.ID).Scan(&n); err != nil {
		return err
	}
	if n > 0 {
		return fault.Cannot("This credential is shared. Stop sharing it before you move it out of its client. Nothing was moved.")
	}
	return nil
}

var sqlSharedWith = gate.SQL(`SELECT COUNT(*) FROM shares WHERE org_id = $1 AND credential_id = $2`)

// taken reports whether a move takes something out of a guarded folder without
// the permission for that.
func taken(tx *gate.Tx, from, to Place) bool {
	return (from.Client != to.Client || tx.Leaves(from.Folder, to.Folder)) && tx.Guarded(from.Folder) && !tx.Has(perm.SecurityGroupsManage)
}

func move(tx *gate.Tx, c *stored, to Place) error {
	seq, err := tx.NextChange()
	if err != nil {
		return err
	}
	if c.ClientID == to.Client {
		return orStale(tx.One(sqlRefolder, c.ID, to.Folder, seq, c.Version))
	}
	if !tx.Who().Open() {
		return fault.Closed()
	}
	if c, err = load(tx, c.ID); err != nil { // with its secret
		return err
	}
	if err := rewrapHistory(tx, c, to.Client); err != nil {
		return err
	}
	if err := carryFlags(tx, c, to.Client); err != nil {
		return err
	}
	secret, err := c.openSecret(tx.Who().Org())
	if err != nil {
		return err
	}
	it, err := newItem(tx, c.ID, to.Client)
	if err != nil {
		return err
	}
	org := tx.Who().Org()
	if err := it.sealOverview(org, c.Version+1, c.Overview); err != nil {
		return err
	}
	if err := it.sealSecret(org, c.Version+1, secret); err != nil {
		return err
	}
	tx.Event().Sealed = it.hash()
	return orStale(tx.One(sqlReclient, c.ID, to.Client, to.Folder, seq, it.keyID, it.epoch, it.keyBox,
		it.overviewVersion, it.overview, it.secretVersion, it.secret, c.Version))
}

// rewrapHistory puts earlier versions under the new client's key, so that who
// reaches the credential reaches its history, and nobody else.
func rewrapHistory(tx *gate.Tx, c *stored, client string) error {
	versions, err := versionsOf(tx, c)
	if err != nil {
		return err
	}
	org := tx.Who().Org()
	outer, epoch, err := tx.WriteKey(client)
	if err != nil {
		return err
	}
	for _, v := range versions {
		if err := v.open(tx, c.ClientID); err != nil {
			return err
		}
		overview, err := v.openOverview(org)
		if err != nil {
			return err
		}
		secret, err := v.openSecret(org)
		if err != nil {
			return err
		}
		v.epoch = epoch
		v.keyBox = outer.Wrap(purposeItemKey, placeOfItemKey(org, c.ID, v.keyID, epoch), v.key)
		if err := v.sealOverview(org, v.overviewVersion, overview); err != nil {
			return err
		}
		if err := v.sealSecret(org, v.secretVersion, secret); err != nil {
			return err
		}
		if err := tx.One(sqlOldKey, c.ID, v.Version, v.epoch, v.keyBox, v.overview, v.secret); err != nil {
			return err
		}
	}
	return nil
}

// crossing copies a credential into or out of a personal vault and archives
// the one it came from.
func crossing(tx *gate.Tx, c *stored, to Place) (string, error) {
	if to.Own && (!tx.May(OpReveal, gate.Credential(c.ID)) || !tx.May(OpArchive, gate.Credential(c.ID))) || !tx.May(OpAdd, to.target()) {
		return "", fault.NotFound()
	}
	if !tx.Who().Open() {
		return "", fault.Closed()
	}
	c, err := load(tx, c.ID)
	if err != nil {
		return "", err
	}
	secret, err := c.openSecret(tx.Who().Org())
	if err != nil {
		return "", err
	}
	from := *tx.Event()
	var made string
	err = tx.Also(OpAdd, to.target(), func() error {
		in := Input{Type: c.Type, Expires: c.Expires, Overview: c.Overview, Secret: secret}
		if made, err = add(tx, to, in, false); err != nil {
			return err
		}
		return copyFlags(tx, c, made, to)
	})
	if err != nil {
		return "", err
	}
	added := *tx.Event()
	added.Operation, added.Client = OpAdd.Name, to.Client
	tx.Note(added, c.Title)
	*tx.Event() = from
	if err := extlink.EndOf(tx, c.ID); err != nil {
		return "", err
	}
	seq, err := tx.NextChange()
	if err != nil {
		return "", err
	}
	return made, orStale(tx.One(sqlArchive, c.ID, tx.Millis(), seq, c.Version))
}
