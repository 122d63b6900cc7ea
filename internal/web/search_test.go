package web

import (
	"net/http"
	"strings"
	"testing"

	"bailiwick/internal/perm"
)

func TestSearchFragmentAndPage(t *testing.T) {
	o := newOffice(t)
	part := o.ada.script().get("/search?q=edge+fire").says(http.StatusOK, "Edge firewall", "Contoso").hidden()
	body := part.Body.String()
	for _, want := range []string{`role="option"`, `data-copy-password="/credentials/` + o.firewall + `/copy"`, `data-username="fw-root"`, `data-url="https://fw.contoso.example:8443/login"`, `data-href="/credentials/` + o.firewall + `"`} {
		if !strings.Contains(body, want) {
			t.Errorf("no %s in %s", want, body)
		}
	}
	if strings.Contains(body, "<html") {
		t.Error("the palette gets a whole page")
	}
	if body := o.ada.script().get("/search?q=script").Body.String(); strings.Contains(body, "data-url=") || strings.Contains(body, "<script") {
		t.Error("a javascript: address or a hostile title came through")
	}
	o.ada.get("/search?q=cts").says(http.StatusOK, "Contoso", "Clients")
	// The kind of the best result comes first: a client's name finds the client.
	if body := o.ada.script().get("/search?q=contoso").Body.String(); strings.Index(body, `aria-label="Clients"`) > strings.Index(body, `aria-label="Credentials"`) {
		t.Error("a client's credentials come before the client: " + body)
	}
	o.ada.get("/search?q=zzzz").says(http.StatusOK, "Nothing found")
	o.ada.with("HX-Request", "true").with("HX-Target", "found").get("/search?q=zzzz").says(http.StatusOK, "Nothing found")
	o.ada.get("/search?q="+strings.Repeat("a", 5000)).says(http.StatusOK, "Nothing found")
}

func TestSearchCommands(t *testing.T) {
	o := newOffice(t)
	o.ada.get("/search?q=new+cl").says(http.StatusOK, "New client", "Commands")
	o.ada.get("/search?q=IMPORT").says(http.StatusOK, "Go to Import")
	tim := o.enter(t, "tim", perm.LevelTechnicianDefault)
	tim.get("/search?q=new+cl").says(http.StatusOK).lacks("New client")
	o.ada.get("/search?q=smtp").says(http.StatusOK, "Go to Mail")
	o.ada.script().get("/search?q=new+cts").says(http.StatusOK, "New credential in Contoso")
	tim.script().get("/search?q=new+cts").says(http.StatusOK, "New credential in Contoso")
	tim.get("/search?q=import").lacks("Go to Import")
	tim.get("/search?q=audit").lacks("Go to Audit log")
	tim.get("/search?q=sessions").says(http.StatusOK, "Sessions and devices", "Commands")
}

func TestWebLink(t *testing.T) {
	for stored, want := range map[string]string{
		"https://a.example/x?y=1": "https://a.example/x?y=1", "http://10.0.0.1:8080": "http://10.0.0.1:8080", "portal.office.com": "https://portal.office.com", "10.0.0.1:8443/login": "https://10.0.0.1:8443/login",
		"javascript:alert(1)": "", "JavaScript://a.example/%0aalert(1)": "", "data:text/html,x": "", "file:///etc/passwd": "", "vbscript:x": "", "ssh://host": "", "": "", "two words": "", "//evil.example": "", "\\\\server\\share": "", "https://": "", " https://a.example ": "https://a.example",
	} {
		got, ok := webLink(stored)
		if got != want || ok != (want != "") {
			t.Errorf("webLink(%q) = %q, %v; want %q", stored, got, ok, want)
		}
	}
}
