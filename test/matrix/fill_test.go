package matrix

import (
	"os"
	"slices"
	"strings"

	"bailiwick/internal/perm"
	"bailiwick/internal/session"
	"bailiwick/internal/vault"
)

// plan makes what the plan says, through the features where there is one for
// it, and by rows where people would have had to do something first.
func (b *builder) plan() error {
	b.enrol(b.admin, persons, "one.example", canaryStaff["one"], perm.LevelManagerDefault)
	for _, p := range persons {
		b.personal(p.name, canaryOne)
	}
	// A revoked token, which also makes a second epoch: half of the world lies
	// under keys of the first.
	b.token(bearer{name: "revoked", owner: "owner"})
	if b.err == nil {
		who := b.open("owner")
		b.check(b.Sessions.RevokeToken(b.ctx, who, b.ids["token:bearer-revoked"]))
		b.vault[b.org], b.epoch[b.org] = who.Ring().Vault(), who.Ring().Epoch()
		b.admin = b.open("admin")
	}
	for _, g := range []string{"in", "out", "off"} {
		made, err := b.Access.AddGroup(b.ctx, b.admin, canaryOne+" "+g, nil, nil)
		b.name("group", g, made, err)
	}
	for _, c := range customers {
		if c.name != "company" && b.err == nil {
			b.client(map[bool]string{true: canaryShared, false: canaryOne}[strings.HasPrefix(c.name, "sited")], c.name) // a site is called as its client
		}
	}
	for _, f := range binders {
		made, err := b.Vault.AddFolder(b.ctx, b.admin, vault.Place{Client: b.ids["client:"+f.client], Folder: b.ids["folder:"+f.parent]}, canaryOne+" "+f.name)
		b.name("folder", f.name, made, err)
		if f.group != "" {
			b.check(b.Access.Guard(b.ctx, b.admin, made, 1, []string{b.ids["group:"+f.group]}))
		}
	}
	for _, l := range logins {
		b.login(b.admin, canaryOne, l.name, vault.Place{Client: b.ids["client:"+l.client], Folder: b.ids["folder:"+l.folder]})
		if l.archived && b.err == nil {
			b.check(b.Vault.Archive(b.ctx, b.admin, b.ids["credential:"+l.name]))
		}
	}
	for _, l := range outward {
		b.post(b.open(l.sender), l)
	}
	for _, p := range persons { // one of his own, to be revoked
		if l := (posted{p.name, "root"}); !slices.Contains(outward, l) {
			b.post(b.open(p.name), l)
		}
	}
	for _, t := range bearers {
		if t.name != "revoked" {
			b.raw(`UPDATE users SET level_id = $1 WHERE id = $2`, b.levelFor(t.owner), b.ids["user:"+t.owner])
			b.raw(`UPDATE organizations SET access_epoch = access_epoch + 1`)
			b.token(t)
		}
	}
	b.mail("one")
	b.kindOf("one", canaryOne)
	b.check(b.Org.ConfirmRecovery(b.ctx, b.admin)) // or no second member could be invited
	b.become()
	b.access()
	b.raw(`INSERT INTO offboardings (org_id, user_id, name, began_at, began_by, done_at) VALUES ($1, $2, 'disabled', 1, $3, 1)`, b.org, b.ids["user:disabled"], b.admin.User())
	b.shelf("one")
	b.sites()
	return b.err
}

// levelFor is what the owner of a token had when he made it.
func (b *builder) levelFor(owner string) string {
	for _, p := range persons {
		if p.name == owner && p.name != "unplugged" {
			return p.level
		}
	}
	return perm.LevelManagerDefault
}

func (b *builder) token(t bearer) {
	if b.err != nil {
		return
	}
	l, _ := perm.LevelByID(b.levelFor(t.owner))
	if level := siteLevel(t.owner); level != "" {
		l, _ = perm.LevelByID(level)
	}
	in := session.NewToken{Name: canaryOf[homeOf(t.owner)] + " " + t.name, Permissions: t.permissions, AllClients: len(t.clients) == 0, Days: 300}
	if t.permissions == nil {
		in.Permissions = l.Set.Names()
	}
	if t.name == "revoked" {
		in.Permissions = []string{"Password: Add"}
	}
	for _, c := range t.clients {
		in.Clients = append(in.Clients, b.ids["client:"+c])
	}
	if t.name == "expired" { // a day ago
		in.Days = 1
		b.clock.Set(start.AddDate(0, 0, -2))
		defer b.clock.Set(start)
	}
	made, err := b.Sessions.AddToken(b.ctx, b.open(t.owner), in)
	b.name("token", "bearer-"+t.name, made.ID, err)
	b.bearers[t.name] = made.Bearer
}

// become makes everybody and everything what the plan says, by rows.
func (b *builder) become() {
	for _, l := range []string{"level_slot", "level_unplugged"} {
		b.raw(`INSERT INTO levels (org_id, id, name, permissions) VALUES ($1, $2, $2, '')`, b.org, l)
	}
	b.raw(`UPDATE levels SET permissions = $1 WHERE id = 'level_unplugged'`, lines(unplugged()))
	for _, p := range persons {
		kind, locked, user := "member", int64(0), b.ids["user:"+p.name]
		switch p.level {
		case "":
			kind = "guest"
		case perm.LevelAdmin, perm.LevelSiteAdministrator:
			kind = "administrator"
		}
		if p.locked {
			locked = start.UnixMilli() + 1000_000
		}
		b.raw(`UPDATE users SET kind = $1, level_id = $2, enabled = $3, approved = $4, invited = $5, locked_until = $6, role_account = $7, role_user_manager = $8 WHERE id = $9`,
			kind, p.level, !p.disabled, !p.pending, p.invited, locked, p.account, p.manage, user)
		if slices.Contains(withFactor, p.name) {
			b.raw(`UPDATE users SET factor = 'TOTP' WHERE id = $1`, user)
		}
		for _, g := range []string{"in", "off"} {
			b.raw(`INSERT INTO group_users (org_id, group_id, user_id) VALUES ($1, $2, $3)`, b.org, b.ids["group:"+g], user)
		}
		for _, c := range customers {
			until := map[string]int64{"all": 0, "lapsed": start.UnixMilli(), "timed": start.UnixMilli() + 1}[c.assigned]
			if c.assigned != "" && p.name != "admin" { // who adds a client is assigned to it
				b.raw(`INSERT INTO client_users (org_id, client_id, user_id, until) VALUES ($1, $2, $3, $4)`, b.org, b.ids["client:"+c.name], user, until)
			}
		}
	}
	for _, c := range customers {
		if c.group != "" {
			b.raw(`INSERT INTO group_clients (org_id, group_id, client_id) VALUES ($1, $2, $3)`, b.org, b.ids["group:"+c.group], b.ids["client:"+c.name])
		}
		b.raw(`UPDATE clients SET enabled = $1 WHERE id = $2`, !c.disabled, b.ids["client:"+c.name])
	}
	b.raw(`UPDATE security_groups SET enabled = FALSE WHERE id = $1`, b.ids["group:off"])
	b.raw(`UPDATE tokens SET last_used = $1`, start.UnixMilli())
	b.raw(`UPDATE clients SET name = $1, name_folded = $1 WHERE company`, canaryOne+" company")
	b.raw(`UPDATE organizations SET access_epoch = access_epoch + 1`)
}

// foreign makes the second organization.
func (b *builder) foreign() error {
	b.personal("eve", canaryTwo)
	b.mail("foreign")
	b.kindOf("foreign", canaryTwo)
	b.check(b.Org.ConfirmRecovery(b.ctx, b.admin))
	b.client(canaryTwo, "foreign")
	folder, err := b.Vault.AddFolder(b.ctx, b.admin, vault.Place{Client: b.ids["client:foreign"]}, canaryTwo)
	b.name("folder", "foreign", folder, err)
	group, err := b.Access.AddGroup(b.ctx, b.admin, canaryTwo, nil, nil)
	b.name("group", "foreign", group, err)
	b.request(b.two, "eve", "eve", "foreign", "")
	b.login(b.admin, canaryTwo, "foreign", vault.Place{Client: b.ids["client:foreign"]})
	b.login(b.admin, canaryTwo, "foreign2", vault.Place{Client: b.ids["client:company2"]})
	b.post(b.admin, posted{"eve", "foreign"})
	b.raw(`UPDATE clients SET name = $1, name_folded = $1 WHERE company`, canaryTwo+" company")
	b.shelf("two")
	b.raw(`UPDATE tokens SET last_used = $1`, start.UnixMilli())
	return b.err
}

// memoryDir is a folder that an fsync costs nothing in, where there is one.
func memoryDir() (string, error) {
	if dir, err := os.MkdirTemp("/dev/shm", "bailiwick-matrix-"); err == nil {
		return dir, nil
	}
	return os.MkdirTemp("", "bailiwick-matrix-")
}
