package extlink

import (
	"context"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/perm"
)

// What ends a link takes away its copy, its passphrase's record and what its
// bearer is known by, so that nothing tells it from one that never was.

var (
	sqlEnd         = gate.SQL(`UPDATE external_links SET ended_at = $3, ended_why = $4, proof = $5, passphrase_record = $5, copy_box = $5 WHERE org_id = $1 AND id = $2 AND ended_at = 0`)
	sqlEndOf       = gate.SQL(`UPDATE external_links SET ended_at = $3, ended_why = $4, proof = $5, passphrase_record = $5, copy_box = $5 WHERE org_id = $1 AND credential_id = $2 AND ended_at = 0`)
	sqlEndImported = gate.SQL(`UPDATE external_links SET ended_at = $3, ended_why = $4, proof = $5, passphrase_record = $5, copy_box = $5 WHERE org_id = $1 AND ended_at = 0
		AND credential_id IN (SELECT id FROM credentials WHERE org_id = $1 AND import_id = $2 AND import_id <> '' AND archived_at <> 0)`)
	sqlEndBy    = gate.SQL(`UPDATE external_links SET ended_at = $3, ended_why = $4, proof = $5, passphrase_record = $5, copy_box = $5 WHERE org_id = $1 AND made_by = $2 AND ended_at = 0`)
	sqlClientOf = gate.SQL(`SELECT COALESCE(client_id, '') FROM credentials WHERE org_id = $1 AND id = $2`)
	sqlWhose    = gate.SQL(`SELECT l.made_by, l.credential_id, COALESCE(c.client_id, ''), l.ended_at FROM external_links l JOIN credentials c ON c.org_id = l.org_id AND c.id = l.credential_id WHERE l.org_id = $1 AND l.id = $2`)
)

var nothing = []byte{}

func end(tx *gate.Tx, link, why string) error {
	return tx.One(sqlEnd, link, tx.Millis(), why, nothing)
}

// EndOf ends the links to a credential that is being archived or deleted.
func EndOf(tx *gate.Tx, credential string) error {
	_, err := tx.Exec(sqlEndOf, credential, tx.Millis(), Archived, nothing)
	return err
}

// EndImported ends the links to what an import added and its undoing has
// archived.
func EndImported(tx *gate.Tx, job string) error {
	_, err := tx.Exec(sqlEndImported, job, tx.Millis(), Archived, nothing)
	return err
}

// EndBy ends the links of a user who loses his account, or the vault.
func EndBy(tx *gate.Tx, user string) error {
	_, err := tx.Exec(sqlEndBy, user, tx.Millis(), NoSender, nothing)
	return err
}

// Revoke ends a link. Nothing happens to one that is over.
func (s *Store) Revoke(ctx context.Context, who gate.Actor, link string) error {
	_, err := gate.Do(ctx, s.gate, who, OpRevoke, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		var by string
		var ended int64
		e := tx.Event()
		e.Kind = string(gate.KindCredential)
		if err := tx.Row(sqlWhose, link).Scan(&by, &e.ID, &e.Client, &ended); err != nil {
			return false, err
		}
		if by != who.User() && !tx.Has(perm.OrganizationAdmin) {
			return false, fault.NotFound()
		}
		if err := s.named(tx, e.ID); err != nil || ended != 0 {
			return true, err
		}
		return true, end(tx, link, Revoked)
	})
	return err
}

// named puts the credential's title into the event where the actor may see it.
func (s *Store) named(tx *gate.Tx, credential string) error {
	if !tx.Who().Open() {
		return nil
	}
	titles, err := s.vault.TitlesOf(tx, []string{credential})
	if title := titles[credential]; err == nil && title != "" {
		tx.Title(tx.Event().Client, title)
	}
	return err
}
