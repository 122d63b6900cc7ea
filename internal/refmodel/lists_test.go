package refmodel

import (
	"strings"
	"testing"
)

func TestTokens(t *testing.T) {
	w := world()
	try := func(owner string, op, what string, f func(*Actor)) bool {
		a := actor("token/" + owner)
		f(&a)
		ok, _ := w.May(Attempt{Actor: a, Org: "pro", Operation: op, Target: target(what)})
		return ok
	}
	for _, c := range []struct {
		name, owner, op, what string
		f                     func(*Actor)
		want                  bool
	}{
		{"within", "tech", "credential.reveal", "credential:k", func(a *Actor) {}, true},
		{"not the owner's", "tech", "credential.archive", "credential:k", func(a *Actor) {}, false},
		{"not the token's", "tech", "credential.reveal", "credential:k", func(a *Actor) { a.TokenPerms = []string{"Client: View List"} }, false},
		{"implied", "tech", "credential.reveal", "credential:k", func(a *Actor) { a.TokenPerms = []string{"Client: View List", "Password: Edit"} }, true},
		{"no list", "tech", "credential.reveal", "credential:k", func(a *Actor) { a.TokenPerms = []string{"Password: Edit"} }, false},
		{"in scope", "tech", "credential.reveal", "credential:k", func(a *Actor) { a.TokenClients = []string{"c1"} }, true},
		{"out of scope", "tech", "credential.reveal", "credential:k", func(a *Actor) { a.TokenClients = []string{"c2"} }, false},
		{"scope beyond reach", "techA", "credential.reveal", "credential:k3", func(a *Actor) { a.TokenClients = []string{"c3"} }, false},
		{"revoked", "tech", "credential.reveal", "credential:k", func(a *Actor) { a.TokenRevoked = true }, false},
		{"expires now", "tech", "credential.reveal", "credential:k", func(a *Actor) { a.TokenExpires = 100 }, false},
		{"expires later", "tech", "credential.reveal", "credential:k", func(a *Actor) { a.TokenExpires = 101 }, true},
		{"owner without Plugin Access", "viewer", "credential.reveal", "credential:k", func(a *Actor) {}, false},
		{"owner disabled", "disabled", "credential.reveal", "credential:k", func(a *Actor) {}, false},
		{"guest", "guest", "client.list", "", func(a *Actor) {}, false},
		{"owner's override", "admin", "credential.reveal", "credential:k-f", func(a *Actor) { a.TokenPerms = []string{"Client: View List", "Password: View"} }, true},
		{"disabled client", "admin", "client.view", "client:off", func(a *Actor) { a.TokenPerms = []string{"Client: View List"} }, false},
		{"all of the log", "admin", "audit.list", "organization", func(a *Actor) {}, true},
		{"log, chosen clients", "admin", "audit.list", "organization", func(a *Actor) { a.TokenClients = []string{"c1"} }, false},
		{"log, no Admin", "admin", "audit.list", "organization", func(a *Actor) { a.TokenPerms = []string{"Report: Client Audit Log"} }, false},
	} {
		if try(c.owner, c.op, c.what, c.f) != c.want {
			t.Error(c.name)
		}
	}
}

func TestSettingsAndLists(t *testing.T) {
	w := world()
	o := w.Orgs["pro"]
	check := func(who, kind, want string) {
		t.Helper()
		if got := strings.Join(w.Visible(actor(who), kind), " "); got != want {
			t.Errorf("%s sees %s %q, want %q", who, kind, got, want)
		}
	}
	check("tech", "client", "c1 c2 c3")
	check("techA", "client", "c1 c2 co")
	check("mgr", "search:client", "c1 c2 c3 off")
	check("admin", "client", "c1 c2 c3 co off")
	for _, who := range []string{"guest", "nolist", "pending", "disabled", "nobody", "job:import/mgr"} {
		check(who, "client", "")
		check(who, "search:client", "")
	}
	check("tech", "folder", "empty f2 fp free nest")
	check("admin>tech", "folder", "empty f2 free nest")
	check("inG", "search:folder", "empty f f2 free half nest sub")
	check("techA", "credential", "k k-free k2 kco")
	check("techA~", "credential", "")
	check("tech", "search:credential", "k k-free k2 k3 p pp")
	check("admin>tech", "credential", "k k-free k2 k3")
	check("techA", "archived", "arch")
	check("sl@site", "credential", "bel one")
	check("sl@site", "folder", "below ch")
	o.Settings = Settings{CompanyVaultByDefault: true, ShowUnassigned: true}
	check("techA", "client", "c1 c2 co")
	check("techA", "named:client", "c3")
	check("token/techA", "named:client", "")
	check("techA", "search:client", "c1 c2 co")
	check("token/techA", "client", "c1 c2 co")
	check("tech", "search:client", "c1 c2 c3 co")
	check("tech", "folder", "empty f2 fp free nest")
	check("tech", "named:folder", "dead f half nestg")
	check("tech", "search:folder", "empty f2 fp free nest")
	if ok, _ := w.May(Attempt{Actor: actor("techA"), Org: "pro", Operation: "client.view", Target: target("client:c3")}); ok {
		t.Error("by name only is not reached")
	}
	o.Folders["f"].Passes = map[string]int64{"tech": 101, "techA": 100}
	check("tech", "search:folder", "empty f f2 fp free nest sub")
	check("techA", "search:folder", "empty f2 free nest")
	if ok, why := w.May(Attempt{Actor: actor("tech~"), Org: "pro", Operation: "credential.reveal", Target: target("credential:k")}); ok || why != WhySealed {
		t.Error(why)
	}
}
