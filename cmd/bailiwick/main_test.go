package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"bailiwick/internal/apptest"
	"bailiwick/internal/cli"
	"bailiwick/internal/clock"
	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
	"bailiwick/internal/gate"
	"bailiwick/internal/org"
	"bailiwick/internal/seal"
	"bailiwick/internal/vault"
	"bailiwick/sdk"
)

// The test binary is the program too, so that every command is a process.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"bailiwick": func() { os.Exit(run(cli.System(context.Background()), os.Args[1:])) }})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata", RequireExplicitExec: true, Setup: setup,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"serve": serve, "stop": stop, "reveals": reveals, "cut": cut}})
}

type world struct{}

// provider is a data directory with a credential in the company vault and one
// in a personal vault, and the server that runs on it or on a copy.
type provider struct {
	*apptest.World
	credential string
	server     *process
}

// fill makes a provider in a directory, and puts its instance key there.
func fill(t testing.TB, dir string) *provider {
	t.Helper()
	d, err := db.Open(context.Background(), dir, db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	w := apptest.New(t, d)
	id, err := w.Vault.Add(context.Background(), w.Admin, vault.Place{Client: w.Company}, vault.Input{Type: "Server", Overview: vault.Overview{Title: "Edge"}, Secret: vault.Secret{Password: "s3cret"}})
	w.Must(err)
	_, err = w.Vault.Add(context.Background(), w.Admin, vault.Place{Own: true}, vault.Input{Type: "Server", Overview: vault.Overview{Title: "Mine"}, Secret: vault.Secret{Password: "mine"}})
	w.Must(err)
	key, err := seal.InstanceKey(filepath.Join(dir, instanceFile))
	w.Must(err)
	_, err = org.New(gate.New(d, clock.System{}), key, nil).Recover(context.Background(), org.Recovery{Code: w.Recovery})
	w.Must(err)
	w.App.Close()
	w.Must(d.Close())
	return &provider{World: w, credential: id}
}

func setup(env *testscript.Env) error {
	t := env.T().(testing.TB)
	p := fill(t, filepath.Join(env.WorkDir, "d"))
	env.Values[world{}] = p
	env.Setenv("POSTGRES", dbtest.PostgresURL(t, fstest.MapFS{}))
	for name, text := range map[string]string{"recovery.key": p.Recovery.Words(), "organization.key": p.Code.Chars(),
		"password": "a quite different pass phrase 41\n", "weak": "password\n", "phrase": "some words that nobody guesses\n", "short": "short\n"} {
		if err := os.WriteFile(filepath.Join(env.WorkDir, name), []byte(text), 0o600); err != nil {
			return err
		}
	}
	env.Defer(func() {
		if p.server != nil {
			p.server.Process.Kill()
			p.server.Wait()
		}
	})
	return nil
}

// process is a server that runs as a process of its own.
type process struct {
	*exec.Cmd
	address string
	log     *os.File
}

// start runs the program and waits until it says where it is.
func start(dir string, env []string, args ...string) (*process, error) {
	self, err := exec.LookPath("bailiwick")
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(self, args...)
	cmd.Dir, cmd.Env = dir, env
	p := &process{Cmd: cmd}
	if p.log, err = os.CreateTemp(dir, "log"); err != nil {
		return nil, err
	}
	cmd.Stderr = p.log
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if i := strings.Index(lines.Text(), "http://"); i >= 0 {
			p.address = strings.TrimSpace(lines.Text()[i:])
			go io.Copy(io.Discard, out)
			return p, nil
		}
	}
	return nil, fmt.Errorf("it ended before it served: %w\n%s", cmd.Wait(), p.logged())
}

func (p *process) logged() string {
	b, _ := os.ReadFile(p.log.Name())
	return string(b)
}

// serve starts a server in the script's directory: serve --data d
func serve(ts *testscript.TestScript, neg bool, args []string) {
	env := append(os.Environ(), "BAILIWICK_DATABASE="+ts.Getenv("BAILIWICK_DATABASE"))
	p, err := start(ts.MkAbs("."), env, append([]string{"serve", "--listen", "127.0.0.1:0", "--drain", "0s"}, args...)...)
	if neg {
		if err == nil {
			ts.Fatalf("it serves")
		}
		ts.Check(os.WriteFile(ts.MkAbs("refused"), []byte(err.Error()), 0o600))
		return
	}
	ts.Check(err)
	ts.Value(world{}).(*provider).server = p
	ts.Setenv("ADDRESS", p.address)
}

// stop ends the server with SIGTERM; it must end well.
func stop(ts *testscript.TestScript, _ bool, _ []string) {
	p := ts.Value(world{}).(*provider).server
	ts.Check(p.Process.Signal(syscall.SIGTERM))
	if err := p.Wait(); err != nil {
		ts.Fatalf("%v\n%s", err, p.logged())
	}
}

// reveals signs in at the running server and reveals the credential: reveals
// EMAIL PASSWORD-FILE CODE-FILE
func reveals(ts *testscript.TestScript, neg bool, args []string) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	p := ts.Value(world{}).(*provider)
	line := func(path string) string {
		first, _, _ := strings.Cut(ts.ReadFile(path), "\n")
		return first
	}
	password := apptest.Password
	if args[1] != "old" {
		password = line(args[1])
	}
	api, err := sdk.New(ts.Getenv("ADDRESS"), "", "test")
	ts.Check(err)
	api, _, err = api.SignIn(ctx, sdk.SignIn{Email: args[0], Password: sdk.Secret(password)})
	if neg {
		if err == nil {
			ts.Fatalf("signed in")
		}
		return
	}
	ts.Check(err)
	_, err = api.Open(ctx, sdk.Open{OrganizationKey: sdk.Secret(line(args[2]))})
	ts.Check(err)
	secret, err := api.Reveal(ctx, p.credential)
	ts.Check(err)
	if secret.Password != "s3cret" {
		ts.Fatalf("revealed %q", string(secret.Password))
	}
}

// cut writes the first bytes of a file to another: cut FROM TO N
func cut(ts *testscript.TestScript, _ bool, args []string) {
	var n int
	_, err := fmt.Sscan(args[2], &n)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(ts.ReadFile(args[0]))[:n], 0o600))
}
