package matrix

import (
	"slices"
	"strings"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/perm"
	"bailiwick/internal/refmodel"
	"bailiwick/internal/session"
)

// kind is a kind of actor: a column of the matrix.
type kind struct {
	name   string
	person string // of the plan
	custom []string
	series string // "only", "base", "but": one of the 75 of that sort
	stands string // "", "anonymous", "passer-by", "job", "sealed", "token", "perspective", "link", "visitor"
	bearer string // of a token, or of a link
	late   bool   // the token expires between admission and use
	looks  string // person whose perspective it is
	visits string // site that a visitor is in
}

// acting is an actor with what he needs in hand to call anything.
type acting struct {
	gate.Actor
	person, bearer string
}

func kinds() []kind {
	all := []kind{{name: "anonymous", person: "admin", stands: "anonymous"}, {name: "passer-by", person: "admin", stands: "passer-by"}, {name: "job:rotation", person: "admin", stands: "job"}}
	for _, p := range []string{"invited", "pending", "disabled", "locked", "guest", "admin", "managerD", "managerA", "technicianD", "technicianA",
		"siteAdmin", "siteUser", "siteLimited", "account", "userManager"} {
		all = append(all, kind{name: p, person: p})
	}
	for _, p := range []string{"admin", "managerD", "technicianA", "guest"} {
		all = append(all, kind{name: p + "(sealed)", person: p, stands: "sealed"})
	}
	for _, b := range bearers {
		all = append(all, kind{name: "token:" + b.name, person: b.owner, stands: "token", bearer: b.name})
	}
	for _, l := range outward {
		all = append(all, kind{name: "link:" + l.name(), person: l.sender, stands: "link", bearer: l.name()})
	}
	for _, p := range []string{"technicianA", "managerD", "guest", "disabled", "pending", "invited", "locked", "admin2"} {
		all = append(all, kind{name: "admin as " + p, person: "admin", stands: "perspective", looks: p})
	}
	looker := []string{"Client: View List", "User: Perspective", "Client: Default Access"}
	for _, p := range []string{"guest", "technicianD", "admin"} {
		all = append(all, kind{name: "custom as " + p, person: "custom", custom: looker, stands: "perspective", looks: p})
	}
	all = append(all, kind{name: "manager as guest", person: "managerD", stands: "perspective", looks: "guest"})
	all = append(all, kind{name: "token:late", person: "owner", stands: "token", bearer: "all", late: true},
		kind{name: "foreign", person: "eve"}, kind{name: "none", person: "custom", custom: nil})
	for _, i := range perm.All() {
		if !i.P.Custom() { // they come with a built-in level only
			all = append(all, kind{name: "only " + i.Name, person: "custom", custom: []string{i.Name}})
		}
	}
	for _, i := range perm.All() {
		base := []string{"Client: View List", "Client: Default Access"}
		all = append(all, kind{name: "only " + i.Name, series: "only", person: "custom", custom: []string{i.Name}},
			kind{name: "base+" + i.Name, series: "base", person: "custom", custom: append(base, i.Name)},
			kind{name: "but " + i.Name, series: "but", person: "custom", custom: allBut(i.Name)})
	}
	return all
}

func allBut(name string) (names []string) {
	for _, i := range perm.All() {
		if i.Name != name {
			names = append(names, i.Name)
		}
	}
	return names
}

func (k kind) find() bearer {
	for _, b := range slices.Concat(bearers, siteBearers) {
		if b.name == k.bearer {
			return b
		}
	}
	return bearer{}
}

// actor makes the actor anew, with keys as fresh as after a sign-in.
func (k kind) actor(w *world) (acting, error) {
	a := acting{person: k.person}
	h, home := w.keys[k.person], w.id("org", homeOf(k.person))
	a.bearer = h.first.Bearer()
	var err error
	switch {
	case k.stands == "anonymous":
		a.Actor = gate.Stranger(w.org, "127.0.0.1", nil)
	case k.stands == "passer-by":
		a.Actor = gate.Passing(w.org, "127.0.0.1", nil)
	case k.stands == "job":
		a.Actor = gate.RotationJob(w.org)
	case k.stands == "sealed":
		a.bearer = h.sealed.Bearer()
		a.Actor = gate.Admit(gate.Admission{Kind: gate.User, Org: home, User: h.user, Session: h.sealed.Session, IP: "127.0.0.1"})
	case k.stands == "perspective":
		own := w.built.open(k.person)
		a.Actor = gate.Admit(gate.Admission{Kind: gate.Perspective, Org: home, User: w.keys[k.looks].user, By: h.user, Session: own.Session(), IP: "127.0.0.1", Ring: own.Ring()})
	case k.stands == "visitor":
		a.Actor = session.Visit(w.built.open(k.person), w.id("org", k.visits))
	case k.stands == "link":
		var ok bool
		a.Actor, ok, err = w.Sessions.Link(w.ctx, w.id("xlink", k.bearer), w.proofs[k.bearer], "127.0.0.1", nil)
		if err == nil && !ok {
			err = fault.NotFound()
		}
	case k.late:
		limit := &gate.Limit{Permissions: perm.SetOf(perm.OrganizationAdmin).Effective(), AllClients: true, Expires: start}
		a.Actor = gate.Admit(gate.Admission{Kind: gate.Token, Org: w.org, User: h.user, Session: w.id("token", "bearer-all"), IP: "127.0.0.1", Limit: limit})
	case k.stands == "token":
		a.bearer = w.bearers[k.bearer]
		a.Actor, err = w.Sessions.Resume(w.ctx, a.bearer, "127.0.0.1", nil)
	default:
		a.Actor = w.built.open(k.person)
	}
	return a, err
}

// inModel is the same actor as the reference model has him.
func (k kind) inModel(w *refmodel.World) refmodel.Actor {
	a := refmodel.Actor{Kind: "user", Org: homeOf(k.person), User: k.person, Open: true}
	switch k.stands {
	case "anonymous":
		return refmodel.Actor{Kind: "anonymous", Org: "one"}
	case "passer-by":
		return refmodel.Actor{Kind: "passer-by", Org: "one"}
	case "job":
		return refmodel.Actor{Kind: "job:rotation", Org: "one"}
	case "sealed":
		a.Open = false
	case "perspective":
		a.Kind, a.PerspectiveOf = "perspective", k.looks
	case "visitor":
		a.Kind, a.Visits = "visitor", k.visits
	case "link":
		sender, credential, _ := strings.Cut(k.bearer, ">")
		a.Kind, a.User, a.LinkTo, a.LinkOver = "link", sender, credential, credential == "over"
	case "token":
		b := k.find()
		a.Kind, a.TokenPerms, a.TokenClients, a.TokenRevoked = "token", b.permissions, b.clients, b.name == "revoked"
		if a.TokenPerms == nil {
			a.TokenPerms = refmodel.Names()
		}
		if b.name == "expired" || k.late {
			a.TokenExpires = w.Now
		}
	}
	return a
}

// core are the cells that the kinds of the three series are tried on: one of
// each sort of answer to questions 2 and 3. Everybody else is tried on all.
var core = map[string]bool{}

func init() {
	for _, l := range []string{"assigned", "far", "disabled", "company", "random", "assigned:self", "assigned:admin2", "assigned:other",
		"free", "in", "out", "inout", "own", "empty", "free:random", "free>", "in>", "subin>", "subin>in", "inout>subin", "own>", "free>in", "free>out",
		"root", "k-in", "k-inout", "k-far", "k-disabled", "k-company", "archived", "others",
		"root>free", "root>far", "root>out", "k-in>free", "k-in>subin", "k-in>personal", "own>personal", "own>far", "archived>personal", "k-far>in",
		"client assigned", "client far", "client disabled", "folder in", "folder out", "personal", "personal archived",
		"user junior", "user admin2", "user self"} {
		core[l] = true
	}
}

// skips: alone, a permission reaches no client at all, and two cells show it.
func (k kind) skips(o operation, c cell, i int) bool {
	switch {
	case k.series == "" || !o.reach:
		return k.series != "" && o.slow // they ask for nothing that a custom level can hold
	case k.series == "only":
		return i >= 2
	}
	return !core[c.label]
}
