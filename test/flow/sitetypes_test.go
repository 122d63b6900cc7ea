package flow

import (
	"context"
	"slices"
	"testing"

	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
	"bailiwick/internal/fault"
	"bailiwick/internal/perm"
	"bailiwick/internal/vault"
)

// A provider makes a site offer its types: the site's own stay on what has
// them, and are offered for nothing new. Its own again, the provider's stay in
// the same way.
func TestForcedTypesOfSite(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w, site, _ := shareWorld(t, d)
		gate, err := w.Vault.AddType(ctx, w.Admin, vault.TypeInput{Name: "Gate barrier", Icon: "car", Fields: []vault.Field{{Name: "Lane"}}})
		w.Must(err)
		till, err := w.Vault.AddType(ctx, site.Admin, vault.TypeInput{Name: "Till", Icon: "shopping-cart"})
		w.Must(err)
		here := vault.Place{Client: site.Company}
		add := func(title, kind string) (string, error) {
			return w.Vault.Add(ctx, site.Admin, here, vault.Input{Type: kind, Overview: vault.Overview{Title: title}})
		}
		kindOf := func(id, name, icon string) {
			t.Helper()
			c, err := w.Vault.Get(ctx, site.Admin, id)
			w.Must(err)
			if c.TypeName != name || c.TypeIcon != icon {
				t.Errorf("%s is a %s drawn as %s, want %s, %s", c.Title, c.TypeName, c.TypeIcon, name, icon)
			}
		}
		offered := func() (names []string) {
			kinds, err := w.Vault.KindsAt(ctx, site.Admin, here)
			w.Must(err)
			for _, o := range kinds.Offered() {
				names = append(names, o.Name)
			}
			return names
		}
		old, err := add("Old till", till)
		w.Must(err)
		if names := offered(); !slices.Contains(names, "Till") || slices.Contains(names, "Gate barrier") {
			t.Errorf("its own: %v", names)
		}

		w.Must(w.Clients.ForceTypes(ctx, w.Admin, site.Client, true))
		if names := offered(); slices.Contains(names, "Till") || !slices.Contains(names, "Gate barrier") || !slices.Contains(names, "Router") {
			t.Errorf("forced: %v", names)
		}
		kindOf(old, "Till", "shopping-cart")
		if _, err := add("New till", till); !fault.Is(err, fault.Invalid) {
			t.Errorf("a new credential of the site's own type: %v", err)
		}
		c, err := w.Vault.Get(ctx, site.Admin, old)
		w.Must(err)
		title := "Till of old"
		v, err := w.Vault.Patch(ctx, site.Admin, old, c.Version, vault.Patch{Title: &title}) // keeps it
		w.Must(err)
		kindOf(old, "Till", "shopping-cart")
		barrier, err := add("Barrier", "gate barrier")
		w.Must(err)
		kindOf(barrier, "Gate barrier", "car")
		hits, err := w.Vault.Search(ctx, site.Admin, "gate barrier", 10)
		w.Must(err)
		if len(hits) != 1 || hits[0].ID != barrier || hits[0].Type != "Gate barrier" || hits[0].TypeIcon != "car" {
			t.Errorf("found by the provider's type: %+v", hits)
		}
		kinds, err := w.Vault.Kinds(ctx, site.Admin)
		w.Must(err)
		theirs := kinds.Of(gate)
		if !theirs.Provider || theirs.Custom || len(theirs.Fields) != 1 || !kinds.Narrowed() || kinds.Of(till).Provider {
			t.Errorf("among the types of the site: %+v", theirs)
		}
		if err := w.Vault.EditType(ctx, site.Admin, gate, 1, vault.TypeInput{Name: "Mine", Icon: "car"}); !fault.Is(err, fault.Absent) {
			t.Errorf("the site edits its provider's type: %v", err)
		}
		if err := w.Vault.DeleteType(ctx, site.Admin, gate, 1, "Router"); !fault.Is(err, fault.Absent) {
			t.Errorf("the site deletes its provider's type: %v", err)
		}

		w.Must(w.Clients.ForceTypes(ctx, w.Admin, site.Client, false))
		if names := offered(); !slices.Contains(names, "Till") || slices.Contains(names, "Gate barrier") {
			t.Errorf("its own again: %v", names)
		}
		kindOf(barrier, "Gate barrier", "car")
		if _, err := w.Vault.Patch(ctx, site.Admin, old, v, vault.Patch{Type: &gate}); !fault.Is(err, fault.Invalid) {
			t.Errorf("the provider's type, which is not offered any more: %v", err)
		}

		// Deleted by the provider, it is replaced in the site as it is at home: on
		// what has it, on what is shared, and in earlier versions; by a type that the
		// provider has.
		boom, err := w.Vault.AddType(ctx, w.Admin, vault.TypeInput{Name: "Boom", Icon: "door-closed"})
		w.Must(err)
		w.Must(w.Vault.Share(ctx, site.Admin, barrier, vault.Sharing{Everyone: true}))
		router := "Router"
		c, err = w.Vault.Get(ctx, site.Admin, barrier)
		w.Must(err)
		w.Must(w.Vault.EditType(ctx, w.Admin, gate, 1, vault.TypeInput{Name: "Lane barrier", Icon: "car"}))
		kindOf(barrier, "Lane barrier", "car")
		if hits, err := w.Vault.Search(ctx, site.Admin, "lane barrier", 10); err != nil || len(hits) != 1 {
			t.Errorf("renamed by the provider, it is found as %+v, %v", hits, err)
		}
		if err := w.Vault.DeleteType(ctx, w.Admin, gate, 2, ""); !fault.Is(err, fault.Invalid) {
			t.Errorf("a type that is in use in a site only is deleted without a replacement: %v", err)
		}
		w.Must(w.Vault.DeleteType(ctx, w.Admin, gate, 2, "Boom"))
		kindOf(barrier, "Boom", "door-closed")
		if there, err := w.Vault.Get(ctx, w.Admin, barrier); err != nil || there.TypeName != "Boom" {
			t.Errorf("at the provider, with whom it is shared, it is a %s, %v", there.TypeName, err)
		}
		if hits, err := w.Vault.Search(ctx, site.Admin, "boom", 10); err != nil || len(hits) != 1 || hits[0].ID != barrier {
			t.Errorf("found by its new type: %+v, %v", hits, err)
		}
		if c, err = w.Vault.Get(ctx, site.Admin, barrier); err != nil {
			t.Fatal(err)
		}
		_, err = w.Vault.Patch(ctx, site.Admin, barrier, c.Version, vault.Patch{Type: &router})
		w.Must(err)
		w.Must(w.Vault.DeleteType(ctx, w.Admin, boom, 1, "Server")) // only an earlier version has it
		past, err := w.Vault.History(ctx, site.Admin, barrier)
		w.Must(err)
		if past[0].TypeName != "Router" || past[1].TypeName != "Server" {
			t.Errorf("in the history: %s, %s", past[0].TypeName, past[1].TypeName)
		}

		// By whoever may set up the site only.
		w.Enrol("tim", perm.LevelTechnicianDefault)
		if err := w.Clients.ForceTypes(ctx, w.SignIn("tim"), site.Client, true); !fault.Is(err, fault.Absent) {
			t.Errorf("a technician forces types: %v", err)
		}
	})
}
