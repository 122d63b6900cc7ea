package flow

import (
	"testing"

	"bailiwick/internal/audit"
	"bailiwick/internal/gate"
	"bailiwick/internal/vault"
)

// Each side's log has what the other side does to a shared credential, once,
// and nothing of how that side files it.
func TestWhatTheOtherSideDoesIsLogged(t *testing.T) {
	both(t, func(s *scene) {
		site := s.Activate(s.contoso, "contoso.example")
		their := func(who gate.Actor, op, cred string) (n int) {
			t.Helper()
			list, _, err := s.Audit.List(ctx, who, audit.Filter{Operations: []string{op}})
			s.Must(err)
			for _, e := range list {
				if e.ActorKind == string(gate.Partner) && e.ID == cred {
					n++
				}
			}
			return n
		}
		for name, dir := range map[string]struct {
			from, to gate.Actor
			client   string
			by       string
		}{"provider": {s.Admin, site.Admin, s.contoso, "Northwind IT"}, "site": {site.Admin, s.Admin, site.Company, "Contoso"}} {
			cred := s.add(dir.from, vault.Place{Client: dir.client}, "first")
			s.Must(s.Vault.Share(ctx, dir.from, cred, vault.Sharing{Everyone: true, Writes: true}))
			change := func(who gate.Actor, password string) {
				t.Helper()
				c, err := s.Vault.Get(ctx, who, cred)
				s.Must(err)
				_, err = s.Vault.Patch(ctx, who, cred, c.Version, vault.Patch{Password: &password})
				s.Must(err)
			}
			change(dir.from, "by the maker")
			change(dir.to, "by the other side")
			folder, err := s.Vault.AddFolder(ctx, dir.from, vault.Place{Client: dir.client}, "Filed "+name)
			s.Must(err)
			c, err := s.Vault.Get(ctx, dir.from, cred)
			s.Must(err)
			_, err = s.Vault.Move(ctx, dir.from, cred, c.Version, vault.Place{Client: dir.client, Folder: folder})
			s.Must(err)
			for _, who := range []gate.Actor{dir.from, dir.to, dir.to} {
				_, err = s.Vault.Reveal(ctx, who, cred)
				s.Must(err)
			}
			_, err = s.Vault.Copy(ctx, dir.to, cred)
			s.Must(err)
			_, err = s.Vault.RevealVersion(ctx, dir.from, cred, 1)
			s.Must(err)
			s.Must(s.Vault.Archive(ctx, dir.from, cred))
			s.Must(s.Vault.Restore(ctx, dir.from, cred))
			for op, want := range map[string][2]int{"credential.share": {1, 0}, "credential.edit": {1, 1}, "credential.move": {0, 0}, "credential.reveal": {1, 2}, "credential.copy": {0, 1}, "credential.reveal.version": {0, 0}, "credential.archive": {1, 0}, "credential.restore": {1, 0}} {
				if there, here := their(dir.to, op, cred), their(dir.from, op, cred); there != want[0] || here != want[1] {
					t.Errorf("%s, %s: %d at the other side, %d at the maker's, want %v", name, op, there, here, want)
				}
			}
			s.loggedAs(dir.to, "credential.restore", dir.by)
		}
	})
}

// What the other side did is named in each side's log as it was called, also
// when the sharing has ended, and by nothing that it was called later.
func TestTheLogKeepsTitlesOfWhatWasShared(t *testing.T) {
	both(t, func(s *scene) {
		site := s.Activate(s.contoso, "contoso.example")
		named := func(who gate.Actor, cred, want string, least int) {
			t.Helper()
			list, _, err := s.Audit.List(ctx, who, audit.Filter{Target: cred})
			s.Must(err)
			theirs := 0
			for _, e := range list {
				if e.ActorKind != string(gate.Partner) {
					continue
				}
				if theirs++; e.Title != want {
					t.Errorf("%s is of %q, want %q", e.Operation, e.Title, want)
				}
			}
			if theirs < least {
				t.Errorf("%d events of the other side, want %d", theirs, least)
			}
		}
		for name, dir := range map[string]struct {
			from, to gate.Actor
			client   string
		}{"provider": {s.Admin, site.Admin, s.contoso}, "site": {site.Admin, s.Admin, site.Company}} {
			cred := s.add(dir.from, vault.Place{Client: dir.client}, name)
			edit := func(who gate.Actor, p vault.Patch) {
				t.Helper()
				c, err := s.Vault.Get(ctx, who, cred)
				s.Must(err)
				_, err = s.Vault.Patch(ctx, who, cred, c.Version, p)
				s.Must(err)
			}
			before, err := s.Vault.Get(ctx, dir.from, cred)
			s.Must(err)
			s.Must(s.Vault.Share(ctx, dir.from, cred, vault.Sharing{Everyone: true, Writes: true}))
			_, err = s.Vault.Get(ctx, dir.to, cred)
			s.Must(err)
			password := "another one"
			edit(dir.from, vault.Patch{Password: &password})
			_, err = s.Vault.Reveal(ctx, dir.from, cred)
			s.Must(err)
			password = "a third one"
			edit(dir.to, vault.Patch{Password: &password})
			s.Must(s.Vault.Archive(ctx, dir.from, cred))
			named(dir.to, cred, before.Title, 4)
			s.Must(s.Vault.Restore(ctx, dir.from, cred))
			s.Must(s.Vault.Unshare(ctx, dir.from, cred, false))
			later := "Called so later"
			edit(dir.from, vault.Patch{Title: &later})
			named(dir.to, cred, before.Title, 6)
			s.Must(s.Vault.Archive(ctx, dir.from, cred))
			gone, err := s.Vault.Get(ctx, dir.from, cred)
			s.Must(err)
			s.Must(s.Vault.Delete(ctx, dir.from, cred, gone.Version, later))
			named(dir.from, cred, before.Title, 1)
			named(dir.to, cred, before.Title, 6)

			other := s.add(dir.from, vault.Place{Client: dir.client}, name+" other")
			s.Must(s.Vault.Share(ctx, dir.from, other, vault.Sharing{Everyone: true}))
			c, err := s.Vault.Get(ctx, dir.to, other)
			s.Must(err)
			s.Must(s.Vault.Unshare(ctx, dir.to, other, false))
			named(dir.to, other, c.Title, 1)
			named(dir.from, other, c.Title, 1)
		}
	})
}

// A title is found far from what it names, and not without end: the log has no
// index by what an event is about.
func TestTitlesAreLookedForNearby(t *testing.T) {
	both(t, func(s *scene) {
		site := s.Activate(s.contoso, "contoso.example")
		cred := s.add(s.Admin, vault.Place{Client: s.contoso}, "first")
		before, err := s.Vault.Get(ctx, s.Admin, cred)
		s.Must(err)
		s.Must(s.Vault.Share(ctx, s.Admin, cred, vault.Sharing{Everyone: true}))
		_, err = s.Vault.Get(ctx, site.Admin, cred)
		s.Must(err)
		named := map[string]int{}
		for _, apart := range []int{100, 30_000, 400_000} { // what others did in the meantime
			s.exec(`UPDATE organizations SET audit_size = audit_size + $2 WHERE id = $1`, site.ID, apart)
			_, err = s.Vault.Reveal(ctx, s.Admin, cred)
			s.Must(err)
		}
		s.Must(s.Vault.Unshare(ctx, s.Admin, cred, false))
		list, _, err := s.Audit.List(ctx, site.Admin, audit.Filter{Target: cred})
		s.Must(err)
		for _, e := range list {
			if e.ActorKind == string(gate.Partner) {
				named[e.Operation+" "+e.Title]++
			}
		}
		for what, want := range map[string]int{"credential.share " + before.Title: 1, "credential.reveal " + before.Title: 2, "credential.reveal ": 1} {
			if named[what] != want {
				s.T.Errorf("%q: %d, want %d, of %v", what, named[what], want, named)
			}
		}
	})
}
