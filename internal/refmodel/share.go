package refmodel

import "slices"

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

// received is what may be done to what another organization shares (H2): by
// reading it or changing one's own records of it; by changing it.
var received = map[string]string{
	"credential.view": "reads", "credential.reveal": "reads", "credential.copy": "reads", "credential.reveal.field": "reads", "credential.copy.field": "reads",
	"credential.code": "reads", "credential.history": "reads", "credential.reveal.version": "reads", "credential.move": "reads",
	"credential.flag": "reads", "credential.unflag": "reads", "credential.unflag.undo": "reads", "credential.unshare": "reads", "client.banner": "reads",
	"credential.edit": "writes", "credential.totp": "writes", "credential.restore.version": "writes",
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

// admitted: is what another organization shares for this user (H1)?
func (s *subject) admitted(t Target) bool {
	share := s.shared(t)
	return share == nil || share.Everyone || share.Users[s.id] || len(share.Users) > 0 && s.override()
}

// received reports why an operation is none on what another organization shares.
func (s *subject) foreign(a Attempt) (why string) {
	for _, t := range []Target{a.Target, a.Second} {
		if share := s.shared(t); share != nil {
			use := received[a.Operation]
			why += refuse(use == "" || use == "writes" && !share.Writes, "another organization's")
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
		why = refuse(at.owner != "", "a personal vault is one user's")
	case "credential.unshare":
		why = refuse(at.owner != "", "a personal vault is one user's")
	case "chosen.save": // H6
		why = refuse(slices.Contains([]string{"personal"}, a.Second.Kind) || s.personal(a.Second), "nobody chooses from a personal vault")
	default:
		return s.outside(a, at)
	}
	return needs, why
}

func (s *subject) personal(t Target) bool {
	p, _ := s.find(t)
	return p.owner != ""
}
