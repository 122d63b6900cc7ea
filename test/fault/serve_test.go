//go:build linux

package fault

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"

	"modernc.org/sqlite"

	"bailiwick/internal/api"
	"bailiwick/internal/app"
	"bailiwick/internal/clock"
	"bailiwick/internal/db"
	"bailiwick/internal/door"
	"bailiwick/internal/seal"
)

// served is a command that serves the world from this test binary, at
// synchronous FULL or NORMAL: what the program itself has no setting for.
func (w world) served(t *testing.T, synchronous string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	must(t, err)
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), "BAILIWICK_FAULT_ROLE=serve", "BAILIWICK_FAULT_DIR="+w.dir, "BAILIWICK_FAULT_SYNC="+synchronous)
	return cmd
}

// serveRole serves the API over SQLite until it is told to stop.
func serveRole() {
	sqlite.RegisterConnectionHook(func(c sqlite.ExecQuerierContext, _ string) error {
		_, err := c.ExecContext(context.Background(), "PRAGMA synchronous="+os.Getenv("BAILIWICK_FAULT_SYNC"), nil)
		return err
	})
	if err := serveUntilTold(os.Getenv("BAILIWICK_FAULT_DIR")); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serveUntilTold(dir string) error {
	d, err := db.Open(context.Background(), dir, db.Options{})
	if err != nil {
		return err
	}
	defer d.Close()
	key, err := seal.LoadInstanceKey(filepath.Join(dir, "instance.key"))
	if err != nil {
		return err
	}
	a := app.New(d, key, seal.NewArgon(2, 32), clock.System{})
	defer a.Close()
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	table := door.New(log, nil, func(w http.ResponseWriter, r *http.Request, err error) { api.Failed(log, w, r, err) })
	api.Mount(a, table, log)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Printf("http://%s\n", l.Addr())
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	srv := &http.Server{Handler: table}
	go func() {
		<-ctx.Done()
		_ = srv.Shutdown(context.Background())
	}()
	if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
