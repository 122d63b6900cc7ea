package client

import (
	"slices"

	"bailiwick/internal/gate"
	"bailiwick/internal/seal"
)

// LongestName is how long a client's name may be, in bytes.
const LongestName = 200

// Check tidies an input and says everything that is wrong with it.
func (in *Input) Check() error { return in.checkNew() }

// Differences names the fields in which two inputs differ; never their values.
func Differences(old, in Input) []string {
	return changed(Client{Name: old.Name, ShortCode: old.ShortCode, Phone: old.Phone, Address: old.Address, Website: old.Website, Notes: old.Notes, Tags: old.Tags, RotationDays: old.RotationDays, Types: old.Types}, in)
}

// AddWith adds a client inside an import's transaction, with a key under which
// the import may have sealed rows already. The decision is the same as Add's.
func (s *Store) AddWith(tx *gate.Tx, clientID string, in Input, key seal.Key) error {
	if err := in.check(); err != nil {
		return err
	}
	return tx.Also(OpAdd, gate.Nothing(), func() error {
		sealed, err := s.put(tx, clientID, in, key)
		if err != nil {
			return err
		}
		tx.Note(gate.Event{Operation: OpAdd.Name, Kind: "client", ID: clientID, Name: in.Name, Client: clientID, Sealed: sealed}, "")
		return tx.BumpAccess()
	})
}

// EditWith changes a client inside an import's transaction, or inside the one
// that undoes it, and gives its new version. The decision is the same as Edit's.
func (s *Store) EditWith(tx *gate.Tx, old Client, in Input) (int64, error) {
	if err := in.check(); err != nil {
		return 0, err
	}
	err := tx.Also(OpEdit, gate.Client(old.ID), func() error {
		if err := settleTypes(tx, &in, old.Types); err != nil {
			return err
		}
		sealed, err := change(tx, old, in)
		if err != nil {
			return err
		}
		tx.Note(gate.Event{Operation: OpEdit.Name, Kind: "client", ID: old.ID, Name: in.Name, Client: old.ID, Fields: slices.Clone(changed(old, in)), Sealed: sealed}, "")
		return nil
	})
	return old.Version + 1, err
}

var sqlTakeBack = gate.SQL(`DELETE FROM clients WHERE org_id = $1 AND id = $2 AND version = $3 AND NOT company AND panel_version = 0 AND banner_version = 0
	AND NOT EXISTS (SELECT 1 FROM credentials c WHERE c.org_id = $1 AND c.client_id = $2) AND NOT EXISTS (SELECT 1 FROM folders f WHERE f.org_id = $1 AND f.client_id = $2)`)

// TakeBack takes a client that an import added away again, where nothing was
// put into it and nobody changed it since; gone says whether it was so. What
// was needed to add it is needed for that.
func (s *Store) TakeBack(tx *gate.Tx, clientID, name string, version int64) (gone bool, err error) {
	err = tx.Also(OpAdd, gate.Nothing(), func() error {
		n, err := tx.Exec(sqlTakeBack, clientID, version)
		if gone = n == 1; err != nil || !gone {
			return err
		}
		tx.Note(gate.Event{Operation: OpDelete.Name, Kind: "client", ID: clientID, Name: name, Client: clientID}, "")
		return tx.BumpAccess()
	})
	return gone, err
}
