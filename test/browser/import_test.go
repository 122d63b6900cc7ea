package browser

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bailiwick/test/browser/chrome"
)

// export is a file as another program wrote it.
func export(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("..", "..", "internal", "sheet", "testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func upload(p *chrome.Tab, client, path string) {
	p.Go("/import").Choose("Client", client).Upload("File", path).Follow("Upload and check").Sees("rows", "will be added")
}

// An export of KeePassXC: looked at, imported, found, undone.
func TestImport(t *testing.T) {
	t.Parallel()
	p := enter(t, "David")
	client := addClient(p, "Imperial Tea Rooms")
	upload(p, "Imperial Tea Rooms", export(t, "keepassxc.csv"))
	p.Sees("Core switch", "netadmin").SeesNot(`sw!tch`)
	inspectAs(t, p, "import-draft")
	p.Choose("Icon becomes", "Leave out").Follow("Check again").Sees("Core switch")
	p.Follow("Import 3 credentials")
	p.Sees("added", "Undo this import", "3 of 3 rows")
	inspectAs(t, p, "import-done")
	job := p.Path()

	p.Go(client).Sees("Core switch", "VPN", "Network").Press("Core switch")
	p.In("#panel").Press("Reveal Password").Sees(`sw!tch`, "Serial: X1")
	p.Go(job).Follow("Undo this import").Sees("Import undone: 3 credentials archived.")
	p.Go(client).Until(`!page.sees("Core switch")`)
	p.Go("/import").Sees("keepassxc.csv")
}

// A file with problems: they are named, and only the good rows go in.
func TestImportWithProblems(t *testing.T) {
	t.Parallel()
	p := enter(t, "Carla")
	client := addClient(p, "Imprint Books")
	whole, err := os.ReadFile(export(t, "broken.csv"))
	if err != nil {
		t.Fatal(err)
	}
	p.Go("/import").Choose("Client", "Imprint Books").Upload("File", export(t, "broken.csv")).Follow("Upload and check").Sees("is never closed")
	readable, _, _ := strings.Cut(string(whole), "Open,u14")
	path := filepath.Join(t.TempDir(), "mended.csv")
	if err := os.WriteFile(path, []byte(readable), 0o600); err != nil {
		t.Fatal(err)
	}
	upload(p, "Imprint Books", path)
	p.Sees("can't be imported", "remarks on rows", "Not importable")
	inspectAs(t, p, "import-problems")
	p.Press("Leave out rows that can't be imported").Follow("Check again")
	p.FollowOne(`[...document.querySelectorAll("button")].find(b => /^Import \d+ credential/.test(b.textContent.trim()) && !b.disabled)`)
	p.Sees("Undo this import", "left out").Go(client).Sees("Good")
}

// Cards, notes and fields of Bitwarden are recognized; a file can be discarded.
func TestImportOfBitwarden(t *testing.T) {
	t.Parallel()
	p := enter(t, "David")
	addClient(p, "Bittern Boats")
	upload(p, "Bittern Boats", export(t, "bitwarden.csv"))
	p.Sees("SRV-01 local admin", "Mail portal", "Custom fields of Bitwarden").SeesNot("correct horse")
	p.Follow("Discard the file").Sees("Nothing of it was imported")
}
