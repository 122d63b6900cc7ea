package browser

import (
	"path/filepath"
	"testing"

	"bailiwick/test/browser/chrome"
)

func upload(t *testing.T, p *chrome.Tab, client, file string) {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("..", "..", "internal", "sheet", "testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	p.Go("/import").Choose("Client", client).Upload("File", path).Follow("Upload and check").Sees("rows", "will be added")
}

// An export of KeePassXC: looked at, imported, found, undone.
func TestImport(t *testing.T) {
	t.Parallel()
	p := enter(t, "David")
	client := addClient(p, "Imperial Tea Rooms")
	upload(t, p, "Imperial Tea Rooms", "keepassxc.csv")
	p.Sees("Core switch", "netadmin").SeesNot(`sw!tch`)
	accessible(t, p)
	p.Choose("Icon becomes", "Leave out").Follow("Check again").Sees("Core switch")
	p.Follow("Import 2 credentials")
	p.Sees("added", "Undo this import", "2 of 2 rows")
	accessible(t, p)
	job := p.Path()

	p.Go(client).Sees("Core switch", "VPN", "Network").Press("Core switch")
	p.In("#panel").Press("Reveal Password").Sees(`sw!tch`, "Serial: X1")
	p.Go(job).Follow("Undo this import").Sees("Import undone: 2 credentials archived.")
	p.Go(client).Until(`!page.sees("Core switch")`)
	p.Go("/import").Sees("keepassxc.csv")
}

// A file with problems: they are named, and only the good rows go in.
func TestImportWithProblems(t *testing.T) {
	t.Parallel()
	p := enter(t, "Carla")
	client := addClient(p, "Imprint Books")
	upload(t, p, "Imprint Books", "broken.csv")
	p.Sees("can't be imported", "remarks on rows", "Not importable")
	accessible(t, p)
	p.Press("Leave out rows that can't be imported").Follow("Check again")
	p.FollowOne(`[...document.querySelectorAll("button")].find(b => /^Import \d+ credential/.test(b.textContent.trim()) && !b.disabled)`)
	p.Sees("Undo this import", "left out").Go(client).Sees("Good")
}

// Cards, notes and fields of Bitwarden are recognized; a file can be discarded.
func TestImportOfBitwarden(t *testing.T) {
	t.Parallel()
	p := enter(t, "David")
	addClient(p, "Bittern Boats")
	upload(t, p, "Bittern Boats", "bitwarden.csv")
	p.Sees("SRV-01 local admin", "Mail portal", "Custom fields of Bitwarden").SeesNot("correct horse")
	p.Follow("Discard the file").Sees("Nothing of it was imported")
}

func accessible(t *testing.T, p *chrome.Tab) {
	t.Helper()
	for _, fault := range p.Still().Accessible(chrome.Every) {
		t.Errorf("%s: %s", p.Path(), fault)
	}
}
