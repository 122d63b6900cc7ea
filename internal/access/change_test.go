package access_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"bailiwick/internal/access"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/perm"
	"bailiwick/internal/vault"
)

func effectWords(all []access.LevelEffect) string {
	var out []string
	for _, e := range all {
		out = append(out, fmt.Sprintf("%s +%d -%d", e.Permission, len(e.Gains), len(e.Loses)))
	}
	return strings.Join(out, "; ")
}

// A level is copied, foreseen, changed, and deleted with a replacement.
func TestLevels(t *testing.T) {
	each(t, func(o *office) {
		set := perm.SetOf(perm.ClientViewList, perm.PasswordView)
		desk, err := o.Access.AddLevel(ctx, o.Admin, " Desk ", set)
		o.Must(err)
		_, err = o.Access.AddLevel(ctx, o.Admin, "DESK", set)
		o.is(err, fault.Invalid)
		_, err = o.Access.AddLevel(ctx, o.Admin, "organization admin", set)
		o.is(err, fault.Invalid)
		_, err = o.Access.AddLevel(ctx, o.Admin, "More", set.With(perm.UserAutoProvision))
		o.is(err, fault.Invalid)
		for _, n := range []string{"dana", "dirk", "dora"} {
			o.Enrol(n, desk)
		}
		all, err := o.Access.Levels(ctx, o.Admin)
		o.Must(err)
		if len(all) != 9 || !all[0].Builtin || all[0].MayEdit || all[0].MayDelete || all[8].Name != "Desk" || len(all[8].Holders) != 3 || !all[8].MayEdit || !all[8].MayDelete {
			t.Fatalf("%+v", all)
		}
		more := set.With(perm.ReportClientPasswords).Without(perm.PasswordView)
		e, err := o.Access.PreviewLevel(ctx, o.Admin, desk, more)
		o.Must(err)
		if got := effectWords(e); got != "Password: View +0 -3; Report: Client Passwords +3 -0" {
			t.Fatalf("foreseen: %s", got)
		}
		dana := o.SignIn("dana")
		if ok := o.has(dana, perm.ReportClientPasswords); ok {
			t.Fatal("a preview has given something")
		}
		o.Must(o.Access.EditLevel(ctx, o.Admin, desk, 1, "Desk", more))
		if !o.has(dana, perm.ReportClientPasswords) || o.has(dana, perm.PasswordView) { // from the next request
			t.Fatal("the change does not hold")
		}
		o.is(o.Access.EditLevel(ctx, o.Admin, desk, 1, "Desk", more), fault.Conflict)
		o.is(o.Access.EditLevel(ctx, o.Admin, "admin", 0, "Mine", set), fault.Absent)
		// Nobody beyond his own: Max lacks Permissions: Add and Delete.
		o.Must(o.Access.EditLevel(ctx, o.asMax, desk, 2, "Help desk", set))
		o.is(o.Access.EditLevel(ctx, o.asMax, desk, 3, "Help desk", set.With(perm.PermissionsAdd)), fault.Invalid)
		o.Must(o.Access.EditLevel(ctx, o.Admin, desk, 3, "Help desk", set.With(perm.PermissionsAdd)))
		o.is(o.Access.EditLevel(ctx, o.asMax, desk, 4, "Help desk", set), fault.Absent)

		o.is(o.Access.DeleteLevel(ctx, o.Admin, desk, 4, ""), fault.Invalid)
		o.is(o.Access.DeleteLevel(ctx, o.Admin, desk, 4, desk), fault.Invalid)
		o.is(o.Access.DeleteLevel(ctx, o.Admin, desk, 4, perm.LevelSiteUser), fault.Invalid)
		o.is(o.Access.DeleteLevel(ctx, o.Admin, desk, 3, perm.LevelTechnicianAssigned), fault.Conflict)
		e, err = o.Access.PreviewReplacement(ctx, o.Admin, desk, perm.LevelTechnicianAssigned)
		o.Must(err)
		if got := effectWords(e); !strings.Contains(got, "Password: Add +3 -0") || !strings.Contains(got, "Permissions: Add +0 -3") {
			t.Errorf("foreseen: %s", got)
		}
		o.Must(o.Access.DeleteLevel(ctx, o.Admin, desk, 4, perm.LevelTechnicianAssigned))
		if o.has(dana, perm.PermissionsAdd) || !o.has(dana, perm.PasswordAdd) {
			t.Error("Dana did not get the replacement")
		}
		_, err = o.Access.Level(ctx, o.Admin, desk)
		o.is(err, fault.Absent)
	})
}

func (o *office) has(who gate.Actor, p perm.P) bool {
	o.t.Helper()
	me, err := o.People.Me(ctx, who)
	o.Must(err)
	return me.Has(p)
}

// Nobody changes the level that he has himself, nor deletes the default one
// without another in its place.
func TestOwnAndDefaultLevel(t *testing.T) {
	each(t, func(o *office) {
		own, err := o.Access.AddLevel(ctx, o.Admin, "Own", perm.SetOf(perm.ClientViewList, perm.PermissionsView, perm.PermissionsEdit, perm.PermissionsDelete))
		o.Must(err)
		o.Enrol("olga", own)
		olga := o.SignIn("olga")
		o.is(o.Access.EditLevel(ctx, olga, own, 1, "Own", perm.SetOf(perm.ClientViewList)), fault.Absent)
		o.is(o.Access.DeleteLevel(ctx, olga, own, 1, ""), fault.Absent)
		start, err := o.Access.AddLevel(ctx, o.Admin, "Start", perm.SetOf(perm.ClientViewList))
		o.Must(err)
		o.set("default-level", start)
		o.is(o.Access.DeleteLevel(ctx, o.Admin, start, 1, ""), fault.Invalid)
		o.Must(o.Access.DeleteLevel(ctx, o.Admin, start, 1, own))
		if l, err := o.Access.Level(ctx, o.Admin, own); err != nil || !l.Default {
			t.Errorf("the default: %+v %v", l, err)
		}
	})
}

// A group is foreseen and changed; it gives no more than its changer has.
func TestGroups(t *testing.T) {
	each(t, func(o *office) {
		all, err := o.Access.Groups(ctx, o.asMax)
		o.Must(err)
		if len(all) != 1 || len(all[0].Folders) != 1 || len(all[0].Users) != 1 {
			t.Fatalf("%+v", all)
		}
		in := access.GroupInput{Name: "Server people", Users: []string{o.max, o.tina}, Clients: []string{o.contoso}}
		e, err := o.Access.PreviewGroup(ctx, o.asMax, o.group, in, true)
		o.Must(err)
		if len(e) != 1 || e[0].ID != o.tina || len(e[0].Clients) != 1 || e[0].Clients[0].Name != "Contoso" || len(e[0].Folders) != 1 || e[0].Folders[0].Name != "Servers" {
			t.Fatalf("foreseen: %+v", e)
		}
		o.Must(o.Access.EditGroup(ctx, o.asMax, o.group, 1, in))
		o.opens(o.asTina, true)
		o.is(o.Access.EditGroup(ctx, o.asMax, o.group, 1, in), fault.Conflict)
		// Tailspin is the administrator's: Max neither sees it nor takes it out.
		in.Clients = append(in.Clients, o.tail)
		o.is(o.Access.EditGroup(ctx, o.asMax, o.group, 2, in), fault.Absent)
		o.Must(o.Access.EditGroup(ctx, o.Admin, o.group, 2, in))
		g, err := o.Access.Group(ctx, o.asTina, o.group) // technicians have Security Groups: View
		o.Must(err)
		if len(g.Clients) != 2 || g.MayChange {
			t.Errorf("%+v", g)
		}
		// Through the group Max himself reaches Tailspin; without it he could not give it.
		in.Users = []string{o.tina}
		o.Must(o.Access.EditGroup(ctx, o.Admin, o.group, 3, in))
		o.is(o.Access.EditGroup(ctx, o.asMax, o.group, 4, access.GroupInput{Name: "Server people", Users: []string{o.tina, o.tim}, Clients: []string{o.contoso}}), fault.Absent)
		o.Must(o.Access.EditGroup(ctx, o.asMax, o.group, 4, access.GroupInput{Name: "Server people", Users: nil, Clients: []string{o.contoso}}))
		if g, err = o.Access.Group(ctx, o.Admin, o.group); err != nil || len(g.Clients) != 2 || len(g.Users) != 0 {
			t.Errorf("what Max did not see has gone: %+v %v", g, err)
		}
		_, err = o.Access.AddGroup(ctx, o.Admin, "server PEOPLE", nil, nil)
		o.is(err, fault.Invalid)
	})
}

// A group that guards folders is not deleted without a word on them.
func TestDeletingAGroupThatGuards(t *testing.T) {
	each(t, func(o *office) {
		o.is(o.Access.DeleteGroup(ctx, o.Admin, o.group, 1, access.Guarded{}), fault.Invalid)
		o.is(o.Access.DeleteGroup(ctx, o.Admin, o.group, 1, access.Guarded{Instead: o.group}), fault.Invalid)
		o.is(o.Access.DeleteGroup(ctx, o.Admin, o.group, 1, access.Guarded{Instead: "group_none"}), fault.Invalid)
		o.is(o.Access.DeleteGroup(ctx, o.Admin, o.group, 2, access.Guarded{TakeOff: true}), fault.Conflict)
		next, err := o.Access.AddGroup(ctx, o.Admin, "Others", []string{o.tim}, nil)
		o.Must(err)
		o.is(o.Access.DeleteGroup(ctx, o.Admin, o.group, 1, access.Guarded{TakeOff: true, Instead: next}), fault.Invalid)
		o.Must(o.Access.DeleteGroup(ctx, o.Admin, o.group, 1, access.Guarded{Instead: next}))
		o.opens(o.asTim, true)
		o.opens(o.asMax, false)
		// Whoever does not reach the folder can't open it in this way.
		o.is(o.Access.DeleteGroup(ctx, o.asMax, next, 1, access.Guarded{TakeOff: true}), fault.Absent)
		o.Must(o.Access.DeleteGroup(ctx, o.Admin, next, 1, access.Guarded{TakeOff: true}))
		o.opens(o.asMax, true)
	})
}

// Who can see this? and What can this user see? tell the same.
func TestWhoAndWhat(t *testing.T) {
	each(t, func(o *office) {
		o.Must(o.Access.Assign(ctx, o.Admin, o.tail, o.tina, o.Clock.Now().Add(time.Hour).UnixMilli()))
		o.Must(o.Access.AssignGroup(ctx, o.Admin, o.tail, o.group, true))
		key, err := o.Vault.Add(ctx, o.Admin, vault.Place{Client: o.contoso, Folder: o.folder}, vault.Input{Overview: vault.Overview{Title: "Root"}})
		o.Must(err)
		who := func(target gate.Target) string {
			found, err := o.Access.Who(ctx, o.Admin, target)
			o.Must(err)
			var out []string
			for _, p := range found.People {
				doors := ""
				for _, d := range p.Doors {
					doors += fmt.Sprintf(" %s=%b%v", d.Folder.Name, d.By, d.Groups)
				}
				out = append(out, fmt.Sprintf("%s %b%v%s", p.Name, p.Client, p.Groups, doors))
			}
			return strings.Join(out, "; ")
		}
		for _, c := range []struct {
			target gate.Target
			want   string
		}{
			{gate.Client(o.contoso), fmt.Sprintf("Ada Admin %b[]; max %b[]; tim %b[]", gate.ByOverride|gate.ByDefault|gate.ByAssignment, gate.ByAssignment, gate.ByAssignment)},
			{gate.Client(o.tail), fmt.Sprintf("Ada Admin %b[]; max %b[Server people]; tina %b[]", gate.ByOverride|gate.ByDefault|gate.ByAssignment, gate.ByGroup, gate.ByTimed)},
			{gate.Credential(key), fmt.Sprintf("Ada Admin %b[] Servers=%b[]; max %b[] Servers=%b[Server people]", gate.ByOverride|gate.ByDefault|gate.ByAssignment, gate.ByOverride, gate.ByAssignment, gate.ByGroup)},
		} {
			if got := who(c.target); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		}
		for name, id := range map[string]string{"max": o.max, "tim": o.tim, "tina": o.tina} {
			sight, err := o.Access.What(ctx, o.Admin, id)
			o.Must(err)
			for _, c := range []string{o.contoso, o.tail} {
				seen := false
				for _, x := range sight.Clients {
					seen = seen || x.ID == c
				}
				if seen != strings.Contains(who(gate.Client(c)), name) {
					t.Errorf("%s and %s: %v", name, c, seen)
				}
			}
			open := len(sight.Folders) == 1 && sight.Folders[0].Open
			if open != strings.Contains(who(gate.Folder(o.folder)), name) {
				t.Errorf("%s opens the folder: %v", name, sight.Folders)
			}
		}
		// Of what Max does not reach he learns nothing.
		o.Must(o.Access.AssignGroup(ctx, o.Admin, o.tail, o.group, false))
		sight, err := o.Access.What(ctx, o.asMax, o.tina)
		o.Must(err)
		if len(sight.Clients) != 0 {
			t.Errorf("Max learns %+v", sight.Clients)
		}
		_, err = o.Access.Who(ctx, o.asMax, gate.Client(o.tail))
		o.is(err, fault.Absent)
		gain, lose, err := o.Access.PreviewGuard(ctx, o.asMax, o.folder, nil)
		o.Must(err)
		if len(gain) != 1 || gain[0].ID != o.tim || len(lose) != 0 {
			t.Errorf("without guard: %v %v", gain, lose)
		}
		a, err := o.Access.Assignments(ctx, o.asMax, o.contoso)
		o.Must(err)
		if len(a.Users) != 3 || a.Users[0].MayChange || !a.Users[2].MayChange { // Ada, Max himself, Tim
			t.Errorf("%+v", a.Users)
		}
	})
}
