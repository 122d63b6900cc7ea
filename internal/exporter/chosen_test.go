package exporter_test

import (
	"slices"
	"testing"

	"bailiwick/internal/db"
	"bailiwick/internal/exporter"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/perm"
	"bailiwick/internal/vault"
)

func (s *scene) titled(at vault.Place, title string) string {
	s.T.Helper()
	all, _, err := s.Vault.List(ctx, s.Admin, vault.Listing{Place: at})
	s.Must(err)
	i := slices.IndexFunc(all, func(c vault.Credential) bool { return c.Title == title })
	if i < 0 {
		s.T.Fatalf("no credential %q", title)
	}
	return all[i].ID
}

// Chosen credentials, and nothing else, are in the file and noted as seen.
func TestChosen(t *testing.T) {
	both(t, func(t *testing.T, s *scene) {
		mail, bank := s.titled(vault.Place{Client: s.fabrikam}, "Mail"), s.titled(vault.Place{Own: true}, "Bank")
		s.Enrol("adele", perm.LevelAdmin)
		adele := s.SignIn("adele")
		file, err := s.export(adele, exporter.Choice{Format: exporter.CSV, Chosen: []string{mail, s.firewall}})
		s.Must(err)
		rows := s.rows(file)
		if len(rows) != 3 || !slices.ContainsFunc(rows, func(r []string) bool {
			return r[0] == "Contoso" && r[1] == "Servers/Virtual" && r[2] == "Edge firewall"
		}) ||
			!slices.ContainsFunc(rows, func(r []string) bool { return r[0] == "Fabrikam" && r[5] == "m" }) {
			t.Errorf("%q", rows)
		}
		n := 0
		s.Must(s.db.Read(ctx, func(tx *db.Tx) error {
			return tx.Row(ctx, `SELECT COUNT(*) FROM seen WHERE user_id = $1`, adele.User()).Scan(&n)
		}))
		if n != 2 {
			t.Errorf("%d are noted as seen", n)
		}
		file, err = s.export(s.Admin, exporter.Choice{Format: exporter.CSV, Own: true, Chosen: []string{bank}})
		s.Must(err)
		if rows := s.rows(file); len(rows) != 2 || rows[1][2] != "Bank" {
			t.Errorf("%q", rows)
		}

		// All or none, and nothing that could not be seen one by one.
		s.Enrol("tim", perm.LevelTechnicianDefault)
		for _, c := range []struct {
			who gate.Actor
			in  exporter.Choice
		}{
			{adele, exporter.Choice{Chosen: []string{s.firewall, "cred_nothing"}}},
			{adele, exporter.Choice{Chosen: []string{s.firewall, s.firewall}}},
			{adele, exporter.Choice{Chosen: []string{s.firewall, bank}}},
			{adele, exporter.Choice{Own: true, Chosen: []string{bank}}},
			{s.Admin, exporter.Choice{Own: true, Chosen: []string{bank, mail}}},
			{s.SignIn("tim"), exporter.Choice{Chosen: []string{mail}}},
		} {
			c.in.Format = exporter.CSV
			if _, err := s.export(c.who, c.in); !fault.Is(err, fault.Absent) {
				t.Errorf("%+v: %v", c.in.Chosen, err)
			}
		}
		if _, err := s.export(s.Admin, exporter.Choice{Format: exporter.CSV, Clients: []string{s.contoso}, Chosen: []string{mail}}); !fault.Is(err, fault.Invalid) {
			t.Errorf("%v", err)
		}
		s.Must(s.Vault.Archive(ctx, s.Admin, mail))
		if _, err := s.export(adele, exporter.Choice{Format: exporter.CSV, Chosen: []string{mail}}); !fault.Is(err, fault.Absent) {
			t.Errorf("archived: %v", err)
		}
	})
}

// More than one part, over several clients: each once, in all formats.
func TestManyChosen(t *testing.T) {
	both(t, func(t *testing.T, s *scene) {
		var all []string
		for i := range 530 {
			at := vault.Place{Client: []string{s.contoso, s.fabrikam}[min(1, i/515)]}
			id, err := s.Vault.Add(ctx, s.Admin, at, vault.Input{Overview: vault.Overview{Title: "many"}, Secret: vault.Secret{Password: "p"}})
			s.Must(err)
			all = append(all, id)
		}
		slices.Reverse(all)
		file, err := s.export(s.Admin, exporter.Choice{Format: exporter.CSV, Chosen: all})
		s.Must(err)
		if rows := s.rows(file); len(rows) != 531 {
			t.Errorf("%d rows", len(rows))
		}
	})
}
