package refmodel

import "strings"

// Sharing between a provider and a site (H1-H6), and what is chosen for a Site
// User - Limited.

func init() {
	for name, o := range map[string]operation{
		"credential.share":   {who: "U", key: true, needs: "Permission: Share + Password: View", on: "credential"},
		"credential.unshare": {who: "U", needs: "Permission: Share", on: "credential"},
		"share.people":       {who: "U", needs: "Permission: Share", on: "client"},
		"share.list":         {who: "UTP", key: true, needs: "Client: View List", on: "none"},
		"chosen.list":        {who: "UP", key: true, needs: "Organization: Admin", on: "user", anybody: true},
		"chosen.save":        {who: "U", needs: "Organization: Admin", on: "user", anybody: true},
	} {
		operations[name] = o
	}
}

// Share is how a credential is shared with another organization.
type Share struct {
	Everyone, Writes, History bool
	Users                     map[string]bool // of the other side, where it is not for everyone there
}

// received is what may be done to what another organization shares (H2), and
// what of the share it needs besides.
var received = map[string]string{
	"credential.view": "", "credential.reveal": "", "credential.copy": "", "credential.reveal.field": "", "credential.copy.field": "", "credential.code": "",
	"credential.history": "", "credential.move": "", "credential.flag": "", "credential.unflag": "", "credential.unflag.undo": "", "credential.unshare": "",
	"client.banner": "", "access.who": "", "audit.list": "", "chosen.save": "",
	"credential.reveal.version": "history", "credential.restore.version": "history writes", "credential.edit": "writes", "credential.totp": "writes",
}

// shared gives how a credential is shared with the subject's organization, nil
// where it is not at all, or is its own.
func (s *subject) shared(t Target) *Share {
	c := s.org.Credentials[t.ID]
	if t.Kind != "credential" || c == nil || c.From == "" {
		return nil
	}
	if o := s.w.Orgs[c.From].Credentials[t.ID]; o != nil && !o.Archived {
		for id, share := range o.Shares {
			if s.w.Orgs[id] == s.org {
				return share
			}
		}
	}
	return &Share{} // nobody's
}

// lent: is it shared, by this organization or with it?
func (s *subject) lent(t Target) bool {
	return s.shared(t) != nil || len(s.org.Credentials[t.ID].Shares) > 0
}

// admitted: is what another organization shares for this user (H1)?
func (s *subject) admitted(t Target) bool {
	share := s.shared(t)
	return share == nil || share.Everyone || share.Users[s.id] || len(share.Users) > 0 && s.override()
}

// foreign reports why an operation is none on what another organization shares.
func (s *subject) foreign(a Attempt) (why string) {
	for _, t := range []Target{a.Target, a.Second} {
		if share := s.shared(t); share != nil {
			needs, known := received[a.Operation]
			why += refuse(!known || strings.Contains(needs, "writes") && !share.Writes || strings.Contains(needs, "history") && !share.History, "another organization's")
		}
	}
	return why
}

// sharing is what the rows above can't say.
func (s *subject) sharing(a Attempt, at place) (needs []string, why string) {
	switch a.Operation {
	case "credential.share": // H3
		if a.Second.Kind == "permission" {
			needs = []string{a.Second.ID}
		}
		why += refuse(a.Second.Kind == "partner" && !s.lendable(at.client, a.Second.ID), "nobody there whom it could be shown")
		why += refuse(at.owner != "", "a personal vault is one user's")
	case "credential.unshare":
		why = refuse(at.owner != "", "a personal vault is one user's")
	case "chosen.save": // H6
		p, _ := s.find(a.Second)
		why = refuse(p.owner != "", "nobody chooses from a personal vault")
	default:
		return s.outside(a, at)
	}
	return needs, why
}

// lendable: is a user of the other organization one who reaches what comes from
// a client, and holds Password: View (H3)?
func (s *subject) lendable(client, user string) bool {
	for name, o := range s.w.Orgs {
		u := o.Users[user]
		for id, c := range o.Clients {
			its := s.org.Clients[client].Site == name && c.Company
			provider := s.org.Site && s.w.Orgs[c.Site] == s.org
			if u != nil && (its || provider) {
				there := s.w.as(o, user, "U", true)
				return u.Enabled && u.Approved && !u.Invited && there.client(id) && there.has("Password: View")
			}
		}
	}
	return false
}

// visits are what a provider's user does in the site of a client that he
// reaches (M2).
var visits = strings.Fields(`user.list user.export user.view user.edit user.check user.invite user.resend user.approve user.disable user.enable
	user.end-sessions user.unlock user.delete user.reset user.reset-factor`)

func init() {
	for _, name := range visits {
		o := operations[name]
		o.who += "V"
		operations[name] = o
	}
}

// visiting is the subject in a site of a client that he reaches; nil elsewhere.
func (s *subject) visiting(site string) *subject {
	for id, c := range s.org.Clients {
		if site != "" && c.Site == site && s.client(id) {
			return &subject{w: s.w, org: s.w.Orgs[site], id: s.id, kind: "V", own: s.own, perms: s.perms}
		}
	}
	return nil
}
