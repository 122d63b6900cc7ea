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
