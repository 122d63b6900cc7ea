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
	sqlTakeOf = gate.SQLShared("envelopes of what is received", `SELECT `+columns+`, `+secretColumn+` `+source+` WHERE c.org_id = $1 AND c.client_id = $2 AND c.archived_at = 0 AND c.id > $3 ORDER BY c.id LIMIT $4`)
	sqlTakeMy = gate.SQLShared("envelopes of what is received", `SELECT `+columns+`, `+secretColumn+` `+source+` WHERE c.org_id = $1 AND c.owner_id = $2 AND c.archived_at = 0 AND c.id > $3 ORDER BY c.id LIMIT $4`)
)

// Take gives the next credentials of a client, or of the actor's own vault, in
// the order of their ids: as many as may be seen of so many rows, and whether
// there are more. Every one counts as seen by the actor from then on.
func Take(tx *gate.Tx, of Place, after string, rows int) (out []Taken, more bool, err error) {
	kinds, err := KindsIn(tx)
	if err != nil {
		return nil, false, err
	}
	for {
		read, err := takeRows(tx, of, after, rows+1)
		if err != nil {
			return nil, false, err
		}
		if more = len(read) > rows; more {
			read = read[:rows]
		}
		may := map[gate.Lies]bool{} // by folder, and what is alone by itself
		var mine []*stored
		for _, c := range read {
			at := c.lies()
			if c.got.from == "" {
				at.Item = c.itself()
			}
			ok, decided := may[at]
			if !decided {
				ok = tx.May(OpReveal, gate.At(at))
				may[at] = ok
			}
			if ok {
				mine = append(mine, c)
			}
		}
		if err := exportedThere(tx, of, mine); err != nil {
			return nil, false, err
		}
		out, err := takeAll(tx, kinds, mine)
		if err != nil || len(out) > 0 || !more {
			return out, more, err
		}
		after = read[len(read)-1].ID
	}
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

// takeAll opens credentials on all processors, and notes that the actor has seen
// them.
func takeAll(tx *gate.Tx, kinds Kinds, all []*stored) ([]Taken, error) {
	keys := map[wrapper]seal.Key{}
	for _, c := range all {
		c.learn(tx)
		w := wrapper{c.ClientID, c.under()}
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
				out[i], failed[n] = c.taken(keys[wrapper{c.ClientID, c.under()}], org)
			}
		})
	}
	openers.Wait()
	if err := errors.Join(failed...); err != nil {
		return nil, err
	}
	for i, c := range all {
		out[i].Type = kinds.Of(c.Type).Name // as people read it
		if err := saw(tx, c.ID, c.rev); err != nil {
			return nil, err
		}
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
