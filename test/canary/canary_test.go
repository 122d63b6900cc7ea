// Package canary plants distinctive texts wherever something secret is typed,
// uses the product, and looks for them wherever they must not be.
package canary

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"

	"bailiwick/internal/apptest"
	"bailiwick/internal/audit"
	"bailiwick/internal/client"
	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
	"bailiwick/internal/extlink"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
	"bailiwick/internal/session"
	"bailiwick/internal/vault"
)

var ctx = context.Background()

type scene struct {
	*apptest.World
	apptest.Canaries
	errs bytes.Buffer // what failing flows said
}

func (s *scene) input() vault.Input {
	return vault.Input{Type: "Firewall",
		Overview: vault.Overview{Title: s.New("title"), Username: s.New("username"), URLs: []string{"https://example.com/" + s.New("address")}, Tags: []string{s.New("tag")}},
		Secret: vault.Secret{Password: s.New("password"), Notes: s.New("notes"), TOTP: "otpauth://totp/" + strings.ReplaceAll(s.New("totp"), " ", "-") + "?secret=GEZDGNBVGY3TQOJQ",
			Fields: []vault.Field{{Name: s.New("field name"), Value: s.New("field"), Hidden: true}}}}
}

func (s *scene) failed(err error) {
	s.T.Helper()
	if err == nil {
		s.T.Error("what was to fail did not")
		return
	}
	s.errs.WriteString(err.Error() + "\n")
	if f, ok := fault.As(err); ok {
		for _, field := range f.Fields {
			s.errs.WriteString(field.Name + ": " + field.Text + "\n")
		}
	}
}

// use goes through the features with canaries in every secret field.
func (s *scene) use() {
	contoso, err := s.Clients.Add(ctx, s.Admin, client.Input{Name: "Contoso", Notes: s.New("client notes")})
	s.Must(err)
	fabrikam, err := s.Clients.Add(ctx, s.Admin, client.Input{Name: "Fabrikam", Notes: s.New("client notes")})
	s.Must(err)
	tim := s.Enrol("tim", perm.LevelTechnicianDefault)
	dan := s.Enrol("dan", perm.LevelTechnicianDefault)
	timIn := s.SignedIn("tim")
	who := s.Resume(timIn)
	var all []string
	for _, place := range []vault.Place{{Client: contoso}, {Client: contoso}, {Client: fabrikam}, {Own: true}, {Own: true}} {
		id, err := s.Vault.Add(ctx, s.Admin, place, s.input())
		s.Must(err)
		all = append(all, id)
	}
	for i, id := range all {
		in := s.input()
		_, err := s.Vault.Edit(ctx, s.Admin, id, 1, in)
		s.Must(err)
		_, err = s.Vault.Reveal(ctx, s.Admin, id)
		s.Must(err)
		_, err = s.Vault.RevealVersion(ctx, s.Admin, id, 1)
		s.Must(err)
		_, err = s.Vault.History(ctx, s.Admin, id)
		s.Must(err)
		hits, err := s.Vault.Search(ctx, s.Admin, in.Title, 5)
		s.Must(err)
		if len(hits) == 0 {
			s.T.Error("search finds no canary, so nothing was planted")
		}
		if i%2 == 1 {
			s.Must(s.Vault.Archive(ctx, s.Admin, id))
		}
	}
	_, err = s.Vault.RestoreVersion(ctx, s.Admin, all[0], 2, 1)
	s.Must(err)
	title := s.New("patched")
	_, err = s.Vault.Patch(ctx, s.Admin.Once("once", []byte("hash")), all[0], 3, vault.Patch{Title: &title})
	s.Must(err)
	_, err = s.Vault.Move(ctx, s.Admin, all[0], 4, vault.Place{Client: fabrikam})
	s.Must(err)
	mine, err := s.Vault.Move(ctx, s.Admin, all[2], 2, vault.Place{Own: true})
	s.Must(err)
	c, err := s.Clients.Get(ctx, s.Admin, contoso)
	s.Must(err)
	_, err = s.Clients.Edit(ctx, s.Admin, contoso, c.Version, client.Input{Name: "Contoso", Notes: s.New("client notes"), Tags: []string{s.New("client tag"), s.New("client tag")}})
	s.Must(err)
	_, err = s.Clients.SetPanel(ctx, s.Admin, contoso, 0, []client.Item{{Kind: client.KindField, Name: s.New("panel name"), Value: s.New("panel value")}, {Kind: client.KindText, Value: s.New("panel text")}})
	s.Must(err)
	_, err = s.Clients.SetBanner(ctx, s.Admin, contoso, 0, client.BannerInput{Text: s.New("banner"), Level: "danger"})
	s.Must(err)

	token, err := s.Sessions.AddToken(ctx, s.Admin, session.NewToken{Name: "script", Permissions: []string{"Client: View List", "Password: View", "Password: Edit", "Password: TOTP Add/Remove"}, AllClients: true, Days: 1})
	s.Must(err)
	script, err := s.Sessions.Resume(ctx, token.Bearer, "127.0.0.1", nil)
	s.Must(err)
	_, err = s.Vault.Edit(ctx, script, all[0], 5, s.input())
	s.Must(err)
	s.Must(s.People.Disable(ctx, s.Admin, dan)) // a new epoch, and more under it
	_, err = s.Vault.Edit(ctx, s.Admin, all[0], 6, s.input())
	s.Must(err)
	password := seal.NewSecret(s.New("password") + " of Tim's own")
	_, err = s.Sessions.ChangePassword(ctx, who, session.Password{Bearer: timIn.Bearer(), Present: seal.NewSecret(apptest.Password), Next: password})
	s.Must(err)
	who = s.Resume(timIn) // his keys were renewed along with it
	_, err = s.Sessions.SignIn(ctx, session.SignIn{Email: "tim@northwind.example", Password: password, Code: s.Code, IP: "127.0.0.1"})
	s.Must(err)
	s.outside(all[0])
	s.fail(who, tim, all[0], mine)
	for _, actor := range []gate.Actor{s.Admin, who, script} {
		_, _, err = s.Audit.List(ctx, actor, audit.Filter{})
		if err != nil {
			s.errs.WriteString(err.Error())
		}
	}
}

// outside shares a credential by links, of which one is opened, and one is
// asked with a wrong passphrase.
func (s *scene) outside(credential string) {
	s.T.Helper()
	for _, phrase := range []string{"", s.New("passphrase")} {
		made, err := s.Links.Add(ctx, s.Admin, credential, extlink.NewLink{Fields: extlink.AllFields, Passphrase: seal.NewSecret(phrase), Note: seal.NewSecret(s.New("note"))})
		s.Must(err)
		_, secret, _ := strings.Cut(made.Address.Reveal(), "#")
		token, err := seal.ParseToken(secret)
		s.Must(err)
		who, _, err := s.Sessions.Link(ctx, made.ID, token.Proof(), "203.0.113.9", nil)
		s.Must(err)
		if phrase != "" {
			_, err = s.Links.Open(ctx, who, seal.NewSecret(s.New("wrong passphrase")))
			s.failed(err)
		}
		_, err = s.Links.Open(ctx, who, seal.NewSecret(phrase))
		s.Must(err)
	}
	_, err := s.Links.Add(ctx, s.Admin, credential, extlink.NewLink{Fields: []string{s.New("name of a field")}})
	s.failed(err)
}

// fail types canaries where they are refused.
func (s *scene) fail(who gate.Actor, tim, shared, mine string) {
	in := s.input()
	_, err := s.Vault.Edit(ctx, who, shared, 1, in) // stale
	s.failed(err)
	_, err = s.Vault.Edit(ctx, who, mine, 1, in) // somebody else's
	s.failed(err)
	_, err = s.Vault.Add(ctx, who, vault.Place{Client: s.Company}, in) // out of reach
	s.failed(err)
	in.Type = s.New("type")
	_, err = s.Vault.Add(ctx, s.Admin, vault.Place{Own: true}, in)
	s.failed(err)
	in.Type, in.Password = "", s.New("password")+string(make([]byte, 20_000))
	_, err = s.Vault.Add(ctx, s.Admin, vault.Place{Own: true}, in)
	s.failed(err)
	in.Password = s.New("bad text") + "\xff"
	_, err = s.Vault.Add(ctx, s.Admin, vault.Place{Own: true}, in)
	s.failed(err)
	_, err = s.Clients.Add(ctx, s.Admin, client.Input{Name: "", Notes: s.New("notes"), Tags: []string{s.New("tag") + string(make([]byte, 60))}})
	s.failed(err)
	_, err = s.Clients.SetBanner(ctx, s.Admin, s.Company, 7, client.BannerInput{Text: s.New("banner"), Level: s.New("level")})
	s.failed(err)
	_, err = s.Clients.SetPanel(ctx, s.Admin, s.Company, 7, []client.Item{{Kind: client.KindField, Value: s.New("panel")}})
	s.failed(err)
	_, err = s.Sessions.SignIn(ctx, session.SignIn{Email: "tim@northwind.example", Password: seal.NewSecret(s.New("wrong password")), IP: "127.0.0.1"})
	s.failed(err)
	s.failed(s.Org.Confirm(ctx, who, seal.NewSecret(s.New("wrong password"))))
	_, err = seal.ParseCode(s.New("code"))
	s.failed(err)
	_, err = s.Sessions.Resume(ctx, "bws_"+s.OrgID+"."+s.New("token"), "127.0.0.1", nil)
	s.failed(err)
	_, err = s.Vault.Search(ctx, who, s.New("searched for"), 5)
	s.Must(err)
	slog.Error("failed", "input", in.Secret.Password == "", "password", seal.NewSecret(s.New("logged")), "code", s.Code, "user", tim)
}

func TestNoCanaryAnywhere(t *testing.T) {
	for engine, open := range map[string]func(*testing.T) (*db.DB, string){
		"sqlite": func(t *testing.T) (*db.DB, string) {
			dir := dbtest.SQLiteDir(t, nil)
			d, err := db.Open(ctx, dir, db.Options{})
			if err != nil {
				t.Fatal(err)
			}
			return d, dir
		},
		"postgres": func(t *testing.T) (*db.DB, string) {
			d, err := db.Open(ctx, dbtest.PostgresURL(t, nil), db.Options{Connections: 4})
			if err != nil {
				t.Fatal(err)
			}
			return d, ""
		},
	} {
		t.Run(engine, func(t *testing.T) {
			var log bytes.Buffer
			before := slog.Default()
			slog.SetDefault(slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})))
			defer slog.SetDefault(before)
			d, dir := open(t)
			s := &scene{World: apptest.New(t, d)}
			s.use()
			if s.Made() < 100 {
				t.Errorf("only %d canaries", s.Made())
			}
			look := func() {
				t.Helper()
				apptest.NoCanary(t, "the log", log.Bytes())
				apptest.NoCanary(t, "errors", s.errs.Bytes())
				if dir != "" {
					apptest.NoCanaryInFiles(t, dir) // while it is open: with -wal and -shm
				}
			}
			apptest.NoCanaryInRows(t, d)
			look()
			if log.Len() == 0 || s.errs.Len() == 0 {
				t.Error("nothing was logged or refused, so nothing was looked at")
			}
			if err := d.Close(); err != nil {
				t.Fatal(err)
			}
			look()
		})
	}
}

// TestCanariesAreFound plants one in the open, and demands that it is found.
func TestCanariesAreFound(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := &scene{World: apptest.New(t, d)}
		_, err := s.Clients.Add(ctx, s.Admin, client.Input{Name: s.New("name, which lies in the open")})
		s.Must(err)
		seen := &silent{TB: t}
		apptest.NoCanaryInRows(seen, d)
		if !seen.failed {
			t.Error("a canary in a row was not found")
		}
	})
}

type silent struct {
	testing.TB
	failed bool
}

func (s *silent) Errorf(string, ...any) { s.failed = true }
