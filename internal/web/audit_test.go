package web

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"bailiwick/internal/perm"
)

func TestAuditPage(t *testing.T) {
	o := newOffice(t)
	tim := o.enter(t, "tim", perm.LevelTechnicianDefault)
	tim.post("/credentials/" + o.firewall + "/archive").says(http.StatusNotFound)
	o.ada.script().post("/credentials/" + o.firewall + "/reveal")
	a := o.ada.get("/audit").says(http.StatusOK, "Today", "Saw the secret of Edge firewall", "Refused", "Was refused: archive a credential", "Contoso", "192.0.2.7").hidden()
	if !strings.Contains(a.Body.String(), `title="Monday, 2 November 2026`) {
		t.Error("the exact time is not there on hover")
	}
	o.ada.get("/audit?text=archive").says(http.StatusOK, "Was refused: archive a credential").lacks("Saw the secret")
	o.ada.get("/audit?client="+o.fabrikam).says(http.StatusOK, "Added the client Fabrikam").lacks("Edge firewall")
	o.ada.get("/audit?text=nothing+of+the+sort").says(http.StatusOK, "No events here")
	o.ada.get("/audit?before=-5").says(http.StatusOK, "Saw the secret")
}

func TestAuditInPages(t *testing.T) {
	o := newOffice(t)
	for range 120 {
		_, err := o.Vault.Reveal(context.Background(), o.Admin, o.firewall)
		o.Must(err)
	}
	first := o.ada.get("/audit").says(http.StatusOK, "Older").lacks("Set up the organization")
	older := strings.SplitN(strings.SplitN(first.Body.String(), `href="/audit?before=`, 2)[1], `"`, 2)[0]
	o.ada.get("/audit?before="+older).says(http.StatusOK, "Newest", "Set up the organization")
}
