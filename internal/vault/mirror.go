package vault

import (
	"errors"

	"bailiwick/internal/gate"
)

// What another organization has of this one's credentials follows each change
// in the same transaction: the gate calls mirror after every operation that
// search must see. Where sharing has ended, the row there is left as a shell,
// without a key: lists and search learn of it by that, and what its users have
// seen stays known.

func isAbsent(err error) bool { return errors.Is(err, gate.ErrNoRows) }

const (
	// differs is where a row of the other side is not what the maker's row, if it
	// is shared still, says. One that was ended has no source_seq.
	differs = `(s.org_id IS NULL AND c.source_seq <> 0 OR s.org_id IS NOT NULL AND o.change_seq <> c.source_seq)`
	both    = `credentials c LEFT JOIN credentials o ON o.org_id = c.from_org AND o.id = c.id LEFT JOIN shares s ON s.org_id = o.org_id AND s.credential_id = o.id AND s.to_org = c.org_id`
	// Where somebody was removed at the other side, and it has still to renew its
	// keys, nothing is sealed to the present ones.
	renewing = `FROM organizations p WHERE p.id = s.to_org AND p.epoch_due_at <> 0`
	// Shared credentials whose key the other side lacks, or that need a new one.
	lacking = `FROM shares s JOIN credentials o ON o.org_id = s.org_id AND o.id = s.credential_id JOIN credentials c ON c.org_id = s.to_org AND c.id = s.credential_id
		WHERE s.org_id = $1 AND s.problem = '' AND (o.key_stale OR o.key_epoch <> $2 OR o.key_id <> c.key_id AND NOT EXISTS
			(SELECT 1 FROM share_keys k WHERE k.to_org = s.to_org AND k.credential_id = s.credential_id AND k.key_id = o.key_id)) AND NOT EXISTS (SELECT 1 ` + renewing + `)`
)

var (
	sqlLags  = gate.SQLShared("what is received follows its maker", `SELECT DISTINCT c.org_id FROM `+both+` WHERE c.from_org = $1 AND c.from_org <> '' AND `+differs)
	sqlTurns = gate.SQLShared("what is received follows its maker", `SELECT COUNT(*) FROM `+both+` WHERE c.org_id = $1 AND c.from_org = $2 AND c.from_org <> '' AND (c.archived_at = 0) <> (s.org_id IS NOT NULL AND o.archived_at = 0 AND o.key_id = c.key_id)`)
	sqlEnd   = gate.SQLShared("what is received follows its maker", `UPDATE credentials SET archived_at = $3, key_id = '', key_epoch = 0, key_box = $5, source_seq = 0, change_seq = $4 WHERE org_id = $1 AND from_org = $2 AND from_org <> '' AND source_seq <> 0
		AND NOT EXISTS (SELECT 1 FROM shares s WHERE s.org_id = $2 AND s.credential_id = credentials.id AND s.to_org = $1)`)
	sqlEndKeys = gate.SQL(`DELETE FROM received_keys WHERE org_id = $1 AND credential_id IN (SELECT id FROM credentials WHERE org_id = $1 AND from_org = $2 AND from_org <> '' AND source_seq = 0)`)
	sqlEndWay  = gate.SQLShared("what is received follows its maker", `DELETE FROM share_keys WHERE to_org = $1 AND from_org = $2 AND NOT EXISTS (SELECT 1 FROM shares s WHERE s.org_id = $2 AND s.credential_id = share_keys.credential_id AND s.to_org = $1)`)
	sqlTake    = gate.SQLShared("what is received follows its maker", `UPDATE credentials SET type = o.type, archived_at = o.archived_at, expires_at = o.expires_at, changed_at = o.changed_at, changed_by = o.changed_by, version = o.version,
			password_rev = o.password_rev, password_at = o.password_at, source_seq = o.change_seq, change_seq = $3
		FROM credentials o WHERE credentials.org_id = $1 AND credentials.from_org = $2 AND credentials.from_org <> '' AND o.org_id = $2 AND o.id = credentials.id AND o.change_seq <> credentials.source_seq
			AND EXISTS (SELECT 1 FROM shares s WHERE s.org_id = $2 AND s.credential_id = o.id AND s.to_org = $1)`)
	sqlTheirAnswer = gate.SQL(`DELETE FROM flags WHERE org_id = $1 AND cause IN ('touched', 'expired', 'unshared', 'weak', 'reused')
		AND credential_id IN (SELECT c.id FROM credentials c WHERE c.org_id = $1 AND c.from_org = $2 AND c.from_org <> '' AND c.password_rev <> flags.password_rev)`)
	sqlLacking = gate.SQLShared("what is received follows its maker", `SELECT COUNT(*) `+lacking)
)

// mirror brings the other sides' rows up to date with this organization's.
func mirror(tx *gate.Tx) error {
	var behind []string
	err := tx.Each(sqlLags, func(r *gate.Rows) error {
		var org string
		err := r.Scan(&org)
		behind = append(behind, org)
		return err
	})
	if err != nil || len(behind) == 0 {
		return err
	}
	from := tx.Who().Org()
	own := tx.Who().Kind() != gate.Partner // otherwise the other side has done it itself
	for _, org := range behind {
		err := tx.Beside(org, func(b *gate.Tx) error {
			if own {
				if err := tell(b, from); err != nil {
					return err
				}
			}
			return follow(b, from)
		})
		if err != nil {
			return err
		}
	}
	n := 0
	if err := tx.Row(sqlLacking, tx.KeyEpoch()).Scan(&n); err != nil || n == 0 {
		return err
	}
	_, err = tx.Exec(sqlSharesDue, tx.Millis())
	return err
}

var sqlNews = gate.SQLShared("what is received follows its maker", `SELECT c.id, COALESCE(c.client_id, '') FROM `+both+` WHERE c.org_id = $1 AND c.from_org = $2 AND c.from_org <> ''
	AND s.org_id IS NOT NULL AND (o.changed_at <> c.changed_at OR o.changed_by <> c.changed_by OR o.password_rev <> c.password_rev OR (o.archived_at = 0) <> (c.archived_at = 0)) ORDER BY c.id`)

// tell logs there what is done to the credentials that are shared with the
// other side: changed, archived, restored. What only this side's own filing and
// keys are about is nothing to it.
func tell(b *gate.Tx, from string) error {
	return b.Each(sqlNews, func(r *gate.Rows) error {
		e := gate.Event{Kind: string(gate.KindCredential)}
		err := r.Scan(&e.ID, &e.Client)
		b.Note(e, "")
		return err
	}, from)
}

// follow takes the changes of an organization over into the rows of the other.
func follow(b *gate.Tx, from string) error {
	turns := 0
	if err := b.Row(sqlTurns, from).Scan(&turns); err != nil {
		return err
	}
	seq, err := b.NextChange()
	if err != nil {
		return err
	}
	if _, err := b.Exec(sqlEnd, from, b.Millis(), seq, []byte{}); err != nil {
		return err
	}
	for _, stmt := range []gate.Stmt{sqlEndKeys, sqlEndWay} {
		if _, err := b.Exec(stmt, from); err != nil {
			return err
		}
	}
	if _, err := b.Exec(sqlTake, from, seq); err != nil {
		return err
	}
	if _, err := b.Exec(sqlTheirAnswer, from); err != nil {
		return err
	}
	if turns == 0 {
		return nil
	}
	return b.BumpAccess()
}
