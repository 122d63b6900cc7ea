package refmodel

// subject is whose eyes and rights count.
type subject struct {
	w          *World
	org        *Org
	id, level  string
	kind       string          // U user, T token, P perspective, V visitor, J job, E external link, A passer-by
	link       string          // credential of an external link
	own, perms map[string]bool // of level and roles; what a token's limits leave of it
	scope      []string        // a token's clients; empty = no limit
	open       bool
	waits      bool // for approval
}

func (w *World) as(o *Org, id, kind string, open bool) *subject {
	level, p := rights(o, o.Users[id])
	return &subject{w: w, org: o, id: id, level: level, kind: kind, own: p, perms: p, open: open}
}

// subject resolves the actor, or says why there is none (S1-S4, T1-T3, P1-P3, J1).
func (w *World) subject(a Actor) (*subject, string) {
	o := w.Orgs[a.Org]
	if a.Kind == "job:rotation" && o != nil { // J2
		return &subject{w: w, org: o, kind: "R"}, ""
	}
	if a.Kind == "passer-by" && o != nil { // B1
		return &subject{w: w, org: o, kind: "A"}, ""
	}
	if o == nil || o.Users[a.User] == nil {
		return nil, "nobody"
	}
	if u := o.Users[a.User]; !u.Enabled || u.Invited || !u.Approved && a.Kind != "user" {
		return nil, "the account is disabled, invited or pending"
	}
	s := w.as(o, a.User, "U", a.Open)
	if s.waits = !o.Users[a.User].Approved; s.waits {
		s.level, s.own, s.perms = "", nil, nil
	}
	switch a.Kind {
	case "user":
		return s, ""
	case "token":
		if a.TokenRevoked || a.TokenExpires != 0 && w.Now >= a.TokenExpires {
			return nil, "the token is over"
		}
		if !s.own["Plugin Access"] || !s.own["Password: Add"] {
			return nil, "the owner may have no tokens"
		}
		s.kind, s.open, s.scope, s.perms = "T", true, a.TokenClients, map[string]bool{}
		for n := range expand(a.TokenPerms) {
			s.perms[n] = s.own[n]
		}
		return s, ""
	case "perspective":
		if o.Users[a.PerspectiveOf] == nil || a.PerspectiveOf == a.User || !s.own["User: Perspective"] {
			return nil, "no perspective"
		}
		t := w.as(o, a.PerspectiveOf, "P", a.Open)
		return t, refuse(!t.within(s), "the target's rights go beyond the actor's")
	case "visitor": // M2
		t := s.visiting(a.Visits)
		return t, refuse(t == nil, "no site of a client that is reached")
	case "link": // E1: the sender's rights, and the one credential
		s.kind, s.open, s.link = "E", false, a.LinkTo
		return s, refuse(a.LinkOver, "the link is over")
	case "job:import":
		s.kind = "J"
		return s, refuse(!s.own["Import Data"], "the starter may not import")
	}
	return nil, "this kind of actor does nothing here"
}

func refuse(when bool, why string) string {
	if when {
		return why
	}
	return ""
}

// within: every permission and everything reached of s is b's too (P2).
func (s *subject) within(b *subject) bool {
	for n := range s.perms {
		if !b.perms[n] {
			return false
		}
	}
	for _, t := range s.org.things() {
		if s.reach(t) && !b.reach(t) {
			return false
		}
	}
	return s.shelvesWithin(b)
}

// outranks: another user, none of whose permissions the actor lacks (U1).
func (s *subject) outranks(t Target, found bool) bool {
	if t.Kind != "user" {
		return found
	}
	u := s.org.Users[t.ID]
	if u == nil || t.ID == s.id {
		return false
	}
	_, theirs := rights(s.org, u)
	for n := range theirs {
		if !s.perms[n] {
			return false
		}
	}
	return true
}

func (o *Org) things() (all []Target) {
	for id := range o.Clients {
		all = append(all, Target{"client", id})
	}
	for id := range o.Folders {
		all = append(all, Target{"folder", id})
	}
	for id := range o.Credentials {
		all = append(all, Target{"credential", id})
	}
	return all
}
