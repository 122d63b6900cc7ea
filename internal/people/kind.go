package people

import (
	"context"

	"bailiwick/internal/extlink"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
)

func setLevel(tx *gate.Tx, user, level, earlier string) error {
	return tx.One(sqlSetLevel, user, kindFor(level), level, earlier)
}

// Promote makes a member an administrator; his level is kept for a demotion.
func (s *Store) Promote(ctx context.Context, who gate.Actor, user string) error {
	return s.act(ctx, who, OpPromote, user, Promote, func(tx *gate.Tx, p *Person, _ func(*gate.Tx, string) error) error {
		return setLevel(tx, user, top(tx), p.Level)
	})
}

// Demote makes an administrator the member that he was: his earlier level comes
// back, or the default level where there is none.
func (s *Store) Demote(ctx context.Context, who gate.Actor, user string) error {
	return s.act(ctx, who, OpDemote, user, Demote, func(tx *gate.Tx, p *Person, _ func(*gate.Tx, string) error) error {
		level := p.earlier
		if _, err := levelSet(tx, level); level == "" || fault.Is(err, fault.Invalid) {
			st, err := ReadSettings(tx)
			if err != nil {
				return err
			}
			level = st.DefaultLevel
		} else if err != nil {
			return err
		}
		return setLevel(tx, user, level, "")
	})
}

// AddMember makes a guest a member with the default level, where that lies
// within the actor's own permissions.
func (s *Store) AddMember(ctx context.Context, who gate.Actor, user string) error {
	return s.act(ctx, who, OpAddMember, user, AddMember, func(tx *gate.Tx, p *Person, _ func(*gate.Tx, string) error) error {
		st, err := ReadSettings(tx)
		if err != nil {
			return err
		}
		if text, err := giveable(tx, st.DefaultLevel, st.DefaultLevel); err != nil || text != "" {
			if err == nil {
				err = fault.Cannot("%s", text)
			}
			return err
		}
		return setLevel(tx, user, st.DefaultLevel, "")
	})
}

// MakeGuest makes a member a guest: his vault access ends as in disabling. His
// account stays, and so do his roles in knowledge bases.
func (s *Store) MakeGuest(ctx context.Context, who gate.Actor, user string) error {
	return s.act(ctx, who, OpMakeGuest, user, MakeGuest, func(tx *gate.Tx, p *Person, removed func(*gate.Tx, string) error) error {
		return s.toGuest(tx, p, removed)
	})
}

var sqlNoRoles = gate.SQL(`UPDATE users SET role_account = FALSE, role_user_manager = FALSE WHERE org_id = $1 AND id = $2`)

func (s *Store) toGuest(tx *gate.Tx, p *Person, removed func(*gate.Tx, string) error) error {
	if err := setLevel(tx, p.ID, "", ""); err != nil {
		return err
	}
	if err := all(tx, p.ID, sqlNoRoles, sqlDropClients, sqlDropGroups, sqlSessions, sqlDevices, sqlTokens); err != nil {
		return err
	}
	if err := extlink.EndBy(tx, p.ID); err != nil {
		return err
	}
	if !p.keys && p.Invited {
		return nil
	}
	if err := beginOffboarding(tx, p); err != nil {
		return err
	}
	return removed(tx, "a member became a guest")
}
