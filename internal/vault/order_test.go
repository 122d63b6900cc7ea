package vault_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"bailiwick/internal/apptest"
	"bailiwick/internal/client"
	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
	"bailiwick/internal/gate"
	"bailiwick/internal/perm"
	"bailiwick/internal/vault"
)

// A large place's order is remembered. After every kind of change the list is
// the one that a server gives that remembers nothing.
func TestLargePlace(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := apptest.New(t, d)
		ctx := t.Context()
		contoso, err := w.Clients.Add(ctx, w.Admin, client.Input{Name: "Contoso"})
		w.Must(err)
		other, err := w.Clients.Add(ctx, w.Admin, client.Input{Name: "Fabrikam"})
		w.Must(err)
		at := vault.Place{Client: contoso}
		folder, err := w.Vault.AddFolder(ctx, w.Admin, at, "Servers")
		w.Must(err)
		add := func(at vault.Place, title string) string {
			id, err := w.Vault.Add(ctx, w.Admin, at, vault.Input{Type: "Server", Overview: vault.Overview{Title: title}, Secret: vault.Secret{Password: "x"}})
			if err != nil {
				t.Error(err)
			}
			return id
		}
		ids := make([]string, vault.Large+5)
		var group sync.WaitGroup // many at once share their commits
		for g := range 32 {
			group.Go(func() {
				for i := g; i < len(ids); i += 32 {
					in := at
					if i%2 == 0 {
						in.Folder = folder
					}
					ids[i] = add(in, fmt.Sprintf("Server %04d", i*7919%2000))
				}
			})
		}
		group.Wait()
		outside := w.Enrol("max", perm.LevelTechnicianAssigned)
		w.Must(w.Access.Assign(ctx, w.Admin, contoso, outside, 0))
		max := w.SignIn("max")
		titles := func(s *vault.Store, archived bool) (got []string) {
			t.Helper()
			for after, more := "", true; more; {
				var list []vault.Credential
				list, more, err = s.List(ctx, max, vault.Listing{Place: at, Archived: archived, After: after, Limit: 100})
				w.Must(err)
				for _, c := range list {
					got = append(got, c.Title+" "+c.FolderID+" "+c.ID)
					after = c.ID
				}
			}
			return got
		}
		same := func(after string) {
			t.Helper()
			fresh := vault.New(w.Gate, w.Org)
			for _, archived := range []bool{false, true} {
				if diff := cmp.Diff(titles(fresh, archived), titles(w.Vault, archived)); diff != "" {
					t.Errorf("after %s, archived %v:\n%s", after, archived, diff)
				}
			}
		}
		titles(w.Vault, false)
		if !w.Vault.Remembers(contoso) {
			t.Fatal("the order of a large place is not remembered")
		}
		add(at, "Aardvark")
		same("one was added")
		w.Must(w.Vault.Archive(ctx, w.Admin, ids[0]))
		same("one was archived")
		title := "Zebra"
		_, err = w.Vault.Patch(ctx, w.Admin, ids[1], 1, vault.Patch{Title: &title})
		w.Must(err)
		same("one was renamed")
		_, err = w.Vault.Move(ctx, w.Admin, ids[2], 1, vault.Place{Client: other})
		w.Must(err)
		same("one was moved away")
		inner, err := w.Access.AddGroup(ctx, w.Admin, "Inner circle", nil, nil)
		w.Must(err)
		w.Must(w.Access.Guard(ctx, w.Admin, folder, 1, []string{inner}))
		same("a folder was guarded")
		if n := len(titles(w.Vault, false)); n > len(ids)/2+2 {
			t.Errorf("%d are shown to somebody outside of the folder's groups", n)
		}
		w.Clock.Advance(16 * time.Minute)
		w.Vault.Sweep()
		if w.Vault.Remembers(contoso) {
			t.Error("the order is kept though nobody uses it")
		}
	})
}

// Letters with accents stand beside those without, in small and large places.
func TestOrderOfAccents(t *testing.T) {
	ctx := t.Context()
	w := apptest.New(t, dbtest.SQLite(t))
	for _, title := range []string{"Excel", "Äpfel", "zebra", "apfel 2", "Éclair"} {
		_, err := w.Vault.Add(ctx, w.Admin, vault.Place{Client: w.Company}, vault.Input{Type: "Other", Overview: vault.Overview{Title: title}})
		w.Must(err)
	}
	list, _, err := w.Vault.List(ctx, w.Admin, vault.Listing{Place: vault.Place{Client: w.Company}})
	w.Must(err)
	var got []string
	for _, c := range list {
		got = append(got, c.Title)
	}
	if diff := cmp.Diff([]string{"Äpfel", "apfel 2", "Éclair", "Excel", "zebra"}, got); diff != "" {
		t.Error(diff)
	}
}

// Every column sorts a list, and what is empty comes last.
func TestEveryColumnSorts(t *testing.T) {
	w, ctx := apptest.New(t, dbtest.SQLite(t)), t.Context()
	contoso, err := w.Clients.Add(ctx, w.Admin, client.Input{Name: "Contoso"})
	w.Must(err)
	w.Enrol("zed", perm.LevelAdmin)
	zed := w.SignIn("zed")
	add := func(who gate.Actor, in vault.Input) {
		w.Clock.Advance(time.Minute)
		_, err := w.Vault.Add(ctx, who, vault.Place{Client: contoso}, in)
		w.Must(err)
	}
	add(zed, vault.Input{Type: "VPN", Overview: vault.Overview{Title: "b", Username: "2", Tags: []string{"alpha"}}})
	add(w.Admin, vault.Input{Type: "Bank", Expires: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC), Overview: vault.Overview{Title: "c", Username: "1", URLs: []string{"https://x.example"}}})
	add(w.Admin, vault.Input{Type: "Wi-Fi", Overview: vault.Overview{Title: "a", URLs: []string{"https://w.example"}, Tags: []string{"Beta"}}})
	want := map[string]string{"": "abc", "username": "cba", "address": "acb", "type": "cba", "tags": "bac", "expires": "cab", "added": "bca", "changed": "bca", "by": "acb"}
	for _, by := range append([]string{""}, vault.Sorts...) {
		list, _, err := w.Vault.List(ctx, w.Admin, vault.Listing{Place: vault.Place{Client: contoso}, Sort: by})
		w.Must(err)
		got := ""
		for _, c := range list {
			got += c.Title
		}
		if got != want[by] {
			t.Errorf("by %q: %s, want %s", by, got, want[by])
		}
	}
	for _, c := range vault.Columns {
		if !slices.Contains(vault.Sorts, c) {
			t.Errorf("a list can show %s, and can't be sorted by it", c)
		}
	}
}
