package browser

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bailiwick/test/browser/chrome"
)

// Clients from a spreadsheet: looked at, mended by a choice, imported, found,
// and taken back.
func TestImportOfClients(t *testing.T) {
	t.Parallel()
	p := enter(t, "Ada")
	addClient(p, "Claxton Bikes")
	path := filepath.Join(t.TempDir(), "customers.csv")
	text := "Customer;Short;Telephone;City;Notes;Tags;Rotation;Segment\nClavering Sails;CLV;+44 1799 1;Clavering;Ask for Joan;coast, sails;90;a\nClaxton Bikes;CLX;+44 1508 2;;;new;;b\n;;;;;;;c\nClee Quarries;;;;;;often;d\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	p.Go("/import").Follow("Import clients").Sees("Clients from a CSV file")
	inspectAs(t, p, "import-clients")
	p.Upload("File", path).Follow("Upload and check").Sees("Give the client a name.", "Give a number of days", "Clavering Sails", "Left out: “Segment”")
	inspectAs(t, p, "import-clients-draft")
	p.PressOne(`page.field("updates the client that is there")`).PressOne(`page.field("Leave out rows that can't be imported")`).Follow("Check again").Sees("will be updated")
	p.Follow("Import 2 clients").Sees("Undo this import", "left out")
	inspectAs(t, p, "import-clients-done")
	job := p.Path()
	p.Go("/clients?filter=Cla").Sees("Clavering Sails", "coast").Follow("Clavering Sails").Sees("+44 1799 1")
	p.Go("/audit").Sees("Changed the client", "Clavering Sails")
	p.Go(job).Follow("Undo this import").Sees("Import undone: 1 client removed, 1 as they were before.")
	p.Go("/clients?filter=Cla").Sees("Claxton Bikes").SeesNot("Clavering Sails")
}

// Several chosen credentials: a link to each, shown once as a list; and a file
// of them, after the password.
func TestShareAndExportSelected(t *testing.T) {
	t.Parallel()
	p := enter(t, "Ada")
	usesClipboard(t, p)
	client := addClient(p, "Selwyn Dairies")
	for _, title := range []string{"Selwyn churn", "Selwyn float", "Selwyn vat"} {
		addCredential(p, client, secret{title: title, username: "milk", password: "curds-and-" + title[7:]})
	}
	p.Go(client).Keys("j").Keys("x").Keys("j").Keys("x").Until(`document.querySelector("[data-selected-count]").textContent === "2"`)
	inspectAs(t, p, "selected-bar")
	p.In("#selection").Follow("Share by link")
	p.Sees("Share 2 credentials by link", "Selwyn churn", "Selwyn float").SeesNot("Selwyn vat")
	inspectAs(t, p, "share-selected")
	p.Type("Passphrase", "short").Follow("Make 2 links").Sees("No link was made.", "at least 8 characters")
	p.Type("Views", "2").Type("Passphrase", "").Follow("Make 2 links").Sees("Copy the links", "shown only now", "Selwyn churn", "Selwyn float")
	inspectAs(t, p, "share-selected-made")
	p.Press("Copy all").Sees("copied")
	lines := strings.Split(p.Clipboard(), "\n")
	if len(lines) != 2 || !strings.HasPrefix(lines[0], "Selwyn churn\thttp") || !strings.Contains(lines[1], "/link/xlink_") || strings.Contains(p.Clipboard(), "curds") {
		t.Errorf("the clipboard holds %q", lines)
	}
	p.Follow("I have copied it").Sees("The links are ready. Their addresses can't be shown again.")
	p.Go("/links/made").Sees("Selwyn churn", "Selwyn float", "0 of 2 times")

	p.Go(client).Keys("j").Keys("x").Keys("j").Keys("x").Until(`document.querySelector("[data-selected-count]").textContent === "2"`)
	p.In("#selection").Follow("Export")
	p.Sees("Export 2 credentials", "Selwyn churn", "What leaves here is protected by nobody.")
	inspectAs(t, p, "export-selected")
	p.In("form[action='/export']").Type("Your password", "not the password").Follow("Export")
	p.Sees("Nothing was exported.", "Export 2 credentials")
	p.Type("Your password", demo.person("Ada").Password)
	head, file, _ := strings.Cut(fetchExport(p), "\n")
	if !strings.HasPrefix(head, "200 attachment") || strings.Count(file, "Selwyn Dairies,") != 2 || !strings.Contains(file, "curds-and-churn") || strings.Contains(file, "vat") {
		t.Errorf("the file is %s\n%.500s", head, file)
	}
	p.Go("/audit?client=" + strings.TrimPrefix(client, "/clients/")).Sees("Exported credentials")
}

// The secret of one-time codes by a picture, while the credential is added:
// chosen, and pasted; a picture of something else is refused, and what was typed
// stays.
func TestCodePictureOfNew(t *testing.T) {
	t.Parallel()
	p := enter(t, "Carla")
	client := addClient(p, "Quorn Optics")
	dir := t.TempDir()
	data := qrCodeOf(t, "otpauth://totp/Quorn?secret=GEZDGNBVGY3TQOJQGEZDGNBV&digits=8&period=60")
	good, bad := filepath.Join(dir, "good.png"), filepath.Join(dir, "bad.png")
	for path, b := range map[string][]byte{good: data, bad: qrCodeOf(t, "https://quorn.example")} {
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	p.Go(client+"/credentials/new").Type("Title", "Quorn lens").Type("Username", "iris").Press("From a picture of the QR code")
	inspectAs(t, p, "new-picture")
	p.Upload("Picture", bad).Sees("The QR code holds no TOTP secret.")
	p.Upload("Picture", good).Sees("The TOTP secret was read from the picture.")
	inspectAs(t, p, "new-picture-read")
	p.Until(`document.querySelector("#username").value === "iris"`).Follow("Add credential").Sees("Credential added.").In("#panel").Sees("Quorn lens", "One-time code")

	p.Go(client+"/credentials/new").Type("Title", "Quorn prism")
	chrome.Ask[bool](p, `(() => {
		const bytes = Uint8Array.from(atob("`+base64.StdEncoding.EncodeToString(data)+`"), c => c.charCodeAt(0)), transfer = new DataTransfer();
		transfer.items.add(new File([bytes], "pasted.png", { type: "image/png" }));
		document.dispatchEvent(new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true, cancelable: true }));
		return true })()`)
	p.Until(`document.getElementById("totp")?.value !== ""`).Sees("The TOTP secret was read from the picture.")
	p.Follow("Add credential").Sees("Credential added.").In("#panel").Sees("Quorn prism", "One-time code")
}

// A move into one's own passwords can be taken back; one out of them is said to
// be for good.
func TestUndoOfAMoveToMine(t *testing.T) {
	t.Parallel()
	p := enter(t, "Carla")
	client := addClient(p, "Mimosa Bakery")
	addCredential(p, client, secret{title: "Mimosa oven", username: "crumb", password: "yeast-and-salt-3"})
	p.In("#panel").Press("More for this credential").Follow("Move to")
	p.Choose("Client", "My passwords").Sees("Undo brings the original back").Follow("Move").Sees("Credential moved. The original is in the client's archive.")
	p.Sees("Mimosa oven").Follow("Undo").Sees("Undone.", "Mimosa oven").Until(`location.pathname.startsWith("/clients/")`)
	p.Go("/my").SeesNot("Mimosa oven")
}

// A client forces two credential types: its forms offer no other, those of other
// clients do.
func TestForcedTypes(t *testing.T) {
	t.Parallel()
	p := enter(t, "Carla")
	client := addClient(p, "Forster Locks")
	p.Go(client + "/edit").Press("All are offered. Choose some").Press("Router").Press("Alarm code")
	inspectAs(t, p, "forced-types")
	p.Follow("Save").Sees("Forster Locks").Go(client + "/edit").Sees("2 types are forced").Until(`page.field("Alarm code").checked`)
	offered := func(path string) string {
		p.Go(path + "/credentials/new")
		return chrome.Ask[string](p, `[...document.querySelector("[name=type]").options].map(o => o.textContent.trim()).join(", ")`)
	}
	if got := offered(client); got != "Router, Alarm code" {
		t.Errorf("offered are %s", got)
	}
	p.Go(client + "/overview").Sees("Router, Alarm code")
	if got := offered(addClient(p, "Forster Keys")); !strings.Contains(got, "Firewall") {
		t.Errorf("elsewhere are offered %s", got)
	}
}
