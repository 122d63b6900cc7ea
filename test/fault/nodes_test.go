//go:build linux

package fault

import (
	"fmt"
	"net/http"
	"path/filepath"
	"testing"

	"bailiwick/internal/app"
	"bailiwick/internal/clock"
	"bailiwick/internal/db"
	"bailiwick/internal/gate"
	"bailiwick/internal/people"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
	"bailiwick/internal/session"
	"bailiwick/sdk"
)

// Two servers on one database. What is taken away on one node, neither gives
// from the next request on, whatever they have in memory.
func TestTwoNodes(t *testing.T) {
	t.Parallel()
	w := onPostgres(t)
	first, second := start(t, w), start(t, w)
	nodes := []*line{dial(first.address), dial(second.address)}
	office, ada := desk(t, w)
	code, err := seal.ParseCode(w.key)
	must(t, err)

	for round := range more(2, 30) {
		email := fmt.Sprintf("round%d@northwind.example", round)
		user, err := office.People.Enrol(t.Context(), ada, people.NewUser{Name: "Rita Round", Email: email, Level: perm.LevelTechnicianAssigned, Password: seal.NewSecret(password)})
		must(t, err)
		must(t, office.Access.Assign(t.Context(), ada, w.here, user, 0))
		signIn := func() (caller, string) {
			in, err := office.Sessions.SignIn(t.Context(), session.SignIn{Email: email, Password: seal.NewSecret(password), Code: code, IP: "127.0.0.1", Agent: "fault"})
			must(t, err)
			return caller{user, session.Bearer(session.KindSession, in.Org, in.Token)}, in.Session
		}
		one, _ := signIn()
		two, ended := signIn()

		sees(t, nodes, one, w, http.StatusOK)
		must(t, office.Access.Unassign(t.Context(), ada, w.here, user))
		sees(t, nodes, one, w, http.StatusNotFound)
		must(t, office.Access.Assign(t.Context(), ada, w.here, user, 0))
		sees(t, nodes, one, w, http.StatusOK)

		// A session ended on one of the real nodes.
		sees(t, nodes, two, w, http.StatusOK)
		if a := nodes[round%2].call(t.Context(), one, "DELETE", "/sessions/"+ended, "", nil); a.verdict() != done {
			t.Fatalf("status %d, %+v, %v", a.status, a.problem, a.err)
		}
		sees(t, nodes, two, w, http.StatusUnauthorized)
		sees(t, nodes, one, w, http.StatusOK)

		// A token revoked on the other.
		var made sdk.MadeToken
		nodes[round%2].call(t.Context(), one, "POST", "/tokens", "", sdk.NewToken{Name: "round", AllClients: true, Days: 1,
			Permissions: []string{perm.ClientViewList.String(), perm.PasswordView.String()}}).into(t, &made)
		token := caller{user, made.Bearer.Reveal()}
		sees(t, nodes, token, w, http.StatusOK)
		if a := nodes[1-round%2].call(t.Context(), one, "DELETE", "/tokens/"+made.ID, "", nil); a.verdict() != done {
			t.Fatalf("status %d, %+v, %v", a.status, a.problem, a.err)
		}
		sees(t, nodes, token, w, http.StatusUnauthorized)
		sees(t, nodes, one, w, http.StatusOK) // in the new epoch

		must(t, office.People.Disable(t.Context(), ada, user))
		sees(t, nodes, one, w, http.StatusUnauthorized)
		sees(t, nodes, w.admin, w, http.StatusOK)
		sees(t, nodes, w.token, w, http.StatusOK)
	}
	for _, s := range []*server{first, second} {
		s.stop()
		s.calm()
	}
}

// sees asks every node for a list, a reveal and a search.
func sees(t *testing.T, nodes []*line, who caller, w world, status int) {
	t.Helper()
	for i, l := range nodes {
		for range 2 { // from memory too
			a := l.reveal(t.Context(), who, w.secret)
			if a.status != status {
				t.Errorf("node %d: a reveal is answered %d, want %d: %+v %v", i, a.status, status, a.problem, a.err)
			}
			if a := l.call(t.Context(), who, "GET", "/credentials?client="+w.here, "", nil); a.status != status {
				t.Errorf("node %d: a list is answered %d, want %d: %+v %v", i, a.status, status, a.problem, a.err)
			}
		}
	}
}

// desk is a third node, in this process, for what no page offers yet.
func desk(t *testing.T, w world) (*app.App, gate.Actor) {
	t.Helper()
	d, err := db.Open(t.Context(), w.database, db.Options{})
	must(t, err)
	t.Cleanup(func() { must(t, d.Close()) })
	key, err := seal.LoadInstanceKey(filepath.Join(w.dir, "instance.key"))
	must(t, err)
	argon, err := seal.NewArgonAt(seal.Cost{Time: 2, MemoryKiB: 19 * 1024, Threads: 1}, 2, 32)
	must(t, err)
	a := app.New(d, key, argon, clock.System{})
	t.Cleanup(a.Close)
	ada, err := a.Sessions.Resume(t.Context(), w.admin.bearer, "127.0.0.1", nil)
	must(t, err)
	return a, ada
}
