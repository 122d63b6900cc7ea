//go:build !windows

package dbtest

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

//go:embed server.sh
var serverScript string

// startServer gives the address of the server that this user's test processes
// share, and starts it if it does not run. The folder's path is short because
// a socket's must be.
func startServer() (string, error) {
	owner, err := serverUser()
	if err != nil {
		return "", err
	}
	dir := filepath.Join("/tmp", "bailiwick-postgres-"+strconv.Itoa(os.Getuid()))
	if err := privateDir(dir, owner); err != nil {
		return "", err
	}
	// Held as long as the process lives: the file is never closed.
	if users, err = lockFile(dir, "users", syscall.LOCK_SH, owner); err != nil {
		return "", err
	}
	starting, err := lockFile(dir, "start", syscall.LOCK_EX, owner)
	if err != nil {
		return "", err
	}
	defer starting.Close()
	address := (&url.URL{Scheme: "postgres", Path: "/postgres",
		RawQuery: url.Values{"host": {dir}, "user": {"bailiwick"}}.Encode()}).String()
	if answers(address) {
		return address, nil
	}
	return address, launch(dir, owner, address)
}

//lint:ignore U1000 it is kept open so that its lock lasts as long as this process
var users *os.File

// launch starts the server apart from this process, which may end before
// other users of it.
func launch(dir string, owner *syscall.Credential, address string) error {
	bin, err := binaries()
	if err != nil {
		return err
	}
	cmd := exec.Command("sh", "-c", serverScript, "server.sh", dir, bin)
	cmd.Dir = dir
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Credential: owner}
	if err := cmd.Start(); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	const wait, step = 60 * time.Second, 20 * time.Millisecond
	for range wait / step {
		if answers(address) {
			return nil
		}
		select {
		case err := <-ended:
			log, _ := os.ReadFile(filepath.Join(dir, "log"))
			return fmt.Errorf("the server ended: %v\n%s", err, log)
		case <-time.After(step):
		}
	}
	return fmt.Errorf("the server in %s doesn't answer", dir)
}

func answers(address string) bool {
	pool, err := sql.Open("pgx", address)
	if err != nil {
		return false
	}
	defer pool.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	return pool.PingContext(ctx) == nil
}

// serverUser is nil for ourselves; PostgreSQL refuses to run as root.
func serverUser() (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, fmt.Errorf("as root, PostgreSQL is run as user postgres: %w", err)
	}
	uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
	gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, errors.Join(err1, err2)
}

// privateDir makes the folder; in /tmp somebody else may have been first.
func privateDir(dir string, owner *syscall.Credential) error {
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	uid := info.Sys().(*syscall.Stat_t).Uid
	ours := uid == uint32(os.Getuid()) || owner != nil && uid == owner.Uid
	if !info.IsDir() || info.Mode().Perm() != 0o700 || !ours {
		return fmt.Errorf("%s is not a private folder of ours", dir)
	}
	return give(dir, owner)
}

func lockFile(dir, name string, how int, owner *syscall.Credential) (*os.File, error) {
	path := filepath.Join(dir, name)
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(give(path, owner), syscall.Flock(int(f.Fd()), how)); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

func give(path string, owner *syscall.Credential) error {
	if owner == nil {
		return nil
	}
	return os.Chown(path, int(owner.Uid), int(owner.Gid))
}

// binaries is where PostgreSQL's programs are: the newest of Debian's, or
// beside the initdb in the path.
func binaries() (string, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil {
		return "", err
	}
	best, newest := "", -1
	for _, path := range found {
		bin := filepath.Dir(path)
		if version, err := strconv.Atoi(filepath.Base(filepath.Dir(bin))); err == nil && version > newest {
			best, newest = bin, version
		}
	}
	if best != "" {
		return best, nil
	}
	path, err := exec.LookPath("initdb")
	if err == nil {
		path, err = filepath.EvalSymlinks(path)
	}
	if err != nil {
		return "", fmt.Errorf("PostgreSQL is not installed (or set BAILIWICK_TEST_POSTGRES): %w", err)
	}
	return filepath.Dir(path), nil
}
