package refmodel

import (
	"strings"
	"testing"
)

// lending is the world in which the provider's client c2, whose site is "site",
// and that site share in both directions.
func lending() *World {
	w := world()
	pro, site := w.Orgs["pro"], w.Orgs["site"]
	site.Users["sl2"], site.Users["su2"] = at(SiteUserLimited), at(SiteUser)
	lend := func(id string, from, to *Org, fromName, toName, client, there string, s *Share) {
		from.Credentials[id] = &Credential{ClientID: client, Shares: map[string]*Share{toName: s}}
		to.Credentials[id] = &Credential{ClientID: there, From: fromName}
	}
	out := func(id string, s *Share) { lend(id, pro, site, "pro", "site", "c2", "home", s) }
	back := func(id string, s *Share) { lend(id, site, pro, "site", "pro", "home", "c2", s) }
	out("read", &Share{Everyone: true})
	out("write", &Share{Everyone: true, Writes: true, History: true})
	out("blind", &Share{Everyone: true, Writes: true})
	out("known", &Share{Users: set("su", "sl2")})
	out("gone", &Share{Everyone: true, Writes: true})
	pro.Credentials["gone"].Archived = true
	out("ended", nil)
	delete(pro.Credentials["ended"].Shares, "site")
	back("back", &Share{Everyone: true, Writes: true, History: true})
	back("backread", &Share{Everyone: true})
	back("backknown", &Share{Users: set("tech")})
	site.Credentials["filed"] = &Credential{ClientID: "home", FolderID: "ch", From: "pro"}
	pro.Credentials["filed"] = &Credential{ClientID: "c2", Shares: map[string]*Share{"site": {Everyone: true}}}
	return w
}

const lentTable = `
shared with everyone, not with a limited one | sa@site su@site su2@site | sl@site sl2@site sa@site~ | @site credential.reveal credential:read
shared by name | sa@site su@site sl2@site | su2@site sl@site | @site credential.reveal credential:known
filed in a chosen folder | sl@site su@site | sl2@site | @site credential.reveal credential:filed
its maker's own | admin tech mgr techA token/tech | mgrA | credential.reveal credential:read
nobody crosses by the other side's name | | admin su@site | @site credential.reveal credential:k2
the other side's by its own name only | | sa@site | credential.reveal credential:read
archived, it is gone there | | sa@site su@site | @site credential.view credential:gone
archived, it is here | admin tech | | credential.view credential:gone
ended | | sa@site su@site | @site credential.view credential:ended
read only | | sa@site su@site | @site credential.edit credential:read
read and write | sa@site su@site | sl@site | @site credential.edit credential:write
the one-time secret too | sa@site su@site | sl@site | @site credential.totp credential:write
with history | sa@site su@site | sl@site | @site credential.reveal.version credential:write
without | | sa@site su@site | @site credential.reveal.version credential:blind
back to an earlier version only with both | sa@site su@site | | @site credential.restore.version credential:write
and not without history | | sa@site su@site | @site credential.restore.version credential:blind
its present version | sa@site su@site | sl@site | @site credential.history credential:blind
never archived there | | sa@site | @site credential.archive credential:write
never deleted there | | sa@site | @site credential.delete credential:write
never shared on | | sa@site | @site credential.share credential:write
no link out | | sa@site | @site link.add credential:write
never compared | | sa@site | @site credential.twins credential:write
flagged there | sa@site su@site | sl@site | @site credential.flag credential:write
filed there | sa@site su@site | sl@site | @site credential.move credential:read folder:ch
filed, where one may not write it | sa@site su@site | | @site credential.move credential:read folder:below
into nobody's personal vault | | sa@site | @site credential.move credential:read personal:sa
no more wanted | sa@site sa@site~ | su@site sl@site | @site credential.unshare credential:read
sharing from a site | sa@site | su@site sl@site sa@site~ | @site credential.share credential:a
to be written there | sa@site | su@site | @site credential.share credential:a permission:Password:_Edit
sharing from the provider | admin mgr tech techA | mgrA guest tech~ token/tech admin>tech viewer | credential.share credential:k2
whoever may not view it | | onlylist adder nolist | credential.share credential:k2
with one who is there | admin tech | viewer | credential.share credential:k2 partner:su
not with one who is not | | admin tech | credential.share credential:k2 partner:techA
nor of a client without a site | | admin tech | credential.share credential:k partner:su
back with one who reaches the client | sa@site | su@site | @site credential.share credential:a partner:techA
and not with one who does not, or may not see secrets | | sa@site | @site credential.share credential:a partner:mgrA
may not see secrets | | sa@site | @site credential.share credential:a partner:onlylist
sharing ends without a key | admin tech tech~ | mgrA viewer token/tech admin>tech | credential.unshare credential:read
back to the provider | admin tech mgr techA viewer | mgrA onlylist | credential.reveal credential:back
back, to be changed | admin tech editor | viewer mgrA | credential.edit credential:back
back, read only | | admin tech | credential.edit credential:backread
back, chosen users and who overrides | admin tech | mgr techA viewer | credential.reveal credential:backknown
not by its maker either | | admin tech | credential.move credential:read client:c1
not moved out of its client | | admin tech | credential.move credential:back client:c1
who can see it | admin mgr | viewer | access.who credential:back
the banner of its page | admin viewer | mgrA | client.banner credential:back
who chooses | sa@site | su@site sl@site sa@site~ | @site chosen.list user:sl
what is chosen | sa@site sa@site~ | su@site sl@site | @site chosen.save user:sl credential:read
nothing personal is chosen | | tech admin | chosen.save user:techA credential:p
with whom | admin tech | viewer mgrA token/tech | share.people client:c2
the list of what is shared | admin tech viewer token/tech admin>tech | guest tech~ nolist | share.list
users of one's own site | sa@site | su@site sl@site | @site user.disable user:su
a site has no guests | | sa@site | @site user.guest user:su
visiting | visit/admin visit/mgr | visit/tech visit/mgrA visit/guest visit/su@site | @site user.disable user:su
rank | visit/admin | visit/mgr | @site user.disable user:sa
visitors see no vault | | visit/admin visit/mgr | @site credential.view credential:a
nor the provider's by that way | | visit/admin visit/mgr | credential.view credential:k
nor by perspective | | visit/admin | @site perspective.begin user:su
nor what was chosen | | visit/admin | @site chosen.list user:sl
`

func TestSharing(t *testing.T) {
	w := lending()
	verdicts(t, w, lentTable)
	check := func(who, kind, want string) {
		t.Helper()
		if got := strings.Join(w.Visible(actor(who), kind), " "); got != want {
			t.Errorf("%s sees %s %q, want %q", who, kind, got, want)
		}
	}
	check("su@site", "credential", "a back backknown backread bel blind filed gk known one read write")
	check("su2@site", "credential", "a back backknown backread bel blind filed one read write")
	check("sl@site", "credential", "bel filed one")
	check("sl2@site", "search:credential", "known")
	check("techA", "search:credential", "back backread blind ended filed k k-free k2 kco known read write")
	check("sa@site", "archived", "")
	check("techA", "archived", "arch gone")
}
