package people

import (
	"context"

	"bailiwick/internal/gate"
	"bailiwick/internal/mail"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
)

// Operations on another user; rank applies to all of them.
var (
	OpApprove     = gate.Define(gate.Op{Name: "user.approve", Sentence: "Approve a user, or make one pending again (rank applies)", Scope: gate.Whole, Visits: true, Needs: perm.UserEdit, Write: true, Audit: true, Once: true})
	OpPromote     = gate.Define(gate.Op{Name: "user.promote", Sentence: "Make a member an administrator", Scope: gate.Whole, Needs: perm.OrganizationAdmin, Write: true, Audit: true, Once: true})
	OpDemote      = gate.Define(gate.Op{Name: "user.demote", Sentence: "Make an administrator the member that he was", Scope: gate.Whole, Needs: perm.OrganizationAdmin, Write: true, Audit: true, Once: true})
	OpAddMember   = gate.Define(gate.Op{Name: "user.member", Sentence: "Make a guest a member with the default level (User: Add is needed besides)", Scope: gate.Whole, Needs: perm.PermissionsEdit, Write: true, Audit: true, Once: true})
	OpMakeGuest   = gate.Define(gate.Op{Name: "user.guest", Sentence: "Make a member a guest (User: Add is needed besides; rank applies)", Scope: gate.Whole, Needs: perm.PermissionsEdit, Write: true, Audit: true, Once: true})
	OpDisable     = gate.Define(gate.Op{Name: "user.disable", Sentence: "Disable a user (rank applies)", Scope: gate.Whole, Visits: true, Needs: perm.UserDisable, Write: true, Audit: true, Once: true})
	OpEnable      = gate.Define(gate.Op{Name: "user.enable", Sentence: "Enable a disabled user (rank applies)", Scope: gate.Whole, Visits: true, Needs: perm.UserDisable, Write: true, Audit: true, Once: true})
	OpEndSessions = gate.Define(gate.Op{Name: "user.end-sessions", Sentence: "End all sessions and devices of a user (rank applies)", Scope: gate.Whole, Visits: true, Needs: perm.UserDisable, Write: true, Audit: true, Once: true})
	OpUnlock      = gate.Define(gate.Op{Name: "user.unlock", Sentence: "End a lockout (rank applies)", Scope: gate.Whole, Visits: true, Needs: perm.AdminManageUserLockouts, Write: true, Audit: true, Once: true})
)

// act runs an operation that takes nothing but the user.
func (s *Store) act(ctx context.Context, who gate.Actor, op *gate.Op, user string, a Act, change func(*gate.Tx, *Person, func(*gate.Tx, string) error) error) error {
	return s.org.Cut(func(removed func(*gate.Tx, string) error) error {
		_, err := gate.Do(ctx, s.gate, who, op, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
			return true, s.on(tx, user, a, func(p *Person) error { return change(tx, p, removed) })
		})
		return err
	})
}

// Approve ends the pending state of a user and mails him.
func (s *Store) Approve(ctx context.Context, who gate.Actor, user string) error {
	return s.act(ctx, who, OpApprove, user, Approve, func(tx *gate.Tx, p *Person, _ func(*gate.Tx, string) error) error {
		tx.Event().Fields = []string{"approved"}
		return s.setApproved(tx, p, true)
	})
}

// Unapprove makes a user pending again and ends his sessions.
func (s *Store) Unapprove(ctx context.Context, who gate.Actor, user string) error {
	return s.act(ctx, who, OpApprove, user, Unapprove, func(tx *gate.Tx, p *Person, _ func(*gate.Tx, string) error) error {
		tx.Event().Fields = []string{"pending"}
		return s.setApproved(tx, p, false)
	})
}

var (
	sqlApproved = gate.SQL(`UPDATE users SET approved = $3, version = version + 1 WHERE org_id = $1 AND id = $2`)
	sqlSetLevel = gate.SQL(`UPDATE users SET kind = $3, level_id = $4, earlier_level = $5, version = version + 1 WHERE org_id = $1 AND id = $2`)
	sqlSessions = gate.SQL(`DELETE FROM sessions WHERE org_id = $1 AND user_id = $2`)
	sqlDevices  = gate.SQL(`DELETE FROM devices WHERE org_id = $1 AND user_id = $2`)
	sqlTokens   = gate.SQL(`DELETE FROM tokens WHERE org_id = $1 AND user_id = $2`)
)

func (s *Store) setApproved(tx *gate.Tx, p *Person, on bool) error {
	if err := tx.One(sqlApproved, p.ID, on); err != nil {
		return err
	}
	if !on {
		return all(tx, p.ID, sqlSessions)
	}
	if p.Invited { // the invitation is still on its way; there is nothing to tell
		return nil
	}
	_, err := s.mail.Enqueue(tx, mail.Mail{Kind: mail.Approved, To: p.ID, By: tx.Name(), Link: seal.NewSecret("/")})
	return err
}

func all(tx *gate.Tx, user string, stmts ...gate.Stmt) error {
	for _, stmt := range stmts {
		if _, err := tx.Exec(stmt, user); err != nil {
			return err
		}
	}
	return nil
}

// EndSessions ends all sessions and devices of a user. Devices could open the
// vault, so a new epoch is made or due.
func (s *Store) EndSessions(ctx context.Context, who gate.Actor, user string) error {
	return s.act(ctx, who, OpEndSessions, user, EndSessions, func(tx *gate.Tx, p *Person, removed func(*gate.Tx, string) error) error {
		if err := all(tx, user, sqlSessions); err != nil {
			return err
		}
		n, err := tx.Exec(sqlDevices, user)
		if err != nil || n == 0 {
			return err
		}
		return removed(tx, "a user's devices were forgotten")
	})
}

var sqlUnlock = gate.SQL(`UPDATE users SET failures = 0, locked_until = 0 WHERE org_id = $1 AND id = $2`)

// Unlock ends a lockout.
func (s *Store) Unlock(ctx context.Context, who gate.Actor, user string) error {
	return s.act(ctx, who, OpUnlock, user, Unlock, func(tx *gate.Tx, p *Person, _ func(*gate.Tx, string) error) error {
		return tx.One(sqlUnlock, user)
	})
}
