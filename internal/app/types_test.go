package app_test

import (
	"context"
	"strings"
	"testing"

	"bailiwick/internal/apptest"
	"bailiwick/internal/client"
	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
	"bailiwick/internal/fault"
	"bailiwick/internal/perm"
	"bailiwick/internal/vault"
)

// A custom type from its making to its end: it labels lists, search and
// history, and leaves nothing behind.
func TestCredentialTypes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w := apptest.New(t, d)
		contoso, err := w.Clients.Add(ctx, w.Admin, client.Input{Name: "Contoso"})
		w.Must(err)
		at := vault.Place{Client: contoso}
		pin := []vault.Field{{Name: "PIN", Hidden: true}, {Name: "Serviced", Date: true}}
		door, err := w.Vault.AddType(ctx, w.Admin, vault.TypeInput{Name: " Door controller ", Icon: "door-closed", Fields: pin})
		w.Must(err)
		for name, in := range map[string]vault.TypeInput{
			"name":   {Name: "DOOR controller", Icon: "car"},
			"icon":   {Name: "Gate", Icon: "no such"},
			"fields": {Name: "Gate", Icon: "car", Fields: []vault.Field{{Name: "a"}, {Name: "A", Hidden: true}}},
		} {
			if _, err := w.Vault.AddType(ctx, w.Admin, in); !complains(err, name) {
				t.Errorf("a type with a bad %s: %v", name, err)
			}
		}
		if _, err := w.Vault.AddType(ctx, w.Admin, vault.TypeInput{Name: "firewall", Icon: "car"}); !complains(err, "name") {
			t.Errorf("the name of a built-in type: %v", err)
		}

		// By name in any case, or by id; kept by what has it.
		cred, err := w.Vault.Add(ctx, w.Admin, at, vault.Input{Type: "door CONTROLLER", Overview: vault.Overview{Title: "Entrance"}, Secret: vault.Secret{Password: "p"}})
		w.Must(err)
		old, err := w.Vault.Add(ctx, w.Admin, at, vault.Input{Type: door, Overview: vault.Overview{Title: "Back door"}})
		w.Must(err)
		w.Must(w.Vault.Archive(ctx, w.Admin, old))
		if _, err := w.Vault.Add(ctx, w.Admin, at, vault.Input{Type: "Gate", Overview: vault.Overview{Title: "x"}}); !complains(err, "type") {
			t.Errorf("an unknown type: %v", err)
		}
		c, err := w.Vault.Get(ctx, w.Admin, cred)
		w.Must(err)
		if c.Type != door || c.TypeName != "Door controller" || c.TypeIcon != "door-closed" {
			t.Errorf("read as %q %q %q", c.Type, c.TypeName, c.TypeIcon)
		}
		finds := func(query string, want int) {
			t.Helper()
			hits, err := w.Vault.Search(ctx, w.Admin, query, 10)
			w.Must(err)
			if len(hits) != want {
				t.Errorf("search for %q gives %v", query, hits)
			}
		}
		finds("door contr", 1)

		// A new name holds everywhere at once, also in search.
		w.Must(w.Vault.EditType(ctx, w.Admin, door, 1, vault.TypeInput{Name: "Entry system", Icon: "plug", Fields: pin}))
		if err := w.Vault.EditType(ctx, w.Admin, door, 1, vault.TypeInput{Name: "Mine", Icon: "plug"}); !fault.Is(err, fault.Conflict) {
			t.Errorf("a stale edit: %v", err)
		}
		finds("door contr", 0)
		finds("entry sys", 1)

		// Hidden built-in types are not offered, but kept.
		firewall, err := w.Vault.Add(ctx, w.Admin, at, vault.Input{Type: "Firewall", Overview: vault.Overview{Title: "Edge"}})
		w.Must(err)
		was := vault.Settings{RevealSeconds: 30}
		w.Must(w.Vault.SaveSettings(ctx, w.Admin, was, vault.Settings{HideBuiltin: true, RevealSeconds: 30}))
		if err := w.Vault.SaveSettings(ctx, w.Admin, was, vault.Settings{RevealSeconds: 60}); !fault.Is(err, fault.Conflict) {
			t.Errorf("stale settings: %v", err)
		}
		was.HideBuiltin = true
		for _, seconds := range []int{4, 301} {
			if err := w.Vault.SaveSettings(ctx, w.Admin, was, vault.Settings{RevealSeconds: seconds}); !complains(err, "reveal-seconds") {
				t.Errorf("%d seconds: %v", seconds, err)
			}
		}
		if _, err := w.Vault.Add(ctx, w.Admin, at, vault.Input{Type: "Router", Overview: vault.Overview{Title: "x"}}); !complains(err, "type") {
			t.Errorf("a hidden type: %v", err)
		}
		title := "Edge 2"
		_, err = w.Vault.Patch(ctx, w.Admin, firewall, 1, vault.Patch{Title: &title})
		w.Must(err)
		usual, err := w.Vault.Add(ctx, w.Admin, at, vault.Input{Overview: vault.Overview{Title: "Usual"}})
		w.Must(err)
		if c, err := w.Vault.Get(ctx, w.Admin, usual); err != nil || c.Type != door {
			t.Errorf("without a choice the type is %q, %v", c.Type, err)
		}
		if err := w.Vault.DeleteType(ctx, w.Admin, door, 2, "Firewall"); !fault.Is(err, fault.Unacceptable) {
			t.Errorf("deleting the last that is offered: %v", err)
		}
		w.Must(w.Vault.SaveSettings(ctx, w.Admin, was, vault.Settings{RevealSeconds: 45}))

		// Who may not, can't; who may read, is not told what is used.
		w.Enrol("tim", perm.LevelTechnicianDefault)
		tim := w.SignIn("tim")
		if err := w.Vault.DeleteType(ctx, tim, door, 2, "Firewall"); !fault.Is(err, fault.Absent) {
			t.Errorf("deleted by a technician: %v", err)
		}
		if k, err := w.Vault.Kinds(ctx, tim); err != nil || k.Of(door).Used != 0 || k.Of(door).Name != "Entry system" {
			t.Errorf("a technician reads %+v, %v", k.Of(door), err)
		}
		if k, err := w.Vault.Kinds(ctx, w.Admin); err != nil || k.Of(door).Used != 3 {
			t.Errorf("the administrator reads %+v, %v", k.Of(door), err)
		}

		// In use: nothing goes without a replacement, and that reaches archived
		// ones and earlier versions.
		_, err = w.Vault.Patch(ctx, w.Admin, usual, 1, vault.Patch{Title: &title})
		w.Must(err)
		for _, none := range []string{"", door, "Gate"} {
			if err := w.Vault.DeleteType(ctx, w.Admin, door, 2, none); !complains(err, "replacement") {
				t.Errorf("replaced by %q: %v", none, err)
			}
		}
		w.Must(w.Vault.DeleteType(ctx, w.Admin, door, 2, "alarm code"))
		for _, id := range []string{cred, old, usual} {
			if c, err := w.Vault.Get(ctx, w.Admin, id); err != nil || c.Type != "Alarm code" || c.TypeIcon != "siren" {
				t.Errorf("%s has the type %q, %v", id, c.Type, err)
			}
		}
		versions, err := w.Vault.History(ctx, w.Admin, usual)
		w.Must(err)
		for _, v := range versions {
			if v.TypeName != "Alarm code" {
				t.Errorf("version %d has the type %q", v.Version, v.TypeName)
			}
		}
		finds("alarm", 2)
		if err := w.Vault.SaveSettings(ctx, w.Admin, vault.Settings{RevealSeconds: 45}, vault.Settings{HideBuiltin: true, RevealSeconds: 45}); !complains(err, "hide-built-in-types") {
			t.Errorf("hidden without a custom type: %v", err)
		}
	})
}

// complains reports whether an error is about that field.
func complains(err error, field string) bool {
	f, ok := fault.As(err)
	if !ok || f.Kind != fault.Invalid {
		return false
	}
	for _, x := range f.Fields {
		if x.Name == field && strings.HasSuffix(x.Text, ".") {
			return true
		}
	}
	return false
}
