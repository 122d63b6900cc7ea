package exporter_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"bailiwick/internal/apptest"
	"bailiwick/internal/audit"
	"bailiwick/internal/client"
	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
	"bailiwick/internal/exporter"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
	"bailiwick/internal/vault"
)

var ctx = context.Background()

type scene struct {
	*apptest.World
	db                *db.DB
	contoso, fabrikam string
	firewall          string
}

func both(t *testing.T, fn func(*testing.T, *scene)) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := &scene{World: apptest.New(t, d), db: d}
		var err error
		s.contoso, err = s.Clients.Add(ctx, s.Admin, client.Input{Name: "Contoso"})
		s.Must(err)
		s.fabrikam, err = s.Clients.Add(ctx, s.Admin, client.Input{Name: "Fabrikam"})
		s.Must(err)
		servers, err := s.Vault.AddFolder(ctx, s.Admin, vault.Place{Client: s.contoso}, "Servers")
		s.Must(err)
		virtual, err := s.Vault.AddFolder(ctx, s.Admin, vault.Place{Client: s.contoso, Folder: servers}, "Virtual")
		s.Must(err)
		add := func(at vault.Place, in vault.Input) string {
			id, err := s.Vault.Add(ctx, s.Admin, at, in)
			s.Must(err)
			return id
		}
		s.firewall = add(vault.Place{Client: s.contoso, Folder: virtual}, vault.Input{Type: "Firewall", Expires: time.Date(2027, 3, 1, 0, 0, 0, 0, time.UTC),
			Overview: vault.Overview{Title: "Edge firewall", Username: "root", URLs: []string{"https://fw.example", "ssh://fw.example"}, Tags: []string{"rack 4", "edge"}},
			Secret:   vault.Secret{Password: `s3cret, "quoted"`, Notes: "two\nlines", TOTP: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", Fields: []vault.Field{{Name: "PIN", Value: "4711", Hidden: true}, {Name: "Port", Value: "8443"}}}})
		add(vault.Place{Client: s.contoso}, vault.Input{Overview: vault.Overview{Title: "=1+1"}, Secret: vault.Secret{Password: "+x", Notes: "@here"}})
		add(vault.Place{Client: s.fabrikam}, vault.Input{Overview: vault.Overview{Title: "Mail"}, Secret: vault.Secret{Password: "m"}})
		add(vault.Place{Own: true}, vault.Input{Overview: vault.Overview{Title: "Bank"}, Secret: vault.Secret{Password: "b"}})
		s.Must(s.Vault.Archive(ctx, s.Admin, add(vault.Place{Client: s.contoso}, vault.Input{Overview: vault.Overview{Title: "Old"}, Secret: vault.Secret{Password: "o"}})))
		fn(t, s)
	})
}

var password = seal.NewSecret(apptest.Password)

func (s *scene) export(who gate.Actor, in exporter.Choice) ([]byte, error) {
	in.Password = password
	begun, err := s.Exports.Begin(ctx, who, in)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	n, err := begun.Write(ctx, &b)
	if err == nil && n != begun.Count() {
		s.T.Errorf("%d of %d were written", n, begun.Count())
	}
	return b.Bytes(), err
}

func (s *scene) rows(file []byte) (rows [][]string) {
	s.T.Helper()
	text, ok := strings.CutPrefix(string(file), "\ufeff")
	if !ok {
		s.T.Error("no byte order mark")
	}
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	s.Must(err)
	return rows
}

func TestCSV(t *testing.T) {
	both(t, func(t *testing.T, s *scene) {
		tim := s.Enrol("tim", perm.LevelManagerDefault)
		_ = tim
		file, err := s.export(s.Admin, exporter.Choice{Format: exporter.CSV})
		s.Must(err)
		want := [][]string{{"Client", "Folder", "Title", "Type", "Username", "Password", "URL", "Notes", "TOTP", "Tags", "Expires", "Custom fields (with kind)"},
			{"Contoso", "Servers/Virtual", "Edge firewall", "Firewall", "root", `s3cret, "quoted"`, "https://fw.example\nssh://fw.example", "two\nlines", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "rack 4;edge", "2027-03-01", "PIN (hidden): 4711\nPort: 8443"},
			{"Contoso", "", "'=1+1", "Other", "", "'+x", "", "'@here", "", "", "", ""},
			{"Fabrikam", "", "Mail", "Other", "", "m", "", "", "", "", "", ""}}
		if d := cmp.Diff(want, s.rows(file)); d != "" {
			t.Error(d)
		}
		file, err = s.export(s.Admin, exporter.Choice{Format: exporter.CSV, Clients: []string{s.contoso}, Formulas: true})
		s.Must(err)
		if rows := s.rows(file); len(rows) != 3 || rows[2][2] != "=1+1" || rows[2][5] != "+x" {
			t.Errorf("%q", rows)
		}
		file, err = s.export(s.Admin, exporter.Choice{Format: exporter.CSV, Own: true})
		s.Must(err)
		if rows := s.rows(file); len(rows) != 2 || rows[1][0] != "" || rows[1][2] != "Bank" {
			t.Errorf("%q", rows)
		}
	})
}

// Every credential in the file is known to whoever took it, and the log says
// which clients they are of.
func TestSeen(t *testing.T) {
	both(t, func(t *testing.T, s *scene) {
		_, err := s.Vault.Edit(ctx, s.Admin, s.firewall, 1, vault.Input{Type: "Firewall", Overview: vault.Overview{Title: "Edge firewall"}, Secret: vault.Secret{Password: "another"}})
		s.Must(err)
		s.Enrol("adele", perm.LevelAdmin)
		who := s.SignIn("adele")
		_, err = s.export(who, exporter.Choice{Format: exporter.CSV})
		s.Must(err)
		n := 0
		s.Must(s.db.Read(ctx, func(tx *db.Tx) error {
			return tx.Row(ctx, `SELECT COUNT(*) FROM seen s JOIN credentials c ON c.id = s.credential_id AND c.password_rev = s.password_rev WHERE s.user_id = $1`, who.User()).Scan(&n)
		}))
		if n != 3 {
			t.Errorf("%d are noted as seen", n)
		}
		events, _, err := s.Audit.List(ctx, s.Admin, audit.Filter{})
		s.Must(err)
		by := map[string][]string{}
		for _, e := range events {
			if e.Operation == "export.credentials" {
				by[e.Client] = e.Fields
			}
		}
		want := map[string][]string{"": {"format: csv", "credentials: 3"}, s.contoso: {"format: csv", "credentials: 2"}, s.fabrikam: {"format: csv", "credentials: 1"}}
		if d := cmp.Diff(want, by); d != "" {
			t.Error(d)
		}
	})
}

// Only what one reaches, and whose secrets one may see; not without the
// permission, and not without the password.
func TestMayExport(t *testing.T) {
	both(t, func(t *testing.T, s *scene) {
		level, err := s.Access.AddLevel(ctx, s.Admin, "Exporter", perm.SetOf(perm.ClientViewList, perm.PasswordView, perm.AdminExportData))
		s.Must(err)
		blind, err := s.Access.AddLevel(ctx, s.Admin, "Blind", perm.SetOf(perm.ClientViewList, perm.ClientDefaultAccess, perm.AdminExportData))
		s.Must(err)
		id := s.Enrol("tim", level)
		s.Must(s.Access.Assign(ctx, s.Admin, s.contoso, id, 0))
		s.Enrol("bob", blind)
		s.Enrol("kim", perm.LevelManagerDefault)
		group, err := s.Access.AddGroup(ctx, s.Admin, "Closed", nil, nil)
		s.Must(err)
		folders, err := s.Vault.Folders(ctx, s.Admin, vault.Place{Client: s.contoso})
		s.Must(err)
		s.Must(s.Access.Guard(ctx, s.Admin, folders[0].ID, 1, []string{group}))

		file, err := s.export(s.SignIn("tim"), exporter.Choice{Format: exporter.CSV})
		s.Must(err)
		if rows := s.rows(file); len(rows) != 2 || rows[1][2] != "'=1+1" {
			t.Errorf("%q", rows)
		}
		_, err = s.export(s.SignIn("tim"), exporter.Choice{Format: exporter.CSV, Clients: []string{s.fabrikam}})
		s.refused(err, fault.Absent)
		file, err = s.export(s.SignIn("bob"), exporter.Choice{Format: exporter.CSV})
		s.Must(err)
		if rows := s.rows(file); len(rows) != 1 {
			t.Errorf("%q", rows)
		}
		_, err = s.export(s.SignIn("kim"), exporter.Choice{Format: exporter.CSV})
		s.refused(err, fault.Absent)
		_, err = s.export(s.SignIn("kim"), exporter.Choice{Format: exporter.CSV, Own: true})
		s.Must(err)
		_, err = s.Exports.Begin(ctx, s.Admin, exporter.Choice{Format: exporter.CSV, Password: seal.NewSecret("not the password")})
		s.refused(err, fault.Invalid)
		_, err = s.export(s.Admin, exporter.Choice{Format: exporter.KDBX, Passphrase: seal.NewSecret("short")})
		s.refused(err, fault.Invalid)
		_, err = s.export(s.Admin, exporter.Choice{Format: "xlsx"})
		s.refused(err, fault.Invalid)
	})
}

func (s *scene) refused(err error, kind fault.Kind) {
	s.T.Helper()
	if !fault.Is(err, kind) {
		s.T.Errorf("%v, want %s", err, kind)
	}
}

// An export under way stops when its actor may not go on.
func TestStops(t *testing.T) {
	both(t, func(t *testing.T, s *scene) {
		id := s.Enrol("adele", perm.LevelAdmin)
		begun, err := s.Exports.Begin(ctx, s.SignIn("adele"), exporter.Choice{Format: exporter.CSV, Password: password})
		s.Must(err)
		s.Must(s.People.Disable(ctx, s.Admin, id))
		var b bytes.Buffer
		if n, err := begun.Write(ctx, &b); err == nil || n > 0 || strings.Contains(b.String(), "s3cret") {
			t.Errorf("%d were written to somebody who is disabled, %v", n, err)
		}
	})
}

// ender ends a context with its first bytes.
type ender struct{ end context.CancelFunc }

func (e ender) Write(p []byte) (int, error) { e.end(); return len(p), nil }

// An export that its reader left is no whole file.
func TestLeft(t *testing.T) {
	both(t, func(t *testing.T, s *scene) {
		begun, err := s.Exports.Begin(ctx, s.Admin, exporter.Choice{Format: exporter.CSV, Password: password})
		s.Must(err)
		ctx, end := context.WithCancel(ctx)
		if n, err := begun.Write(ctx, ender{end}); !errors.Is(err, context.Canceled) {
			t.Errorf("%d of %d, %v", n, begun.Count(), err)
		}
	})
}

func TestBitwarden(t *testing.T) {
	both(t, func(t *testing.T, s *scene) {
		file, err := s.export(s.Admin, exporter.Choice{Format: exporter.Bitwarden})
		s.Must(err)
		var got struct {
			Encrypted bool
			Folders   []struct{ ID, Name string }
			Items     []struct {
				ID, FolderID, Name, Notes string
				Type                      int
				Fields                    []struct {
					Name, Value string
					Type        int
				}
				Login struct {
					Username, Password, TOTP string
					URIs                     []struct{ URI string }
				}
			}
		}
		s.Must(json.Unmarshal(file, &got))
		folders := map[string]string{}
		for _, f := range got.Folders {
			folders[f.ID] = f.Name
		}
		if len(folders) != 3 || len(got.Items) != 3 || got.Encrypted {
			t.Fatalf("%s", file)
		}
		fw := got.Items[0]
		if folders[fw.FolderID] != "Contoso/Servers/Virtual" || fw.Name != "Edge firewall" || fw.Type != 1 || fw.Notes != "two\nlines" || fw.Login.Username != "root" ||
			fw.Login.Password != `s3cret, "quoted"` || fw.Login.TOTP != "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP" || len(fw.Login.URIs) != 2 || len(fw.Fields) != 5 || fw.Fields[0].Type != 1 || fw.Fields[1].Type != 0 {
			t.Errorf("%+v", fw)
		}
		for _, name := range []string{`"organizationId":null`, `"collectionIds":null`, `"folderId":"`, `"reprompt":0`, `"favorite":false`, `"revisionDate":"`, `"creationDate":"`, `"uris":[`, `"match":null`} {
			if !strings.Contains(string(file), name) {
				t.Errorf("no %s, which Bitwarden's own exports have", name)
			}
		}
	})
}

// KeePassXC opens the file: folders, entries, passwords, codes.
func TestKeePassXC(t *testing.T) {
	both(t, func(t *testing.T, s *scene) {
		const phrase = "a passphrase of some length"
		file, err := s.export(s.Admin, exporter.Choice{Format: exporter.KDBX, Passphrase: seal.NewSecret(phrase)})
		s.Must(err)
		for _, secret := range []string{"s3cret", "Edge", "Contoso", phrase} {
			if bytes.Contains(file, []byte(secret)) {
				t.Errorf("%q is readable in the file", secret)
			}
		}
		path := filepath.Join(t.TempDir(), "x.kdbx")
		s.Must(os.WriteFile(path, file, 0o600))
		ask := func(args ...string) string {
			t.Helper()
			cmd := exec.Command("keepassxc-cli", args...)
			cmd.Stdin = strings.NewReader(phrase + "\n")
			cmd.Env = append(os.Environ(), "QT_QPA_PLATFORM=offscreen")
			out, err := cmd.Output()
			if err != nil {
				t.Fatalf("%v: %v, %s", args, err, out)
			}
			return string(out)
		}
		if got, want := ask("ls", "-q", "-R", "-f", path), "Contoso/\nContoso/=1+1\nContoso/Servers/\nContoso/Servers/Virtual/\nContoso/Servers/Virtual/Edge firewall\nFabrikam/\nFabrikam/Mail\n"; got != want {
			t.Errorf("the folders are\n%swant\n%s", got, want)
		}
		entry := "Contoso/Servers/Virtual/Edge firewall"
		for field, want := range map[string]string{"Title": "Edge firewall", "UserName": "root", "Password": `s3cret, "quoted"`, "URL": "https://fw.example", "Notes": "two\nlines", "PIN": "4711", "Port": "8443", "KP2A_URL_1": "ssh://fw.example"} {
			if got := strings.TrimSpace(ask("show", "-q", "-s", "-a", field, path, entry)); got != want {
				t.Errorf("%s is %q, want %q", field, got, want)
			}
		}
		if code := strings.TrimSpace(ask("show", "-q", "-t", path, entry)); len(code) != 6 {
			t.Errorf("the code is %q", code)
		}
	})
}
