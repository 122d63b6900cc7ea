package vault_test

import (
	"testing"

	"bailiwick/internal/apptest"
	"bailiwick/internal/client"
	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
	"bailiwick/internal/fault"
	"bailiwick/internal/perm"
	"bailiwick/internal/vault"
)

// A move into the personal vault is taken back: the original with its id and
// history is there again, the copy is in one's own archive. What was changed
// since stays; out of the personal vault nothing is taken back.
func TestMoveBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, ctx := apptest.New(t, d), t.Context()
		contoso, err := w.Clients.Add(ctx, w.Admin, client.Input{Name: "Contoso"})
		w.Must(err)
		w.Enrol("mia", perm.LevelManagerDefault)
		mia := w.SignIn("mia")
		add := func(at vault.Place, title string) vault.Chosen {
			id, err := w.Vault.Add(ctx, mia, at, vault.Input{Overview: vault.Overview{Title: title}, Secret: vault.Secret{Password: "of " + title}})
			w.Must(err)
			return vault.Chosen{ID: id, Version: 1}
		}
		titles := func(in vault.Listing) (all string) {
			list, _, err := w.Vault.List(ctx, mia, in)
			w.Must(err)
			for _, c := range list {
				all += c.Title + " "
			}
			return all
		}
		at, own := vault.Place{Client: contoso}, vault.Place{Own: true}
		a, b := add(at, "a"), add(at, "b")
		move := func(all ...vault.Chosen) []vault.Changed {
			moving := make([]vault.Moving, len(all))
			for i, c := range all {
				moving[i] = vault.Moving{Chosen: c, To: own}
			}
			made, err := w.Vault.MoveAll(ctx, mia, moving)
			w.Must(err)
			return made
		}
		made := move(a, b)
		if got := titles(vault.Listing{Place: at}) + "|" + titles(vault.Listing{Place: own}); got != "|a b " {
			t.Fatalf("moved: %q", got)
		}
		if err := w.Vault.MoveBack(ctx, w.Admin, made); !fault.Is(err, fault.Absent) {
			t.Errorf("by another: %v", err)
		}
		w.Must(w.Vault.MoveBack(ctx, mia, made))
		for in, want := range map[vault.Listing]string{{Place: at}: "a b ", {Place: own}: "", {Place: own, Archived: true}: "a b ", {Place: at, Archived: true}: ""} {
			if got := titles(in); got != want {
				t.Errorf("%+v: %q, want %q", in, got, want)
			}
		}
		secret, err := w.Vault.Reveal(ctx, mia, a.ID)
		w.Must(err)
		if secret.Password != "of a" {
			t.Errorf("%q", secret.Password)
		}
		if err := w.Vault.MoveBack(ctx, mia, made); err == nil {
			t.Error("twice")
		}

		// All or none: one of the copies was changed since.
		a.Version, b.Version = 3, 3
		made = move(a, b)
		changed := "x"
		_, err = w.Vault.Patch(ctx, mia, made[1].ID, 1, vault.Patch{Username: &changed})
		w.Must(err)
		if err := w.Vault.MoveBack(ctx, mia, made); !fault.Is(err, fault.Conflict) {
			t.Errorf("changed since: %v", err)
		}
		if got := titles(vault.Listing{Place: at}); got != "" {
			t.Errorf("in part: %q", got)
		}

		out, err := w.Vault.MoveAll(ctx, mia, []vault.Moving{{Chosen: add(own, "mine"), To: at}})
		w.Must(err)
		if err := w.Vault.MoveBack(ctx, mia, out); !fault.Is(err, fault.Absent) || !out[0].NoUndo {
			t.Errorf("out of the personal vault: %v", err)
		}
	})
}
