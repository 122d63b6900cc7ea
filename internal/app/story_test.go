package app_test

import (
	"context"
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

func TestStory(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w := apptest.New(t, d)
		contoso, err := w.Clients.Add(ctx, w.Admin, client.Input{Name: "Contoso", Notes: "canary-notes"})
		w.Must(err)
		cred, err := w.Vault.Add(ctx, w.Admin, vault.Place{Client: contoso}, vault.Input{Type: "Firewall",
			Overview: vault.Overview{Title: "Edge firewall", Username: "root", URLs: []string{"https://fw.contoso.example"}}, Secret: vault.Secret{Password: "s3cret!"}})
		w.Must(err)

		w.Enrol("tim", perm.LevelTechnicianDefault)
		tim := w.SignIn("tim")
		secret, err := w.Vault.Reveal(ctx, tim, cred)
		w.Must(err)
		if secret.Password != "s3cret!" {
			t.Fatalf("revealed %q", secret.Password)
		}
		hits, err := w.Vault.Search(ctx, tim, "edge fire", 10)
		w.Must(err)
		if len(hits) != 1 || hits[0].ID != cred {
			t.Fatalf("search gave %v", hits)
		}
		if _, err := w.Clients.Get(ctx, tim, w.Company); !fault.Is(err, fault.Absent) {
			t.Fatalf("company vault by default access: %v", err)
		}
		w.Enrol("ann", perm.LevelTechnicianAssigned)
		ann := w.SignIn("ann")
		if _, err := w.Vault.Reveal(ctx, ann, cred); !fault.Is(err, fault.Absent) {
			t.Fatalf("unassigned reveal: %v", err)
		}
		w.Must(w.Access.Assign(ctx, w.Admin, contoso, ann.User(), 0))
		if _, err := w.Vault.Reveal(ctx, ann, cred); err != nil {
			t.Fatalf("assigned reveal: %v", err)
		}
		if err := w.Vault.Archive(ctx, ann, cred); !fault.Is(err, fault.Absent) {
			t.Fatalf("technician archived: %v", err)
		}

		// Removal makes a new epoch; everybody else goes on, and edits re-key.
		w.Must(w.People.Disable(ctx, w.Admin, ann.User()))
		if _, err := w.Vault.Reveal(ctx, ann, cred); !fault.Is(err, fault.Absent) {
			t.Fatalf("disabled reveal: %v", err)
		}
		if v, err := w.Org.View(ctx, tim); err != nil || v.KeyEpoch != 2 || v.EpochDue {
			t.Fatalf("after removal: %+v %v", v, err)
		}
		v, err := w.Vault.Edit(ctx, tim, cred, 1, vault.Input{Type: "Firewall", Overview: vault.Overview{Title: "Edge firewall", Username: "root"}, Secret: vault.Secret{Password: "n3w!"}})
		w.Must(err)
		if _, err := w.Vault.Edit(ctx, w.Admin, cred, 1, vault.Input{Overview: vault.Overview{Title: "x"}}); !fault.Is(err, fault.Conflict) {
			t.Fatalf("stale edit: %v", err)
		}
		old, err := w.Vault.RevealVersion(ctx, tim, cred, 1)
		w.Must(err)
		if old.Password != "s3cret!" || v != 2 {
			t.Fatalf("history gave %q at %d", old.Password, v)
		}
		fabrikam, err := w.Clients.Add(ctx, w.Admin, client.Input{Name: "Fabrikam"})
		w.Must(err)
		if _, err := w.Vault.Move(ctx, w.Admin, cred, 2, vault.Place{Client: fabrikam}); err != nil {
			t.Fatal(err)
		}
		old, err = w.Vault.RevealVersion(ctx, w.Admin, cred, 1)
		w.Must(err)
		mine, err := w.Vault.Move(ctx, w.Admin, cred, 3, vault.Place{Own: true})
		w.Must(err)
		if s, err := w.Vault.Reveal(ctx, w.Admin, mine); err != nil || s.Password != "n3w!" {
			t.Fatalf("personal: %v %v", s.Password, err)
		}
		events, _, err := w.Audit.List(ctx, w.Admin, audit.Filter{})
		w.Must(err)
		for _, e := range events {
			t.Logf("%3d %-8s %-28s %-10s %s %s", e.Seq, e.Actor, e.Operation, e.Outcome, e.Title, e.Name)
		}
	})
}
