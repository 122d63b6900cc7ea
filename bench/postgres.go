package main

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver
)

// cluster is a PostgreSQL of the bench's own, with the settings that it comes
// with: a commit is answered after its fsync.
type cluster struct {
	dir    string
	server *exec.Cmd
	admin  *sql.DB
	made   int
}

// postgres starts the cluster at its first use.
func (b *bench) postgres() *cluster {
	if b.pg != nil {
		return b.pg
	}
	bin, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	must(err)
	if len(bin) == 0 {
		path, err := exec.LookPath("initdb")
		must(err)
		bin = []string{filepath.Dir(path)}
	}
	dir, err := os.MkdirTemp("", "bench-pg-")
	must(err)
	owner := owner()
	if owner != nil {
		must(os.Chown(dir, int(owner.Uid), int(owner.Gid)))
	}
	program := func(name string, args ...string) *exec.Cmd {
		cmd := exec.Command(filepath.Join(bin[len(bin)-1], name), args...)
		cmd.Dir, cmd.Env = dir, []string{"LC_ALL=C"}
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: owner}
		return cmd
	}
	if out, err := program("initdb", "-D", "data", "-U", "bench", "--auth=trust", "--encoding=UTF8", "--locale=C").CombinedOutput(); err != nil {
		must(fmt.Errorf("initdb: %w: %s", err, out))
	}
	server := program("postgres", "-D", "data", "-k", dir, "-c", "listen_addresses=")
	must(server.Start())
	c := &cluster{dir: dir, server: server}
	b.pg = c
	c.admin, err = sql.Open("pgx", c.address("postgres"))
	must(err)
	for range 500 {
		if err = c.admin.Ping(); err == nil {
			return c
		}
		time.Sleep(20 * time.Millisecond)
	}
	must(err)
	return nil
}

// end stops the server of the run.
func (c *cluster) end() {
	if c == nil {
		return
	}
	c.admin.Close()
	c.server.Process.Signal(syscall.SIGINT)
	c.server.Wait()
	os.RemoveAll(c.dir)
}

func (c *cluster) address(database string) string {
	return (&url.URL{Scheme: "postgres", Path: "/" + database, RawQuery: url.Values{"host": {c.dir}, "user": {"bench"}}.Encode()}).String()
}

// database makes a new database.
func (c *cluster) database() string {
	c.made++
	name := "bench" + strconv.Itoa(c.made)
	_, err := c.admin.ExecContext(context.Background(), "CREATE DATABASE "+name)
	must(err)
	return c.address(name)
}

// owner is who runs PostgreSQL, which refuses root: nil is ourselves.
func owner() *syscall.Credential {
	if os.Getuid() != 0 {
		return nil
	}
	u, err := user.Lookup("postgres")
	must(err)
	uid, err := strconv.Atoi(u.Uid)
	must(err)
	gid, err := strconv.Atoi(u.Gid)
	must(err)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
}
