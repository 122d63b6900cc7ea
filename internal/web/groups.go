package web

import (
	"net/http"

	"bailiwick/internal/access"
	"bailiwick/internal/door"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/perm"
	"bailiwick/internal/web/ui"
)

const groupsPath = "/groups"

var groupsCrumb = ui.Crumb{Label: "Security groups", Href: groupsPath}

func (s *Server) groupRoutes() {
	s.signed("GET "+groupsPath, showGroups)
	s.signed("GET "+groupsPath+"/new", showNewGroup)
	s.signed("POST "+groupsPath+"/new", addGroup)
	s.signed("POST "+groupsPath+"/new/effect", groupEffectPart)
	s.signed("POST "+groupsPath+"/new/lists", groupListsPart)
	s.signed("GET "+groupsPath+"/{id}", showGroup)
	s.signed("POST "+groupsPath+"/{id}", saveGroup)
	s.signed("POST "+groupsPath+"/{id}/effect", groupEffectPart)
	s.signed("POST "+groupsPath+"/{id}/lists", groupListsPart)
	s.signed("POST "+groupsPath+"/{id}/disable", switchGroup(false))
	s.signed("POST "+groupsPath+"/{id}/enable", switchGroup(true))
	s.signed("GET "+groupsPath+"/{id}/delete", showDeleteGroup)
	s.signed("POST "+groupsPath+"/{id}/delete", deleteGroup)
}

func showGroups(v *visit) error {
	all, err := v.app.Access.Groups(v.ctx(), v.who)
	if err != nil {
		return err
	}
	f, err := v.frame("Security groups")
	if err != nil {
		return err
	}
	return v.render(groupsPage(f, v.me.Has(perm.SecurityGroupsManage), all))
}

// groupForm is the page of a group: the dialog where the viewer may change it.
type groupForm struct {
	frame          ui.FrameParams
	group          access.Group // without an id: a new one
	name           ui.FieldParams
	users, clients longPair
	people         []gate.Person // of a group that the viewer can't change: a page of its users
	found          finder
	bad            map[string]string
	effect         []access.GroupEffect
	shown          bool
	stale          bool
	site           bool // where there is one client, and everybody reaches it
}

func (f groupForm) wrong() []ui.FieldParams { return wrong(f.name) }

func (f groupForm) path() string {
	if f.group.ID == "" {
		return groupsPath + "/new"
	}
	return groupsPath + "/" + f.group.ID
}

func (v *visit) groupInput() access.GroupInput {
	in := access.GroupInput{Name: v.text("name"), Part: true, Flag: v.text("flag") != ""}
	in.Users, in.NoUsers = v.moved("user")
	in.Clients, in.NoClients = v.moved("client")
	return in
}

func inputOfGroup(g access.Group) access.GroupInput {
	return access.GroupInput{Name: g.Name, Part: true}.Whole(g)
}

func (v *visit) groupForm(g access.Group, in access.GroupInput, bad map[string]string) (groupForm, error) {
	title := g.Name
	if g.ID == "" {
		title = "New security group"
	}
	frame, err := v.frame(title, groupsCrumb)
	f := groupForm{frame: frame, group: g, bad: bad, site: v.me.Site}
	f.name = ui.FieldParams{Name: "name", Label: "Name", Value: in.Name, Required: true, MaxLength: 100, Autofocus: g.ID == "", Error: bad["name"]}
	if err != nil || g.ID != "" && !g.MayChange {
		f.people, f.found = narrow(v, f.path(), g.Users, itself)
		return f, err
	}
	choice, err := v.app.Access.GroupChoices(v.ctx(), v.who)
	in, was := in.Whole(g), inputOfGroup(g)
	f.users = longPair{title: "Users", name: "user", in: "In the group", path: f.path() + "/lists", words: v.text("find-user")}
	f.clients = longPair{title: "Clients", name: "client", in: "In the group", path: f.path() + "/lists", words: v.text("find-client")}
	users, clients, usersWere, clientsWere := setOfAll(in.Users), setOfAll(in.Clients), setOfAll(was.Users), setOfAll(was.Clients)
	for _, u := range choice.Users {
		f.users.items = append(f.users.items, pairItem{ID: u.ID, Label: u.Name, Sub: u.Email, In: users[u.ID], Was: usersWere[u.ID], Fixed: choice.Fixed[u.ID]})
	}
	for _, c := range choice.Clients {
		f.clients.items = append(f.clients.items, pairItem{ID: c.ID, Label: c.Name, In: clients[c.ID], Was: clientsWere[c.ID]})
	}
	return f, err
}

// groupListsPart answers the script while a filter above long lists is typed.
func groupListsPart(v *visit) error {
	g := access.Group{}
	if id := v.r.PathValue("id"); id != "" {
		var err error
		if g, err = v.app.Access.Group(v.ctx(), v.who, id); err != nil {
			return err
		}
	}
	f, err := v.groupForm(g, v.groupInput(), nil)
	if err != nil {
		return err
	}
	if v.text("lists") == "client" {
		return v.render(pairLists(f.clients))
	}
	return v.render(pairLists(f.users))
}

func showNewGroup(v *visit) error {
	if err := v.offers(false, perm.SecurityGroupsManage); err != nil {
		return err
	}
	f, err := v.groupForm(access.Group{Enabled: true}, access.GroupInput{}, nil)
	if err != nil {
		return err
	}
	return v.render(groupPage(f))
}

func addGroup(v *visit) error {
	in := v.groupInput()
	if v.text("preview") != "" {
		return v.previewGroup(access.Group{Enabled: true}, in)
	}
	in = in.Whole(access.Group{})
	id, err := v.app.Access.AddGroup(v.ctx(), v.who, in.Name, in.Users, in.Clients)
	if bad, ok := fieldErrors(err); ok {
		f, failed := v.groupForm(access.Group{Enabled: true}, in, bad)
		if failed != nil {
			return failed
		}
		return v.renderAs(door.Status(err), groupPage(f))
	}
	if err != nil {
		return err
	}
	v.flash("Security group added.", "")
	return v.goTo(v.groupPath(id))
}

// groupPath is where a change of a group leads: its page, for whoever sees it.
func (v *visit) groupPath(id string) string {
	if v.me.Has(perm.SecurityGroupsView) {
		return groupsPath + "/" + id
	}
	return "/"
}

func showGroup(v *visit) error {
	g, err := v.app.Access.Group(v.ctx(), v.who, v.r.PathValue("id"))
	if err != nil {
		return err
	}
	f, err := v.groupForm(g, inputOfGroup(g), nil)
	if err != nil {
		return err
	}
	return v.render(groupPage(f))
}

func saveGroup(v *visit) error {
	id, in := v.r.PathValue("id"), v.groupInput()
	if v.text("preview") != "" {
		g, err := v.app.Access.Group(v.ctx(), v.who, id)
		if err != nil {
			return err
		}
		g.Version = v.versionRead()
		return v.previewGroup(g, in)
	}
	err := v.app.Access.EditGroup(v.ctx(), v.who, id, v.versionRead(), in)
	bad, invalid := fieldErrors(err)
	if err == nil {
		v.flash("Security group saved.", "")
		return v.goTo(v.groupPath(id))
	}
	if !invalid && !fault.Is(err, fault.Conflict) {
		return err
	}
	g, failed := v.app.Access.Group(v.ctx(), v.who, id)
	if failed != nil {
		return failed
	}
	if invalid {
		g.Version = v.versionRead()
	}
	f, failed := v.groupForm(g, in, bad)
	if failed != nil {
		return failed
	}
	f.stale = !invalid
	if f.effect, failed = v.app.Access.PreviewGroup(v.ctx(), v.who, id, in, g.Enabled); failed != nil {
		return failed
	}
	f.shown = true
	return v.renderAs(door.Status(err), groupPage(f))
}

func (v *visit) previewGroup(g access.Group, in access.GroupInput) error {
	f, err := v.groupForm(g, in, nil)
	if err != nil {
		return err
	}
	f.shown = true
	if f.effect, err = v.app.Access.PreviewGroup(v.ctx(), v.who, g.ID, in, g.Enabled); err != nil {
		return err
	}
	return v.render(groupPage(f))
}

// groupEffectPart answers the script while the lists are being changed.
func groupEffectPart(v *visit) error {
	enabled := v.text("disabled") == ""
	e, err := v.app.Access.PreviewGroup(v.ctx(), v.who, v.r.PathValue("id"), v.groupInput(), enabled)
	if err != nil {
		return err
	}
	return v.render(groupEffects(e, true))
}

func switchGroup(on bool) page {
	return func(v *visit) error {
		id := v.r.PathValue("id")
		if err := v.app.Access.EnableGroup(v.ctx(), v.who, id, on); err != nil {
			return err
		}
		if on {
			v.flash("Security group enabled.", "")
		} else {
			v.flash("Security group disabled: it assigns nothing, and what it guards stays closed.", groupsPath+"/"+id+"/enable")
		}
		return v.finish(v.groupPath(id))
	}
}

// groupDelete asks what becomes of the folders that a group guards.
type groupDelete struct {
	frame   ui.FrameParams
	group   access.Group
	instead ui.SelectParams
	then    string
	bad     string
}

func (v *visit) groupDelete(then, bad string) (groupDelete, error) {
	d := groupDelete{then: then, bad: bad}
	all, err := v.app.Access.Groups(v.ctx(), v.who)
	if err != nil {
		return d, err
	}
	d.instead = ui.SelectParams{Name: "instead", Label: "Another group", Value: v.text("instead"), Options: []ui.Option{{Value: "", Label: "Choose a group"}}}
	for _, g := range all {
		if g.ID == v.r.PathValue("id") {
			d.group = g
		} else {
			d.instead.Options = append(d.instead.Options, ui.Option{Value: g.ID, Label: g.Name})
		}
	}
	if d.group.ID == "" || !d.group.MayChange {
		return d, fault.NotFound()
	}
	d.frame, err = v.frame("Delete", groupsCrumb, ui.Crumb{Label: d.group.Name, Href: groupsPath + "/" + d.group.ID})
	return d, err
}

func showDeleteGroup(v *visit) error {
	d, err := v.groupDelete("", "")
	if err != nil {
		return err
	}
	return v.render(deleteGroupPage(d))
}

func deleteGroup(v *visit) error {
	folders := access.Guarded{TakeOff: v.text("folders") == "open", Flag: v.text("flag") != ""}
	if v.text("folders") == "instead" {
		folders.Instead = v.text("instead")
	}
	err := v.app.Access.DeleteGroup(v.ctx(), v.who, v.r.PathValue("id"), v.versionRead(), folders)
	if bad, ok := fieldErrors(err); ok {
		d, failed := v.groupDelete(v.text("folders"), bad["folders"])
		if failed != nil {
			return failed
		}
		return v.renderAs(http.StatusUnprocessableEntity, deleteGroupPage(d))
	}
	if err != nil {
		return err
	}
	v.flash("Security group deleted.", "")
	if !v.me.Has(perm.SecurityGroupsView) {
		return v.goTo("/")
	}
	return v.goTo(groupsPath)
}
