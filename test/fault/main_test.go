//go:build linux

package fault

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

var (
	long     = flag.Bool("long", false, "the long form of every test")
	kills    = flag.Int("kills", 200, "how often the server is killed under load")
	answers  = flag.Int("answers", 300, "how many answers are checked for the sync before them")
	failures = flag.Int("failures", 2, "a call of each kind fails at every so manieth place; 1: at each")
	losses   = flag.Int("losses", 2, "how often PostgreSQL is killed and its standby promoted")
	seed     = flag.Uint64("seed", 20261122, "of all random choices")
)

// Roles that this test binary plays in a process of its own, by BAILIWICK_FAULT_ROLE.
var roles = map[string]func(){"serve": serveRole, "migrate": migrateRole}

func TestMain(m *testing.M) {
	if role := os.Getenv("BAILIWICK_FAULT_ROLE"); role != "" {
		roles[role]()
		return
	}
	flag.Parse()
	code := m.Run()
	if built != "" {
		os.RemoveAll(filepath.Dir(built))
	}
	os.Exit(code)
}

var built string

var build = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "bailiwick-fault-")
	if err != nil {
		return "", err
	}
	built = filepath.Join(dir, "bailiwick")
	cmd := exec.Command("go", "build", "-o", built, "bailiwick/cmd/bailiwick")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w\n%s", err, out)
	}
	return built, nil
})

// program is the server's binary, built once, or the one that
// BAILIWICK_FAULT_PROGRAM names.
func program(t *testing.T) string {
	t.Helper()
	if path := os.Getenv("BAILIWICK_FAULT_PROGRAM"); path != "" {
		return path
	}
	path, err := build()
	must(t, err)
	return path
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// more is the number for the long form where no flag says it.
func more(short, inLong int) int {
	if *long {
		return inLong
	}
	return short
}
