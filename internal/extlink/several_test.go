package extlink_test

import (
	"testing"

	"bailiwick/internal/audit"
	"bailiwick/internal/extlink"
	"bailiwick/internal/fault"
	"bailiwick/internal/seal"
	"bailiwick/internal/vault"

	"github.com/google/go-cmp/cmp"
)

// A link to each of several credentials: to all or to none.
func TestSeveral(t *testing.T) {
	both(t, func(t *testing.T, s *scene) {
		second, err := s.Vault.Add(ctx, s.Admin, vault.Place{Client: s.contoso}, vault.Input{Overview: vault.Overview{Title: "Second"}, Secret: vault.Secret{Password: "s3cret"}})
		s.Must(err)
		own, err := s.Vault.Add(ctx, s.Admin, vault.Place{Own: true}, vault.Input{Overview: vault.Overview{Title: "Own"}})
		s.Must(err)
		in := extlink.NewLink{Fields: []string{extlink.Title, extlink.Password}, Passphrase: seal.NewSecret("eight or more")}
		for _, ids := range [][]string{{s.credential, own}, {s.credential, "cred_nothing"}, {second, second}} {
			_, err := s.Links.AddAll(ctx, s.Admin, ids, in)
			s.refused(err, fault.Absent)
		}
		_, err = s.Links.AddAll(ctx, s.Admin, make([]string, extlink.MostAtOnce+1), in)
		s.refused(err, fault.Unacceptable)
		if n := s.count(`SELECT COUNT(*) FROM external_links`); n != 0 {
			t.Errorf("%d links are left of what was refused", n)
		}
		who := s.Admin.Once("key", []byte("hash"))
		made, err := s.Links.AddAll(ctx, who, []string{s.credential, second}, in)
		s.Must(err)
		for i, m := range made {
			if m.Credential != []string{s.credential, second}[i] {
				t.Errorf("link %d is to %s", i, m.Credential)
			}
			s.opens(held{m.ID, m.Token}, "eight or more")
		}
		_, err = s.Links.AddAll(ctx, who, []string{s.credential, second}, in)
		s.refused(err, fault.Unacceptable)
		events, _, err := s.Audit.List(ctx, s.Admin, audit.Filter{})
		s.Must(err)
		titles := map[string]int{}
		for _, e := range events {
			if e.Operation == "link.add" && e.Outcome == "done" {
				titles[e.Title]++
			}
		}
		if d := cmp.Diff(map[string]int{"Edge firewall": 1, "Second": 1}, titles); d != "" {
			t.Error(d)
		}
	})
}
