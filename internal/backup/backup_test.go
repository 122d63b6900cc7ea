package backup

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"bailiwick/internal/apptest"
	"bailiwick/internal/client"
	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
	"bailiwick/internal/fault"
	"bailiwick/internal/session"
)

var noon = time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)

func saved(t testing.TB, d *db.DB) ([]byte, Summary) {
	t.Helper()
	var b bytes.Buffer
	s, err := Save(ctx, d, &b, noon)
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), s
}

// From each engine to each: every row of every table is there and equal, but
// for what a restore ends, and people go on where they were.
func TestRestoredIsEqual(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, from *db.DB) {
		w := inhabited(t, from)
		before := rowsOf(t, from)
		file, s := saved(t, from)
		if s.Bytes != int64(len(file)) || len(s.Organizations) != 1 || s.Organizations[0].KeyEpoch != 2 {
			t.Errorf("summary %+v of %d bytes", s, len(file))
		}
		for engine, target := range targets {
			t.Run("to "+engine, func(t *testing.T) {
				place := target(t)
				got, err := Load(ctx, bytes.NewReader(file), place, noon)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(s, got); diff != "" {
					t.Error(diff)
				}
				to := open(t, place)
				apptest.SumsAreRight(t, to)
				after := rowsOf(t, to)
				due := after["organizations"][0]
				if !strings.Contains(due, "epoch_due_at=int64 1793620800000|epoch_due_why=string "+Why) {
					t.Errorf("no epoch is due: %s", due)
				}
				delete(after, "organizations")
				for table, rows := range before {
					if table == "organizations" {
						continue
					}
					if LeftOut[table] != "" {
						rows = []string{}
					}
					if diff := cmp.Diff(rows, after[table]); diff != "" {
						t.Errorf("%s: %s", table, diff)
					}
				}
				a := server(t, to, w.Instance)
				signed, err := a.Sessions.SignIn(ctx, session.SignIn{Email: "ada@northwind.example", Password: password, Code: w.Code, IP: "127.0.0.1"})
				if err != nil {
					t.Fatal(err)
				}
				who, err := a.Sessions.Resume(ctx, session.Bearer(session.KindSession, signed.Org, signed.Token), "127.0.0.1", nil)
				if err != nil {
					t.Fatal(err)
				}
				if _, _, err := a.Clients.List(ctx, who, client.Filter{}); err != nil {
					t.Fatal(err)
				}
				for _, text := range []string{"buro", "schublade 字", "a"} { // the index was filled with the rows
					if f, err := a.Bases.Search(ctx, who, "help", text); err != nil || len(f.Hits) != 1 {
						t.Errorf("search for %q: %+v, %v", text, f, err)
					}
				}
				if k, err := a.Org.Keys(ctx, who); err != nil || k.Epoch != 3 || k.Why != Why {
					t.Errorf("keys after the first open session: %+v, %v", k, err)
				}
			})
		}
	})
}

// Every table of the schema is in a backup, or left out for a reason, and the
// world of these tests has rows in those that are left out: it would show if
// they came back.
func TestNoTableIsForgotten(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		inhabited(t, d)
		rows := rowsOf(t, d)
		_, s := saved(t, d)
		for table := range rows {
			in := slices.ContainsFunc(s.Totals, func(total Total) bool {
				return total.Table == table && total.Rows == int64(len(rows[table]))
			})
			if in == (LeftOut[table] != "") {
				t.Errorf("table %s: in the backup %v, left out because %q", table, in, LeftOut[table])
			}
		}
		for table := range LeftOut {
			if table != "token_clients" && len(rows[table]) == 0 {
				t.Errorf("nothing is in %s, so nothing shows that it is left out", table)
			}
		}
		if len(rows) < 25 {
			t.Errorf("only %d tables", len(rows))
		}
	})
}

// What the restore ended stays ended: cookies and API tokens of before open
// nothing.
func TestBearersDie(t *testing.T) {
	from := dbtest.SQLite(t)
	w := inhabited(t, from)
	old := w.SignedIn("ada")
	token, err := w.Sessions.AddToken(ctx, w.Admin, session.NewToken{Name: "other", Permissions: []string{"Client: View List"}, AllClients: true, Days: 1})
	w.Must(err)
	file, _ := saved(t, from)
	place := t.TempDir()
	if _, err := Load(ctx, bytes.NewReader(file), place, noon); err != nil {
		t.Fatal(err)
	}
	a := server(t, open(t, place), w.Instance)
	for _, bearer := range []string{session.Bearer(session.KindSession, old.Org, old.Token), token.Bearer} {
		if _, err := a.Sessions.Resume(ctx, bearer, "127.0.0.1", nil); !fault.Is(err, fault.Unsigned) {
			t.Errorf("%.8s… still opens: %v", bearer, err)
		}
	}
}

func TestRefused(t *testing.T) {
	d := dbtest.SQLite(t)
	inhabited(t, d)
	file, s := saved(t, d)
	load := func(file []byte) error {
		_, err := Load(ctx, bytes.NewReader(file), t.TempDir(), noon)
		return err
	}
	newer := bytes.Clone(file)
	newer[len(magic)] = version + 1
	if err := load(newer); !errors.Is(err, ErrNewer) {
		t.Errorf("a newer format: %v", err)
	}
	m := s.Manifest
	m.Schema = append(slices.Clone(m.Schema), db.Migration{Number: 9, Name: "0009_later.sql", Checksum: "x"})
	if err := load(withManifest(t, m)); !errors.Is(err, ErrNewer) {
		t.Errorf("a newer schema: %v", err)
	}
	m.Schema = []db.Migration{{Number: 1, Name: "0001_other.sql", Checksum: "x"}}
	if err := load(withManifest(t, m)); !errors.Is(err, ErrDamaged) {
		t.Errorf("another schema: %v", err)
	}
	for n := 0; n < len(file); n += max(1, len(file)/97) {
		if _, err := Check(bytes.NewReader(file[:n])); !errors.Is(err, ErrDamaged) {
			t.Errorf("cut to %d of %d: %v", n, len(file), err)
		}
	}
	for _, bad := range [][]byte{file[:len(file)-5], append(bytes.Clone(file), 0), []byte("SQLite format 3\x00 and so on, long enough")} {
		if err := load(bad); !errors.Is(err, ErrDamaged) {
			t.Errorf("%d of %d bytes: %v", len(bad), len(file), err)
		}
	}
	text := bytes.Clone(file)
	copy(text[bytes.LastIndex(text, []byte("Northwind IT")):], "Southwind IT")
	if err := load(text); !errors.Is(err, ErrDamaged) {
		t.Errorf("a changed name: %v", err)
	}
	place := t.TempDir()
	if _, err := Load(ctx, bytes.NewReader(file), place, noon); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(ctx, bytes.NewReader(file), place, noon); !errors.Is(err, ErrNotEmpty) {
		t.Errorf("into what is there: %v", err)
	}
	if _, err := Save(ctx, dbtest.SQLite(t), &bytes.Buffer{}, noon); err == nil {
		t.Error("an empty database was backed up")
	}
}

func withManifest(t *testing.T, m Manifest) []byte {
	var b bytes.Buffer
	f, err := newFrameWriter(&b)
	if err == nil {
		err = f.putJSON(frameManifest, m)
	}
	if err == nil {
		err = f.w.Flush()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A failed restore leaves an empty database, into which the next one goes.
func TestFailedRestoreLeavesNothing(t *testing.T) {
	d := dbtest.SQLite(t)
	inhabited(t, d)
	file, _ := saved(t, d)
	for engine, target := range targets {
		t.Run(engine, func(t *testing.T) {
			place := target(t)
			if _, err := Load(ctx, bytes.NewReader(file[:len(file)*2/3]), place, noon); !errors.Is(err, ErrDamaged) {
				t.Fatal(err)
			}
			if _, err := Load(ctx, bytes.NewReader(file), place, noon); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// An audit log that somebody cut in the database is not passed on as whole.
func TestCutAuditLog(t *testing.T) {
	d := dbtest.SQLite(t)
	inhabited(t, d)
	err := d.Write(ctx, "", func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM audit_events WHERE seq = (SELECT MAX(seq) FROM audit_events)`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	file, _ := saved(t, d)
	if _, err := Load(ctx, bytes.NewReader(file), t.TempDir(), noon); err == nil || !strings.Contains(err.Error(), "audit log") {
		t.Errorf("restored: %v", err)
	}
}

// The manifest is the frozen part that other tools may read.
func TestManifest(t *testing.T) {
	d := dbtest.SQLite(t)
	inhabited(t, d)
	_, s := saved(t, d)
	b, err := json.Marshal(s.Manifest)
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{`"format":1`, `"made":"2026-11-02T12:00:00Z"`, `"engine":"sqlite"`, `"schema":[{"number":1,"name":"0001_start.sql"`, `"key_epoch":2`} {
		if !bytes.Contains(b, []byte(part)) {
			t.Errorf("no %s in %s", part, b)
		}
	}
}
