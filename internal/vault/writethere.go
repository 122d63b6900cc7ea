package vault

import (
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
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
		return keyWaits(nil)
	}
	by := tx.Who().User()
	err := tx.Beside(n.got.from, func(b *gate.Tx) error {
		if b.DueAt() != 0 {
			return keyWaits(nil)
		}
		var client string
		err := b.Row(sqlTheirKey, n.ID, n.item.keyID, b.KeyEpoch()).Scan(&client, &n.item.keyBox)
		if isAbsent(err) {
			return keyWaits(nil)
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

// longestBuiltin is the most bytes that the id of a built-in type has.
const longestBuiltin = 30
