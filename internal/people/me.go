package people

import (
	"context"

	"bailiwick/internal/brand"
	"bailiwick/internal/gate"
	"bailiwick/internal/org"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
)

// Me is the actor's own profile: what the frame of every page needs.
type Me struct {
	ID, Name, Email, Kind, Level, LevelName, Theme string
	Organization, OrganizationID                   string
	Slug                                           string       // of the organization, in its own address
	Provider                                       string       // name of a site's provider
	Colour                                         brand.Colour // of the organization's pages
	Open, EpochDue                                 bool
	RecoveryConfirmed                              bool // the user's own recovery code
	Looking                                        bool // this is a perspective of the user
	Site                                           bool // the organization is a site
	Waiting                                        bool // for approval: nothing but his own account is his
	State                                          string
	Permissions                                    perm.Set
}

// Has reports whether the actor holds a permission.
func (m Me) Has(p perm.P) bool { return m.Permissions.Has(p) }

// Keys reports whether the actor has, or may get, keys of the vault.
func (m Me) Keys() bool { return m.Kind != "guest" && !m.Waiting }

var sqlMe = gate.SQLShared("a provider and its sites are a family", `SELECT u.id, u.name, u.email, u.kind, u.level_id, u.theme, u.recovery_confirmed, u.enabled, u.approved, u.invited, u.locked_until, o.id, o.name, o.slug, o.epoch_due_at <> 0,
	COALESCE((SELECT l.name FROM levels l WHERE l.org_id = u.org_id AND l.id = u.level_id), ''),
	COALESCE((SELECT p.name FROM organizations p WHERE p.id = o.provider_id), ''), `+org.ColourOf+`
	FROM users u JOIN organizations o ON o.id = u.org_id`+org.ColourFrom+`WHERE u.org_id = $1 AND u.id = $2`)

// Me gives the actor's own profile.
func (s *Store) Me(ctx context.Context, who gate.Actor) (Me, error) {
	return gate.Do(ctx, s.gate, who, OpMe, gate.Nothing(), func(tx *gate.Tx) (Me, error) {
		m := Me{Open: who.Open(), Looking: who.Kind() == gate.Perspective}
		var f flags
		var colour string
		err := tx.Row(sqlMe, who.User()).Scan(&m.ID, &m.Name, &m.Email, &m.Kind, &m.Level, &m.Theme, &m.RecoveryConfirmed, &f.enabled, &f.approved, &f.invited, &f.lockedUntil, &m.OrganizationID, &m.Organization, &m.Slug, &m.EpochDue, &m.LevelName, &m.Provider, &colour)
		m.Colour, _ = brand.Parse(colour)
		m.State, m.Waiting, m.Site = f.state(tx.Millis()), tx.Waits(), tx.Site()
		if l, ok := perm.LevelByID(m.Level); ok {
			m.LevelName = l.Name
		}
		for _, p := range perm.All() {
			if tx.Has(p.P) {
				m.Permissions = m.Permissions.With(p.P)
			}
		}
		return m, err
	})
}

var sqlTheme = gate.SQL(`UPDATE users SET theme = $3 WHERE org_id = $1 AND id = $2`)

// SetTheme keeps "light", "dark" or "" (as the system has it) for the actor.
func (s *Store) SetTheme(ctx context.Context, who gate.Actor, theme string) error {
	if theme != "light" && theme != "dark" {
		theme = ""
	}
	_, err := gate.Do(ctx, s.gate, who, OpTheme, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		return true, tx.One(sqlTheme, who.User(), theme)
	})
	return err
}

// RenewRecovery makes the actor's recovery code anew. It is shown once and
// counts when he has confirmed a part of it; the earlier one is void then.
func (s *Store) RenewRecovery(ctx context.Context, who gate.Actor, code seal.RecoveryCode) error {
	_, err := gate.Do(ctx, s.gate, who, OpConfirmRecovery, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		return true, s.org.SetRecovery(tx, code)
	})
	return err
}
