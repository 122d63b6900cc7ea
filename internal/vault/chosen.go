package vault

import (
	"context"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/perm"
)

// What a Site User - Limited sees is chosen for him by a Site Administrator:
// folders, with all in them, and single credentials.

var (
	OpChosen = gate.Define(gate.Op{Name: "chosen.list", Sentence: "See what was chosen for a Site User - Limited", Scope: gate.Whole, Needs: perm.OrganizationAdmin, View: true, Keys: true})
	OpChoose = gate.Define(gate.Op{Name: "chosen.save", Sentence: "Choose what a Site User - Limited sees", Scope: gate.Whole, Needs: perm.OrganizationAdmin, Write: true, Audit: true, Once: true})

	// choosable is what can be chosen: whatever one sees of the organization's own
	// vault, and nothing of a personal one.
	choosable = &gate.Op{Scope: gate.Single, Needs: perm.ClientViewList, Shared: gate.Received}
)

var (
	sqlLimited   = gate.SQL(`SELECT name, level_id FROM users WHERE org_id = $1 AND id = $2`)
	sqlChosenFor = gate.SQL(`SELECT thing_id FROM chosen WHERE org_id = $1 AND user_id = $2 ORDER BY thing_id`)
	sqlUnchoose  = gate.SQL(`DELETE FROM chosen WHERE org_id = $1 AND user_id = $2`)
	sqlChooseOne = gate.SQL(`INSERT INTO chosen (org_id, user_id, thing_id) VALUES ($1, $2, $3)`)
	sqlAlone     = gate.SQL(`UPDATE credentials SET alone = TRUE, change_seq = $2 WHERE org_id = $1 AND NOT alone AND id IN (SELECT thing_id FROM chosen WHERE org_id = $1)`)
)

// Limited is what was chosen for a user.
type Limited struct {
	User, Name  string
	Folders     []string
	Credentials []string
}

// Chosen gives what was chosen for a Site User - Limited.
func (s *Store) Chosen(ctx context.Context, who gate.Actor, user string) (Limited, error) {
	return gate.Do(ctx, s.gate, who, OpChosen, gate.Nothing(), func(tx *gate.Tx) (Limited, error) {
		l, err := limited(tx, user)
		if err != nil {
			return l, err
		}
		ids, err := idsIn(tx, sqlChosenFor, user)
		for _, id := range ids {
			switch {
			case tx.May(choosable, gate.Folder(id)):
				l.Folders = append(l.Folders, id)
			case tx.May(choosable, gate.Credential(id)):
				l.Credentials = append(l.Credentials, id)
			}
		}
		return l, err
	})
}

func limited(tx *gate.Tx, user string) (Limited, error) {
	l := Limited{User: user}
	var level string
	err := tx.Row(sqlLimited, user).Scan(&l.Name, &level)
	if err == nil && level != perm.LevelSiteUserLimited {
		err = fault.Cannot("Only for a Site User - Limited is it chosen what he sees; others see what their groups let them see.")
	}
	return l, err
}

// Choose sets what a Site User - Limited sees: these folders, with all that is
// in them, and these credentials, and nothing else but what is shared with him
// by name.
func (s *Store) Choose(ctx context.Context, who gate.Actor, user string, folders, credentials []string) error {
	_, err := gate.Do(ctx, s.gate, who, OpChoose, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		l, err := limited(tx, user)
		if err != nil {
			return false, err
		}
		if _, err := tx.Exec(sqlUnchoose, user); err != nil {
			return false, err
		}
		done := map[string]bool{}
		put := func(id string, there bool) error {
			if !there {
				return fault.NotFound()
			}
			if done[id] {
				return nil
			}
			done[id] = true
			_, err := tx.Exec(sqlChooseOne, user, id)
			return err
		}
		for _, id := range folders {
			if err := put(id, tx.May(choosable, gate.Folder(id))); err != nil {
				return false, err
			}
		}
		for _, id := range credentials {
			if err := put(id, tx.May(choosable, gate.Credential(id))); err != nil {
				return false, err
			}
		}
		if err := standAlone(tx); err != nil {
			return false, err
		}
		e := tx.Event()
		e.Kind, e.ID, e.Name = "user", user, l.Name
		return true, tx.BumpAccess()
	})
	return err
}
