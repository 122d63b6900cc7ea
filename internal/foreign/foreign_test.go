package foreign

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bailiwick/internal/seal"
	"bailiwick/internal/seal/kdbx"
	"bailiwick/internal/sheet"
)

var update = flag.Bool("update", false, "write the golden files anew")

// dump writes everything that a file gives, secrets too: they are invented.
func dump(read func(Sink) ([]string, error)) string {
	var b strings.Builder
	line := func(name, v string) {
		if v != "" {
			fmt.Fprintf(&b, "  %s: %q\n", name, v)
		}
	}
	says, err := read(func(r sheet.Record, ps []sheet.Problem) error {
		fmt.Fprintf(&b, "entry %d\n", r.Row)
		line("title", r.Title)
		line("username", r.Username)
		line("password", r.Password)
		for _, u := range r.URLs {
			line("url", u)
		}
		line("notes", r.Notes)
		line("totp", r.TOTP)
		line("client", r.Client)
		line("folder", r.Folder)
		line("type", r.Type)
		line("tags", strings.Join(r.Tags, ", "))
		if r.Expires != nil {
			line("expires", r.Expires.Format("2006-01-02 15:04 MST"))
		}
		for _, f := range r.Fields {
			fmt.Fprintf(&b, "  field %q hidden=%v: %q\n", f.Name, f.Hidden, f.Value)
		}
		for _, p := range ps {
			fmt.Fprintf(&b, "  ! %d %q %q fatal=%v: %s\n", p.Row, p.Entry, p.Column, p.Fatal, p.Text)
		}
		return nil
	})
	for _, s := range says {
		fmt.Fprintf(&b, "# %s\n", s)
	}
	if err != nil {
		fmt.Fprintf(&b, "error: %v\n", err)
	}
	return b.String()
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Error(d)
	}
}

func data(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func archive(t testing.TB, files map[string][]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range []string{"export.attributes", "export.data", "files/D1__router.cfg", "other"} {
		if content, ok := files[name]; ok {
			f, err := w.Create(name)
			if err == nil {
				_, err = f.Write(content)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func pux(t testing.TB) []byte { return data(t, "onepux.1pux") }

func bitwardenOf(b []byte) func(Sink) ([]string, error) {
	return func(s Sink) ([]string, error) { return ReadBitwarden(context.Background(), bytes.NewReader(b), s) }
}

func puxOf(b []byte) func(Sink) ([]string, error) {
	return func(s Sink) ([]string, error) {
		return ReadOnePUX(context.Background(), bytes.NewReader(b), int64(len(b)), s)
	}
}

func keepassOf(b []byte, passphrase string, keyFile []byte) func(Sink) ([]string, error) {
	return func(s Sink) ([]string, error) {
		return ReadKeePass(context.Background(), bytes.NewReader(b), kdbx.Credentials{Passphrase: seal.NewSecret(passphrase), KeyFile: keyFile}, s)
	}
}

func TestBitwarden(t *testing.T) {
	for _, name := range []string{"bitwarden", "bitwarden-organization"} {
		b := data(t, name+".json")
		golden(t, name, dump(bitwardenOf(b)))
		// Folders may stand behind the entries, and a mark before all.
		var turned = bytes.Replace(b, []byte(`"items"`), []byte(`"nothing": 1, "items"`), 1)
		if got := dump(bitwardenOf(append([]byte("\xef\xbb\xbf"), turned...))); got != dump(bitwardenOf(b)) {
			t.Error("a byte order mark changes what is read")
		}
	}
	last := `{"items":[{"type":1,"name":"A","folderId":"f","login":{"password":"x"}}],"folders":[{"id":"f","name":"Late"}]}`
	if got := dump(bitwardenOf([]byte(last))); !strings.Contains(got, `folder: "Late"`) {
		t.Error(got)
	}
}

func TestOnePUX(t *testing.T) { golden(t, "onepux", dump(puxOf(pux(t)))) }

// A database that keepassxc-cli makes here and now, with a passphrase, with a
// key file, and in both formats that it writes.
func TestKeePassXCsOwn(t *testing.T) {
	dir := t.TempDir()
	run := func(input string, args ...string) {
		t.Helper()
		cmd := exec.Command("keepassxc-cli", args...)
		cmd.Stdin = strings.NewReader(input)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("keepassxc-cli %s: %v\n%s", args[0], err, out)
		}
	}
	path := filepath.Join(dir, "a.kdbx")
	run("correct horse\ncorrect horse\n", "import", "-p", "-t", "100", "testdata/keepass.xml", path)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "keepass", dump(keepassOf(b, "correct horse", nil)))
	if _, err := keepassOf(b, "wrong", nil)(nil); !errors.Is(err, ErrKey) {
		t.Errorf("a wrong passphrase gives %v", err)
	}
	path, key := filepath.Join(dir, "b.kdbx"), filepath.Join(dir, "b.keyx")
	run("pass\npass\n", "db-create", "-p", "-t", "100", "--set-key-file", key, path)
	run("pass\ncanary-add\n", "add", "-k", key, "-u", "root", "--url", "https://nas.example", "-p", path, "NAS")
	run("pass\n", "attachment-import", "-k", key, path, "NAS", "config", "testdata/onepux.json")
	if b, err = os.ReadFile(path); err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(key)
	if err != nil {
		t.Fatal(err)
	}
	got := dump(keepassOf(b, "pass", file))
	for _, want := range []string{`title: "NAS"`, `username: "root"`, `password: "canary-add"`, `url: "https://nas.example"`, "1 attachment is not imported"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in\n%s", want, got)
		}
	}
	if _, err := keepassOf(b, "pass", nil)(nil); !errors.Is(err, ErrKey) {
		t.Errorf("without its key file it gives %v", err)
	}
}

// The databases of other versions and ciphers that KeePassXC reads, too.
func TestKeePassVersions(t *testing.T) {
	files, err := filepath.Glob("../seal/kdbx/testdata/*.kdbx")
	if err != nil || len(files) != 5 {
		t.Fatal(files, err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if got := dump(keepassOf(b, "correct horse", nil)); !strings.Contains(got, `password: "canary-one, Größe"`) || !strings.Contains(got, `field "Second" hidden=true: "canary-two"`) {
			t.Errorf("%s:\n%s", f, got)
		}
	}
}
