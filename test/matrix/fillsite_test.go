package matrix

import (
	"bailiwick/internal/apptest"
	"bailiwick/internal/people"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
	"bailiwick/internal/vault"
)

// sites makes the sites of the plan, and what is shared with them and by them,
// all through the features.
func (b *builder) sites() {
	for _, name := range []string{"site", "site2"} {
		b.activate(name)
	}
	for _, f := range siteBinders {
		if b.err == nil {
			who := b.open(adminOf(f.org))
			made, err := b.Vault.AddFolder(b.ctx, who, vault.Place{Client: b.ids["client:"+f.client]}, canaryOf[f.org]+" "+f.name)
			b.name("folder", f.name, made, err)
			if f.group != "" && b.err == nil {
				b.check(b.Access.Guard(b.ctx, who, made, 1, []string{b.ids["group:"+f.group]}))
			}
		}
	}
	for _, l := range loans {
		b.login(b.open(adminOf(l.org)), l.canary(), l.name, vault.Place{Client: b.ids["client:"+l.client], Folder: b.ids["folder:"+l.folder]})
	}
	for org, all := range sitePersons { // links need something of the site's
		for _, p := range all {
			b.post(b.open(p.name), posted{p.name, linked[org]})
		}
	}
	for _, t := range siteBearers {
		b.token(t)
	}
	b.becomeOfSites()
	for _, l := range loans {
		if l.to != "" {
			b.lend(l)
		}
	}
	b.check(b.Vault.Choose(b.ctx, b.open("sue"), b.ids["user:lim"], []string{b.ids["folder:chosen"]}, []string{b.ids["credential:s-picked"]}))
	for _, o := range []string{"one", "site", "site2"} { // takes keys over
		b.settle(o)
	}
	b.raw(`UPDATE tokens SET last_used = $1`, start.UnixMilli())
}

// settle is the next thing that an open session does.
func (b *builder) settle(org string) {
	if b.err == nil {
		_, err := b.People.Me(b.ctx, b.open(adminOf(org)))
		b.check(err)
	}
}

func adminOf(org string) string {
	return map[string]string{"one": "admin", "two": "eve", "site": "sue", "site2": "sam"}[org]
}

// activate opens the site of a client and has its administrator activate it.
func (b *builder) activate(name string) {
	if b.err != nil {
		return
	}
	all, domain := sitePersons[name], name+".example"
	first, client := all[0].name, b.ids["client:"+siteClients[name]]
	b.check(b.Clients.OpenSite(b.ctx, b.admin, client))
	visitor, err := b.People.In(b.ctx, b.admin, client)
	b.check(err)
	added, err := b.People.Invite(b.ctx, visitor, []people.Invitee{{Email: first + "@" + domain, Level: perm.LevelSiteAdministrator}}, "")
	b.check(err)
	if b.err != nil {
		return
	}
	in, err := apptest.ReadActivation(added[0].Link.Reveal())
	b.check(err)
	in.Name, in.Code, in.Recovery = canaryStaff[name]+" "+first, seal.NewCode(), seal.NewCode()
	made, err := b.People.Activate(b.ctx, in)
	b.check(err)
	b.name("org", name, made.Org, err)
	b.name("client", map[string]string{"site": "home", "site2": "home2"}[name], made.Company, err)
	b.raw(`UPDATE clients SET name = $1, name_folded = $1 WHERE id = $2`, canaryOf[name]+" company", made.Company)
	b.codes[made.Org] = in.Code
	b.signIn(first, made)
	if b.err != nil {
		return
	}
	who := b.open(first)
	b.check(b.Org.ConfirmRecovery(b.ctx, who))
	b.enrol(who, all, domain, canaryStaff[name], perm.LevelSiteAdministrator)
	for _, p := range all {
		b.personal(p.name, canaryOf[name])
		b.request(made.Org, p.name, p.name, map[string]string{"site": "home", "site2": "home2"}[name], "")
	}
	group, err := b.Access.AddGroup(b.ctx, who, canaryOf[name]+" nobody", nil, nil)
	b.name("group", map[string]string{"site": "nobody", "site2": "nobody2"}[name], group, err)
}

// becomeOfSites makes the sites' users what the plan says, by rows.
func (b *builder) becomeOfSites() {
	for _, all := range sitePersons {
		for _, p := range all {
			kind := map[bool]string{true: "administrator", false: "member"}[p.level == perm.LevelSiteAdministrator]
			b.raw(`UPDATE users SET kind = $1, level_id = $2, enabled = $3 WHERE id = $4`, kind, p.level, !p.disabled, b.ids["user:"+p.name])
		}
	}
	b.raw(`UPDATE organizations SET access_epoch = access_epoch + 1`)
}

// lend shares a credential, changes it once while it is shared, has it filed on
// the other side, and does what else the plan says.
func (b *builder) lend(l lent) {
	if b.err != nil {
		return
	}
	who, id := b.open(adminOf(l.org)), b.ids["credential:"+l.name]
	how := vault.Sharing{Everyone: len(l.users) == 0, Writes: l.writes, History: l.history}
	for _, u := range l.users {
		how.Users = append(how.Users, b.ids["user:"+u])
	}
	b.check(b.Vault.Share(b.ctx, who, id, how))
	second := l.canary() + "-while-shared"
	_, err := b.Vault.Patch(b.ctx, who, id, 2, vault.Patch{Password: &second})
	b.check(err)
	b.settle(l.to)
	if b.err == nil {
		b.check(b.Vault.Flag(b.ctx, b.open(adminOf(l.to)), id, l.canary()+" note"))
	}
	if l.filed != "" && b.err == nil {
		_, err := b.Vault.Move(b.ctx, b.open(adminOf(l.to)), id, 3, vault.Place{Client: b.ids["client:"+l.there()], Folder: b.ids["folder:"+l.filed]})
		b.check(err)
	}
	if l.archived && b.err == nil {
		b.check(b.Vault.Archive(b.ctx, who, id))
	}
	if l.ended && b.err == nil {
		b.check(b.Vault.Unshare(b.ctx, who, id, false))
	}
	b.settle(l.org)
}

// codeOf is the Organization Key that an actor types.
func (w *world) codeOf(a acting) seal.Code {
	if code, ok := w.codes[a.Org()]; ok {
		return code
	}
	return w.code
}
