package vault

import (
	"errors"
	"runtime"
	"sync"
	"time"

	"bailiwick/internal/gate"
	"bailiwick/internal/seal"
)

// Taken is a credential with all that it holds, on its way out of the vault.
type Taken struct {
	ID, FolderID     string
	Created, Changed time.Time
	Input
}

var (
	sqlTakeOf   = gate.SQL(`SELECT ` + columns + `, secret_box FROM credentials WHERE org_id = $1 AND client_id = $2 AND archived_at = 0 AND id > $3 ORDER BY id LIMIT $4`)
	sqlTakeMy   = gate.SQL(`SELECT ` + columns + `, secret_box FROM credentials WHERE org_id = $1 AND owner_id = $2 AND archived_at = 0 AND id > $3 ORDER BY id LIMIT $4`)
	sqlSeenOf   = gate.SQL(seenOf("client_id = $4"))
	sqlSeenMy   = gate.SQL(seenOf("owner_id = $4"))
	sqlSeenIn   = gate.SQL(seenOf("client_id = $4 AND COALESCE(folder_id, '') = $7"))
	sqlSeenMyIn = gate.SQL(seenOf("owner_id = $4 AND COALESCE(folder_id, '') = $7"))
)

// seenOf notes the rows of a part, up to an id, as seen.
func seenOf(which string) string {
	return `INSERT INTO seen (org_id, credential_id, user_id, password_rev, first_at, last_at)
		SELECT org_id, id, $2, password_rev, $3, $3 FROM credentials WHERE org_id = $1 AND archived_at = 0 AND id > $5 AND id <= $6 AND ` + which + `
		ON CONFLICT (org_id, credential_id, user_id, password_rev) DO UPDATE SET last_at = excluded.last_at`
}

// Take gives the next credentials of a client, or of the actor's own vault, in
// the order of their ids: as many as may be seen of so many rows; none only at
// the end. Every one counts as seen by the actor from then on.
func Take(tx *gate.Tx, of Place, after string, rows int) ([]Taken, error) {
	kinds, err := KindsIn(tx)
	if err != nil {
		return nil, err
	}
	for {
		read, err := takeRows(tx, of, after, rows)
		if err != nil || len(read) == 0 {
			return nil, err
		}
		may := map[string]bool{} // by folder
		var mine []*stored
		for _, c := range read {
			ok, decided := may[c.FolderID]
			if !decided {
				ok = tx.May(OpReveal, Place{Client: c.ClientID, Own: of.Own, Folder: c.FolderID}.target())
				may[c.FolderID] = ok
			}
			if ok {
				mine = append(mine, c)
			}
		}
		last := read[len(read)-1].ID
		out, err := takeAll(tx, kinds, mine, func() error { return takenNote(tx, of, after, last, may, len(mine) == len(read)) })
		if err != nil || len(out) > 0 {
			return out, err
		}
		after = last
	}
}

// takenNote notes what is taken as seen: all of a part by one statement, or
// those of each folder. One for each credential would cost more than all the
// rest.
func takenNote(tx *gate.Tx, of Place, after, last string, may map[string]bool, all bool) error {
	whole, one, id := sqlSeenOf, sqlSeenIn, of.Client
	if of.Own {
		whole, one, id = sqlSeenMy, sqlSeenMyIn, tx.Who().User()
	}
	args := []any{tx.Who().User(), tx.Millis(), id, after, last}
	if all {
		_, err := tx.Exec(whole, args...)
		return err
	}
	for folder, ok := range may {
		if !ok {
			continue
		}
		if _, err := tx.Exec(one, append(args[:5:5], folder)...); err != nil {
			return err
		}
	}
	return nil
}

func takeRows(tx *gate.Tx, of Place, after string, rows int) (read []*stored, err error) {
	stmt, id := sqlTakeOf, of.Client
	if of.Own {
		stmt, id = sqlTakeMy, tx.Who().User()
	}
	err = tx.Each(stmt, func(r *gate.Rows) error {
		var secret []byte
		c, err := scan(r, &secret)
		c.secret = secret
		read = append(read, c)
		return err
	}, id, after, rows)
	return read, err
}

// takeAll opens credentials on all processors, while something else is done
// with the transaction.
func takeAll(tx *gate.Tx, kinds Kinds, all []*stored, meanwhile func() error) ([]Taken, error) {
	keys := map[wrapper]seal.Key{}
	for _, c := range all {
		w := wrapper{c.ClientID, c.epoch}
		if _, there := keys[w]; !there {
			key, err := wrapping(tx, w.client, w.epoch)
			if err != nil {
				return nil, err
			}
			keys[w] = key
		}
	}
	org, out, parts := tx.Who().Org(), make([]Taken, len(all)), runtime.GOMAXPROCS(0)
	failed := make([]error, parts)
	var openers sync.WaitGroup
	for n := range parts {
		openers.Go(func() {
			for i := n; i < len(all) && failed[n] == nil; i += parts {
				c := all[i]
				out[i], failed[n] = c.taken(keys[wrapper{c.ClientID, c.epoch}], org)
			}
		})
	}
	err := meanwhile()
	openers.Wait()
	if err = errors.Join(append(failed, err)...); err != nil {
		return nil, err
	}
	for i := range out {
		out[i].Type = kinds.Of(out[i].Type).Name // as people read it
	}
	return out, nil
}

func (c *stored) taken(outer seal.Key, org string) (t Taken, err error) {
	t = Taken{ID: c.ID, FolderID: c.FolderID, Created: c.Created, Changed: c.Changed}
	t.Type, t.Expires = c.Type, c.Expires
	if t.Overview, err = c.openUnder(outer, org); err != nil {
		return t, err
	}
	defer c.key.Wipe()
	t.Secret, err = c.openSecret(org)
	return t, err
}
