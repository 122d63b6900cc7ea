package vault

import (
	"context"
	"strings"

	"bailiwick/internal/extlink"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/perm"
)

var sqlArchive = gate.SQL(`UPDATE credentials SET archived_at = $3, change_seq = $4, version = version + 1 WHERE org_id = $1 AND id = $2 AND version = $5`)

// Archive takes a credential out of lists and search.
func (s *Store) Archive(ctx context.Context, who gate.Actor, credential string) error {
	_, err := s.ArchiveAll(ctx, who, []Chosen{{ID: credential}})
	return err
}

// Restore brings a credential back from the archive.
func (s *Store) Restore(ctx context.Context, who gate.Actor, credential string) error {
	_, err := s.RestoreAll(ctx, who, []Chosen{{ID: credential}})
	return err
}

// ArchiveAll takes several credentials out of lists and search.
func (s *Store) ArchiveAll(ctx context.Context, who gate.Actor, chosen []Chosen) ([]Changed, error) {
	return s.archive(ctx, who, OpArchive, chosen, true)
}

// RestoreAll brings several back, each into the folder where it lay. Where a
// folder was deleted meanwhile, that is the one that it lay in.
func (s *Store) RestoreAll(ctx context.Context, who gate.Actor, chosen []Chosen) ([]Changed, error) {
	return s.archive(ctx, who, OpRestore, chosen, false)
}

func (s *Store) archive(ctx context.Context, who gate.Actor, op *gate.Op, chosen []Chosen, on bool) ([]Changed, error) {
	var seq int64
	return s.several(ctx, who, op, chosen, func(tx *gate.Tx, c *stored, i int) (changed Changed, err error) {
		changed = Changed{ID: c.ID, From: c.where()}
		if i == 0 {
			seq = 0 // of an earlier try
		}
		if c.Archived == on {
			return changed, nil
		}
		when := int64(0)
		if on {
			when = tx.Millis()
			if err := extlink.EndOf(tx, c.ID); err != nil {
				return changed, err
			}
		}
		if seq == 0 {
			if seq, err = tx.NextChange(); err != nil {
				return changed, err
			}
		}
		changed.Version = c.Version + 1
		return changed, orStale(tx.One(sqlArchive, c.ID, when, seq, c.Version))
	})
}

// OpDelete is the only act on a credential that nothing takes back.
var OpDelete = gate.Define(gate.Op{Name: "credential.delete", Sentence: "Delete an archived credential for good, after typing its title", Scope: gate.Single, Needs: perm.OrganizationAdmin, Personal: true, Write: true, Audit: true, Once: true, Keys: true})

var sqlDelete = gate.SQL(`DELETE FROM credentials WHERE org_id = $1 AND id = $2 AND version = $3`)

// Delete deletes a credential that lies in the archive, with all its versions
// and the record of who has seen its secrets. title is what the actor typed to
// show that he means this one.
func (s *Store) Delete(ctx context.Context, who gate.Actor, credential string, version int64, title string) error {
	_, err := gate.Do(ctx, s.gate, who, OpDelete, gate.Credential(credential), func(tx *gate.Tx) (bool, error) {
		c, err := load(tx, credential)
		if err != nil {
			return false, err
		}
		tx.Title(c.ClientID, c.Title)
		switch {
		case !c.Archived:
			return false, fault.Cannot("Only what lies in the archive can be deleted for good. Nothing was deleted. Archive the credential first.")
		case c.Version != version:
			return false, fault.Stale("credential")
		case strings.TrimSpace(title) != c.Title:
			return false, fault.Bad("title", "This is not its title. Type the title exactly as it stands above; nothing was deleted.")
		}
		if _, err := tx.NextChange(); err != nil {
			return false, err
		}
		return true, orStale(tx.One(sqlDelete, credential, version))
	})
	return err
}
