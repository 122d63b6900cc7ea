package client_test

import (
	"context"
	"slices"
	"testing"

	"bailiwick/internal/apptest"
	"bailiwick/internal/audit"
	"bailiwick/internal/client"
	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
	"bailiwick/internal/fault"
	"bailiwick/internal/perm"
	"bailiwick/internal/vault"
)

// A client forces some credential types: no other is offered or taken there,
// what is there keeps its own, and other clients know nothing of it.
func TestForcedTypes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, ctx := apptest.New(t, d), context.Background()
		camera, err := w.Vault.AddType(ctx, w.Admin, vault.TypeInput{Name: "Camera", Icon: "camera"})
		w.Must(err)
		plain, err := w.Clients.Add(ctx, w.Admin, client.Input{Name: "Plain"})
		w.Must(err)
		narrow, err := w.Clients.Add(ctx, w.Admin, client.Input{Name: "Narrow", Types: []string{"camera", "Router", " ", "router"}})
		w.Must(err)
		c, err := w.Clients.Get(ctx, w.Admin, narrow)
		w.Must(err)
		if !slices.Equal(c.Types, []string{"Router", camera}) {
			t.Errorf("%v", c.Types)
		}
		at := vault.Place{Client: narrow}
		kinds, err := w.Vault.KindsAt(ctx, w.Admin, at)
		w.Must(err)
		if offered := kinds.Offered(); len(offered) != 2 || kinds.Usual().ID != "Router" {
			t.Errorf("%v", offered)
		}
		add := func(at vault.Place, typ string) (string, error) {
			return w.Vault.Add(ctx, w.Admin, at, vault.Input{Type: typ, Overview: vault.Overview{Title: "x"}})
		}
		typeOf := func(id string) string {
			c, err := w.Vault.Get(ctx, w.Admin, id)
			w.Must(err)
			return c.Type
		}
		if _, err := add(at, "Firewall"); !fault.Is(err, fault.Invalid) {
			t.Errorf("another type: %v", err)
		}
		usual, err := add(at, "")
		w.Must(err)
		shot, err := add(at, "CAMERA")
		w.Must(err)
		wall, err := add(vault.Place{Client: plain}, "Firewall")
		w.Must(err)
		if typeOf(usual) != "Router" || typeOf(shot) != camera {
			t.Errorf("%s, %s", typeOf(usual), typeOf(shot))
		}
		_, err = w.Vault.Move(ctx, w.Admin, wall, 1, at)
		w.Must(err)
		title := "y"
		if _, err := w.Vault.Patch(ctx, w.Admin, wall, 2, vault.Patch{Title: &title}); err != nil || typeOf(wall) != "Firewall" {
			t.Errorf("it keeps its type: %v", err)
		}
		if _, err := w.Vault.Retype(ctx, w.Admin, []vault.TypeChange{{Chosen: vault.Chosen{ID: usual}, Type: "VPN"}}); !fault.Is(err, fault.Invalid) {
			t.Errorf("retyped: %v", err)
		}

		// What a change says, and who is told.
		in := c.Input()
		in.Types = []string{"Nothing of the kind"}
		if _, err := w.Clients.Edit(ctx, w.Admin, narrow, 1, in); !fault.Is(err, fault.Invalid) {
			t.Errorf("a type that there is not: %v", err)
		}
		in.Types = []string{"camera"}
		_, err = w.Clients.Edit(ctx, w.Admin, narrow, 1, in)
		w.Must(err)
		events, _, err := w.Audit.List(ctx, w.Admin, audit.Filter{})
		w.Must(err)
		if e := events[0]; e.Operation != "client.edit" || !slices.Equal(e.Fields, []string{"credential types"}) {
			t.Errorf("%+v", e)
		}
		w.Enrol("far", perm.LevelTechnicianAssigned)
		if _, err := w.Vault.KindsAt(ctx, w.SignIn("far"), at); !fault.Is(err, fault.Absent) {
			t.Errorf("who does not reach it: %v", err)
		}
		// A forced type that is deleted forces nothing any more.
		kinds, err = w.Vault.Kinds(ctx, w.Admin)
		w.Must(err)
		w.Must(w.Vault.DeleteType(ctx, w.Admin, camera, kinds.Of(camera).Version, "Other"))
		if _, err := add(at, "VPN"); err != nil {
			t.Error(err)
		}
	})
}
