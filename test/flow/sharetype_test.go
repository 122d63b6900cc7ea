package flow

import (
	"context"
	"slices"
	"testing"

	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
	"bailiwick/internal/fault"
	"bailiwick/internal/vault"
)

// What is received shows the type that its maker gave it, also a custom one,
// which is offered for nothing else; and it can't be given the receiver's own.
func TestSharedCredentialKeepsItsType(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w, site, add := shareWorld(t, d)
		gate, err := w.Vault.AddType(ctx, w.Admin, vault.TypeInput{Name: "Gate barrier", Icon: "car"})
		w.Must(err)
		_, err = w.Vault.AddType(ctx, w.Admin, vault.TypeInput{Name: "Never shared", Icon: "car"})
		w.Must(err)
		till, err := w.Vault.AddType(ctx, site.Admin, vault.TypeInput{Name: "Till", Icon: "shopping-cart"})
		w.Must(err)
		cred := add(w.Admin, site.Client, "Barrier", "b")
		c, err := w.Vault.Get(ctx, w.Admin, cred)
		w.Must(err)
		_, err = w.Vault.Patch(ctx, w.Admin, cred, c.Version, vault.Patch{Type: &gate})
		w.Must(err)
		kinds, err := w.Vault.Kinds(ctx, site.Admin)
		w.Must(err)
		if got := kinds.Of(gate); got.Name != "Other" {
			t.Errorf("before anything is shared the site knows the type %q", got.Name)
		}

		w.Must(w.Vault.Share(ctx, w.Admin, cred, vault.Sharing{Everyone: true, Writes: true, History: true}))
		list, _, err := w.Vault.List(ctx, site.Admin, vault.Listing{Place: vault.Place{Client: site.Company}})
		w.Must(err)
		if len(list) != 1 || list[0].TypeName != "Gate barrier" || list[0].TypeIcon != "car" {
			t.Fatalf("listed: %+v", list)
		}
		hits, err := w.Vault.Search(ctx, site.Admin, "barrier", 10)
		w.Must(err)
		if len(hits) != 1 || hits[0].Type != "Gate barrier" || hits[0].TypeIcon != "car" {
			t.Errorf("found: %+v", hits)
		}
		past, err := w.Vault.History(ctx, site.Admin, cred)
		w.Must(err)
		if past[0].TypeName != "Gate barrier" {
			t.Errorf("in the history: %q", past[0].TypeName)
		}
		kinds, err = w.Vault.KindsAt(ctx, site.Admin, vault.Place{Client: site.Company})
		w.Must(err)
		if slices.ContainsFunc(kinds.Offered(), func(o vault.Type) bool { return o.ID == gate }) {
			t.Error("the provider's type is offered to the site")
		}
		if _, err := w.Vault.Add(ctx, site.Admin, vault.Place{Client: site.Company}, vault.Input{Type: gate, Overview: vault.Overview{Title: "x"}}); !fault.Is(err, fault.Invalid) {
			t.Errorf("a credential of the site of the provider's type: %v", err)
		}

		name := "Boom"
		v, err := w.Vault.Patch(ctx, site.Admin, cred, list[0].Version, vault.Patch{Title: &name}) // keeps its type
		w.Must(err)
		if _, err := w.Vault.Patch(ctx, site.Admin, cred, v, vault.Patch{Type: &till}); !fault.Is(err, fault.Invalid) {
			t.Errorf("a type of the site's own on what the provider made: %v", err)
		}
		other := "Server"
		_, err = w.Vault.Patch(ctx, site.Admin, cred, v, vault.Patch{Type: &other})
		w.Must(err)
		c, err = w.Vault.Get(ctx, w.Admin, cred)
		w.Must(err)
		if c.TypeName != "Server" || c.Title != "Boom" {
			t.Errorf("at the provider: %s, %s", c.Title, c.TypeName)
		}
	})
}
