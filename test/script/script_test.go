// Package script runs the real command line against a real server: every
// command is a process of its own, and the server answers on the loopback.
package script

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"bailiwick/internal/api"
	"bailiwick/internal/apptest"
	"bailiwick/internal/cli"
	"bailiwick/internal/client"
	"bailiwick/internal/db/dbtest"
	"bailiwick/internal/door"
	"bailiwick/internal/perm"
	"bailiwick/internal/vault"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"bailiwick": func() { os.Exit(cli.Main(cli.System(context.Background()), os.Args[1:])) }})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 ".",
		RequireExplicitExec: true,
		Setup:               setup,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "clock": advance, "field": field, "imports": imports, "site": openSite,
		},
	})
}

type world struct{}

// setup starts a server for one script: clients Contoso and Fabrikam with
// three credentials, and the technician tim.
func setup(env *testscript.Env) error {
	ctx := context.Background()
	t := env.T().(testing.TB)
	w := apptest.New(t, dbtest.SQLite(t))
	h := serve(w)
	env.Defer(h.Close)
	env.Values[world{}] = w

	contoso, err := w.Clients.Add(ctx, w.Admin, client.Input{Name: "Contoso", ShortCode: "CON"})
	w.Must(err)
	_, err = w.Clients.Add(ctx, w.Admin, client.Input{Name: "Fabrikam"})
	w.Must(err)
	network, err := w.Vault.AddFolder(ctx, w.Admin, vault.Place{Client: contoso}, "Network")
	w.Must(err)
	for _, in := range []struct{ folder, title, user, password string }{
		{network, "Edge firewall", "root", "s3cret-edge"}, {network, "Core firewall", "admin", "s3cret-core"}, {"", "Mail server", "postmaster", "s3cret-mail"},
	} {
		id, err := w.Vault.Add(ctx, w.Admin, vault.Place{Client: contoso, Folder: in.folder}, vault.Input{Type: "Server",
			Overview: vault.Overview{Title: in.title, Username: in.user, URLs: []string{"https://contoso.example"}}, Secret: vault.Secret{Password: in.password, Notes: "rack 4"}})
		w.Must(err)
		env.Setenv(strings.ToUpper(strings.Fields(in.title)[0]), id)
	}
	w.Enrol("tim", perm.LevelTechnicianAssigned)
	bearer := func(name string) string {
		s := w.SignedIn(name)
		return s.Bearer()
	}
	env.Setenv("BAILIWICK_ADDRESS", h.URL)
	env.Setenv("BAILIWICK_TOKEN", bearer("ada"))
	env.Setenv("TIM", bearer("tim"))
	env.Setenv("BAILIWICK_KEYRING", "off")
	env.Setenv("XDG_CONFIG_HOME", env.WorkDir+"/config")
	env.Setenv("NO_COLOR", "1")
	kdbx, err := filepath.Abs("../../internal/seal/kdbx/testdata/v4-argon2id-aes.kdbx")
	w.Must(err)
	env.Setenv("KDBX", kdbx)
	env.Setenv("WAYLAND_DISPLAY", "")
	for name, text := range map[string]string{
		"known": "ada@northwind.example\n" + apptest.Password + "\n",
		"new":   "ada@northwind.example\n" + apptest.Password + "\n" + w.Code.Chars() + "\n",
		"wrong": "ada@northwind.example\nnot the password\n",
		"key":   apptest.Password + "\n" + w.Code.Words() + "\n",
		"pass":  apptest.Password + "\n",
	} {
		if err := os.WriteFile(env.WorkDir+"/"+name+".tty", []byte(text), 0o600); err != nil {
			return err
		}
	}
	return nil
}

func serve(w *apptest.World) *httptest.Server {
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	table := door.New(log, nil, func(rw http.ResponseWriter, r *http.Request, err error) { api.Failed(log, rw, r, err) })
	api.Mount(w.App, table, log)
	return httptest.NewServer(table)
}

// exits runs a command that must end with an exit code: exits 3 bailiwick …
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND…")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		exit, ok := err.(*exec.ExitError)
		if !ok {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit code %d, not %d", got, want)
	}
}

// advance moves the server's clock: clock 20m
func advance(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: clock DURATION")
	}
	d, err := time.ParseDuration(args[0])
	ts.Check(err)
	ts.Value(world{}).(*apptest.World).Clock.Advance(d)
}

// imports demands that the list of imports has so many entries: imports 0
func imports(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: imports NUMBER")
	}
	w := ts.Value(world{}).(*apptest.World)
	all, err := w.Imports.List(context.Background(), w.Admin)
	ts.Check(err)
	if strconv.Itoa(len(all)) != args[0] {
		ts.Fatalf("%d imports are listed, not %s", len(all), args[0])
	}
}

// openSite activates the site of Contoso, with the administrator sue, the
// limited user lim, and a credential of its own: site contoso
func openSite(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: site CLIENT")
	}
	ctx := context.Background()
	w := ts.Value(world{}).(*apptest.World)
	all, _, err := w.Clients.List(ctx, w.Admin, client.Filter{Text: args[0]})
	ts.Check(err)
	site := w.Activate(all[0].ID, args[0]+".example")
	ts.Setenv("LIMID", site.Enrol("lim", perm.LevelSiteUserLimited))
	till, err := w.Vault.Add(ctx, site.Admin, vault.Place{Client: site.Company}, vault.Input{Overview: vault.Overview{Title: "Till"}, Secret: vault.Secret{Password: "t1ll"}})
	ts.Check(err)
	ts.Setenv("TILL", till)
	for name, variable := range map[string]string{"sue": "SUE", "lim": "LIM"} {
		ts.Setenv(variable, site.SignedIn(name).Bearer())
	}
}

// field puts a field of the JSON that was printed last into a variable:
// field NAME id
func field(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: field VARIABLE FIELD")
	}
	var v map[string]any
	ts.Check(json.Unmarshal([]byte(ts.ReadFile("stdout")), &v))
	text, ok := v[args[1]].(string)
	if !ok {
		ts.Fatalf("no text field %s", args[1])
	}
	ts.Setenv(args[0], text)
}
