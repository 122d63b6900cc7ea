//go:build linux

package fault

import (
	"database/sql"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver
)

// postgres is a PostgreSQL of the test's own, alone in a folder.
type postgres struct {
	t    *testing.T
	name string // as a standby
	dir  string
	port int
	cmd  *exec.Cmd
}

// newPostgres prepares a server on a free port; nothing runs yet.
func newPostgres(t *testing.T, name string) *postgres {
	t.Helper()
	dir, err := os.MkdirTemp("", "bailiwick-fault-"+name+"-")
	must(t, err)
	p := &postgres{t: t, name: name, dir: dir}
	t.Cleanup(func() { p.kill(); os.RemoveAll(dir) })
	if who := owner(t); who != nil {
		must(t, os.Chown(dir, int(who.Uid), int(who.Gid)))
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	p.port = l.Addr().(*net.TCPAddr).Port
	must(t, l.Close())
	return p
}

// owner is whom PostgreSQL runs as: it refuses root.
func owner(t *testing.T) *syscall.Credential {
	t.Helper()
	if os.Getuid() != 0 {
		return nil
	}
	u, err := user.Lookup("postgres")
	must(t, err)
	uid, err := strconv.Atoi(u.Uid)
	must(t, err)
	gid, err := strconv.Atoi(u.Gid)
	must(t, err)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
}

func (p *postgres) data() string { return filepath.Join(p.dir, "data") }

// command is one of PostgreSQL's programs.
func (p *postgres) command(name string, args ...string) *exec.Cmd {
	p.t.Helper()
	path := name
	if found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/" + name); len(found) > 0 {
		path = found[len(found)-1]
	}
	cmd := exec.Command(path, args...)
	cmd.Dir = p.dir
	cmd.Env = append(os.Environ(), "LC_ALL=C")
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: owner(p.t), Setpgid: true, Pdeathsig: syscall.SIGKILL} // a test that is cut short leaves nothing
	return cmd
}

func (p *postgres) run(name string, args ...string) {
	p.t.Helper()
	if out, err := p.command(name, args...).CombinedOutput(); err != nil {
		p.t.Fatalf("%s: %v\n%s", name, err, out)
	}
}

func (p *postgres) init() {
	p.t.Helper()
	p.run("initdb", "-D", p.data(), "-U", "bailiwick", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
	p.start()
}

// follow makes it a standby of another server, from a copy of that.
func (p *postgres) follow(primary *postgres) {
	p.t.Helper()
	must(p.t, os.RemoveAll(p.data()))
	p.run("pg_basebackup", "-D", p.data(), "-h", "127.0.0.1", "-p", fmt.Sprint(primary.port), "-U", "bailiwick", "-R", "-X", "stream", "-c", "fast", "--no-sync")
	p.start()
	db := primary.open("postgres")
	defer db.Close()
	primary.set(fmt.Sprintf("synchronous_standby_names = 'ANY 1 (%s)'", p.name))
	p.wait("a synchronous standby", func() bool {
		n := 0
		err := db.QueryRow("SELECT COUNT(*) FROM pg_stat_replication WHERE sync_state = 'quorum'").Scan(&n)
		return err == nil && n == 1
	})
}

// start starts it. It needs no sync to the disk: what is lost here is a
// process, not the machine.
func (p *postgres) start() {
	p.t.Helper()
	p.cmd = p.command("postgres", "-D", p.data(), "-k", p.dir, "-p", fmt.Sprint(p.port), "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off",
		"-c", "cluster_name="+p.name, "-c", "shared_buffers=32MB", "-c", "max_wal_senders=4", "-c", "hot_standby=on", "-c", "wal_keep_size=64MB")
	log, err := os.Create(filepath.Join(p.dir, "log"))
	must(p.t, err)
	defer log.Close()
	p.cmd.Stdout, p.cmd.Stderr = log, log
	must(p.t, p.cmd.Start())
	db := p.open("postgres")
	defer db.Close()
	p.wait("an answer", func() bool { return db.Ping() == nil })
}

func (p *postgres) wait(what string, done func() bool) {
	p.t.Helper()
	for end := time.Now().Add(60 * time.Second); !done(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			log, _ := os.ReadFile(filepath.Join(p.dir, "log"))
			p.t.Fatalf("%s gives no %s\n%s", p.name, what, log)
		}
	}
}

// kill is kill -9 of the server and of every process of it.
func (p *postgres) kill() {
	if p.cmd == nil {
		return
	}
	pid := p.cmd.Process.Pid
	_ = p.cmd.Process.Signal(syscall.SIGSTOP) // it starts nobody any more
	children, _ := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid))
	_ = p.cmd.Process.Kill()
	for _, child := range strings.Fields(string(children)) {
		if n, err := strconv.Atoi(child); err == nil {
			_ = syscall.Kill(n, syscall.SIGKILL)
		}
	}
	_ = p.cmd.Wait()
	p.cmd = nil
}

func (p *postgres) open(database string) *sql.DB {
	p.t.Helper()
	return openSQL(p.t, fmt.Sprintf("postgres://bailiwick@127.0.0.1:%d/%s?connect_timeout=5", p.port, database))
}

func openSQL(t *testing.T, address string) *sql.DB {
	t.Helper()
	db, err := sql.Open("pgx", address)
	must(t, err)
	return db
}

// set changes a setting for good.
func (p *postgres) set(text string) {
	p.t.Helper()
	db := p.open("postgres")
	defer db.Close()
	for _, q := range []string{"ALTER SYSTEM SET " + text, "SELECT pg_reload_conf()"} {
		if _, err := db.Exec(q); err != nil {
			p.t.Fatal(err)
		}
	}
}

// promote makes a standby the primary, which waits for no standby.
func (p *postgres) promote() {
	p.t.Helper()
	db := p.open("postgres")
	defer db.Close()
	var ok bool
	must(p.t, db.QueryRow("SELECT pg_promote(true, 60)").Scan(&ok))
	if !ok {
		p.t.Fatal("the standby is not promoted")
	}
	p.set("synchronous_standby_names = ''")
}
