package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zalando/go-keyring"

	"bailiwick/sdk"
)

// outside is an environment with a home of its own and no terminal.
func outside(t *testing.T, vars map[string]string) (*Env, *bytes.Buffer) {
	t.Helper()
	home := t.TempDir()
	for _, name := range []string{"HOME", "XDG_CONFIG_HOME", "AppData"} {
		t.Setenv(name, home)
	}
	in, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = in.Close() })
	said := &bytes.Buffer{}
	return &Env{Context: context.Background(), In: in, Out: said, Err: said, Getenv: func(k string) string { return vars[k] }, Agent: "test"}, said
}

var kept = login{Address: "https://vault.example", Email: "ada@northwind.example", Bearer: "bws_canary", Device: "bwd_canary"}

func TestKeptInTheKeyring(t *testing.T) {
	keyring.MockInit()
	e, _ := outside(t, nil)
	path, err := e.file()
	if err != nil {
		t.Fatal(err)
	}
	if err := writePrivate(path, []byte("{}")); err != nil { // of a time without a keyring
		t.Fatal(err)
	}
	if err := e.save(kept); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Fatalf("the file is still there: %v", err)
	}
	got, err := e.load()
	if err != nil || got != kept {
		t.Fatalf("%+v %v", got, err)
	}
}

func TestKeptInAFileWithoutAKeyring(t *testing.T) {
	for name, off := range map[string]bool{"broken": false, "off": true} {
		t.Run(name, func(t *testing.T) {
			keyring.MockInitWithError(errors.New("no bus"))
			vars := map[string]string{}
			if off {
				keyring.MockInit()
				vars["BAILIWICK_KEYRING"] = "off"
			}
			e, _ := outside(t, vars)
			if got, err := e.load(); err != nil || got != (login{}) {
				t.Fatalf("before: %+v %v", got, err)
			}
			if err := e.save(kept); err != nil {
				t.Fatal(err)
			}
			got, err := e.load()
			if err != nil || got != kept {
				t.Fatalf("%+v %v", got, err)
			}
			path, _ := e.file()
			info, err := os.Stat(path)
			if err != nil || (runtime.GOOS != "windows" && info.Mode().Perm() != 0o600) {
				t.Fatalf("%v %v", info.Mode(), err)
			}
			left, err := filepath.Glob(filepath.Join(filepath.Dir(path), ".login-*"))
			if err != nil || len(left) > 0 {
				t.Fatalf("left %v", left)
			}
		})
	}
}

func TestFileThatOthersMayReadIsRefused(t *testing.T) {
	if runtime.GOOS == "windows" {
		return // there the folder's rights protect it
	}
	for _, mode := range []os.FileMode{0o640, 0o604, 0o644, 0o660} {
		e, _ := outside(t, map[string]string{"BAILIWICK_KEYRING": "off"})
		if err := e.save(kept); err != nil {
			t.Fatal(err)
		}
		path, _ := e.file()
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		if got, err := e.load(); err == nil || got != (login{}) || !strings.Contains(err.Error(), "can be read by others") {
			t.Errorf("%o: %v", mode, err)
		}
	}
}

func TestKeptSecretsAreNotPrinted(t *testing.T) {
	if text := fmt.Sprintf("%v %+v %#v", kept, kept, kept); strings.Contains(text, "canary") {
		t.Fatal(text)
	}
	text, err := json.Marshal(kept)
	if err != nil || !strings.Contains(string(text), "bws_canary") {
		t.Fatalf("%s %v", text, err)
	}
}

func TestEnvironmentGoesFirst(t *testing.T) {
	for name, c := range map[string]struct {
		vars    map[string]string
		address string
		code    int
	}{
		"kept":          {nil, "https://vault.example", 0},
		"same address":  {map[string]string{"BAILIWICK_ADDRESS": "https://vault.example"}, "https://vault.example", 0},
		"other address": {map[string]string{"BAILIWICK_ADDRESS": "https://other.example"}, "", ExitSignIn},
		"token":         {map[string]string{"BAILIWICK_TOKEN": "bwt_x"}, "https://vault.example", 0},
		"both":          {map[string]string{"BAILIWICK_TOKEN": "bwt_x", "BAILIWICK_ADDRESS": "https://other.example"}, "https://other.example", 0},
		"unsafe":        {map[string]string{"BAILIWICK_TOKEN": "bwt_x", "BAILIWICK_ADDRESS": "http://other.example"}, "", ExitUsage},
	} {
		t.Run(name, func(t *testing.T) {
			keyring.MockInit()
			e, _ := outside(t, c.vars)
			if err := e.save(kept); err != nil {
				t.Fatal(err)
			}
			api, l, err := e.connect()
			if Exit(err) != c.code {
				t.Fatalf("%v", err)
			}
			if err == nil && (api.Address() != c.address || (c.vars["BAILIWICK_TOKEN"] != "") != (l.Bearer == "bwt_x")) {
				t.Fatalf("%s %q", api.Address(), l.Bearer.Reveal())
			}
		})
	}
}

func TestExitCodes(t *testing.T) {
	for kind, code := range map[sdk.Kind]int{sdk.Absent: 3, sdk.Unsigned: 4, sdk.Sealed: 4, sdk.Conflict: 5, sdk.Invalid: 1, sdk.Unavailable: 1} {
		e, said := outside(t, nil)
		err := fmt.Errorf("wrapped: %w", &sdk.Error{Problem: sdk.Problem{Kind: kind, Detail: "What \x1b[2Jhappened."}})
		if got := Report(e, err); got != code || strings.Contains(said.String(), "\x1b") || said.Len() == 0 {
			t.Errorf("%s: %d %q", kind, got, said)
		}
	}
	if e, _ := outside(t, nil); Report(e, nil) != 0 {
		t.Error("no error has an exit code")
	}
}

func TestNoSecretIsTakenAsAnArgument(t *testing.T) {
	for _, args := range [][]string{
		{"login", "https://vault.example", "--password", "x"}, {"login", "https://vault.example", "--organization-key", "x"}, {"login", "https://vault.example", "--token", "x"},
		{"add", "contoso", "--title", "x", "--password", "x"}, {"open", "--organization-key", "x"},
	} {
		e, said := outside(t, map[string]string{"BAILIWICK_KEYRING": "off"})
		if code := Main(e, args); code != ExitUsage || !strings.Contains(said.String(), "bailiwick: ") {
			t.Errorf("%v: %d %s", args, code, said)
		}
	}
}

func TestNothingSteersTheTerminal(t *testing.T) {
	if diff := cmp.Diff("a�[2J�b�c", clean("a\x1b[2J\nb\u202ec")); diff != "" {
		t.Fatal(diff)
	}
}
