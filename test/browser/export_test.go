package browser

import (
	"strings"
	"testing"

	"bailiwick/test/browser/chrome"
)

// fetchExport sends the form of the page as its button would, and gives what
// would be saved.
func fetchExport(p *chrome.Tab) string {
	return chrome.Ask[string](p, `(async () => {
		const form = document.querySelector("form[action='/export']");
		const answer = await fetch("/export", { method: "POST", body: new URLSearchParams(new FormData(form)) });
		return answer.status + " " + answer.headers.get("Content-Disposition") + "\n" + await answer.text();
	})()`)
}

// An administrator takes a client's credentials away, after the password
// again; who may not export has no such page, but takes his own.
func TestExport(t *testing.T) {
	t.Parallel()
	p := enter(t, "Ada")
	client := addClient(p, "Exeter Textiles")
	addCredential(p, client, secret{title: "Exeter loom", username: "weaver", password: "warp and weft 7"})
	p.Go("/export").Sees("What leaves here is protected by nobody.")
	inspectAs(t, p, "export")
	form := p.In("form[action='/export']")
	form.Type("Your password", "not the password").Follow("Export")
	p.Sees("Nothing was exported.")
	p.Press("Choose clients").Press("Exeter Textiles").Type("Your password", demo.person("Ada").Password)
	file := fetchExport(p)
	head, text, _ := strings.Cut(file, "\n")
	if !strings.HasPrefix(head, "200 attachment; filename=") || !strings.Contains(text, "Exeter Textiles,,Exeter loom,Other,weaver,warp and weft 7") || strings.Contains(text, "Harborlight") {
		t.Errorf("the file is %s\n%.300s", head, text)
	}
	p.Go("/audit?client=" + strings.TrimPrefix(client, "/clients/")).Sees("Exported credentials Exeter Textiles")

	q := enter(t, "Carla")
	q.Go("/export").Sees("My passwords").SeesNot("Credentials of clients")
}
