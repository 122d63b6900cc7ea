package client

import (
	"context"
	"time"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/org"
	"bailiwick/internal/perm"
)

// Site is the organization of a client, as its provider sees it.
type Site struct {
	ID, Name, Slug string // "" where site login was never on
	Login          bool
	ForceTypes     bool // it offers the provider's credential types
	Users          int  // enabled ones
	Sessions       int  // that end when the client is disabled; for whoever may do that
	Activated      time.Time
	State          org.PartnerState // of its keys; "" without a site
	MaySet         bool
	Inside         bool // it is seen from inside a site, which has none
}

// There reports whether the client has a site.
func (s Site) There() bool { return s.ID != "" }

// Waits reports whether its first administrator has still to activate it.
func (s Site) Waits() bool { return s.There() && s.Activated.IsZero() }

// Operations on the site of a client. Site User: Add is needed besides Client:
// Edit, as switching on is the first step of adding people.
var (
	OpSite      = gate.Define(gate.Op{Name: "site.view", Sentence: "See how it stands with a client's site", Scope: gate.Single, Needs: perm.ClientViewList, View: true})
	OpSiteOpen  = gate.Define(gate.Op{Name: "site.open", Sentence: "Switch site login of a client on (Site User: Add is needed besides)", Scope: gate.Single, Needs: perm.ClientEdit, Write: true, Audit: true, Once: true, Keys: true})
	OpSiteClose = gate.Define(gate.Op{Name: "site.close", Sentence: "Switch site login of a client off (Site User: Add is needed besides)", Scope: gate.Single, Needs: perm.ClientEdit, Write: true, Audit: true, Once: true})
	OpSiteTypes = gate.Define(gate.Op{Name: "site.types", Sentence: "Force the provider's credential types on a client's site (Site User: Add is needed besides)", Scope: gate.Single, Needs: perm.ClientEdit, Write: true, Audit: true, Once: true})
)

var (
	sqlSite   = gate.SQL(`SELECT site_id, site_login, site_force_types FROM clients WHERE org_id = $1 AND id = $2`)
	sqlItself = gate.SQL(`SELECT o.name, o.slug, o.activated_at, (SELECT COUNT(*) FROM users u WHERE u.org_id = o.id AND u.enabled AND NOT u.unconfirmed),
		(SELECT COUNT(*) FROM sessions s WHERE s.org_id = o.id AND s.expires_at > $2) FROM organizations o WHERE o.id = $1`)
	sqlLogin    = gate.SQL(`UPDATE clients SET site_login = $3, changed_at = $4, version = version + 1 WHERE org_id = $1 AND id = $2`)
	sqlForce    = gate.SQL(`UPDATE clients SET site_force_types = $3, changed_at = $4, version = version + 1 WHERE org_id = $1 AND id = $2`)
	sqlItsTypes = gate.SQL(`UPDATE organizations SET provider_types = $2 WHERE id = $1`)
	sqlItsName  = gate.SQL(`UPDATE organizations SET name = $2 WHERE id = $1`)
)

// Site shows how it stands with a client's site.
func (s *Store) Site(ctx context.Context, who gate.Actor, clientID string) (Site, error) {
	return gate.Do(ctx, s.gate, who, OpSite, gate.Client(clientID), func(tx *gate.Tx) (Site, error) {
		return s.siteOf(tx, clientID)
	})
}

func (s *Store) siteOf(tx *gate.Tx, clientID string) (site Site, err error) {
	if tx.Site() {
		return Site{Inside: true}, nil
	}
	if err = tx.Row(sqlSite, clientID).Scan(&site.ID, &site.Login, &site.ForceTypes); err != nil {
		return site, err
	}
	c, err := scan(tx.Row(sqlOne, tx.Who().User(), clientID))
	if err != nil {
		return site, err
	}
	site.MaySet = !c.Company && tx.May(OpSiteClose, gate.Client(clientID)) && tx.Has(perm.SiteUserAdd)
	if !site.There() {
		return site, nil
	}
	var at int64
	err = tx.Beside(site.ID, func(b *gate.Tx) error {
		return b.Row(sqlItself, b.Millis()).Scan(&site.Name, &site.Slug, &at, &site.Users, &site.Sessions)
	})
	if err != nil {
		return site, err
	}
	if !tx.May(OpDisable, gate.Client(clientID)) {
		site.Sessions = 0
	}
	if at != 0 {
		site.Activated = time.UnixMilli(at).UTC()
	}
	site.State, err = s.org.StateOf(tx, site.ID)
	return site, err
}

// OpenSite switches site login on. The first time it makes the site, which
// waits for its first Site Administrator; later it enables the users again who
// were enabled when it was switched off.
func (s *Store) OpenSite(ctx context.Context, who gate.Actor, clientID string) error {
	return s.setSite(ctx, who, OpSiteOpen, clientID, func(tx *gate.Tx, c Client, site Site) error {
		if !site.There() {
			if _, err := s.org.FoundSite(tx, clientID, c.Name); err != nil {
				return err
			}
		}
		return s.login(tx, clientID, site, true)
	})
}

// CloseSite switches site login off: the site's users are disabled, and nothing
// of the site is lost.
func (s *Store) CloseSite(ctx context.Context, who gate.Actor, clientID string) error {
	return s.setSite(ctx, who, OpSiteClose, clientID, func(tx *gate.Tx, _ Client, site Site) error {
		return s.login(tx, clientID, site, false)
	})
}

func (s *Store) login(tx *gate.Tx, clientID string, site Site, on bool) error {
	if site.Login == on {
		return nil
	}
	if err := tx.One(sqlLogin, clientID, on, tx.Millis()); err != nil {
		return err
	}
	return s.org.SettleSite(tx, clientID)
}

// ForceTypes makes a site offer the provider's credential types instead of its
// own, or its own again.
func (s *Store) ForceTypes(ctx context.Context, who gate.Actor, clientID string, on bool) error {
	return s.setSite(ctx, who, OpSiteTypes, clientID, func(tx *gate.Tx, _ Client, site Site) error {
		if !site.There() {
			return fault.Cannot("This client has no site. Switch site login on first.")
		}
		if site.ForceTypes == on {
			return nil
		}
		tx.Event().Fields = []string{"own types"}
		if on {
			tx.Event().Fields = []string{"provider's types"}
		}
		if err := tx.One(sqlForce, clientID, on, tx.Millis()); err != nil {
			return err
		}
		return tx.Beside(site.ID, func(b *gate.Tx) error {
			_, err := b.Exec(sqlItsTypes, on)
			return err
		})
	})
}

func (s *Store) setSite(ctx context.Context, who gate.Actor, op *gate.Op, clientID string, set func(*gate.Tx, Client, Site) error) error {
	_, err := gate.Do(ctx, s.gate, who, op, gate.Client(clientID), func(tx *gate.Tx) (bool, error) {
		if tx.Site() || !tx.Has(perm.SiteUserAdd) {
			return false, fault.NotFound()
		}
		c, err := scan(tx.Row(sqlOne, who.User(), clientID))
		if err != nil {
			return false, err
		}
		if c.Company {
			return false, fault.Cannot("The company vault is the provider's own: it has no site.")
		}
		if !c.Enabled && op == OpSiteOpen {
			return false, fault.Cannot("This client is disabled. Enable it first.")
		}
		tx.Event().Name = c.Name
		site, err := s.siteOf(tx, clientID)
		if err != nil {
			return false, err
		}
		if err := set(tx, c.Client, site); err != nil {
			return false, err
		}
		return true, tx.BumpAccess()
	})
	return org.HeldUp(err)
}

// renameSite carries a client's new name to its site.
func renameSite(tx *gate.Tx, clientID, name string) error {
	var id string
	var login, force bool
	if err := tx.Row(sqlSite, clientID).Scan(&id, &login, &force); err != nil || id == "" {
		return err
	}
	return tx.Beside(id, func(b *gate.Tx) error {
		_, err := b.Exec(sqlItsName, name)
		return err
	})
}
