package flow

import (
	"context"
	"testing"

	"bailiwick/internal/apptest"
	"bailiwick/internal/client"
	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/perm"
	"bailiwick/internal/vault"
)

// shareWorld is a provider with a client that has an activated site.
func shareWorld(t *testing.T, d *db.DB) (w *apptest.World, site *apptest.Site, add func(who gate.Actor, client, title, password string) string) {
	w = apptest.New(t, d)
	contoso, err := w.Clients.Add(context.Background(), w.Admin, client.Input{Name: "Contoso"})
	w.Must(err)
	site = w.Activate(contoso, "contoso.example")
	return w, site, func(who gate.Actor, client, title, password string) string {
		t.Helper()
		id, err := w.Vault.Add(context.Background(), who, vault.Place{Client: client}, vault.Input{Overview: vault.Overview{Title: title}, Secret: vault.Secret{Password: password}})
		w.Must(err)
		return id
	}
}

func titles(t *testing.T, w *apptest.World, who gate.Actor, client string) (all []string) {
	t.Helper()
	list, _, err := w.Vault.List(context.Background(), who, vault.Listing{Place: vault.Place{Client: client}})
	w.Must(err)
	for _, c := range list {
		all = append(all, c.Title)
	}
	return all
}

// What is shared is one credential: either side reads and, where it may, writes
// it; it ends for the other side at once, from either side, and stays where it
// was made. Both directions.
func TestSharing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w, site, add := shareWorld(t, d)
		for _, dir := range []struct {
			name                 string
			from, to             gate.Actor
			fromClient, toClient string
		}{{"to the site", w.Admin, site.Admin, site.Client, site.Company}, {"to the provider", site.Admin, w.Admin, site.Company, site.Client}} {
			cred := add(dir.from, dir.fromClient, "Firewall "+dir.name, "first")
			kept := add(dir.from, dir.fromClient, "Kept "+dir.name, "kept")
			see := func(who gate.Actor, client, title string, want bool) {
				t.Helper()
				found := false
				for _, x := range titles(t, w, who, client) {
					found = found || x == title
				}
				hits, err := w.Vault.Search(ctx, who, title, 50)
				w.Must(err)
				hit := false
				for _, h := range hits {
					hit = hit || h.Title == title
				}
				if found != want || hit != want {
					t.Errorf("%s: %s is listed %v, found %v, want %v", dir.name, title, found, hit, want)
				}
			}
			title := "Firewall " + dir.name
			see(dir.to, dir.toClient, title, false)
			w.Must(w.Vault.Share(ctx, dir.from, cred, vault.Sharing{Everyone: true}))
			see(dir.to, dir.toClient, title, true)
			see(dir.to, dir.toClient, "Kept "+dir.name, false)
			secret, err := w.Vault.Reveal(ctx, dir.to, cred)
			w.Must(err)
			if secret.Password != "first" {
				t.Errorf("%s: %q", dir.name, secret.Password)
			}
			if _, err := w.Vault.Reveal(ctx, dir.to, kept); !fault.Is(err, fault.Absent) {
				t.Errorf("%s: what is not shared: %v", dir.name, err)
			}
			c, err := w.Vault.Get(ctx, dir.to, cred)
			w.Must(err)
			second := "second"
			if _, err := w.Vault.Patch(ctx, dir.to, cred, c.Version, vault.Patch{Password: &second}); !fault.Is(err, fault.Absent) {
				t.Errorf("%s: read-only was written: %v", dir.name, err)
			}
			for name, err := range map[string]error{"archive": w.Vault.Archive(ctx, dir.to, cred), "share on": w.Vault.Share(ctx, dir.to, cred, vault.Sharing{Everyone: true}), "delete": w.Vault.Delete(ctx, dir.to, cred, c.Version, title)} {
				if !fault.Is(err, fault.Absent) {
					t.Errorf("%s: %s: %v", dir.name, name, err)
				}
			}

			// Read and write, with history.
			w.Must(w.Vault.Share(ctx, dir.from, cred, vault.Sharing{Everyone: true, Writes: true, History: true}))
			v, err := w.Vault.Patch(ctx, dir.to, cred, c.Version, vault.Patch{Password: &second})
			w.Must(err)
			mine, err := w.Vault.Reveal(ctx, dir.from, cred)
			w.Must(err)
			if mine.Password != "second" {
				t.Errorf("%s: the maker sees %q", dir.name, mine.Password)
			}
			third := "third"
			if _, err := w.Vault.Patch(ctx, dir.from, cred, c.Version, vault.Patch{Password: &third}); !fault.Is(err, fault.Conflict) {
				t.Errorf("%s: the maker overwrote the other side's change: %v", dir.name, err)
			}
			v, err = w.Vault.Patch(ctx, dir.from, cred, v, vault.Patch{Password: &third})
			w.Must(err)
			theirs, err := w.Vault.History(ctx, dir.to, cred)
			w.Must(err)
			ours, err := w.Vault.History(ctx, dir.from, cred)
			w.Must(err)
			if len(theirs) != 3 || len(ours) != 3 || theirs[0].Version != v || ours[2].Version != theirs[2].Version {
				t.Errorf("%s: histories of %d and %d versions", dir.name, len(theirs), len(ours))
			}
			old, err := w.Vault.RevealVersion(ctx, dir.to, cred, theirs[1].Version)
			w.Must(err)
			if old.Password != "second" {
				t.Errorf("%s: earlier value %q", dir.name, old.Password)
			}

			// Moving on one side moves nothing on the other.
			folder, err := w.Vault.AddFolder(ctx, dir.to, vault.Place{Client: dir.toClient}, "Theirs "+dir.name)
			w.Must(err)
			c, err = w.Vault.Get(ctx, dir.to, cred)
			w.Must(err)
			_, err = w.Vault.Move(ctx, dir.to, cred, c.Version, vault.Place{Client: dir.toClient, Folder: folder})
			w.Must(err)
			here, err := w.Vault.Get(ctx, dir.from, cred)
			w.Must(err)
			there, err := w.Vault.Get(ctx, dir.to, cred)
			w.Must(err)
			if here.FolderID != "" || there.FolderID != folder || here.Version != there.Version {
				t.Errorf("%s: in %q and %q, versions %d and %d", dir.name, here.FolderID, there.FolderID, here.Version, there.Version)
			}

			// Archived, it is gone from the other side; restored, it is back where it was.
			w.Must(w.Vault.Archive(ctx, dir.from, cred))
			see(dir.to, dir.toClient, title, false)
			w.Must(w.Vault.Restore(ctx, dir.from, cred))
			see(dir.to, dir.toClient, title, true)

			// The receiving side stops: it is gone there, and flagged where it stays.
			w.Must(w.Vault.Unshare(ctx, dir.to, cred, false))
			see(dir.to, dir.toClient, title, false)
			see(dir.from, dir.fromClient, title, true)
			here, err = w.Vault.Get(ctx, dir.from, cred)
			w.Must(err)
			if !here.Has(vault.Unshared) {
				t.Errorf("%s: not flagged: %v", dir.name, here.Flags)
			}
			// Shared once more, and ended by the maker.
			w.Must(w.Vault.Share(ctx, dir.from, cred, vault.Sharing{Everyone: true}))
			see(dir.to, dir.toClient, title, true)
			if h, err := w.Vault.History(ctx, dir.to, cred); err != nil || len(h) != 1 || h[0].ChangedByName != "" {
				t.Errorf("%s: history without the right to it: %v %v", dir.name, h, err)
			}
			w.Must(w.Vault.Unshare(ctx, dir.from, cred, true))
			see(dir.to, dir.toClient, title, false)
			if _, err := w.Vault.Reveal(ctx, dir.to, cred); !fault.Is(err, fault.Absent) {
				t.Errorf("%s: after the end: %v", dir.name, err)
			}
		}
	})
}

// Chosen users there, and nobody else but who overrides; limited users what is
// shared with them by name.
func TestSharingWithChosenUsers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w, site, add := shareWorld(t, d)
		as := func(name, level string) gate.Actor {
			site.Enrol(name, level)
			return site.SignIn(name)
		}
		una, ulf, lim := as("una", perm.LevelSiteUser), as("ulf", perm.LevelSiteUser), as("lim", perm.LevelSiteUserLimited)
		cred, all := add(w.Admin, site.Client, "For Una", "u"), add(w.Admin, site.Client, "For all", "a")
		w.Must(w.Vault.Share(ctx, w.Admin, cred, vault.Sharing{Users: []string{una.User(), lim.User()}}))
		w.Must(w.Vault.Share(ctx, w.Admin, all, vault.Sharing{Everyone: true}))
		titles(t, w, site.Admin, site.Company) // an open session takes the keys over
		for name, c := range map[string]struct {
			who  gate.Actor
			want int
		}{"una": {una, 2}, "ulf": {ulf, 1}, "limited": {lim, 1}, "administrator": {site.Admin, 2}} {
			got := titles(t, w, c.who, site.Company)
			hits, err := w.Vault.Search(ctx, c.who, "for", 10)
			w.Must(err)
			if len(got) != c.want || len(hits) != c.want {
				t.Errorf("%s sees %v, finds %d", name, got, len(hits))
			}
			if _, err := w.Vault.Reveal(ctx, c.who, cred); (err == nil) != (name != "ulf") {
				t.Errorf("%s reveals: %v", name, err)
			}
		}
		if err := w.Vault.Share(ctx, w.Admin, cred, vault.Sharing{Users: []string{"user_nobody"}}); !fault.Is(err, fault.Invalid) {
			t.Errorf("with nobody: %v", err)
		}
		people, err := w.Vault.Partner(ctx, w.Admin, site.Client)
		w.Must(err)
		if len(people.People) != 4 || people.Org != site.ID {
			t.Errorf("to choose among: %v", people)
		}
	})
}

// However many the receiving side ends, its maker's records are gone to once.
func TestSeveralEndInOneGo(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w, site, add := shareWorld(t, d)
		changes := func() (n int64) {
			t.Helper()
			w.Must(d.Read(ctx, func(tx *db.Tx) error {
				return tx.Row(ctx, `SELECT change_seq FROM organizations WHERE id = $1`, w.Admin.Org()).Scan(&n)
			}))
			return n
		}
		var raised []int64
		for _, several := range []int{1, 5} {
			var all []vault.Chosen
			for range several {
				cred := add(w.Admin, site.Client, "Firewall", "p")
				w.Must(w.Vault.Share(ctx, w.Admin, cred, vault.Sharing{Everyone: true}))
				all = append(all, vault.Chosen{ID: cred})
			}
			titles(t, w, site.Admin, site.Company)
			before := changes()
			_, err := w.Vault.UnshareAll(ctx, site.Admin, all, false)
			w.Must(err)
			raised = append(raised, changes()-before)
			if left := titles(t, w, site.Admin, site.Company); len(left) != 0 {
				t.Errorf("still there: %v", left)
			}
			for _, c := range all {
				if got, err := w.Vault.Get(ctx, w.Admin, c.ID); err != nil || got.Shared != nil || len(got.Flags) == 0 {
					t.Errorf("at the maker's: %+v %v", got, err)
				}
			}
		}
		if raised[0] != raised[1] {
			t.Errorf("one raises the maker's sequence by %d, five by %d", raised[0], raised[1])
		}
	})
}
