package web

import (
	"context"
	"net/url"
	"time"

	"bailiwick/internal/gate"
	"bailiwick/internal/people"
	"bailiwick/internal/perm"
	"bailiwick/internal/web/ui"
	"bailiwick/internal/web/ui/icon"
)

const (
	usersPath    = "/users"
	lockoutsPath = usersPath + "/lockouts"
	leaversPath  = usersPath + "/off-boardings"
)

var usersCrumb = ui.Crumb{Label: "Users", Href: usersPath}

func (s *Server) userRoutes() {
	s.signed("GET "+usersPath, showUsers)
	s.signed("POST "+usersPath+"/export", exportUsers)
	s.signed("GET "+lockoutsPath, showLockouts)
	s.signed("GET "+leaversPath, showLeavers)
	s.ofUser("GET "+usersPath+"/{id}/actions", showActions)
	for _, a := range userActs {
		if a.do != nil {
			s.ofUser("POST "+usersPath+"/{id}/"+string(a.act), a.post())
		}
		if a.about != nil {
			p := a.page()
			if a.act == people.SendKey {
				p = vaultOnly(p)
			}
			s.ofUser("GET "+usersPath+"/{id}/"+string(a.act), p)
		}
	}
	s.offboardRoutes()
}

// userList is the users page: one of its tabs, or those who wait for approval.
type userList struct {
	people.List
	frame    ui.FrameParams
	kind     string
	filter   string
	disabled bool
	pending  bool
	menus    bool // for browsers without script: each row has a link to its acts
	first    bool // nothing stands before this page
	leaving  int  // off-boardings that are not done
	me       people.Me
	now      time.Time
	sites    []people.Site          // whose users the viewer may see
	of       map[string]people.Site // of the users of the tab Site users
	client   string                 // whose site's users alone are shown
}

// kindSite is the tab of the users of clients' sites.
const kindSite = "site"

// kinds are the tabs.
var kinds = []struct{ kind, one, many string }{{"administrator", "administrator", "administrators"}, {"member", "member", "members"}, {"guest", "guest", "guests"}, {kindSite, "site user", "site users"}}

func kindNames(kind string) (one, many string) {
	for _, k := range kinds {
		if k.kind == kind {
			return k.one, k.many
		}
	}
	return "user", "users"
}

func (v *visit) userList() (l userList, err error) {
	l = userList{kind: v.text("kind"), filter: v.text("filter"), disabled: v.text("disabled") != "", pending: v.text("pending") != "", menus: v.text("menus") != "", me: v.me, now: v.app.Clock.Now()}
	switch one, _ := kindNames(l.kind); {
	case l.pending:
		l.kind = ""
	case one == "user":
		l.kind = "member"
	}
	after := v.text("after")
	l.first, l.client = after == "", v.text("client")
	if l.sites, err = v.app.People.Sites(v.ctx(), v.who); err != nil {
		return l, err
	}
	if l.kind == kindSite && len(l.sites) > 0 {
		return v.siteUsers(l, after)
	}
	l.List, err = v.app.People.List(v.ctx(), v.who, people.Filter{Kind: l.kind, Text: l.filter, Disabled: l.disabled, Pending: l.pending, After: after})
	if err == nil && v.me.Has(perm.UserDisable) {
		var open []people.Waiting
		open, err = v.app.People.Offboardings(v.ctx(), v.who)
		l.leaving = len(open)
	}
	return l, err
}

func showUsers(v *visit) error {
	l, err := v.userList()
	if err != nil {
		return err
	}
	if v.r.Header.Get("HX-Target") == "people" {
		return v.render(usersPart(l))
	}
	if l.frame, err = v.frame("Users"); err != nil {
		return err
	}
	return v.render(usersPage(l))
}

// keep is what of the address a changed filter leaves.
func (l userList) keep() url.Values {
	q := url.Values{}
	if l.kind != "" && l.kind != "member" {
		q.Set("kind", l.kind)
	}
	if l.disabled {
		q.Set("disabled", "1")
	}
	if l.pending {
		q.Set("pending", "1")
	}
	if l.menus {
		q.Set("menus", "1")
	}
	if l.client != "" {
		q.Set("client", l.client)
	}
	return q
}

func (l userList) link() string { return l.from("") }

func (l userList) from(after string) string {
	q := l.keep()
	if l.filter != "" {
		q.Set("filter", l.filter)
	}
	if after != "" {
		q.Set("after", after)
	}
	if len(q) == 0 {
		return usersPath
	}
	return usersPath + "?" + q.Encode()
}

func (l userList) tabs() []ui.Tab {
	var all []ui.Tab
	for _, k := range kinds {
		if k.kind == kindSite && len(l.sites) == 0 || k.kind == "guest" && l.me.Site {
			continue
		}
		t := userList{kind: k.kind, filter: l.filter, disabled: l.disabled, menus: l.menus}
		all = append(all, ui.Tab{Label: capital(k.many), Href: t.link(), Count: number(l.Counts[k.kind]), Current: l.kind == k.kind})
		if (k.kind == kindSite) != (l.kind == kindSite) { // one is counted at a time
			all[len(all)-1].Count = ""
		}
	}
	if l.pending { // the counts are of those who wait
		for i := range all {
			all[i].Count = ""
		}
	}
	return all
}

// switched is the same list with disabled users, or without them.
func (l userList) switched() userList {
	l.disabled = !l.disabled
	return l
}

// withMenus is the same list for browsers without script.
func (l userList) withMenus() userList {
	l.menus = true
	return l
}

func (l userList) waiting() userList { return userList{pending: true} }

// more is what is done less often from this page.
func (l userList) more() (items []ui.MenuItem) {
	if l.MayLock {
		items = append(items, ui.MenuItem{Label: "Lockouts", Icon: icon.Lock, Href: lockoutsPath})
	}
	if l.MayAdd && l.me.Has(perm.ImportData) {
		items = append(items, ui.MenuItem{Label: "Import users", Icon: icon.Import, Href: usersPath + "/import"})
	}
	if l.MayExport {
		items = append(items, ui.MenuItem{Label: "Export as CSV", Icon: icon.Export, Post: l.exportPath()})
	}
	if l.me.Has(perm.OrganizationAdmin) {
		items = append(items, ui.MenuItem{Label: "Settings about people", Icon: icon.Settings, Href: "/settings/people"})
	}
	return items
}

// showing says how much of the list this is.
func (l userList) showing() string {
	one, many := kindNames(l.kind)
	total := l.Counts[l.kind]
	if l.kind == "" {
		total = l.Counts["administrator"] + l.Counts["member"] + l.Counts["guest"]
	}
	if len(l.People) == total {
		return counted(total, one, many)
	}
	return number(len(l.People)) + " of " + counted(total, one, many) + ", by name"
}

// elsewhere are the other tabs on which the filter finds somebody.
func (l userList) elsewhere() (found []ui.Tab) {
	for _, t := range l.tabs() {
		if !t.Current && t.Count != "" && t.Count != "0" {
			found = append(found, t)
		}
	}
	return found
}

// exportPath is where the users of this tab are exported: all of one's own, or
// those of clients' sites.
func (l userList) exportPath() string {
	if l.kind != kindSite {
		return usersPath + "/export"
	}
	q := url.Values{"kind": {kindSite}}
	if l.client != "" {
		q.Set("client", l.client)
	}
	return usersPath + "/export?" + q.Encode()
}

func exportUsers(v *visit) error {
	export, name := v.app.People.Export, "users-"
	if v.text("kind") == kindSite {
		export = func(ctx context.Context, who gate.Actor) ([]byte, error) {
			return v.app.People.ExportSites(ctx, who, v.text("client"))
		}
		name = "site-users-"
	}
	csv, err := export(v.ctx(), v.who)
	if err != nil {
		return err
	}
	v.attach(name + v.app.Clock.Now().Format(time.DateOnly) + ".csv")
	_, err = v.w.Write(csv)
	return v.sent(err)
}
