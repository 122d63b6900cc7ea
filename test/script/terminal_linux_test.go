package script

import (
	"context"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"

	"bailiwick/internal/apptest"
	"bailiwick/internal/db/dbtest"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
	"bailiwick/internal/session"
	"bailiwick/sdk"
)

// desk is somebody at a terminal: what he is asked next depends on what he was
// shown, which a script can't play.
type desk struct {
	*apptest.World
	address string
	env     []string
}

func sitDown(t *testing.T) *desk {
	w := apptest.New(t, dbtest.SQLite(t))
	h := serve(w)
	t.Cleanup(h.Close)
	w.Enrol("tim", perm.LevelTechnicianDefault)
	env := append(os.Environ(), "BAILIWICK_ADDRESS="+h.URL, "BAILIWICK_KEYRING=off", "XDG_CONFIG_HOME="+t.TempDir(), "NO_COLOR=1", "TERM=xterm")
	return &desk{w, h.URL, env}
}

// opens reports whether somebody signs in, and opens the vault, with these.
func (d *desk) opens(name, password, key string) (in, open bool) {
	d.T.Helper()
	api, err := sdk.New(d.address, "", "desk")
	d.Must(err)
	_, made, err := api.SignIn(d.T.Context(), sdk.SignIn{Email: name + "@northwind.example", Password: sdk.Secret(password), OrganizationKey: sdk.Secret(key)})
	return err == nil, err == nil && made.Open
}

// terminal is a command that runs at a pseudo-terminal.
type terminal struct {
	t     testing.TB
	cmd   *exec.Cmd
	tty   *os.File
	came  chan string
	shown string // all of it
	read  int    // up to where it was looked at
	ctx   context.Context
}

func (d *desk) run(name string, args ...string) *terminal {
	d.T.Helper()
	in := d.SignedIn(name)
	ctx, stop := context.WithTimeout(d.T.Context(), 2*time.Minute)
	x := &terminal{t: d.T, cmd: exec.CommandContext(ctx, "bailiwick", args...), came: make(chan string, 64), ctx: ctx}
	x.cmd.Env = append(d.env, "BAILIWICK_TOKEN="+in.Bearer())
	var err error
	x.tty, err = pty.Start(x.cmd)
	d.Must(err)
	d.T.(*testing.T).Cleanup(func() { stop(); x.tty.Close() })
	go func() {
		defer close(x.came)
		buf := make([]byte, 4096)
		for {
			n, err := x.tty.Read(buf)
			if x.came <- string(buf[:n]); err != nil {
				return // EIO: the command has ended
			}
		}
	}()
	return x
}

// sees waits for words behind those that were seen before, and gives what
// stood between.
func (x *terminal) sees(words string) string {
	x.t.Helper()
	for {
		if between, _, ok := strings.Cut(x.shown[x.read:], words); ok {
			x.read += len(between) + len(words)
			return between
		}
		text, more := <-x.came
		if x.shown += text; !more {
			x.t.Fatalf("%q is not to be seen in %q", words, x.shown)
		}
	}
}

// types answers a question that is not shown, once the terminal shows nothing.
func (x *terminal) types(question, answer string) {
	x.t.Helper()
	x.sees(question + ": ")
	for {
		state, err := unix.IoctlGetTermios(int(x.tty.Fd()), unix.TCGETS)
		if err != nil || x.ctx.Err() != nil {
			x.t.Fatalf("the terminal goes on showing what is typed: %v", err)
		}
		if state.Lflag&unix.ECHO == 0 {
			break
		}
		runtime.Gosched()
	}
	if _, err := x.tty.WriteString(answer + "\n"); err != nil {
		x.t.Fatal(err)
	}
}

// ends waits for the end of the command, its exit code and that none of the
// typed secrets was shown.
func (x *terminal) ends(code int, secrets ...string) {
	x.t.Helper()
	for text := range x.came {
		x.shown += text
	}
	_ = x.cmd.Wait()
	if got := x.cmd.ProcessState.ExitCode(); got != code {
		x.t.Errorf("exit code %d, not %d: %q", got, code, x.shown)
	}
	for _, s := range secrets {
		if strings.Contains(x.shown, s) {
			x.t.Error("what was typed is shown")
		}
	}
}

// paper is the key that the command shows once.
func (x *terminal) paper(what string) []string {
	x.t.Helper()
	x.sees("This is " + what)
	x.sees("it is not shown again:\r\n")
	return strings.Split(x.sees("\r\n"), "-")
}

func TestPasswordAtTheTerminal(t *testing.T) {
	d := sitDown(t)
	const next = "wholly-Different-54-lantern"
	signedIn := func(password string) bool {
		in, _ := d.opens("tim", password, "")
		return in
	}

	x := d.run("tim", "password")
	x.types("Your present password", apptest.Password)
	x.types("The new one", next)
	x.types("The new one again", next+"!")
	x.sees("The two differ. Nothing was changed.")
	x.ends(1, apptest.Password, next)

	x = d.run("tim", "password")
	x.types("Your present password", "not the password")
	x.types("The new one", next)
	x.types("The new one again", next)
	x.ends(1, "not the password", next)
	if signedIn(next) || !signedIn(apptest.Password) {
		t.Fatal("the password was changed")
	}

	x = d.run("tim", "password")
	x.types("Your present password", apptest.Password)
	x.types("The new one", next)
	x.types("The new one again", next)
	x.sees("Your password is changed, and your other sessions are signed out.")
	x.ends(0, apptest.Password, next)
	if !signedIn(next) || signedIn(apptest.Password) {
		t.Error("the password was not changed")
	}
}

func TestOrganizationKeyAtTheTerminal(t *testing.T) {
	d := sitDown(t)
	before := d.Code.Chars()
	opens := func(key string) bool {
		_, open := d.opens("tim", apptest.Password, key)
		return open
	}

	x := d.run("tim", "organization-key")
	x.types("Your password", apptest.Password)
	x.ends(3, "Write it down") // who may not is not even shown one

	x = d.run("ada", "organization-key")
	x.types("Your password", apptest.Password)
	groups := x.paper("the new Organization Key")
	x.types("Its group 2, from the paper", groups[1])
	x.types("Its group 5, from the paper", "WRONG")
	x.sees("That is not group 5. Nothing was changed.")
	x.ends(1, apptest.Password, "WRONG")
	if opens(strings.Join(groups, "-")) || !opens(before) {
		t.Fatal("a key that was not confirmed counts")
	}

	x = d.run("ada", "organization-key")
	x.types("Your password", apptest.Password)
	groups = x.paper("the new Organization Key")
	x.types("Its group 2, from the paper", strings.ToLower(groups[1]))
	x.types("Its group 5, from the paper", groups[4])
	x.sees("The Organization Key is changed. The earlier one opens nothing any more.")
	x.ends(0, apptest.Password)
	if !opens(strings.Join(groups, "-")) || opens(before) {
		t.Error("the key was not changed")
	}

}

func TestRecoveryCodeAtTheTerminal(t *testing.T) {
	d := sitDown(t)
	counts := func(groups []string) bool { // it stands for the Organization Key on a new browser
		in, err := d.Sessions.SignIn(t.Context(), session.SignIn{Email: "tim@northwind.example", Password: seal.NewSecret(apptest.Password)})
		d.Must(err)
		open := session.Open{Bearer: in.Bearer()}
		d.Must(open.Type(strings.Join(groups, "-")))
		_, err = d.Sessions.Open(t.Context(), d.Resume(in), open)
		return err == nil
	}

	x := d.run("tim", "recovery-code")
	groups := x.paper("your recovery code")
	x.types("Its group 2, from the paper", "")
	x.sees("That is not group 2. Nothing was changed.")
	x.ends(1)
	if counts(groups) {
		t.Fatal("a code that was not confirmed counts")
	}

	confirmed := func() []string {
		x := d.run("tim", "recovery-code")
		groups := x.paper("your recovery code")
		x.types("Its group 2, from the paper", groups[1])
		x.types("from the paper", groups[len(groups)-2])
		x.sees("Your recovery code counts from now on. An earlier one is void.")
		x.ends(0)
		return groups
	}
	first := confirmed()
	if !counts(first) {
		t.Fatal("the code does not count")
	}
	if second := confirmed(); !counts(second) || counts(first) {
		t.Error("the earlier code is not void")
	}
}
