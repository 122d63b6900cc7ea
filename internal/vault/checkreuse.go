package vault

import (
	"context"
	"slices"
	"sync"

	"bailiwick/internal/gate"
	"bailiwick/internal/seal"
)

// print stands for a password: a keyed hash of it under a key that is made at
// random, lies in this process's memory only, and is never stored.
type print [16]byte

// prints are those of all present passwords of one place of comparison.
type prints struct {
	mu   sync.Mutex
	key  seal.Key
	seq  int64
	of   map[string]printed
	with map[print][]string // ids
}

type printed struct {
	print
	rev int64
}

func newPrints() *prints {
	return &prints{key: seal.NewKey(), seq: -1, of: map[string]printed{}, with: map[print][]string{}}
}

func (p *prints) forget(id string) {
	old, ok := p.of[id]
	if !ok {
		return
	}
	delete(p.of, id)
	if left := slices.DeleteFunc(p.with[old.print], func(x string) bool { return x == id }); len(left) > 0 {
		p.with[old.print] = left
	} else {
		delete(p.with, old.print)
	}
}

func (p *prints) put(id, password string, rev int64) {
	p.forget(id)
	if password == "" {
		return
	}
	now := printed{rev: rev}
	copy(now.print[:], p.key.MAC("reuse", []byte(password)))
	p.of[id] = now
	p.with[now.print] = append(p.with[now.print], id)
}

const printColumns = `id, COALESCE(client_id, ''), archived_at, password_rev, key_id, key_epoch, key_box, secret_version, secret_box`

var (
	sqlPrints    = gate.SQL(`SELECT ` + printColumns + ` FROM credentials WHERE org_id = $1 AND change_seq > $2 AND client_id IS NOT NULL AND from_org = ''`)
	sqlOwnPrints = gate.SQL(`SELECT ` + printColumns + ` FROM credentials WHERE org_id = $1 AND change_seq > $2 AND owner_id = $3`)
	sqlReused    = gate.SQL(`SELECT f.credential_id FROM flags f JOIN credentials c ON c.org_id = f.org_id AND c.id = f.credential_id
		WHERE f.org_id = $1 AND f.cause = 'reused' AND COALESCE(c.owner_id, '') = $2`)
	sqlFlagReused = gate.SQL(`INSERT INTO flags (org_id, credential_id, home, cause, set_at, password_rev)
		SELECT c.org_id, c.id, COALESCE(c.client_id, c.owner_id), 'reused', CAST($3 AS BIGINT), c.password_rev FROM credentials c
		WHERE c.org_id = $1 AND c.id = $2 AND c.password_rev = $4 AND c.archived_at = 0
		ON CONFLICT (org_id, credential_id, cause, about) DO NOTHING`)
	sqlNotReused = gate.SQL(`DELETE FROM flags WHERE org_id = $1 AND credential_id = $2 AND cause = 'reused'`)
)

// compare brings the flags "reused" up to date. What is flagged together is
// flagged in the order of ids and with the same day, so that neither order nor
// time tells which passwords are alike.
func (s *Store) compare(ctx context.Context, who gate.Actor, c *checking) error {
	type change struct {
		on  map[string]int64 // ids to be flagged, with the revision
		ids []string         // those, and the ones that are not reused any more
	}
	todo, err := gate.Do(ctx, s.gate, who, OpCheck, gate.Nothing(), func(tx *gate.Tx) (change, error) {
		ch := change{on: map[string]int64{}}
		if err := still(tx); err != nil {
			return ch, err
		}
		c.prints.mu.Lock()
		defer c.prints.mu.Unlock()
		if err := c.prints.follow(tx, c.owner); err != nil {
			return ch, err
		}
		flagged := map[string]bool{}
		err := tx.Each(sqlReused, func(r *gate.Rows) error {
			var id string
			err := r.Scan(&id)
			flagged[id] = true
			return err
		}, c.owner)
		for _, ids := range c.prints.with {
			for _, id := range ids {
				if len(ids) > 1 && !flagged[id] {
					ch.on[id], ch.ids = c.prints.of[id].rev, append(ch.ids, id)
				}
			}
		}
		for id := range flagged {
			if p, ok := c.prints.of[id]; !ok || len(c.prints.with[p.print]) < 2 {
				ch.ids = append(ch.ids, id)
			}
		}
		return ch, err
	})
	slices.Sort(todo.ids)
	for part := range slices.Chunk(todo.ids, judgedAtOnce) {
		if err != nil {
			return err
		}
		_, err = gate.Do(ctx, s.gate, who, opMark, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
			for _, id := range part {
				stmt, args := sqlNotReused, []any{id}
				if rev, on := todo.on[id]; on {
					stmt, args = sqlFlagReused, []any{id, dayOf(tx.Now()), rev}
				}
				if _, err := tx.Exec(stmt, args...); err != nil {
					return false, err
				}
			}
			return true, still(tx)
		})
	}
	return err
}

// follow takes in what changed since it was last called.
func (p *prints) follow(tx *gate.Tx, owner string) error {
	if p.seq >= tx.ChangeSeq() {
		return nil
	}
	stmt, keysOf, args := sqlPrints, sqlChanged, []any{p.seq}
	if owner != "" {
		stmt, keysOf, args = sqlOwnPrints, sqlOwnSince, append(args, owner)
	}
	keys, err := wrappers(tx, keysOf, args)
	if err != nil {
		return err
	}
	org := tx.Who().Org()
	err = tx.Each(stmt, func(r *gate.Rows) error {
		var it item
		var client string
		var archived, rev int64
		if err := r.Scan(&it.credential, &client, &archived, &rev, &it.keyID, &it.epoch, &it.keyBox, &it.secretVersion, &it.secret); err != nil {
			return err
		}
		if archived != 0 {
			p.forget(it.credential)
			return nil
		}
		if old, ok := p.of[it.credential]; ok && old.rev == rev {
			return nil
		}
		key, err := keys[wrapper{client, it.epoch}].Unwrap(seal.PurposeItemKey, placeOfItemKey(org, it.credential, it.keyID, it.epoch), it.keyBox)
		if err != nil {
			return it.broken("item key", err)
		}
		it.key = key
		defer it.key.Wipe()
		secret, err := it.openSecret(org)
		if err != nil {
			return err
		}
		p.put(it.credential, secret.Password, rev)
		return nil
	}, args...)
	if err == nil {
		p.seq = tx.ChangeSeq()
	}
	return err
}
