//go:build linux

package fault

import (
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"bailiwick/sdk"
)

// What is acknowledged is on disk: the system calls of the program show for
// each answer that the log was written and synced before it was sent, also
// where many share one sync.
func TestSyncedBeforeTheAnswer(t *testing.T) {
	t.Parallel()
	w := onSQLite(t)
	n, wrong := watched(t, w, w.command(t), *answers)
	if n != *answers {
		t.Errorf("%d answers seen, want %d", n, *answers)
	}
	for _, text := range wrong {
		t.Error(text)
	}
	t.Logf("%d answers, each after its sync", n)
}

// The test above finds out a server that syncs too late, and would not call
// one like it wrong that syncs in time.
func TestSyncedTooLateIsSeen(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		synchronous string
		good        bool
	}{{"FULL", true}, {"NORMAL", false}} {
		w := onSQLite(t)
		n, wrong := watched(t, w, w.served(t, c.synchronous), 40)
		if n != 40 || c.good != (len(wrong) == 0) {
			t.Errorf("synchronous=%s: %d of %d answers came before their sync", c.synchronous, len(wrong), n)
		}
		t.Logf("synchronous=%s: %d of %d answers came before their sync", c.synchronous, len(wrong), n)
	}
}

// watched makes n changes and reveals, half of them one after the other and
// half eight at a time, under strace.
func watched(t *testing.T, w world, cmd *exec.Cmd, n int) (seen int, wrong []string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "trace")
	s, err := launch(t, traced(cmd, file, "-e", "trace=read,write,pwrite64,pwritev,fsync,fdatasync"))
	must(t, err)
	l := dial(s.address)
	one := func(n int) {
		path, in := "/credentials", any(sdk.NewCredential{Client: w.here, Title: "watched", Password: "pw"})
		if n%2 == 0 {
			path, in = "/credentials/"+w.secret+"/reveal", nil
		}
		a := l.call(t.Context(), w.admin, "POST", path, "", in)
		if a.verdict() != done {
			t.Errorf("status %d, %+v, %v", a.status, a.problem, a.err)
		}
	}
	l.call(t.Context(), w.admin, "GET", "/me", "", nil).into(t, &sdk.Me{}) // the session is touched
	for i := range n / 2 {
		one(i)
	}
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for i := g; i < n-n/2; i += 8 {
				one(i)
			}
		})
	}
	wg.Wait()
	s.stop()
	s.calm()
	return early(readTrace(t, file))
}
