package exporter_test

import (
	"fmt"
	"testing"

	"bailiwick/internal/audit"
	"bailiwick/internal/exporter"
	"bailiwick/internal/gate"
	"bailiwick/internal/perm"
	"bailiwick/internal/vault"
)

// Each side's log has, of what is shared with it or by it, what the other side
// exports, once for each credential; and nothing of what is not shared.
func TestExportOfSharedIsToldThere(t *testing.T) {
	both(t, func(t *testing.T, s *scene) {
		site := s.Activate(s.contoso, "contoso.example")
		told := func(who gate.Actor, by string) map[string]int {
			t.Helper()
			list, _, err := s.Audit.List(ctx, who, audit.Filter{Operations: []string{"credential.exported"}})
			s.Must(err)
			of := map[string]int{}
			for _, e := range list {
				if e.ActorKind != string(gate.Partner) || e.Actor != by || e.Title == "" || e.Client == "" {
					t.Errorf("%+v, want it by %s, with a title and a client", e, by)
				}
				of[e.ID]++
			}
			return of
		}
		want := func(who gate.Actor, by string, want map[string]int) {
			t.Helper()
			if got := told(who, by); fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("told %v, want %v", got, want)
			}
		}
		till, err := s.Vault.Add(ctx, site.Admin, vault.Place{Client: site.Company}, vault.Input{Overview: vault.Overview{Title: "Till"}, Secret: vault.Secret{Password: "t"}})
		s.Must(err)
		_, err = s.Vault.Add(ctx, site.Admin, vault.Place{Client: site.Company}, vault.Input{Overview: vault.Overview{Title: "Safe"}, Secret: vault.Secret{Password: "s"}})
		s.Must(err)
		s.Must(s.Vault.Share(ctx, s.Admin, s.firewall, vault.Sharing{Everyone: true}))
		s.Must(s.Vault.Share(ctx, site.Admin, till, vault.Sharing{Everyone: true}))
		_, err = s.Vault.Get(ctx, site.Admin, s.firewall)
		s.Must(err)

		_, err = s.export(s.Admin, exporter.Choice{Format: exporter.CSV, Own: true})
		s.Must(err)
		_, err = s.export(s.Admin, exporter.Choice{Format: exporter.CSV, Clients: []string{s.fabrikam}})
		s.Must(err)
		want(site.Admin, "Northwind IT", map[string]int{})
		_, err = s.export(s.Admin, exporter.Choice{Format: exporter.CSV})
		s.Must(err)
		want(site.Admin, "Northwind IT", map[string]int{s.firewall: 1, till: 1})
		_, err = s.export(s.Admin, exporter.Choice{Format: exporter.CSV, Chosen: []string{s.firewall}})
		s.Must(err)
		want(site.Admin, "Northwind IT", map[string]int{s.firewall: 2, till: 1})
		want(s.Admin, "Contoso", map[string]int{})
		_, err = s.export(site.Admin, exporter.Choice{Format: exporter.Bitwarden})
		s.Must(err)
		want(s.Admin, "Contoso", map[string]int{s.firewall: 1, till: 1})

		// Who may not see it exports nothing of it, so nothing is told.
		s.Enrol("tim", perm.LevelTechnicianDefault)
		_, err = s.export(s.SignIn("tim"), exporter.Choice{Format: exporter.CSV})
		s.refused(err, "absent")
		want(site.Admin, "Northwind IT", map[string]int{s.firewall: 2, till: 1})
	})
}
