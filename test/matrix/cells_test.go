package matrix

import (
	"slices"
	"strings"

	"bailiwick/internal/fault"
	"bailiwick/internal/refmodel"
	"bailiwick/internal/vault"
)

// cell is one call with one choice of things. The labels of personal things
// say "own"; whose they are, the actor says.
type cell struct {
	label          string
	target, second refmodel.Target
	call           func(w *world, a acting) (any, error)
	also           []fault.Kind // answers besides the usual that are right here; see says
	says           string       // why
	shown          func(any) []string
	visible        string // kind of refmodel.Visible that shown is compared with
	within         func(o *refmodel.Org, person, name string) bool
}

// operation is a row of the matrix.
type operation struct {
	slow  bool // an Argon2id in each cell
	reach bool // depends on what is reached
	cells []cell
}

func thing(kind, name string) refmodel.Target { return refmodel.Target{Kind: kind, ID: name} }

// own puts the actor's name to "own", "ownin" and "self".
func own(t refmodel.Target, person string) refmodel.Target {
	switch {
	case t.ID == "own" || t.ID == "ownin":
		t.ID += "-" + person
	case t.ID == "self":
		t.ID = person
	case t.ID == "others":
		t.ID = "own-other"
	}
	return t
}

// attempt is the cell as the model has it.
func (c cell) attempt(op string, k kind, m *refmodel.World) refmodel.Attempt {
	a := refmodel.Attempt{Actor: k.inModel(m), Operation: op, Target: own(c.target, k.person), Second: own(c.second, k.person)}
	a.Org = a.Actor.Org
	if a.Actor.Visits != "" {
		a.Org = a.Actor.Visits
	}
	switch {
	case holds(m.Orgs[a.Org], a.Target):
	case a.Target.ID == "foreign" || a.Target.ID == "eve":
		a.Org = "two"
	case a.Target.Kind == "level" && levelID(a.Target.ID) != "": // every organization has the built-in ones
	case a.Target.ID == "" || a.Target.ID == "random" || strings.HasSuffix(a.Target.ID, "-"+k.person) || a.Target.ID == k.person:
	default:
		a.Org = "one"
	}
	return a
}

// holds reports whether an organization of the model has a thing.
func holds(o *refmodel.Org, t refmodel.Target) (ok bool) {
	switch t.Kind {
	case "user", "personal":
		_, ok = o.Users[t.ID]
	case "client":
		_, ok = o.Clients[t.ID]
	case "folder":
		_, ok = o.Folders[t.ID]
	case "credential":
		_, ok = o.Credentials[t.ID]
	case "group":
		_, ok = o.Groups[t.ID]
	case "base":
		_, ok = o.Bases[t.ID]
	case "category":
		_, ok = o.Categories[t.ID]
	case "article":
		_, ok = o.Articles[t.ID]
	}
	return ok
}

func (w *world) at(t refmodel.Target, a acting) string {
	t = own(t, a.person)
	return w.id(t.Kind, t.ID)
}

var (
	clientNames = []string{"assigned", "far", "timed", "lapsed", "grouped", "offgroup", "disabled", "company", "foreign", "random"}
	folderNames = []string{"free", "in", "out", "off", "subin", "inout", "farfolder", "disabledfolder", "own", "others", "foreign", "random"}
	loginNames  = []string{"root", "k-in", "k-free", "k-out", "k-off", "k-subin", "k-inout", "archived", "k-far", "k-farfolder", "k-disabled", "k-company",
		"k-grouped", "k-offgroup", "k-timed", "k-lapsed", "own", "ownin", "others", "foreign", "random"}
)

// each makes a cell per name.
func each(kind string, names []string, call func(w *world, a acting, id string) (any, error)) (all []cell) {
	for _, n := range names {
		t := thing(kind, n)
		all = append(all, cell{label: n, target: t, call: func(w *world, a acting) (any, error) { return call(w, a, w.at(t, a)) }})
	}
	return all
}

// spot is where something is listed or put.
type spot struct {
	label  string
	target refmodel.Target
}

func spots() (all []spot) {
	for _, n := range clientNames {
		all = append(all, spot{"client " + n, thing("client", n)})
	}
	for _, n := range folderNames {
		all = append(all, spot{"folder " + n, thing("folder", n)})
	}
	return append(all, spot{"personal", thing("personal", "self")})
}

// place is a spot as the vault has it.
func (w *world) place(t refmodel.Target, a acting) vault.Place {
	switch {
	case t.Kind == "client":
		return vault.Place{Client: w.at(t, a)}
	case t.Kind == "personal":
		return vault.Place{Own: true}
	case t.ID == "own" || t.ID == "others":
		return vault.Place{Own: true, Folder: w.at(t, a)}
	}
	of := t.ID // "foreign" is in "foreign", "random" in "random"
	for _, b := range binders {
		if b.name == t.ID {
			of = b.client
		}
	}
	for _, b := range siteBinders {
		if b.name == t.ID {
			of = b.client
		}
	}
	return vault.Place{Client: w.id("client", of), Folder: w.at(t, a)}
}

func places(call func(w *world, a acting, p vault.Place) (any, error)) (all []cell) {
	for _, s := range spots() {
		all = append(all, cell{label: s.label, target: s.target, call: func(w *world, a acting) (any, error) { return call(w, a, w.place(s.target, a)) }})
	}
	return all
}

// lying reports whether a thing of the model lies at a spot: in that client
// or personal vault, or in that folder or below.
func lying(o *refmodel.Org, t refmodel.Target, client, owner, folder string) bool {
	switch t.Kind {
	case "client":
		return client == t.ID
	case "personal":
		return owner == t.ID
	}
	for f := folder; f != ""; f = o.Folders[f].ParentID {
		if f == t.ID {
			return true
		}
	}
	return false
}

// named gives the plan's names of ids, sorted.
func (w *world) named(ids []string) (names []string) {
	for _, i := range ids {
		n, ok := w.names[i]
		if !ok {
			n = "unknown " + i
		}
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}
