package refmodel

import (
	"slices"
	"strings"
	"testing"
)

// only makes a custom level; but makes one with all except the names.
func only(names ...string) *User { return custom(names) }
func but(names ...string) *User {
	var all []string
	for _, n := range Names() {
		if !slices.Contains(names, n) {
			all = append(all, n)
		}
	}
	return custom(all)
}
func custom(names []string) *User {
	return &User{Kind: "member", Level: "custom", Permissions: names, Enabled: true, Approved: true}
}
func at(level string) *User {
	return &User{Kind: "member", Level: level, Enabled: true, Approved: true}
}
func with(u *User, f func(*User)) *User { f(u); return u }

// world: clients c1 (holding folders f guarded by g, f/sub, f/sub2 guarded by h;
// dead guarded by the disabled group off; half by off and g; free; credentials
// named k-<folder>, k at the root), c2 assigned to nobody by name, off
// disabled, co company. Users by level; *A are assigned to c1.
func world() *World {
	o := &Org{
		Users: map[string]*User{
			"admin": at(OrganizationAdmin), "admin2": at(OrganizationAdmin),
			"mgr": at(ManagerDefault), "mgrA": at(ManagerAssigned), "tech": at(TechnicianDefault), "techA": at(TechnicianAssigned),
			"inG": at(TechnicianDefault), "inGH": at(TechnicianDefault), "inOff": at(TechnicianDefault), "byGroup": at(TechnicianAssigned),
			"guest":    {Kind: "guest", Level: OrganizationAdmin, Enabled: true, Approved: true, RoleUserManager: true},
			"pending":  with(at(TechnicianDefault), func(u *User) { u.Approved = false }),
			"invited":  with(at(TechnicianDefault), func(u *User) { u.Invited = true }),
			"disabled": with(at(TechnicianDefault), func(u *User) { u.Enabled = false }),
			"locked":   with(at(TechnicianDefault), func(u *User) { u.LockedUntil = 1 << 40 }),
			"siteish":  at(SiteAdministrator),
			"nolist":   but("Client: View List"), "novault": but("Vault Access"),
			"onlylist": only("Client: View List", "Client: Default Access"),
			"viewer":   only("Client: View List", "Client: Default Access", "Password: View"),
			"editor":   only("Client: View List", "Client: Default Access", "Password: Edit"),
			"adder":    only("Client: View List", "Client: Default Access", "Password: Add"),
			"fader":    only("Client: View List", "Client: Default Access", "Folder: Add/Edit"),
			"looker":   only("Client: View List", "Client: Default Access", "User: Perspective", "Password: View"),
			"lookerA":  only("Client: View List", "User: Perspective", "Password: View"),
			"fakeAdm":  only("Organization: Admin", "User: Auto-provision"),
			"noguard":  but("Security Groups: Manage"), "asgn": only("Client: View List"), "asgn1": only("Client: View List"),
			"plug":    only("Client: View List", "Client: Default Access", "Plugin Access"),
			"cancAsg": only("Client: View List", "Client: Disable"),
		},
		Clients: map[string]*Client{
			"c1": {Enabled: true, Assigned: map[string]int64{"techA": 0, "mgrA": 0, "byGroup": 100, "cancAsg": 0, "asgn1": 0, "lookerA": 0}},
			"c2": {Enabled: true, Site: "site", Assigned: map[string]int64{"techA": 101, "mgrA": 100, "asgn": 0}},
			"c3": {Enabled: true}, "off": {Assigned: map[string]int64{"techA": 0, "cancAsg": 0}},
			"co": {Company: true, Enabled: true, Assigned: map[string]int64{"techA": 0}},
		},
		Groups: map[string]*Group{
			"g":   {Enabled: true, Users: set("inG", "inGH", "noguard"), Clients: set()},
			"h":   {Enabled: true, Users: set("inGH", "noguard"), Clients: set()},
			"b":   {Enabled: true, Users: set("byGroup"), Clients: set("c3", "co")},
			"dis": {Users: set("inOff", "byGroup"), Clients: set("c1", "c3")},
		},
		Folders: map[string]*Folder{
			"f": {ClientID: "c1", Groups: []string{"g"}}, "sub": {ClientID: "c1", ParentID: "f"},
			"sub2": {ClientID: "c1", ParentID: "f", Groups: []string{"h"}}, "free": {ClientID: "c1"}, "empty": {ClientID: "c1"},
			"dead": {ClientID: "c1", Groups: []string{"dis"}}, "half": {ClientID: "c1", Groups: []string{"dis", "g"}},
			"sub2x": {ClientID: "c1", ParentID: "half", Groups: []string{"h"}}, "broken": {ClientID: "c1", ParentID: "none"}, "f2": {ClientID: "c2"}, "fp": {OwnerID: "tech"},
			"nest": {ClientID: "c1"}, "nestg": {ClientID: "c1", ParentID: "nest", Groups: []string{"h"}},
		},
		Credentials: map[string]*Credential{
			"p": {OwnerID: "tech"}, "pp": {OwnerID: "tech", FolderID: "fp"}, "pn": {OwnerID: "novault"}, "pg": {OwnerID: "guest"},
			"k": {ClientID: "c1"}, "k2": {ClientID: "c2"}, "koff": {ClientID: "off"}, "kco": {ClientID: "co"}, "k3": {ClientID: "c3"},
			"arch": {ClientID: "c1", Archived: true},
		},
	}
	o.Settings.DefaultRole = "reader"
	o.Bases = map[string]*Base{"b": {Roles: map[string]string{"guest": "reader", "techA": "none", "mgr": "admin", "fader": "editor"}}, "shut": {Default: "none", Roles: map[string]string{"fader": "reader"}}}
	o.Categories = map[string]*Category{"pub": {Base: "b", Visibility: "public"}, "staff": {Base: "b", Visibility: "readers"}, "grp": {Base: "b", Visibility: "groups", Groups: []string{"g", "dis"}},
		"pubin": {Base: "b", Parent: "staff", Visibility: "public"}, "hid": {Base: "shut", Visibility: "readers"}}
	o.Articles = map[string]*Article{"ap": {"pub", 50}, "ad": {"pub", 0}, "al": {"pub", 101}, "an": {"pub", 100}, "as": {"staff", 50}, "ag": {"grp", 50}, "ai": {"pubin", 50}, "ah": {"hid", 50}}
	for _, f := range []string{"f", "sub", "sub2", "free", "dead", "half", "broken"} {
		o.Credentials["k-"+f] = &Credential{ClientID: "c1", FolderID: f}
	}
	site := &Org{
		Site: true,
		Users: map[string]*User{"sa": at(SiteAdministrator), "su": at(SiteUser), "sl": at(SiteUserLimited), "wrong": at(OrganizationAdmin),
			"cust": only("Password: View")},
		Clients: map[string]*Client{"home": {Company: true, Enabled: true}},
		Groups:  map[string]*Group{"sg": {Enabled: true, Users: set("su")}},
		Folders: map[string]*Folder{"ch": {ClientID: "home", Chosen: set("sl")}, "below": {ClientID: "home", ParentID: "ch"},
			"grd": {ClientID: "home", Groups: []string{"sg"}}},
		Credentials: map[string]*Credential{"a": {ClientID: "home"}, "bel": {ClientID: "home", FolderID: "below"},
			"one": {ClientID: "home", Chosen: set("sl")}, "gk": {ClientID: "home", FolderID: "grd", Chosen: set("sl")}},
	}
	return &World{Now: 100, Orgs: map[string]*Org{"pro": o, "site": site}}
}
func set(ids ...string) map[string]bool {
	m := map[string]bool{}
	for _, id := range ids {
		m[id] = true
	}
	return m
}
func target(s string) Target {
	k, id, _ := strings.Cut(s, ":")
	return Target{k, strings.ReplaceAll(id, "_", " ")}
}
func actor(s string) Actor { // name, name~ (sealed), who>target (perspective), token/owner, job:x/starter
	a := Actor{Kind: "user", Org: "pro", Open: !strings.HasSuffix(s, "~")}
	s = strings.TrimSuffix(s, "~")
	if i := strings.Index(s, "@"); i > 0 {
		a.Org, s = s[i+1:], s[:i]
	}
	a.User = s
	if k, u, ok := strings.Cut(s, "/"); ok {
		a.Kind, a.User = k, u
		if k == "token" {
			a.TokenPerms, a.Open = Names(), false
		}
		if k == "link" {
			a.LinkTo, a.Open = "k", false
		}
	}
	if a.Kind == "visit" {
		a.Kind, a.Visits = "visitor", "site"
	}
	if u, t, ok := strings.Cut(s, ">"); ok {
		a.Kind, a.User, a.PerspectiveOf = "perspective", u, t
	}
	return a
}

// Each line: sentence of the text | actors who may | actors who may not | operation, target, second.
const sentences = `
every signed-in active user | tech tech~ admin guest locked onlylist admin>tech~ | pending invited disabled token/tech nobody | organization.view
being that user | tech guest locked pending | disabled invited token/tech token/pending admin>tech | session.list
waiting for approval: nothing but the own account | guest tech | pending invited disabled | device.forget
own only | tech | admin guest | session.end user:tech
whoever comes by reads what is public | passer-by/nobody guest pending disabled invited tech techA admin>tech admin>guest | token/tech link/admin nobody | article.read article:ap
out at the moment itself | passer-by/nobody tech | token/tech | article.read article:an
a Reader reads what is published | tech guest fader mgr admin inG admin>tech | techA passer-by/nobody pending disabled token/tech | article.read article:as
drafts are editors' | fader mgr admin | tech guest techA passer-by/nobody | article.read article:ad
and what is scheduled | fader mgr admin | tech guest passer-by/nobody | article.read article:al
security groups limit readers, and editors not | inG inGH fader mgr admin | tech guest inOff passer-by/nobody | article.read article:ag
a category never widens | tech guest | techA passer-by/nobody pending | article.read article:ai
a default of its own | fader admin | tech guest mgr passer-by/nobody | article.read article:ah
nothing of it is for him | fader admin | tech guest mgr passer-by/nobody | knowledge-base.view base:shut
a public category opens it | tech passer-by/nobody techA | token/tech | knowledge-base.view base:b
Content editor | fader mgr admin | tech guest techA passer-by/nobody admin>mgr | article.edit article:ap
a role holds in one knowledge base | admin | fader mgr tech | article.edit article:ah
Admin of a knowledge base | mgr admin | fader tech guest | knowledge-base.settings base:b
who deletes one | admin | mgr fader | knowledge-base.delete base:b
a role is given, and rank applies | mgr admin | fader tech guest | knowledge-base.role base:b user:techA
never to an administrator | | mgr admin | knowledge-base.role base:b user:admin2
a view beyond one's own role | admin>mgr | looker>mgr | user.me
keys are renewed by whom they belong to, in an open session | tech viewer admin | tech~ guest pending admin>tech token/tech | keys.renew
own password | guest tech pending | invited admin>tech token/tech | password.change
guests have no tokens | tech onlylist | guest token/tech | token.revoke
token.add needs Plugin Access and Password: Add | tech mgrA admin | adder viewer guest tech~ | token.add
guest never sees the vault | tech techA~ | guest admin>tech token/tech | vault.open
a change of the Organization Key | admin | admin~ mgr fakeAdm token/admin admin>admin2 | organization.key.change
the next open session makes the epoch | tech viewer | tech~ guest token/tech | organization.epoch.make
Client: View List | tech tech~ techA token/tech onlylist | nolist guest siteish fakeAdm pending | client.list
default access | tech mgr admin onlylist admin>tech token/tech | techA mgrA nolist guest | client.view client:c3
an enabled group holds both | byGroup tech | techA | client.view client:c3
an assignment ends by itself | techA tech | mgrA byGroup | client.view client:c2
a disabled group assigns nothing | tech techA mgrA | byGroup | client.view client:c1
company only by override, assignment, group | admin techA byGroup | tech mgr onlylist mgrA | client.view client:co
disabled client | admin mgr cancAsg token/mgr | tech techA mgrA inG | client.view client:off
disabled client, content | admin mgr | tech techA cancAsg | credential.reveal credential:koff
disabled client, list only | admin mgr cancAsg | tech techA | credential.view credential:koff
company vault can't be disabled | | admin mgr | client.disable client:co
Client: Disable | admin mgr mgrA cancAsg | tech techA admin>mgr | client.disable client:c1
Client: Disable enables | admin mgr cancAsg | tech mgrA | client.enable client:off
Client: Add | admin mgr mgrA job:import/mgr | tech techA mgr~ token/mgr admin>mgr | client.add
Client: Edit | admin mgr mgrA token/mgr job:import/mgr | tech | client.edit client:c1
Client: Edit arranges the panel | admin mgr token/mgr | mgr~ tech | client.panel.edit client:c1
Dashboard: Edit, also without Client: Edit | tech mgr token/tech | tech~ onlylist viewer admin>tech | client.banner.edit client:c1
the banner is on the pages of what is in a client | onlylist tech~ admin>tech | nolist guest | client.banner credential:k
the banner of a disabled client | admin mgr cancAsg | tech techA | client.banner credential:koff
no guarded folder's page, no banner there | inG | tech | client.banner folder:f
overview is a list | onlylist tech~ admin>tech | nolist guest | client.overview client:c1
only a disabled client is deleted | admin | mgr tech cancAsg token/admin | client.delete client:off
not an enabled one | | admin mgr | client.delete client:c1
bookmarks are own | tech tech~ techA | token/tech admin>tech guest | bookmark.set client:c1
list is reach and View List | onlylist tech viewer techA admin>tech token/tech | nolist tech~ byGroup mgr>tech | credential.list client:c1
overview | onlylist viewer | nolist guest byGroup tech~ | credential.view credential:k
history is no secret | onlylist admin>tech | nolist | credential.history credential:k
Password: View, implied by Edit | viewer editor tech techA locked token/tech | onlylist adder nolist tech~ admin>tech guest pending invited disabled byGroup | credential.reveal credential:k
a link with a secret | tech mgrA techA admin | tech~ onlylist viewer guest pending admin>tech token/tech link/tech nolist byGroup | link.add credential:k permission:Password:_View
a link without a secret | tech | onlylist viewer | link.add credential:k
nothing personal goes outside | | tech admin | link.add credential:p
links to a credential | tech tech~ admin>tech | viewer token/tech link/tech byGroup | link.of credential:k
not of a personal one | | tech | link.of credential:p
own links | tech tech~ admin>tech | viewer guest token/tech link/tech | link.list
own links end | tech viewer | guest token/tech link/tech admin>tech | link.revoke
others' links, Organization: Admin | admin | tech mgr | link.revoke user:techA
a link opens its credential while its sender could make it | link/tech link/techA link/admin link/locked | tech admin link/viewer link/disabled link/pending link/guest link/byGroup token/tech admin>tech | link.open credential:k
the passphrase too | link/tech | tech link/viewer | link.try credential:k
and no other | | link/tech link/admin | link.open credential:k2
a link is no user | tech | link/tech link/admin | credential.reveal credential:k
nor lists | tech | link/tech | client.list
an export takes its permission | admin | admin~ mgr tech token/admin admin>admin2 link/admin | export.credentials
the list of clients | admin admin~ | mgr tech token/admin admin>admin2 | client.export
of clients that are reached | admin | mgr tech | export.part client:c1
one's own vault | tech admin | novault tech~ guest token/tech admin>tech | export.own
part by part | tech | novault | export.own.part
copy as reveal | viewer editor | onlylist admin>tech | credential.copy credential:k
earlier value | viewer editor | onlylist admin>tech | credential.reveal.version credential:k
restore needs Edit | editor tech | viewer adder onlylist | credential.restore.version credential:k
Password: Add | adder tech job:import/mgr | viewer editor job:import/tech job:mail/mgr | credential.add client:c1
add to guarded | inG admin | tech adder | credential.add folder:f
Password: Edit | editor tech job:import/mgr | viewer adder admin>tech | credential.edit credential:k
Password: Archive | mgr admin mgrA mgr~ | tech editor | credential.archive credential:k
Password: Archive restores | mgr admin | tech | credential.restore credential:arch
Password: Archive for each of several | mgr admin | tech | credential.archive credential:k credential:k2
not for one's own and another | | mgr | credential.archive credential:k credential:p
one's own first does not help | | tech | credential.archive credential:p credential:k
deleting for good | admin | mgr tech admin>tech | credential.delete credential:arch
deleting one's own for good | tech | admin tech~ token/tech | credential.delete credential:p
columns are one's own | tech tech~ viewer admin>tech | token/tech guest | list.columns
choosing columns | tech tech~ viewer | token/tech admin>tech guest | list.columns.save
a group on the folder | inG inGH admin | tech mgr inOff nolist | credential.reveal credential:k-f
a folder above | inG inGH admin | tech | credential.reveal credential:k-sub
at every level that has some | inGH admin | inG tech | credential.reveal credential:k-sub2
what a disabled group guards stays closed | admin | inOff inG tech mgr byGroup | credential.reveal credential:k-dead
another enabled group suffices | inG admin | inOff tech | credential.reveal credential:k-half
broken chain | | admin tech | credential.reveal credential:k-broken
folder list | tech tech~ onlylist | nolist | folder.list client:c1
guarded folder | inG inGH admin | tech mgr | folder.list folder:f
Folder: Add/Edit | fader tech tech~ | viewer | folder.add client:c1
groups on a folder | mgr admin | tech fader | folder.add client:c1 group:g
groups on a folder, edit | mgr admin | tech fader | folder.edit folder:free group:g
rename | fader tech | viewer | folder.edit folder:free
moving out of a guarded one | admin | inG inGH mgr | folder.move folder:sub client:c1
moving within the guard | inG admin | tech mgr | folder.move folder:sub folder:f
moving a guarded folder | inG admin | tech | folder.move folder:f folder:free
into itself | | admin inG | folder.move folder:f folder:sub
into a guarded one | inG admin | tech mgr | folder.move folder:free folder:f
folder to another client | tech mgr | fader tech~ | folder.move folder:free client:c2
folder to personal | | tech | folder.move folder:free personal:tech
delete empty | fader tech mgr | viewer | folder.delete folder:empty
delete with content | mgr admin | tech fader | folder.delete folder:free
content out of reach | admin | mgr inGH tech | folder.delete folder:nest
moving up keeps the guards below | noguard admin | mgr tech | folder.delete folder:nest up
its own guard is lost | admin | noguard inGH | folder.delete folder:f up
archiving loses them all | admin | noguard mgr | folder.delete folder:f
an empty guarded folder | noguard inGH | tech | folder.delete folder:sub2x
no groups in a personal vault | | tech | folder.add personal:tech group:g
unknown group | | admin | folder.add client:c1 group:none
move among one's own | tech | admin token/tech | credential.move credential:pp personal:tech
never a credential as destination | | admin | credential.move credential:k credential:k2
within what is reached | lookerA>asgn1 admin>asgn | lookerA>asgn | client.list
tokens need Plugin Access and Password: Add | token/tech | token/plug token/adder | client.list
undoing | mgr admin | tech mgr~ | import.undo user:mgr
others' imports: Organization: Admin | admin admin~ | mgr | import.cancel user:tech
move a credential within the client | editor editor~ tech | viewer adder | credential.move credential:k folder:free
out of a guarded folder | admin | inG tech | credential.move credential:k-f folder:free
deeper keeps the guard | inG | tech | credential.move credential:k-f folder:sub
both places | tech editor techA | mgrA editor~ viewer adder | credential.move credential:k client:c2
to a client not reached | tech | techA | credential.move credential:k client:c3
personal vault is the owner's | tech | admin token/tech admin>tech tech~ novault | credential.reveal credential:p
Vault Access | | novault admin | credential.reveal credential:pn
never a guest's | | guest admin | credential.view credential:pg
personal needs no Password: Archive | tech | admin token/tech | credential.archive credential:p
personal folder | tech tech~ | admin | folder.edit folder:fp
personal add | tech | admin token/tech job:import/tech | credential.add personal:tech
personal to client | tech | admin tech~ token/tech | credential.move credential:pp client:c1
client to personal needs Archive | mgr | tech admin>mgr | credential.move credential:k personal:mgr
not into another's | | mgr admin | credential.move credential:k personal:tech
search | tech tech~ onlylist admin>tech token/tech | guest pending nobody | search
Import Data | mgr admin | tech mgr~ token/mgr admin>mgr job:mail/mgr guest | import.run
a row needs the act's own | mgr | tech | import.run none client:c1
running for oneself | mgr admin mgr~ | tech token/mgr | import.view user:mgr
preview shows secrets | mgr | admin>mgr mgr~ | import.preview
Report: Client Audit Log | mgr mgr~ admin token/mgr admin>mgr | tech | audit.list client:c1
all of it | admin admin>admin2 | mgr tech fakeAdm | audit.list organization
audit of what one reaches | admin | mgr tech | audit.list folder:f
personal is in no report | | admin tech mgr | audit.list credential:p
never beyond the actor's own | admin>mgr looker>viewer looker>onlylist admin>invited admin>disabled admin>pending | looker>editor looker>guest mgr>tech lookerA>viewer looker>admin admin>admin tech>viewer disabled>viewer | client.list
User: Disable, rank | admin mgr mgr~ | tech token/admin | user.disable user:tech
rank: an administrator | admin | mgr | user.disable user:admin2
nobody disables himself | | admin | user.disable user:admin
rank: guests have nothing | mgr | tech guest | user.disable user:guest
people are seen by who has a permission on users | admin mgr mgr~ admin>mgr | tech guest token/admin fakeAdm | user.list
the edit page, rank | admin mgr | tech token/admin | user.view user:tech
the edit page of an administrator | admin | mgr | user.view user:admin2
nobody edits himself | | admin mgr | user.edit user:admin permission:User:_Edit
a field asks for its own | admin mgr | tech | user.edit user:tech permission:User:_Disable
account roles are an administrator's to give | admin | mgr | user.edit user:tech permission:Organization:_Admin
clients of a user: Edit Access Assignments, and reached | admin mgr mgr~ | tech mgrA token/mgr | user.edit user:tech client:c3
nobody's own clients | | admin | user.edit user:admin client:c3
User: Add | admin mgr | tech guest token/mgr | user.invite
the organization key along with an invitation: User: Edit, and an open session | admin mgr | admin~ tech guest | user.invite none permission:User:_Edit
importing users: Import Data and User: Add | admin mgr mgr~ | tech guest token/mgr admin>mgr | user.import
approving, rank | admin mgr mgr~ | tech | user.approve user:tech
promoting | admin | mgr tech | user.promote user:tech
nobody demotes himself | | admin | user.demote user:admin
guests become members of a level within one's own | admin mgr | tech | user.member user:guest
lockouts | admin mgr admin>mgr | tech token/mgr | user.lockouts
unlocking, rank | admin | mgr | user.unlock user:admin2
export | admin | mgr tech | user.export
off-boarding | admin mgr mgr~ | tech guest | user.off-boarding user:tech
settings about people | admin admin~ | mgr token/admin | people.settings.save
branding, with the vault open or not | admin admin~ | mgr tech guest token/admin admin>admin2 | organization.brand.set
what is set is seen in a perspective too | admin admin~ admin>admin2 | mgr guest token/admin | organization.brand
assigning | admin mgr mgr~ | tech mgrA token/mgr guest | client.assign client:c3 user:tech
assigning, rank | admin | mgr mgrA | client.assign client:c1 user:admin2
assigning, not reached | mgr | mgrA | client.assign client:c3 user:techA
nobody assigns himself | | admin mgr | client.assign client:c1 user:nobody
nobody's rights by himself | admin | mgr | client.assign client:c1 user:mgr
a group gives only what is reached | admin mgr | mgrA tech | group.add none client:c3
a group gives nothing to himself | admin | mgr | group.add none user:mgr
disabling groups | admin mgr mgrA mgr~ | tech token/mgr | group.enable group:g
unknown group | | admin | group.enable group:none
guarding | admin mgr | tech fader token/mgr | folder.guard folder:free group:h
guarding, not reached | admin | mgr | folder.guard folder:dead group:h
levels within one's own | admin | mgr tech | level.add none permission:Vault_Access
never in a custom level | | admin | level.add none permission:Organization:_Admin
enrolling | admin | admin~ mgr | user.enrol
mail is the administrators', with the vault open or not | admin admin~ admin2 admin>admin2 | mgr tech guest fakeAdm token/admin admin>tech | mail.settings.view
its settings are theirs, not a perspective's | admin admin~ | mgr fakeAdm token/admin admin>admin2 | mail.settings.save
the outbox | admin admin~ admin>admin2 | mgr guest fakeAdm token/admin | mail.list
what waits in it is read by administrators | admin admin~ | mgr tech fakeAdm token/admin admin>admin2 | mail.show
own profile, token too, and whose perspective it is | tech guest pending token/tech admin>tech | invited token/pending pending>guest tech>guest | user.me
only those within one's own rights, never oneself | admin looker | tech mgr guest pending lookerA token/admin admin>tech | perspective.begin user:viewer
back to one's own session | tech admin>tech tech>guest guest | pending token/tech | perspective.end
site: question 2 is always yes | sa@site su@site sl@site | cust@site wrong@site tech | @site client.view client:home
site user | sa@site su@site | sl@site wrong@site cust@site admin | @site credential.reveal credential:a
chosen | sa@site su@site sl@site | admin | @site credential.reveal credential:bel
chosen by name | sa@site sl@site | cust@site | @site credential.view credential:one
guard holds for chosen | sa@site su@site | sl@site | @site credential.reveal credential:gk
site admin has the override | sa@site su@site | sl@site | @site credential.add folder:grd
limited changes nothing | sa@site su@site | sl@site | @site credential.edit credential:bel
a client's site | admin mgr mgrA | tech techA guest sa@site nolist | site.open client:c1
none of the company vault | | admin mgr | site.close client:co
its types | admin mgr | tech techA | site.types client:c2
no site in a site | | sa@site su@site | @site site.close client:home
site settings | sa@site | su@site sl@site wrong@site | @site organization.key.change
API tokens not for Site User - Limited | sa@site su@site | sl@site | @site token.add
Client: Edit in a site | sa@site | su@site | @site client.edit client:home
one client in a site | | sa@site wrong@site | @site client.add
all of the audit log, site | sa@site | su@site token/sa@site | @site audit.list organization
nothing crosses | | admin tech | @site client.view client:c1
unknown operation | | admin | credential.frobnicate credential:k
`

func TestSentences(t *testing.T) { verdicts(t, world(), sentences) }

// verdicts tries a table: what it says, who may, who may not, the attempt.
func verdicts(t *testing.T, w *World, table string) {
	t.Helper()
	n := 0
	for line := range strings.Lines(table) {
		part := strings.Split(strings.TrimSpace(line), "|")
		if len(part) < 4 {
			continue
		}
		words := strings.Fields(part[3])
		org := "pro"
		if strings.HasPrefix(words[0], "@") {
			org, words = words[0][1:], words[1:]
		}
		for i, want := range []bool{true, false} {
			for _, who := range strings.Fields(part[i+1]) {
				a := actor(who)
				if w.Orgs[a.Org].Users[a.User] == nil && a.User != "nobody" {
					t.Fatal("no such user in the table: ", who)
				}
				at := Attempt{Actor: a, Org: org, Operation: words[0]}
				if len(words) > 1 && words[1] != "none" {
					at.Target = target(words[1])
				}
				if len(words) > 2 {
					at.Second = target(words[2])
				}
				n++
				if ok, why := w.May(at); ok != want {
					t.Errorf("%s: %s: %v, got %v (%s)", part[0], part[3], a, ok, why)
				}
			}
		}
	}
	t.Log(n, "verdicts")
}
