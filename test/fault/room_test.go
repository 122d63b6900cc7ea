//go:build linux

package fault

import (
	"errors"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"bailiwick/sdk"
)

// mount puts a small ext4 file system on a file, and takes it away at the end.
func mount(t *testing.T, megabytes int) string {
	t.Helper()
	dir := t.TempDir()
	image, at := filepath.Join(dir, "image"), filepath.Join(dir, "at")
	must(t, os.Mkdir(at, 0o700))
	f, err := os.Create(image)
	must(t, err)
	must(t, f.Truncate(int64(megabytes)<<20))
	must(t, f.Close())
	run(t, "mkfs.ext4", "-q", "-F", "-m", "0", image)
	run(t, "mount", "-o", "loop", image, at)
	t.Cleanup(func() { run(t, "umount", at) })
	return at
}

func run(t *testing.T, name string, args ...string) {
	t.Helper()
	if os.Getuid() != 0 {
		name, args = "sudo", append([]string{"-n", name}, args...)
	}
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s %s: %v\n%s(this test mounts a file system; it needs root)", name, strings.Join(args, " "), err, out)
	}
}

// stuff fills the file system but for some bytes and gives the file that does.
func stuff(t *testing.T, dir string) string {
	t.Helper()
	path := filepath.Join(dir, "ballast")
	f, err := os.Create(path)
	must(t, err)
	defer f.Close()
	for size := 1 << 16; size >= 512; {
		if _, err := f.Write(make([]byte, size)); errors.Is(err, syscall.ENOSPC) {
			size /= 2
		} else if err != nil {
			t.Fatal(err)
		}
	}
	must(t, f.Sync())
	return path
}

// reads are what must go on when nothing can be written.
func reads(t *testing.T, l *line, w world, what string) {
	t.Helper()
	for _, who := range []caller{w.admin, w.techs[0], w.techs[2]} {
		for _, path := range []string{"/me", "/clients", "/credentials?client=" + w.here, "/credentials/" + w.secret, "/search?q=mail", "/clients/" + w.here} {
			if a := l.call(t.Context(), who, "GET", path, "", nil); a.verdict() != done {
				t.Errorf("%s: %s: status %d, %+v, %v", what, path, a.status, a.problem, a.err)
			}
		}
	}
	for _, path := range []string{"/sign-in"} {
		req, err := http.NewRequestWithContext(t.Context(), "GET", l.base+path, nil)
		must(t, err)
		if a := l.send(req); a.status != http.StatusOK {
			t.Errorf("%s: %s: status %d, %v", what, path, a.status, a.err)
		}
	}
}

// denied are writes that must be refused clearly, and sign-ins that must give
// nothing. It says how many reveals were answered all the same: what SQLite
// has room for in its log it may still take.
func denied(t *testing.T, l *line, w world, worker *worker, text string) {
	t.Helper()
	worker.line = l
	said := 0
	for range 400 {
		a := worker.reveal(t.Context(), w.secret)
		if a.status == http.StatusOK {
			continue
		}
		if a.problem.Kind != sdk.Unavailable || strings.Contains(string(a.body), "canary") || a.header.Get("Retry-After") == "" {
			t.Fatalf("a reveal without room: status %d, %+v, %v", a.status, a.problem, a.header)
		}
		if said++; said == 20 {
			break
		}
	}
	if said < 20 {
		t.Fatal("writing still works")
	}
	if text != "" {
		a := worker.reveal(t.Context(), w.secret)
		if !strings.Contains(a.problem.Detail, text) {
			t.Errorf("a reveal without room says %q, not that the database is %s", a.problem.Detail, text)
		}
	}
	for _, in := range []sdk.SignIn{{Email: "ada@northwind.example", Password: password, OrganizationKey: sdk.Secret(w.key)},
		{Email: "ada@northwind.example", Password: password}, {Email: "nobody@northwind.example", Password: password}} {
		a := l.call(t.Context(), caller{}, "POST", "/sessions", "", in)
		if a.status != http.StatusServiceUnavailable || strings.Contains(string(a.body), "bws_") || len(a.header.Values("Set-Cookie")) > 0 {
			t.Errorf("a sign-in without room: status %d, %+v", a.status, a.problem)
		}
	}
	worker.never(l.call(t.Context(), w.admin, "POST", "/clients", "", sdk.NewClient{Name: "Without room"}), "a new client without room")
}

// A full disk: what can't be noted in the audit log is not shown, reading goes
// on, and with the first free bytes all is as before.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	w := in(t, mount(t, 12))
	s := start(t, w)
	l := dial(s.address)
	workers := crew(t, w)
	book := logbook{w.events}
	before := openSessions(t, l, w)
	for round := range more(2, 20) {
		together(workers, l, func(w *worker) {
			for range 10 {
				w.step(t.Context())
			}
		})
		// A new epoch of keys is due, and nobody can make it any more; or it was
		// made, and nobody else has taken it up yet.
		due(t, l, w)
		if round == 0 {
			l.get(t, w.admin, "/clients", &sdk.Clients{})
		}
		ballast := stuff(t, w.dir)
		reads(t, l, w, "full")
		denied(t, l, w, workers[0], "full")
		together(workers, l, func(w *worker) {
			w.dry = true
			for range 30 {
				w.step(t.Context())
			}
			w.dry = false
		})
		reads(t, l, w, "full")
		must(t, os.Remove(ballast))
		works(t, l, workers[0])
		together(workers, l, (*worker).check)
		book.check(t, l, w.admin, ledgers(workers)...)
		if n := openSessions(t, l, w); n != before {
			t.Errorf("%d sessions, there were %d", n, before)
		}
		if round == 0 { // and it starts on a full disk, or says why not
			s.stop()
			ballast := stuff(t, w.dir)
			if again, err := launch(t, w.command(t)); err == nil {
				again.calm()
				again.kill()
			} else if !strings.Contains(err.Error(), "no room") && !strings.Contains(err.Error(), "no space") {
				t.Errorf("on a full disk: %v", err)
			}
			must(t, os.Remove(ballast))
			s = start(t, w)
			l = dial(s.address)
		}
	}
	settle(t, l, w, workers)
	s.stop()
	s.calm()
	sound(t, w.dir)
}

// due makes a new epoch of keys due: whoever held a token of the vault holds its
// keys no more.
func due(t *testing.T, l *line, w world) {
	t.Helper()
	var made sdk.MadeToken
	l.call(t.Context(), w.admin, "POST", "/tokens", "", sdk.NewToken{Name: "short", AllClients: true, Days: 1, Permissions: []string{"Client: View List"}}).into(t, &made)
	if a := l.call(t.Context(), w.admin, "DELETE", "/tokens/"+made.ID, "", nil); a.verdict() != done {
		t.Fatalf("a token is not revoked: %d, %+v", a.status, a.problem)
	}
}

// works waits until a reveal works again, which it must within 5 seconds.
func works(t *testing.T, l *line, worker *worker) {
	t.Helper()
	worker.line = l
	for end := time.Now().Add(5 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		a := worker.reveal(t.Context(), worker.world.secret)
		if a.verdict() == done {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("it does not work again: status %d, %+v", a.status, a.problem)
		}
	}
}

// openSessions counts the administrator's sessions.
func openSessions(t *testing.T, l *line, w world) int {
	t.Helper()
	var all sdk.Sessions
	l.get(t, w.admin, "/sessions", &all)
	return len(all.Sessions)
}

// A file system that the kernel has made read-only after an error: writes are
// refused with a reason, reading goes on, and nobody is signed in.
func TestReadOnly(t *testing.T) {
	t.Parallel()
	at := mount(t, 12)
	w := in(t, at)
	s := start(t, w)
	l := dial(s.address)
	workers := crew(t, w)
	before := openSessions(t, l, w)
	together(workers, l, func(w *worker) {
		for range 5 {
			w.step(t.Context())
		}
	})
	run(t, "mount", "-o", "remount,abort", at) // as after an error of the disk
	reads(t, l, w, "read-only")
	denied(t, l, w, workers[0], "read-only")
	if n := openSessions(t, l, w); n != before {
		t.Errorf("%d sessions, there were %d", n, before)
	}
	l.hang()
	s.kill()
	s.calm()

	if _, err := launch(t, w.command(t)); err == nil || !strings.Contains(err.Error(), "read-only") {
		t.Errorf("it starts on a read-only file system, or says %v", err)
	}
	// What was acknowledged is in the files.
	next := onSQLite(t)
	must(t, filepath.WalkDir(at, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(next.dir, e.Name()), content, 0o600)
	}))
	s = start(t, next)
	l = dial(s.address)
	together(workers, l, (*worker).check)
	(&logbook{w.events}).check(t, l, w.admin, ledgers(workers)...)
	settle(t, l, w, workers)
	s.stop()
}

// A PostgreSQL that has become read-only, as a server does that was a primary.
func TestPostgresReadOnly(t *testing.T) {
	t.Parallel()
	w := onPostgres(t)
	s := start(t, w)
	l := dial(s.address)
	workers := crew(t, w)
	book := logbook{w.events}
	before := openSessions(t, l, w)
	turn := func(state string) {
		super := openSQL(t, w.database)
		defer super.Close()
		name := ""
		must(t, super.QueryRow("SELECT current_database()").Scan(&name))
		_, err := super.Exec("BEGIN READ WRITE; ALTER DATABASE " + name + " SET default_transaction_read_only = " + state + "; COMMIT")
		must(t, err)
		_, err = super.Exec("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
		must(t, err)
	}
	turn("on")
	reads(t, l, w, "read-only")
	denied(t, l, w, workers[0], "read-only")
	if n := openSessions(t, l, w); n != before {
		t.Errorf("%d sessions, there were %d", n, before)
	}
	turn("off")
	works(t, l, workers[0])
	together(workers, l, func(w *worker) {
		for range 10 {
			w.step(t.Context())
		}
	})
	together(workers, l, (*worker).check)
	book.check(t, l, w.admin, ledgers(workers)...)
	s.stop()
	s.calm()
}
