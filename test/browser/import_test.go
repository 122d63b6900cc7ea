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
	p.Follow("Discard the file").Sees("File discarded. Nothing of it was imported.")
}

// A file without headings: the page says what it took the first row for, and
// lets one choose.
func TestImportWithoutHeadings(t *testing.T) {
	t.Parallel()
	p := enter(t, "David")
	client := addClient(p, "Barefoot Bakery")
	upload(p, "Barefoot Bakery", export(t, "bare.csv"))
	p.Sees("3 rows", "The first row looks like data", "Column 4", "Found out: data", "Edge firewall").SeesNot("Xk3$lq90")
	inspectAs(t, p, "import-bare")
	p.Choose("First row", "Names of the columns").Follow("Check again").Sees("2 rows").SeesNot("The first row looks like data")
	p.Choose("First row", "Data, to be imported too").Follow("Check again").Follow("Import 3 credentials").Sees("Undo this import", "3 of 3 rows")
	p.Go(client).Sees("Edge firewall", "Core switch", "NAS")
}

// A KeePass database is unlocked once, looked at, and imported.
func TestImportOfKeePass(t *testing.T) {
	t.Parallel()
	p := enter(t, "Carla")
	client := addClient(p, "Kestrel Kites")
	path, err := filepath.Abs(filepath.Join("..", "..", "internal", "seal", "kdbx", "testdata", "v4-argon2id-aes.kdbx"))
	if err != nil {
		t.Fatal(err)
	}
	p.Go("/import").Choose("Client", "Kestrel Kites").Upload("File", path).Follow("Upload and check").Sees("This looks like a KeePass database", "Unlock it")
	inspectAs(t, p, "import-locked")
	p.Type("Passphrase", "wrong horse").Follow("Unlock and check").Sees("The passphrase or the key file is wrong")
	p.Type("Passphrase", "correct horse").Follow("Unlock and check").Sees("1 entry", "Router").SeesNot("canary-one")
	inspectAs(t, p, "import-unlocked")
	p.Follow("Import 1 credential").Sees("Undo this import")
	p.Go(client).Sees("Router").Press("Router").In("#panel").Press("Reveal Password").Sees("canary-one")
}

// The other kinds of file that are recognized, each from upload to preview.
func TestImportFromOthers(t *testing.T) {
	t.Parallel()
	p := enter(t, "David")
	addClient(p, "Fourfold Foods")
	foreign := filepath.Join("..", "..", "foreign", "testdata")
	for _, c := range []struct{ file, looks, title string }{
		{filepath.Join(foreign, "bitwarden.json"), "This looks like a Bitwarden export (JSON)", "Core switch"},
		{filepath.Join(foreign, "onepux.1pux"), "This looks like a 1Password export (1PUX)", "Edge router"},
		{"lastpass.csv", "an export of LastPass", ""},
		{"chrome.csv", "an export of Chrome or Edge", ""},
		{"firefox.csv", "an export of Firefox", ""},
		{"1password.csv", "an export of 1Password", ""},
		{"itglue.csv", "an export of IT Glue", ""},
		{"hudu.csv", "an export of Hudu", "NAS"},
		{"keeper.csv", "an export of Keeper", "Core switch"},
	} {
		p.Go("/import").Choose("Client", "Fourfold Foods").Upload("File", export(t, c.file)).Follow("Upload and check").Sees(c.looks, c.title).SeesNot("canary-")
		if strings.HasSuffix(c.file, ".json") {
			inspectAs(t, p, "import-bitwarden-json")
		}
		p.Follow("Discard the file").Sees("File discarded").SeesNot(filepath.Base(c.file))
	}
}
