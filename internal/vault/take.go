package vault

import (
	"time"

	"bailiwick/internal/gate"
)

// Taken is a credential with all that it holds, on its way out of the vault.
type Taken struct {
	ID, FolderID     string
	Created, Changed time.Time
	Input
}

var (
	sqlTakeOf = gate.SQL(`SELECT ` + columns + `, secret_box FROM credentials WHERE org_id = $1 AND client_id = $2 AND archived_at = 0 AND id > $3 ORDER BY id LIMIT $4`)
	sqlTakeMy = gate.SQL(`SELECT ` + columns + `, secret_box FROM credentials WHERE org_id = $1 AND owner_id = $2 AND archived_at = 0 AND id > $3 ORDER BY id LIMIT $4`)
	sqlSeenOf = gate.SQL(`INSERT INTO seen (org_id, credential_id, user_id, password_rev, first_at, last_at)
		SELECT org_id, id, $2, password_rev, $3, $3 FROM credentials WHERE org_id = $1 AND client_id = $4 AND archived_at = 0 AND id > $5 AND id <= $6 AND COALESCE(folder_id, '') = $7
		ON CONFLICT (org_id, credential_id, user_id, password_rev) DO UPDATE SET last_at = excluded.last_at`)
	sqlSeenMy = gate.SQL(`INSERT INTO seen (org_id, credential_id, user_id, password_rev, first_at, last_at)
		SELECT org_id, id, $2, password_rev, $3, $3 FROM credentials WHERE org_id = $1 AND owner_id = $4 AND archived_at = 0 AND id > $5 AND id <= $6 AND COALESCE(folder_id, '') = $7
		ON CONFLICT (org_id, credential_id, user_id, password_rev) DO UPDATE SET last_at = excluded.last_at`)
)

// Take gives the next credentials of a client, or of the actor's own vault, in
// the order of their ids: as many as may be seen of so many rows; none only at
// the end. Every one counts as seen by the actor from then on.
func Take(tx *gate.Tx, of Place, after string, rows int) ([]Taken, error) {
	kinds, err := KindsIn(tx)
	if err != nil {
		return nil, err
	}
	for {
		read, secrets, err := takeRows(tx, of, after, rows)
		if err != nil || len(read) == 0 {
			return nil, err
		}
		var out []Taken
		may := map[string]bool{}
		for i, c := range read {
			ok, decided := may[c.FolderID]
			if !decided {
				ok = tx.May(OpReveal, Place{Client: c.ClientID, Own: of.Own, Folder: c.FolderID}.target())
				may[c.FolderID] = ok
			}
			if !ok {
				continue
			}
			c.secret = secrets[i]
			t, err := take(tx, c)
			if err != nil {
				return nil, err
			}
			t.Type = kinds.Of(t.Type).Name // as people read it
			out = append(out, t)
		}
		last := read[len(read)-1].ID
		for folder, ok := range may { // a statement each would cost more than all the rest
			if !ok {
				continue
			}
			stmt, id := sqlSeenOf, of.Client
			if of.Own {
				stmt, id = sqlSeenMy, tx.Who().User()
			}
			if _, err := tx.Exec(stmt, tx.Who().User(), tx.Millis(), id, after, last, folder); err != nil {
				return nil, err
			}
		}
		if len(out) > 0 {
			return out, nil
		}
		after = last
	}
}

func takeRows(tx *gate.Tx, of Place, after string, rows int) (read []*stored, secrets [][]byte, err error) {
	stmt, id := sqlTakeOf, of.Client
	if of.Own {
		stmt, id = sqlTakeMy, tx.Who().User()
	}
	err = tx.Each(stmt, func(r *gate.Rows) error {
		var secret []byte
		c, err := scan(r, &secret)
		read, secrets = append(read, c), append(secrets, secret)
		return err
	}, id, after, rows)
	return read, secrets, err
}

func take(tx *gate.Tx, c *stored) (t Taken, err error) {
	if err = c.open(tx, c.ClientID); err != nil {
		return t, err
	}
	defer c.key.Wipe()
	t = Taken{ID: c.ID, FolderID: c.FolderID, Created: c.Created, Changed: c.Changed}
	t.Type, t.Expires = c.Type, c.Expires
	if t.Overview, err = c.openOverview(tx.Who().Org()); err != nil {
		return t, err
	}
	if t.Secret, err = c.openSecret(tx.Who().Org()); err != nil {
		return t, err
	}
	return t, nil
}
