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
	sqlPrint     = gate.SQL(`SELECT ` + printColumns + ` FROM credentials WHERE org_id = $1 AND id = $2`)
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
		if err := c.follow(tx); err != nil {
			return ch, err
		}
		left, flagged := c.damaged.found(comparing), map[string]bool{} // what is left out keeps its flag
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
			if p, ok := c.prints.of[id]; (!ok || len(c.prints.with[p.print]) < 2) && !slices.Contains(left, id) {
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

// printRow is what is read of a credential to be compared.
type printRow struct {
	item
	client        string
	archived, rev int64
}

func scanPrint(r *gate.Rows) (p printRow, err error) {
	err = r.Scan(&p.credential, &p.client, &p.archived, &p.rev, &p.keyID, &p.epoch, &p.keyBox, &p.secretVersion, &p.secret)
	return p, err
}

// follow takes in what changed since it was last called, and what did not open
// then: it may have been mended.
func (c *checking) follow(tx *gate.Tx) error {
	left := c.damaged.found(comparing)
	for _, id := range left[:min(len(left), judgedAtOnce)] {
		if err := c.again(tx, id); err != nil {
			return err
		}
	}
	p := c.prints
	if p.seq >= tx.ChangeSeq() {
		return nil
	}
	stmt, keysOf, args := sqlPrints, sqlChangedKeys, []any{p.seq}
	if c.owner != "" {
		stmt, keysOf, args = sqlOwnPrints, sqlOwnKeys, append(args, c.owner)
	}
	keys, err := openable(tx, keysOf, args)
	if err != nil {
		return err
	}
	err = tx.Each(stmt, func(r *gate.Rows) error {
		row, err := scanPrint(r)
		if err == nil {
			err = c.take(tx, row, keys[wrapper{row.client, row.epoch}])
		}
		return err
	}, args...)
	if err == nil {
		p.seq = tx.ChangeSeq()
	}
	return err
}

// again takes a row that did not open.
func (c *checking) again(tx *gate.Tx, id string) error {
	var rows []printRow
	err := tx.Each(sqlPrint, func(r *gate.Rows) error {
		row, err := scanPrint(r)
		rows = append(rows, row)
		return err
	}, id)
	if err == nil && len(rows) == 0 {
		c.prints.forget(id)
		c.damaged.opens(comparing, id)
	}
	for _, row := range rows {
		if err == nil {
			var key outerKey
			if key, err = keyUnder(tx, wrapper{row.client, row.epoch}); err == nil {
				err = c.take(tx, row, key)
			}
		}
	}
	return err
}

// take takes in one row, or notes that it does not open.
func (c *checking) take(tx *gate.Tx, row printRow, outer outerKey) error {
	org := tx.Who().Org()
	if row.archived != 0 {
		c.prints.forget(row.credential)
		c.damaged.opens(comparing, row.credential)
		return nil
	}
	if old, ok := c.prints.of[row.credential]; ok && old.rev == row.rev {
		return nil
	}
	err := row.openWith(org, outer)
	var secret Secret
	if err == nil {
		secret, err = row.openSecret(org)
		row.key.Wipe()
	}
	switch {
	case damaged(err):
		c.prints.forget(row.credential)
		c.damaged.add(comparing, row.credential, err)
		return nil
	case err != nil:
		return err
	}
	c.damaged.opens(comparing, row.credential)
	c.prints.put(row.credential, secret.Password, row.rev)
	return nil
}
