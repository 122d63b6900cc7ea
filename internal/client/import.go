package client

import (
	"strings"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/org"
	"bailiwick/internal/seal"
)

// LongestName is how long a client's name may be, in bytes.
const LongestName = 200

// AddWith adds a client inside an import's transaction, with a key under which
// the import has sealed its rows already. The decision is the same as Add's.
func (s *Store) AddWith(tx *gate.Tx, clientID, name string, key seal.Key) error {
	name = strings.TrimSpace(name)
	if name == "" || len(name) > LongestName {
		return fault.Bad("name", "Give the client a name of at most %d characters.", LongestName)
	}
	return tx.Also(OpAdd, gate.Nothing(), func() error {
		if err := free(tx, name, clientID); err != nil {
			return err
		}
		if _, err := tx.Exec(sqlAdd, clientID, name, org.Fold(name), "", "", "", "", tx.Millis(), tx.ChangeSeq(), 0); err != nil {
			return err
		}
		if err := s.org.KeepClientKey(tx, clientID, key); err != nil {
			return err
		}
		if _, err := tx.Exec(sqlAssign, clientID, tx.Who().User()); err != nil {
			return err
		}
		tx.Note(gate.Event{Operation: OpAdd.Name, Kind: "client", ID: clientID, Name: name, Client: clientID}, "")
		return tx.BumpAccess()
	})
}
