package web

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"bailiwick/internal/perm"
	"bailiwick/internal/vault"
)

// causes are the flags of a credential, in one word.
func (o *office) causes(credential string) string {
	o.T.Helper()
	c, err := o.Vault.Get(context.Background(), o.Admin, credential)
	o.Must(err)
	var all []string
	for _, f := range c.Flags {
		all = append(all, f.Cause+f.Note)
	}
	return strings.Join(all, " ")
}

// holds demands markup.
func (a answer) holds(parts ...string) answer {
	a.t.Helper()
	for _, part := range parts {
		if !strings.Contains(a.Body.String(), part) {
			a.t.Errorf("the page has no %s", part)
		}
	}
	return a
}

// Several are flagged with one note, and each step can be taken back.
func TestFlagSelected(t *testing.T) {
	o := newOffice(t)
	list, at := "/clients/"+o.contoso, "/credentials/selected"
	for _, id := range []string{o.firewall, o.hostile} { // whatever the server thinks of their passwords
		if o.causes(id) != "" {
			o.Must(o.Vault.Unflag(context.Background(), o.Admin, id, ""))
		}
	}
	is := func(want string) {
		t.Helper()
		for _, id := range []string{o.firewall, o.hostile} {
			if got := o.causes(id); got != want {
				t.Fatalf("flagged %q, not %q", got, want)
			}
		}
	}
	o.ada.get(list).holds(`value="flag"`).lacks(`value="unflag"`, "flag-count")
	o.ada.post(at, "act", "flag", "id", o.firewall, "id", o.hostile, "id", "cred_nothing", "back", list).says(http.StatusOK, "Flag 2 credentials", "1 selected credential can't be flagged by you")
	o.ada.post(at, "act", "flagged", "those", o.firewall+":1 "+o.hostile+":1", "back", list).says(http.StatusUnprocessableEntity, "Say why it should be changed")
	o.ada.post(at, "act", "flagged", "those", o.firewall+":9 "+o.hostile+":1", "note", "x", "back", list).says(http.StatusConflict, "all or none")
	is("")
	o.ada.post(at, "act", "flagged", "those", o.firewall+":1 "+o.hostile+":1", "note", "on a whiteboard", "back", list).leads(list)
	is("manualon a whiteboard")
	page := o.ada.get(list).says(http.StatusOK, "2 credentials flagged.", "Undo", "Flagged: on a whiteboard")
	page.holds(`value="unflag"`, "2 flagged credentials: 2 by hand", "1 flagged credential: 1 by hand", `data-reason="Flagged: on a whiteboard"`)
	o.ada.get("/clients").holds("2 flagged credentials: 2 by hand")
	o.ada.get(list+"?filter=edge&flagged=1").says(http.StatusOK, "Edge firewall").holds(`name="flagged" value="1"`)
	o.ada.post(page.undo()).leads(list)
	is("")
	o.ada.get(list+"?flagged=1").says(http.StatusOK, "Nothing is flagged here")

	o.ada.post(at, "act", "flagged", "those", o.firewall+":1 "+o.hostile+":1", "note", "again", "back", list).leads(list)
	o.ada.post(at, "act", "unflag", "id", o.firewall, "id", o.hostile, "back", list).leads(list)
	is("")
	o.ada.post(o.ada.get(list).says(http.StatusOK, "The flags of 2 credentials are cleared.").undo()).leads(list)
	is("manualagain")
	// A note in the place of another one has no way back.
	o.ada.post(at, "act", "flagged", "those", o.firewall+":1 "+o.hostile+":1", "note", "third", "back", list).leads(list)
	o.ada.get(list).says(http.StatusOK, "2 credentials flagged.").lacks("Undo")
	is("manualthird")
	// What a row of the list shows also stands in the panel.
	o.ada.get(list+"?c="+o.firewall).says(http.StatusOK, "third", "Clear flags", "Flag for change")
	o.ada.post("/credentials/" + o.firewall + "/unflag").leads(list + "?c=" + o.firewall)
	o.ada.post(o.ada.get(list).undo())
	is("manualthird")
	o.ada.get("/audit?text=flags").says(http.StatusOK, "Cleared flags of", "Put back flags of")
}

// Who may not edit flags nothing, and who may not clear flags clears none.
func TestFlagsAreRefused(t *testing.T) {
	o := newOffice(t)
	list, at := "/clients/"+o.contoso, "/credentials/selected"
	o.Must(o.Vault.Flag(context.Background(), o.Admin, o.firewall, "note of the administrator"))
	tim := o.enter(t, "tim", perm.LevelTechnicianAssigned)
	for _, form := range [][]string{{"act", "flag"}, {"act", "flagged", "note", "x"}, {"act", "unflag"}} {
		tim.post(at, append(form, "id", o.firewall, "back", list)...).says(http.StatusNotFound)
	}
	tim.get("/credentials/" + o.firewall + "/flag").says(http.StatusNotFound)
	tim.post("/credentials/" + o.firewall + "/unflag").says(http.StatusNotFound)
	if !strings.Contains(o.causes(o.firewall), vault.Manual) {
		t.Error("the flag is gone")
	}
}

// The panel names others with the same password, with their clients, and says
// nothing of those that the viewer does not reach.
func TestTwinsInThePanel(t *testing.T) {
	o := newOffice(t)
	ctx := context.Background()
	far, err := o.Vault.Add(ctx, o.Admin, vault.Place{Client: o.fabrikam}, vault.Input{Overview: vault.Overview{Title: "Far twin"}, Secret: vault.Secret{Password: canaryPassword}})
	o.Must(err)
	at := "/clients/" + o.contoso + "?c=" + o.firewall
	o.ada.get(at).lacks("The same password is in")
	o.Must(o.Vault.Check(ctx))
	o.ada.get(at).says(http.StatusOK, "Reused", "The same password is in:", "Far twin Fabrikam").holds(`href="/credentials/` + far + `"`)
	o.Must(o.Access.Assign(ctx, o.Admin, o.contoso, o.Enrol("tim", perm.LevelTechnicianAssigned), 0))
	tim := o.surfer(t).signIn("tim@northwind.example")
	tim.get(at).says(http.StatusOK, "Reused", "The same password is in:").lacks("Far twin", far)
}
