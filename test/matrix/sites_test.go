package matrix

import (
	"runtime"
	"slices"
	"strings"
	"testing"

	"bailiwick/internal/fault"
	"bailiwick/internal/refmodel"
)

// siteKinds are the users of sites, those of the provider in as far as sharing
// tells them apart, and those who visit a site.
func siteKinds() (all []kind) {
	for _, p := range []string{"sue", "uma", "ugo", "lim", "didi", "sam"} {
		all = append(all, kind{name: p, person: p})
	}
	for _, p := range []string{"sue", "uma", "admin", "managerD"} {
		all = append(all, kind{name: p + "(sealed)", person: p, stands: "sealed"})
	}
	for _, b := range siteBearers {
		all = append(all, kind{name: "token:" + b.name, person: b.owner, stands: "token", bearer: b.name})
	}
	for _, p := range []string{"uma", "lim", "sid"} {
		all = append(all, kind{name: "sue as " + p, person: "sue", stands: "perspective", looks: p})
	}
	all = append(all, kind{name: "link:sue>s-own", person: "sue", stands: "link", bearer: "sue>s-own"})
	for _, p := range []string{"admin", "managerD", "managerA", "technicianD", "technicianA", "siteAdmin", "guest"} {
		all = append(all, kind{name: p, person: p})
	}
	for _, b := range []string{"all", "narrow", "adminAll", "adminScoped"} {
		b := kind{bearer: b}.find()
		all = append(all, kind{name: "token:" + b.name, person: b.owner, stands: "token", bearer: b.name})
	}
	all = append(all, kind{name: "admin as technicianA", person: "admin", stands: "perspective", looks: "technicianA"}, kind{name: "foreign", person: "eve"})
	everywhere := []string{"Client: View List", "Client: Default Access"}
	for _, p := range [][]string{nil, {"Permission: Share"}, {"Permission: Share", "Password: View"}, {"Permission: Share", "Password: Edit"}, {"Password: Edit"}, {"Password: View"}, {"Security Groups: View"}} {
		all = append(all, kind{name: "base+" + strings.Join(p, "+"), person: "custom", custom: append(p, everywhere...)})
	}
	for _, p := range []string{"admin", "managerD", "managerA", "technicianD", "technicianA", "guest", "siteAdmin"} {
		all = append(all, kind{name: p + " visits", person: p, stands: "visitor", visits: "site"})
	}
	for _, p := range []string{"Site User: Add", "Site User: Edit", "Site User: Disable", "User: Edit", "User: Disable"} {
		all = append(all, kind{name: "base+" + p + " visits", person: "custom", custom: append([]string{p}, everywhere...), stands: "visitor", visits: "site"})
		all = append(all, kind{name: "but " + p + " visits", person: "custom", custom: allBut(p), stands: "visitor", visits: "site"})
	}
	return append(all, kind{name: "managerA visits site2", person: "managerA", stands: "visitor", visits: "site2"})
}

// siteOperations are all operations, on the things of sites besides those of
// every cell that names its own.
func siteOperations() map[string]operation {
	clients, folders, logins := clientNames, folderNames, loginNames
	defer func() { clientNames, folderNames, loginNames = clients, folders, logins }()
	clientNames, folderNames, loginNames = siteClientNames, siteFolderNames, siteLoginNames
	all := operations()
	for _, c := range []*cell{&all["user.invite"].cells[0], &all["user.invite"].cells[1]} {
		c.also, c.says = []fault.Kind{fault.Invalid}, "there are no guests in a site; and the answer says that the level goes beyond the actor's own"
	}
	for _, more := range []map[string][]cell{siteUserCells(), lentCells()} {
		for op, cells := range more {
			all[op] = and(all[op], cells)
		}
	}
	return all
}

// ofSites reports whether a cell names something of a site, or shared with one.
func (c cell) ofSites() bool {
	for _, t := range []refmodel.Target{c.target, c.second} {
		if slices.Contains(slices.Concat(siteClientNames, siteFolderNames, siteLoginNames), t.ID) || t.Kind == "user" && slices.Contains([]string{"site", "site2"}, homeOf(t.ID)) {
			return true
		}
	}
	return false
}

// sites is the matrix of a provider with two sites: every operation by their
// users, and the provider's on what is theirs; the rest of the provider's is in
// the whole matrix. Visitors have all cells that name nobody, too.
func sites() sheet {
	return sheet{"testdata/sites.golden", siteKinds(), siteOperations(), func(k kind, c cell) bool {
		switch home := homeOf(k.person); {
		case home == "site" || home == "site2" || c.ofSites():
			return false
		case k.stands == "visitor":
			return c.target.ID != "" || c.second.ID != ""
		}
		return true
	}}
}

// TestSites is that matrix on SQLite.
func TestSites(t *testing.T) {
	sites().try(t, runtime.GOMAXPROCS(0), func() *world { return newWorld(t, onSQLite(t)) })
}

// TestSitesPostgres is every cell of it again on PostgreSQL.
func TestSitesPostgres(t *testing.T) {
	sites().try(t, min(2*runtime.GOMAXPROCS(0), 12), func() *world { return sweptWorld(t) })
}
