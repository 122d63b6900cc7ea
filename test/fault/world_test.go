//go:build linux

package fault

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"bailiwick/internal/app"
	"bailiwick/internal/audit"
	"bailiwick/internal/client"
	"bailiwick/internal/clock"
	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
	"bailiwick/internal/org"
	"bailiwick/internal/people"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
	"bailiwick/internal/session"
	"bailiwick/internal/vault"
)

const password = "correct horse battery staple nine"

// world is a provider on a database, to be served: what has to be known to
// use it.
type world struct {
	dir      string // with the instance key, and SQLite's files
	database string // postgres://…, or "" for SQLite
	organization,
	key string // the Organization Key
	admin  caller
	techs  []caller // assigned to here, not to there
	token  caller   // an API token of the administrator
	here   string   // a client
	there  string   // another
	secret string   // a credential here
	hidden string   // a credential there
	emails []string
	events int64 // of the audit log so far
}

// caller is who makes requests.
type caller struct{ user, bearer string }

// command is the command that serves the world.
func (w world) command(t *testing.T, more ...string) *exec.Cmd {
	args := []string{"serve", "--data", w.dir, "--listen", "127.0.0.1:0"}
	if w.database != "" {
		args = append(args, "--database", w.database)
	}
	return exec.Command(program(t), append(args, more...)...)
}

var template = sync.OnceValues(func() (world, error) {
	dir, err := os.MkdirTemp("", "bailiwick-world-")
	if err != nil {
		return world{}, err
	}
	defer os.RemoveAll(dir)
	w, err := fill(dir, dir)
	if err == nil {
		for _, name := range []string{"bailiwick.db", "instance.key"} {
			if kept[name], err = os.ReadFile(filepath.Join(dir, name)); err != nil {
				break
			}
		}
	}
	return w, err
})

var kept = map[string][]byte{}

// onSQLite is a world in a folder of its own.
func onSQLite(t *testing.T) world {
	t.Helper()
	return in(t, t.TempDir())
}

// in puts a world into a folder.
func in(t *testing.T, dir string) world {
	t.Helper()
	w, err := template()
	must(t, err)
	for name, content := range kept {
		must(t, os.WriteFile(filepath.Join(dir, name), content, 0o600))
	}
	w.dir = dir
	return w
}

// onPostgres is a world on the tests' PostgreSQL.
func onPostgres(t *testing.T) world {
	t.Helper()
	return at(t, dbtest.PostgresURL(t, nil))
}

// at makes a world on an empty PostgreSQL database.
func at(t *testing.T, database string) world {
	t.Helper()
	w, err := fill(t.TempDir(), database)
	must(t, err)
	w.database = database
	return w
}

// fill makes the world two minutes ago: then sessions have to be touched at
// their first use, as most have in reality.
func fill(dir, database string) (w world, err error) {
	ctx := context.Background()
	d, err := db.Open(ctx, database, db.Options{})
	if err != nil {
		return w, err
	}
	defer d.Close()
	instance, err := seal.InstanceKey(filepath.Join(dir, "instance.key"))
	if err != nil {
		return w, err
	}
	argon, err := seal.NewArgonAt(seal.Cost{Time: 2, MemoryKiB: 19 * 1024, Threads: 1}, 2, 32)
	if err != nil {
		return w, err
	}
	a := app.New(d, instance, argon, clock.NewFake(clock.System{}.Now().Add(-2*time.Minute)))
	defer a.Close()
	w.dir = dir
	return w, w.fill(ctx, a)
}

func (w *world) fill(ctx context.Context, a *app.App) error {
	code := seal.NewCode()
	w.key = code.Chars()
	made, err := a.Org.Setup(ctx, org.Setup{Organization: "Northwind IT", Name: "Ada Admin", Email: "ada@northwind.example",
		Password: seal.NewSecret(password), Code: code, Recovery: seal.NewCode()}, "127.0.0.1", nil)
	if err != nil {
		return err
	}
	w.organization = made.Org
	first, err := a.Sessions.Begin(ctx, made, "127.0.0.1", "fault", nil)
	if err != nil {
		return err
	}
	w.admin = caller{made.User, session.Bearer(session.KindSession, first.Org, first.Token)}
	ada, err := a.Sessions.Resume(ctx, w.admin.bearer, "127.0.0.1", nil)
	if err != nil {
		return err
	}
	long := people.Default() // the world is made once, and used for as long as all tests take
	long.IdleMinutes = 600
	if err := a.People.SaveSettings(ctx, ada, people.Default(), long); err != nil {
		return err
	}
	for _, c := range []struct {
		name          string
		client, title *string
	}{{"Contoso", &w.here, &w.secret}, {"Fabrikam", &w.there, &w.hidden}} {
		if *c.client, err = a.Clients.Add(ctx, ada, client.Input{Name: c.name}); err != nil {
			return err
		}
		*c.title, err = a.Vault.Add(ctx, ada, vault.Place{Client: *c.client}, vault.Input{Type: "Server",
			Overview: vault.Overview{Title: "Mail server " + c.name, Username: "root"}, Secret: vault.Secret{Password: "canary-" + c.name}})
		if err != nil {
			return err
		}
	}
	token, err := a.Sessions.AddToken(ctx, ada, session.NewToken{Name: "fault", AllClients: true, Days: 30,
		Permissions: []string{perm.ClientViewList.String(), perm.PasswordView.String(), perm.PasswordAdd.String(), perm.PasswordEdit.String(), perm.PasswordArchive.String()}})
	if err != nil {
		return err
	}
	w.token = caller{made.User, token.Bearer}
	for i := range 8 {
		email := fmt.Sprintf("tech%d@northwind.example", i)
		w.emails = append(w.emails, email)
		user, err := a.People.Enrol(ctx, ada, people.NewUser{Name: "Tech", Email: email, Level: perm.LevelTechnicianAssigned, Password: seal.NewSecret(password)})
		if err == nil {
			err = a.Access.Assign(ctx, ada, w.here, user, 0)
		}
		if err != nil {
			return err
		}
		if i >= 4 {
			continue
		}
		in, err := a.Sessions.SignIn(ctx, session.SignIn{Email: email, Password: seal.NewSecret(password), Code: code, IP: "127.0.0.1", Agent: "fault"})
		if err != nil {
			return err
		}
		w.techs = append(w.techs, caller{user, session.Bearer(session.KindSession, in.Org, in.Token)})
	}
	list, _, err := a.Audit.List(ctx, ada, audit.Filter{Limit: 1})
	if err == nil {
		w.events = list[0].Seq
	}
	return err
}
