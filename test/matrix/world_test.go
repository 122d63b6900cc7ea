package matrix

import (
	"bailiwick/internal/vault"
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"maps"
	"os"
	"strings"
	"testing"

	"bailiwick/internal/app"
	"bailiwick/internal/clock"
	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
	"bailiwick/internal/gate"
	"bailiwick/internal/refmodel"
	"bailiwick/internal/seal"
)

// world is one database with the plan in it, and the model's of it.
type world struct {
	*app.App
	*built
	t       testing.TB
	ctx     context.Context
	db      *db.DB
	clock   *clock.Fake
	model   *refmodel.World
	mark    int64 // of the journal: where the present actor's base is
	last    int64 // of the journal: what earlier cells left
	slot    string
	sweep   func()
	events0 map[string]int64 // number of audit events by organization
}

func onSQLite(t testing.TB) *db.DB {
	t.Helper()
	dir, err := memoryDir()
	if err != nil {
		t.Fatal(err)
	}
	d, err := db.Open(context.Background(), dir, db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close(); os.RemoveAll(dir) })
	return d
}

func onPostgres(t testing.TB) *db.DB { return dbtest.Postgres(t) }

// sweptWorld is on a PostgreSQL database that is swept after every column: each
// change that was undone leaves dead rows, the server for tests has no
// autovacuum, and reading past them would cost more than everything else.
func sweptWorld(t testing.TB) *world {
	t.Helper()
	address := dbtest.PostgresURL(t, nil)
	d, err := db.Open(t.Context(), address, db.Options{Connections: 4})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	aside, err := sql.Open("pgx", address) // no VACUUM in a transaction
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { aside.Close() })
	w := newWorld(t, d)
	w.sweep = func() {
		if _, err := aside.Exec(`VACUUM`); err != nil {
			t.Fatal(err)
		}
	}
	return w
}

func newWorld(t testing.TB, d *db.DB) *world {
	t.Helper()
	b, err := once()
	if err != nil {
		t.Fatal(err)
	}
	own := *b
	own.ids, own.names = maps.Clone(b.ids), maps.Clone(b.names)
	w := &world{built: &own, t: t, ctx: context.Background(), db: d, model: model(), sweep: func() {}}
	if err := load(d, b.rows); err != nil {
		t.Fatal(err)
	}
	if err := journalOn(d, b.rows); err != nil {
		t.Fatal(err)
	}
	w.events0 = map[string]int64{}
	err = d.Read(w.ctx, func(tx *db.Tx) error {
		rows, err := read(w.ctx, tx, `SELECT id, audit_size FROM organizations`, 2)
		for _, r := range rows {
			w.events0[fmt.Sprint(r[0])] = r[1].(int64)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if w.App, w.clock, err = newApp(d, b.instance); err != nil {
		t.Fatal(err)
	}
	return w
}

// id gives the database's id of a thing of the plan.
func (w *world) id(kind, name string) string {
	if name == "" {
		return ""
	}
	if id, ok := w.ids[kind+":"+name]; ok {
		return id
	}
	if name == "random" {
		return strings.NewReplacer("credential", "cred", "import", "job").Replace(kind) + "_01h455vb4pex5vsknk084sn02q"
	}
	w.t.Fatalf("the plan has no %s %s", kind, name)
	return ""
}

func (w *world) raw(text string, args ...any) {
	w.t.Helper()
	err := w.db.Write(w.ctx, "", func(tx *db.Tx) error { _, err := tx.Exec(w.ctx, text, args...); return err })
	if err != nil {
		w.t.Fatal(err)
	}
}

// hold makes what was changed till now the base that undo goes back to.
func (w *world) hold() {
	w.raw(`DELETE FROM undo`)
	w.mark = 0
}

// forget takes the events of refusals back, which is all that is left once
// every other cell was undone.
func (w *world) forget() {
	for org, n := range w.events0 {
		w.raw(`DELETE FROM audit_events WHERE org_id = $1 AND seq > $2`, org, n)
		w.raw(`UPDATE organizations SET audit_size = $2 WHERE id = $1`, org, n)
	}
	w.raw(`DELETE FROM undo`)
	w.last = 0
}

func (w *world) undo() {
	w.t.Helper()
	if err := undo(w.db, w.mark); err != nil {
		w.t.Fatal(err)
	}
}

// custom makes the custom level of the plan have these permissions.
func (w *world) custom(permissions []string) {
	w.forget()
	text := lines(permissions)
	if text != w.slot {
		w.raw(`UPDATE levels SET permissions = $1 WHERE id = 'level_slot'`, text)
		// Far on, so that no number of an undone change comes again.
		w.raw(`UPDATE organizations SET access_epoch = access_epoch + 1000`)
		w.slot = text
	}
	w.model.Orgs["one"].Levels["level_slot"].Permissions = permissions
	w.hold()
}

// sum hashes every row of every table: what the journal says is checked
// against it from time to time.
func (w *world) sum() string {
	var all bytes.Buffer
	err := w.db.Read(w.ctx, func(tx *db.Tx) error {
		done := map[string]bool{}
		for _, t := range w.rows {
			if done[t.name] {
				continue
			}
			done[t.name] = true
			rows, err := read(w.ctx, tx, `SELECT `+t.columns+` FROM `+t.name+` ORDER BY `+"1, 2, 3, 4"[:min(10, 3*len(t.kinds)-2)], len(t.kinds))
			if err != nil {
				return err
			}
			fmt.Fprintln(&all, t.name, rows)
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return string(seal.Hash(all.Bytes()))
}

func TestJournal(t *testing.T) {
	for name, open := range map[string]func(testing.TB) *db.DB{"sqlite": onSQLite, "postgres": onPostgres} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, open(t))
			before := w.sum()
			who := w.open("admin")
			if err := w.People.Disable(w.ctx, who, w.id("user", "owner")); err != nil { // cascades, a new epoch
				t.Fatal(err)
			}
			if _, err := w.Vault.DeleteFolder(w.ctx, who, w.id("folder", "in"), 0, vault.ContentUp); err != nil {
				t.Fatal(err)
			}
			if w.sum() == before {
				t.Fatal("nothing changed")
			}
			w.undo()
			if w.sum() != before {
				t.Error("undo did not bring everything back")
			}
			if _, err := w.Vault.Reveal(w.ctx, w.open("owner"), w.id("credential", "k-in")); err != nil {
				t.Error(err)
			}
			if _, err := w.Clients.Get(w.ctx, gate.Stranger(w.org, "", nil), w.id("client", "far")); err == nil {
				t.Error("a stranger read a client")
			}
		})
	}
}
