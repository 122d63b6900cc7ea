package importer

import (
	"context"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/seal"
	"bailiwick/internal/seal/kdbx"
)

// settle keeps the plan of a file that was converted, and forgets the file.
func (j *job) settle(tx *gate.Tx) error {
	if j.plan.FirstPart > 0 {
		if _, err := tx.Exec(sqlDropBefore, j.id, j.plan.FirstPart); err != nil {
			return err
		}
	}
	return j.savePlan(tx, StateDraft)
}

// Unlock opens one's own uploaded KeePass database. Neither passphrase nor key
// file are kept.
func (s *Store) Unlock(ctx context.Context, who gate.Actor, id string, passphrase seal.Secret, keyFile []byte) error {
	j, err := s.draft(ctx, unkeyed(who), id)
	if err != nil {
		return err
	}
	if !j.plan.Locked {
		return s.unlocked(ctx, who, id, func(*gate.Tx) error { return nil })
	}
	switch {
	case len(passphrase.Reveal()) > 10_000:
		return fault.Bad("passphrase", "The passphrase is too long.")
	case len(keyFile) > MostKeyFile:
		return fault.Bad("key_file", "The key file is larger than %d MB, so it is none.", MostKeyFile>>20)
	case len(passphrase.Reveal()) == 0 && len(keyFile) == 0:
		return fault.Bad("passphrase", "Enter the passphrase of the database, or choose its key file.")
	}
	if len(keyFile) == 0 {
		keyFile = nil
	}
	defer clear(keyFile)
	if err := s.convert(ctx, unkeyed(who), j, kdbx.Credentials{Passphrase: passphrase, KeyFile: keyFile}); err != nil {
		return err
	}
	return s.unlocked(ctx, who, id, j.settle)
}

func (s *Store) unlocked(ctx context.Context, who gate.Actor, id string, keep func(*gate.Tx) error) error {
	_, err := gate.Do(ctx, s.gate, who, OpUnlock, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		tx.Event().Kind, tx.Event().ID = "import", id
		return true, keep(tx)
	})
	return err
}

// MostKeyFile is how large a key file of KeePass may be, in bytes.
const MostKeyFile = 1 << 20
