package vault

import (
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/org"
)

var (
	sqlTheirKey = gate.SQL(`SELECT COALESCE(client_id, ''), key_box FROM credentials WHERE org_id = $1 AND id = $2 AND key_id = $3 AND key_epoch = $4 AND NOT key_stale`)
	sqlGotKey   = gate.SQL(`SELECT COUNT(*) FROM credentials WHERE org_id = $1 AND id = $2 AND key_epoch = $3`)
)

// storeThere stores a change of what another organization shares, in its
// records. Nothing is written under a key that somebody removed on either side
// has seen: until the maker has replaced it, that waits.
func (n *next) storeThere(tx *gate.Tx) error {
	if len(n.Input.Type) > longestBuiltin && n.Input.Type != n.stored.Type {
		return fault.Bad("type", "The other organization does not have this credential type. Choose one of the built-in ones; nothing was saved.")
	}
	present := 0
	if err := tx.Row(sqlGotKey, n.ID, tx.KeyEpoch()).Scan(&present); err != nil {
		return err
	}
	if present == 0 {
		return tx.Beside(n.got.from, waitsThere)
	}
	by := tx.Who().User()
	err := tx.Beside(n.got.from, func(b *gate.Tx) error {
		if b.DueAt() != 0 {
			return waitsThere(b)
		}
		var client string
		err := b.Row(sqlTheirKey, n.ID, n.item.keyID, b.KeyEpoch()).Scan(&client, &n.item.keyBox)
		if isAbsent(err) {
			return waitsThere(b)
		}
		if err != nil {
			return err
		}
		n.mark = 0
		b.Note(gate.Event{Kind: string(gate.KindCredential), ID: n.ID, Client: client, Fields: n.fields, Sealed: n.item.hash()}, "")
		return n.store(b, by)
	})
	if err == nil {
		err = n.before.comesBackHere(tx, n.ID, n.rev)
	}
	return err
}

// waitsThere says for what a change waits: where the maker is a site that is
// switched off, nobody there can open the vault.
func waitsThere(b *gate.Tx) error {
	is, err := org.StandingOf(b)
	if err != nil {
		return err
	}
	if is.Suspended {
		return fault.Cannot("The site that shares this credential is switched off, or its client is disabled, so nobody there can renew its key. Nothing was changed. Switch it on first.")
	}
	return keyWaits(nil)
}

// longestBuiltin is the most bytes that the id of a built-in type has.
const longestBuiltin = 30
