package vault_test

import (
	"fmt"
	"slices"
	"strings"
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

// shop is a client with some credentials.
type shop struct {
	*apptest.World
	at  vault.Place
	ids []string
}

func eachShop(t *testing.T, n int, fn func(s *shop)) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := &shop{World: apptest.New(t, d)}
		c, err := s.Clients.Add(t.Context(), s.Admin, client.Input{Name: "Contoso"})
		s.Must(err)
		s.at = vault.Place{Client: c}
		for i := range n {
			s.ids = append(s.ids, s.add(s.at, fmt.Sprintf("Login %d", i)))
		}
		fn(s)
	})
}

func (s *shop) add(at vault.Place, title string) string {
	s.T.Helper()
	id, err := s.Vault.Add(s.T.Context(), s.Admin, at, vault.Input{Type: "Server", Overview: vault.Overview{Title: title}, Secret: vault.Secret{Password: "secret of " + title}})
	s.Must(err)
	return id
}

func (s *shop) folder(at vault.Place, name string) vault.Place {
	s.T.Helper()
	id, err := s.Vault.AddFolder(s.T.Context(), s.Admin, at, name)
	s.Must(err)
	at.Folder = id
	return at
}

func (s *shop) titles(in vault.Listing) (titles []string) {
	s.T.Helper()
	list, _, err := s.Vault.List(s.T.Context(), s.Admin, in)
	s.Must(err)
	for _, c := range list {
		titles = append(titles, c.Title)
	}
	return titles
}

// events counts the events of an operation, with the titles that they say.
func (s *shop) events(operation string) (titles []string) {
	s.T.Helper()
	all, _, err := s.Audit.List(s.T.Context(), s.Admin, audit.Filter{Operations: []string{operation}, Limit: 100})
	s.Must(err)
	for _, e := range all {
		if e.Outcome == "done" {
			titles = append(titles, e.Title)
		}
	}
	slices.Sort(titles)
	return titles
}

// says reports whether an error says that of a field.
func says(err error, words string) bool {
	f, ok := fault.As(err)
	return ok && len(f.Fields) == 1 && strings.Contains(f.Fields[0].Text, words)
}

// Several credentials are moved, archived and restored in one transaction:
// each is an event, and one that can't be leaves all as they are.
func TestSeveral(t *testing.T) {
	eachShop(t, 3, func(s *shop) {
		ctx := s.T.Context()
		servers, other := s.folder(s.at, "Servers"), vault.Place{}
		id, err := s.Clients.Add(ctx, s.Admin, client.Input{Name: "Fabrikam"})
		s.Must(err)
		other.Client = id
		chosen := func(versions ...int64) (all []vault.Chosen) {
			for i, v := range versions {
				all = append(all, vault.Chosen{ID: s.ids[i], Version: v})
			}
			return all
		}
		to := func(p vault.Place, chosen []vault.Chosen) (all []vault.Moving) {
			for _, c := range chosen {
				all = append(all, vault.Moving{Chosen: c, To: p})
			}
			return all
		}
		if _, err := s.Vault.MoveAll(ctx, s.Admin, to(servers, chosen(1, 9, 1))); !fault.Is(err, fault.Conflict) {
			s.T.Errorf("a stale one: %v", err)
		}
		if _, err := s.Vault.MoveAll(ctx, s.Admin, append(to(servers, chosen(1, 1)), vault.Moving{Chosen: vault.Chosen{ID: "cred_none"}, To: servers})); !fault.Is(err, fault.Absent) {
			s.T.Errorf("an absent one: %v", err)
		}
		if _, err := s.Vault.ArchiveAll(ctx, s.Admin, append(chosen(1), chosen(1)...)); !fault.Is(err, fault.Absent) {
			s.T.Errorf("one named twice: %v", err)
		}
		if _, err := s.Vault.ArchiveAll(ctx, s.Admin, make([]vault.Chosen, vault.Most+1)); !fault.Is(err, fault.Unacceptable) {
			s.T.Errorf("too many: %v", err)
		}
		if got := s.titles(vault.Listing{Place: servers}); got != nil {
			s.T.Fatalf("moved although refused: %v", got)
		}
		made, err := s.Vault.MoveAll(ctx, s.Admin, to(other, chosen(1, 0, 1)))
		s.Must(err)
		if got := s.titles(vault.Listing{Place: other}); len(got) != 3 || made[1].Version != 2 || made[1].From != s.at {
			s.T.Errorf("moved: %v %+v", got, made)
		}
		if secret, err := s.Vault.Reveal(ctx, s.Admin, s.ids[2]); err != nil || secret.Password != "secret of Login 2" {
			s.T.Errorf("after the move: %q %v", secret.Password, err)
		}
		if got := s.events("credential.move"); strings.Join(got, ",") != "Login 0,Login 1,Login 2" {
			s.T.Errorf("events: %v", got)
		}
		_, err = s.Vault.ArchiveAll(ctx, s.Admin, chosen(2, 2, 2))
		s.Must(err)
		again, err := s.Vault.ArchiveAll(ctx, s.Admin, chosen(0, 0, 0))
		s.Must(err)
		if got := s.titles(vault.Listing{Place: other, Archived: true}); len(got) != 3 || again[0].Version != 0 {
			s.T.Errorf("archived: %v %+v", got, again)
		}
		_, err = s.Vault.RestoreAll(ctx, s.Admin, chosen(3, 3, 3))
		s.Must(err)
		changed, err := s.Vault.Retype(ctx, s.Admin, []vault.TypeChange{{Chosen: chosen(4)[0], Type: "Router"}, {Chosen: vault.Chosen{ID: s.ids[1]}, Type: "Server"}})
		s.Must(err)
		if changed[0].Type != "Server" || changed[0].Version != 5 || changed[1].Version != 0 {
			s.T.Errorf("retyped: %+v", changed)
		}
		list, _, err := s.Vault.List(ctx, s.Admin, vault.Listing{Place: other, Sort: "type", Limit: 1})
		s.Must(err)
		if list[0].ID != s.ids[0] {
			s.T.Errorf("sorted by type: %s", list[0].Title)
		}
	})
}

// One of several that is not the actor's to touch is like one that is absent.
func TestSeveralAsks(t *testing.T) {
	eachShop(t, 1, func(s *shop) {
		ctx := s.T.Context()
		vaulted := s.folder(s.at, "Inner")
		hidden := s.add(vaulted, "Hidden")
		group, err := s.Access.AddGroup(ctx, s.Admin, "Inner circle", nil, nil)
		s.Must(err)
		s.Must(s.Access.Guard(ctx, s.Admin, vaulted.Folder, 1, []string{group}))
		if err := s.Access.Guard(ctx, s.Admin, vaulted.Folder, 1, nil); !fault.Is(err, fault.Conflict) {
			s.T.Errorf("groups on a folder that was changed since: %v", err)
		}
		s.Enrol("max", perm.LevelManagerDefault)
		max := s.SignIn("max")
		personal, err := s.Vault.Add(ctx, s.Admin, vault.Place{Own: true}, vault.Input{Type: "Other", Overview: vault.Overview{Title: "Own"}})
		s.Must(err)
		for _, other := range []string{hidden, personal, "cred_none"} {
			for _, pair := range [][]vault.Chosen{{{ID: s.ids[0]}, {ID: other}}, {{ID: other}, {ID: s.ids[0]}}} {
				if _, err := s.Vault.ArchiveAll(ctx, max, pair); err == nil || err.Error() != fault.NotFound().Error() {
					s.T.Errorf("with %s: %v", other, err)
				}
			}
		}
		if got := s.titles(vault.Listing{Place: s.at}); len(got) != 2 {
			s.T.Errorf("left: %v", got)
		}
	})
}

// A deleted folder's credentials are archived with events of their own, and
// come back where the folder lay.
func TestDeleteFolderArchives(t *testing.T) {
	eachShop(t, 0, func(s *shop) {
		ctx := s.T.Context()
		top := s.folder(s.at, "Top")
		middle := s.folder(top, "Middle")
		deep := s.folder(middle, "Deep")
		one, two := s.add(middle, "One"), s.add(deep, "Two")
		if _, err := s.Vault.DeleteFolder(ctx, s.Admin, middle.Folder, 1, ""); !fault.Is(err, fault.Invalid) {
			s.T.Errorf("without an answer: %v", err)
		}
		if _, err := s.Vault.DeleteFolder(ctx, s.Admin, middle.Folder, 7, vault.ContentArchive); !fault.Is(err, fault.Conflict) {
			s.T.Errorf("stale: %v", err)
		}
		gone, err := s.Vault.DeleteFolder(ctx, s.Admin, middle.Folder, 1, vault.ContentArchive)
		s.Must(err)
		if gone != (vault.Deleted{Archived: 2, Folders: 1}) {
			s.T.Errorf("%+v", gone)
		}
		if got := s.events("credential.archive"); strings.Join(got, ",") != "One,Two" {
			s.T.Errorf("events: %v", got)
		}
		folders, err := s.Vault.Folders(ctx, s.Admin, s.at)
		s.Must(err)
		if len(folders) != 1 || folders[0].Name != "Top" {
			s.T.Errorf("%+v", folders)
		}
		_, err = s.Vault.RestoreAll(ctx, s.Admin, []vault.Chosen{{ID: one}, {ID: two}})
		s.Must(err)
		if got := s.titles(vault.Listing{Place: top}); strings.Join(got, ",") != "One,Two" {
			s.T.Errorf("restored: %v", got)
		}
	})
}

// Ten folders deep and no deeper, also when a tree is moved.
func TestDepth(t *testing.T) {
	eachShop(t, 0, func(s *shop) {
		ctx := s.T.Context()
		at := s.at
		for i := range vault.Deepest {
			at = s.folder(at, fmt.Sprint("Level ", i+1))
		}
		if _, err := s.Vault.AddFolder(ctx, s.Admin, at, "Level 11"); !fault.Is(err, fault.Invalid) || !says(err, "at most 10 deep") {
			s.T.Errorf("the eleventh: %v", err)
		}
		tree := s.folder(s.at, "Tree")
		s.folder(tree, "Branch")
		folders, err := s.Vault.Folders(ctx, s.Admin, s.at)
		s.Must(err)
		if err := s.Vault.MoveFolder(ctx, s.Admin, tree.Folder, 1, folders[8].ID); !fault.Is(err, fault.Invalid) || !says(err, "a depth of 11") {
			s.T.Errorf("a tree of two into depth 9: %v", err)
		}
		s.Must(s.Vault.MoveFolder(ctx, s.Admin, tree.Folder, 1, folders[7].ID))
	})
}

// Deleted for good, it is gone with everything; the log still has its title.
func TestDelete(t *testing.T) {
	eachShop(t, 2, func(s *shop) {
		ctx := s.T.Context()
		password := "another"
		_, err := s.Vault.Patch(ctx, s.Admin, s.ids[0], 1, vault.Patch{Password: &password})
		s.Must(err)
		if err := s.Vault.Delete(ctx, s.Admin, s.ids[0], 2, "Login 0"); !fault.Is(err, fault.Unacceptable) {
			s.T.Errorf("not archived: %v", err)
		}
		s.Must(s.Vault.Archive(ctx, s.Admin, s.ids[0]))
		if err := s.Vault.Delete(ctx, s.Admin, s.ids[0], 3, "Login 1"); !fault.Is(err, fault.Invalid) {
			s.T.Errorf("another title: %v", err)
		}
		s.Must(s.Vault.Delete(ctx, s.Admin, s.ids[0], 3, " Login 0 "))
		if _, err := s.Vault.History(ctx, s.Admin, s.ids[0]); !fault.Is(err, fault.Absent) {
			s.T.Errorf("its history: %v", err)
		}
		if got := s.events("credential.delete"); len(got) != 1 || got[0] != "Login 0" {
			s.T.Errorf("events: %v", got)
		}
		own, err := s.Vault.Add(ctx, s.Admin, vault.Place{Own: true}, vault.Input{Type: "Other", Overview: vault.Overview{Title: "Own"}})
		s.Must(err)
		s.Must(s.Vault.Archive(ctx, s.Admin, own))
		s.Must(s.Vault.Delete(ctx, s.Admin, own, 2, "Own"))
	})
}
