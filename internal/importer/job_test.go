package importer_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"bailiwick/internal/app"
	"bailiwick/internal/apptest"
	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/importer"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
)

// many is a file of so many rows.
func many(rows int) string {
	var b strings.Builder
	b.WriteString("Title,Username,Password,Folder\n")
	for i := range rows {
		fmt.Fprintf(&b, "Server %d,admin,p-%d,Rack %d\n", i, i, i%3)
	}
	return b.String()
}

func TestCancelInTheMiddle(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		id := w.upload(w.Admin, many(2500))
		w.choose(w.Admin, id, into(w.contoso))
		batches := 0
		w.Imports.Staged(func() {
			if batches++; batches == 2 {
				j, err := w.Imports.View(ctx, w.Admin, id)
				if err != nil || j.State != importer.StateRunning || j.Done == 0 || j.Done >= j.Total || j.Total != 2500 || !j.MayCancel {
					t.Errorf("%+v %v", j, err)
				}
				w.ok(w.Imports.Cancel(ctx, w.Admin, id))
			}
		})
		j := w.run(w.Admin, id)
		if j.State != importer.StateCancelled || batches != 2 {
			t.Errorf("%s after %d batches", j.State, batches)
		}
		w.empty("credentials", "import_rows", "job_parts", "folders", "seen")
		w.refused(w.Imports.Run(ctx, w.Admin, id), fault.Unacceptable)
		w.Must(w.Imports.Cancel(ctx, w.Admin, id)) // again is no error
	})
}

func TestRunIsIdempotent(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		id := w.upload(w.Admin, three)
		w.choose(w.Admin, id, into(w.contoso))
		key := w.Admin.Once("run-1", []byte("run"))
		w.Must(w.Imports.Run(ctx, key, id))
		w.Must(w.Imports.Run(ctx, key, id))
		w.wait(w.Admin, id)
		w.Must(w.Imports.Run(ctx, key, id))
		w.refused(w.Imports.Run(ctx, w.Admin, id), fault.Unacceptable)
		if j := w.wait(w.Admin, id); j.State != importer.StateDone || len(w.list(w.contoso)) != 3 {
			t.Errorf("%s, %d credentials", j.State, len(w.list(w.contoso)))
		}
		w.refused(w.Imports.Cancel(ctx, w.Admin, id), fault.Unacceptable)
	})
}

// A new epoch in the middle: rows that were sealed before it are not used.
func TestNewEpochWhileRunning(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		eve := w.Enrol("eve", perm.LevelTechnicianDefault)
		w.done(w.Admin, three, nil)
		id := w.upload(w.Admin, many(1200)+"Router,admin,changed,\n")
		w.choose(w.Admin, id, func(c *importer.Choices) {
			c.To = importer.Destination{ByColumn: true, Client: w.contoso}
			c.Duplicates = importer.Update
		})
		batches := 0
		w.Imports.Staged(func() {
			if batches++; batches == 2 {
				w.ok(w.People.Disable(ctx, w.Admin, eve))
			}
		})
		j := w.run(w.Admin, id)
		if j.State != importer.StateDone || j.Counts.Added != 1200 || j.Counts.Updated != 1 || batches < 4 {
			t.Fatalf("%s %s %+v in %d batches", j.State, j.Say, j.Counts, batches)
		}
		if n := w.count("SELECT COUNT(*) FROM credentials WHERE key_epoch = 2"); n != 1201 {
			t.Errorf("%d credentials are under the new epoch's keys", n)
		}
		if s := w.reveal(w.titled(w.contoso, "Server 7")); s.Password != "p-7" {
			t.Errorf("%q", s.Password)
		}
		if s := w.reveal(w.titled(w.contoso, "Router")); s.Password != "changed" {
			t.Errorf("%q", s.Password)
		}
	})
}

// again is the same server after a restart: nothing of the memory is left.
func (w *world) again() *world {
	w.T.Helper()
	argon, err := seal.NewArgonAt(apptest.Cheap, 2, 32)
	w.Must(err)
	next := *w.World
	next.App = app.New(w.d, w.Instance, argon, w.Clock)
	w.T.Cleanup(next.App.Close)
	next.Imports.Later(never)
	return &world{World: &next, d: w.d, contoso: w.contoso, fabrikam: w.fabrikam}
}

func TestRestart(t *testing.T) {
	for name, stop := range map[string]func(*world){
		"ended":  func(w *world) { go w.Imports.Close() },
		"killed": func(*world) {},
	} {
		t.Run(name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) { restart(t, newWorld(t, d), name == "killed", stop) })
		})
	}
}

func restart(t *testing.T, w *world, killed bool, stop func(*world)) {
	w.Enrol("max", perm.LevelManagerDefault)
	w.Enrol("ivy", perm.LevelManagerDefault)
	signed := w.SignedIn("max")
	who := w.Resume(signed)
	id := w.upload(who, many(2500))
	w.choose(who, id, into(w.contoso))
	halted, release := make(chan bool), make(chan bool)
	batches := 0
	w.Imports.Staged(func() {
		if batches++; batches == 2 {
			stop(w)
			close(halted)
			<-release // killed: this runner never writes again before another has the job
		}
	})
	w.Must(w.Imports.Run(ctx, who, id))
	<-halted
	next := w.again()
	resume := func() gate.Actor {
		a, err := next.Sessions.Resume(ctx, signed.Bearer(), "127.0.0.1", nil)
		w.Must(err)
		return a
	}
	if killed {
		if n, err := next.Imports.Continue(ctx, resume()); err != nil || n != 0 {
			t.Fatalf("%d jobs were taken from a runner that lives, %v", n, err)
		}
		w.Clock.Advance(11e9)
	} else {
		close(release)
		w.Imports.Wait()
	}
	who = resume()
	j, err := next.Imports.View(ctx, who, id)
	w.Must(err)
	if j.State != importer.StateWaiting || next.count("SELECT COUNT(*) FROM credentials") != 0 {
		t.Fatalf("%s %s", j.State, j.Say)
	}
	// Nobody but the starter goes on with it.
	if n, err := next.Imports.Continue(ctx, w.Admin); err != nil || n != 0 {
		t.Fatalf("%d %v", n, err)
	}
	// A sealed session leaves it; so does another user's open one. He himself opens
	// the vault, and it goes on, without asking for his imports.
	next.SignIn("ivy")
	if j, err = next.Imports.View(ctx, who, id); err != nil || j.State != importer.StateWaiting {
		t.Fatalf("%s %v", j.State, err)
	}
	next.SignIn("max")
	next.Imports.Wait()
	j = next.wait(who, id)
	if j.State != importer.StateDone || j.Counts.Added != 2500 || j.Counts.Folders != 3 {
		t.Fatalf("%s %s %+v", j.State, j.Say, j.Counts)
	}
	if killed {
		close(release)
		w.Imports.Wait()
	}
	if n := next.count("SELECT COUNT(*) FROM credentials"); n != 2500 {
		t.Errorf("%d credentials", n)
	}
	next.empty("import_rows", "job_parts")
}

// Whoever signs in before the dead server's hold on his import is over need not
// do anything more: it goes on as soon as that is over, and no earlier.
func TestSignedInBeforeTheLeaseIsOver(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.Enrol("max", perm.LevelManagerDefault)
		who := w.SignIn("max")
		id := w.upload(who, many(2500))
		w.choose(who, id, into(w.contoso))
		halted, release := make(chan bool), make(chan bool)
		var once sync.Once
		w.Imports.Staged(func() { once.Do(func() { close(halted); <-release }) })
		w.Must(w.Imports.Run(ctx, who, id))
		<-halted // the server is dead from here on

		next := w.again()
		waited, over := make(chan time.Duration), make(chan time.Time)
		next.Imports.Later(func(d time.Duration) <-chan time.Time { waited <- d; return over })
		sealed := next.SignIn("max")
		<-waited
		w.Must(next.Sessions.SignOut(ctx, sealed))
		over <- time.Time{}
		next.Imports.Looked() // ends with its session
		who = next.SignIn("max")
		<-waited
		over <- time.Time{} // the clock stands: another server holds it
		d1 := <-waited
		if n := next.count("SELECT COUNT(*) FROM jobs WHERE state = 'running'"); n != 1 {
			t.Fatalf("%d jobs run", n)
		}
		w.Clock.Advance(d1)
		over <- time.Time{}
		next.Imports.Looked()
		if j := next.wait(who, id); j.State != importer.StateDone || j.Counts.Added != 2500 {
			t.Fatalf("%s %s %+v", j.State, j.Say, j.Counts)
		}
		close(release)
		w.Imports.Wait()
		if n := next.count("SELECT COUNT(*) FROM credentials"); n != 2500 {
			t.Errorf("%d credentials", n)
		}
	})
}

// Closing the server ends the waiting for another's hold.
func TestCloseEndsTheLook(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	who := w.SignIn("ada")
	id := w.upload(who, many(1500))
	w.choose(who, id, into(w.contoso))
	halted, release := make(chan bool), make(chan bool)
	var once sync.Once
	w.Imports.Staged(func() { once.Do(func() { close(halted); <-release }) })
	w.Must(w.Imports.Run(ctx, who, id))
	<-halted
	next := w.again()
	next.SignIn("ada")
	next.Imports.Close()
	close(release)
	w.Imports.Wait()
}

// An import goes on only while its starter is signed in.
func TestSignOutLetsItWait(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.Enrol("max", perm.LevelManagerDefault)
		who := w.SignIn("max")
		id := w.upload(who, many(2500))
		w.choose(who, id, into(w.contoso))
		batches := 0
		w.Imports.Staged(func() {
			if batches++; batches == 2 {
				w.ok(w.Sessions.SignOut(ctx, who))
			}
		})
		w.Must(w.Imports.Run(ctx, who, id))
		if j := w.wait(w.Admin, id); j.State != importer.StateWaiting || batches != 2 {
			t.Fatalf("%s %s after %d", j.State, j.Say, batches)
		}
		w.empty("credentials", "import_rows")
		who = w.SignIn("max")
		if j := w.wait(who, id); j.State != importer.StateDone {
			t.Fatalf("%s %s", j.State, j.Say)
		}
	})
}

// Who signs in again while it runs, and then ends the session that started it,
// has an open one: it does not wait for a third.
func TestTheNewerSessionGoesOn(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	w.Enrol("max", perm.LevelManagerDefault)
	first := w.SignIn("max")
	id := w.upload(first, many(1500))
	w.choose(first, id, into(w.contoso))
	over := make(chan time.Time)
	w.Imports.Later(func(time.Duration) <-chan time.Time { return over })
	var once sync.Once
	w.Imports.Staged(func() {
		once.Do(func() {
			w.SignIn("max")
			w.ok(w.Sessions.SignOut(ctx, first))
		})
	})
	w.Must(w.Imports.Run(ctx, first, id))
	if j := w.wait(w.Admin, id); j.State != importer.StateWaiting {
		t.Fatalf("%s %s", j.State, j.Say)
	}
	over <- time.Time{}
	w.Imports.Looked()
	if j := w.wait(w.Admin, id); j.State != importer.StateDone {
		t.Fatalf("%s %s", j.State, j.Say)
	}
}

// Who is removed while his import runs leaves nothing of it in the vault.
func TestStarterIsRemoved(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		max := w.Enrol("max", perm.LevelManagerDefault)
		who := w.SignIn("max")
		id := w.upload(who, many(2500))
		w.choose(who, id, into(w.contoso))
		batches := 0
		w.Imports.Staged(func() {
			if batches++; batches == 2 {
				w.ok(w.People.Disable(ctx, w.Admin, max))
			}
		})
		w.Must(w.Imports.Run(ctx, who, id))
		w.Imports.Wait()
		j, err := w.Imports.View(ctx, w.Admin, id)
		w.Must(err)
		if j.State != importer.StateFailed {
			t.Errorf("%s %s", j.State, j.Say)
		}
		w.empty("credentials", "import_rows", "job_parts")
	})
}

func TestSweep(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		done := w.done(w.Admin, three+"Router,admin,again,\n", func(c *importer.Choices) { c.OnlyGood = true })
		id := w.upload(w.Admin, three)
		w.Clock.Advance(importer.DraftFor - 1e9)
		w.Must(w.Imports.Sweep(ctx))
		if n := w.count("SELECT COUNT(*) FROM job_parts"); n != 1 {
			t.Fatalf("%d parts", n)
		}
		w.Clock.Advance(2e9)
		w.Must(w.Imports.Sweep(ctx))
		w.empty("job_parts")
		who := w.SignIn("ada")
		_, err := w.Imports.View(ctx, who, id)
		w.refused(err, fault.Absent)
		if _, err := w.Imports.View(ctx, who, done.ID); err != nil {
			t.Fatal(err)
		}
	})
}
