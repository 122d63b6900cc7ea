package web

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"bailiwick/internal/apptest"
	"bailiwick/internal/db"
	"bailiwick/internal/perm"
	"bailiwick/internal/vault"
)

// linked is an office whose client Contoso has an activated site, with a
// browser for its administrator.
type linked struct {
	*office
	there *apptest.Site
	sue   *surfer
}

func newLinked(t *testing.T) *linked {
	t.Helper()
	o := newOffice(t)
	l := &linked{office: o, there: o.Activate(o.contoso, "contoso.example")}
	l.sue = l.enterSite(t, "sue")
	return l
}

// enterSite signs a user of the site in.
func (l *linked) enterSite(t *testing.T, name string) *surfer {
	t.Helper()
	b := l.surfer(t)
	b.post("/sign-in", "email", name+"@contoso.example", "password", apptest.Password).leads("/open?next=%2F")
	b.post("/open", "organization_key", l.there.Code.Chars(), "next", "/")
	if !strings.Contains(b.get("/me").Body.String(), "This session holds the keys of the vault") {
		t.Fatal("the vault of the site is not open after signing in")
	}
	return b
}

func (l *linked) company() string { return "/clients/" + l.there.Company }

// sendShare sends the dialog of one credential.
func sendShare(b *surfer, credential, act string, pairs ...string) answer {
	b.t.Helper()
	return b.post("/credentials/selected", append([]string{"those", credential, "act", act}, pairs...)...)
}

func TestSharePages(t *testing.T) {
	l := newLinked(t)
	fw, home := l.firewall, "/clients/"+l.contoso

	// Before: the row, the panel and the dialog offer it; there is nothing shared.
	l.ada.get("/shares").says(http.StatusOK, "Nothing is shared")
	l.sue.get("/shares").says(http.StatusOK, "Nothing is shared")
	if page := l.ada.get(home).says(http.StatusOK).Body.String(); !strings.Contains(page, `data-row="rets-"`) {
		t.Error("the row does not offer to share")
	}
	l.ada.get(home+"?c="+fw).says(http.StatusOK, "Share").lacks("Change sharing", "Stop sharing ")
	l.ada.get("/clients/" + l.fabrikam).lacks("Share passwords")
	form := l.ada.get("/credentials/"+fw+"/sharing").says(http.StatusOK, "Share Edge firewall", "Everyone at Contoso", "Sue of contoso.example", "Read-only").hidden()
	if form.value("those") == "" || form.value("once") == "" {
		t.Error("the dialog lacks what it sends")
	}

	// Shared with everyone, read-only.
	sendShare(l.ada, fw, "lent", "with", "everyone", "may", "read").leads("/clients")
	l.ada.get(home+"?c="+fw).says(http.StatusOK, "Shared with Contoso: everyone there, read-only.", "Change sharing", "Stop sharing")
	page := l.sue.get(l.company()+"?c="+fw).says(http.StatusOK, "Edge firewall", "From Northwind IT", "Shared by Northwind IT: everyone here, read-only.").hidden()
	page.lacks("/credentials/"+fw+"/edit", "/credentials/"+fw+"/archive", "Change sharing", "Share by link")
	l.sue.script().post("/credentials/"+fw+"/reveal").says(http.StatusOK, canaryPassword)
	for _, path := range []string{"/credentials/" + fw + "/edit", "/credentials/" + fw + "/sharing"} {
		l.sue.get(path).says(http.StatusNotFound).sameAs(l.sue.get(strings.Replace(path, fw, "cred_nothing", 1)))
	}
	sendShare(l.sue, fw, "archive").says(http.StatusUnprocessableEntity, "only that one can archive it")

	// Its rights are changed: the dialog has what is there.
	l.ada.get("/credentials/"+fw+"/sharing").says(http.StatusOK, "Save", "Stop sharing")
	sendShare(l.ada, fw, "lent", "with", "chosen", "may", "write", "history", "on").says(http.StatusUnprocessableEntity, "Nothing was shared.", "Choose with whom it is shared").hidden()
	sendShare(l.ada, fw, "lent", "with", "chosen", "user", "user_nobody", "may", "write").says(http.StatusUnprocessableEntity, "One of those chosen is no user of Contoso")
	sendShare(l.ada, fw, "lent", "with", "chosen", "user", l.there.AdminID, "may", "write", "history", "on").leads("/clients")
	l.ada.get(home+"?c="+fw).says(http.StatusOK, "Shared with Contoso: Sue of contoso.example, read and write, with history.")
	if body := l.ada.get("/credentials/" + fw + "/sharing").says(http.StatusOK).Body.String(); !checked(body, "with-chosen") || !checked(body, "user-"+l.there.AdminID) || !checked(body, "may-write") || checked(body, "with-everyone") {
		t.Error("the dialog does not show how it is shared")
	}
	l.sue.get("/credentials/"+fw+"/history").says(http.StatusOK, "Edge firewall")
	l.sue.post("/credentials/"+fw+"/edit", "version", "1", "title", "Renamed there", "username", "fw-root", "type", "Firewall").leads(l.company() + "?c=" + fw)
	l.ada.get(home+"?c="+fw).says(http.StatusOK, "Renamed there")

	// The list, of both sides, and as a file.
	l.ada.get("/shares").says(http.StatusOK, "Renamed there", "with Contoso", "Sue of contoso.example", "read and write, with history", "Ada Admin")
	l.sue.get("/shares").says(http.StatusOK, "Renamed there", "by Northwind IT", "Sue of contoso.example").lacks("Ada Admin", "chosen users")
	l.ada.get("/credentials/"+fw+"/who").says(http.StatusOK, "And 1 chosen user at Contoso, and whoever overrides").lacks("Sue of contoso")
	l.sue.get("/credentials/"+fw+"/who").says(http.StatusOK, "And whoever reaches it at Northwind IT").lacks("Ada Admin")
	l.ada.get("/shares?client="+l.contoso).says(http.StatusOK, "Shared with Contoso", "Show all")
	file := l.ada.get("/shares.csv?client=" + l.contoso).says(http.StatusOK)
	if !strings.Contains(file.Body.String(), "Contoso,Renamed there,fw-root,by us,Contoso,Sue of contoso.example,\"read and write, with history\",") {
		t.Errorf("the file: %s", file.Body)
	}
	l.ada.get("/shares.csv?client=" + l.fabrikam).says(http.StatusOK).lacks("Renamed")
	l.ada.get("/shares?client="+l.fabrikam).says(http.StatusOK, "Nothing is shared")

	// The maker stops, and flags; then the other way round.
	l.ada.get("/credentials/"+fw+"/sharing/end").says(http.StatusOK, "Stop sharing Renamed there", "Contoso loses it at once", "Flag for change")
	sendShare(l.ada, fw, "ended", "flag", "on").leads("/clients")
	l.ada.get(home+"?c="+fw).says(http.StatusOK, "Unshared").lacks("Shared with")
	l.sue.get("/credentials/" + fw).says(http.StatusNotFound)
	l.sue.get(l.company()).says(http.StatusOK).lacks("Renamed there")
	sendShare(l.ada, fw, "lent", "with", "everyone", "may", "read").leads("/clients")
	l.sue.get("/credentials/"+fw+"/sharing/end").says(http.StatusOK, "What Northwind IT shares disappears here at once").lacks("Flag for change")
	sendShare(l.sue, fw, "ended").leads(l.company())
	l.ada.get("/shares").says(http.StatusOK, "Nothing is shared")
	l.ada.get("/audit").says(http.StatusOK, "Contoso")
}

// Who may write and has no history is told of a change in between, and asked
// about each secret that he sent: which of them it touched is not his to know.
func TestConflictWithoutHistory(t *testing.T) {
	l := newLinked(t)
	at := "/credentials/" + l.firewall
	sendShare(l.ada, l.firewall, "lent", "with", "everyone", "may", "write").leads("/clients")
	l.sue.get(at+"/edit").says(http.StatusOK, "Edge firewall")
	mine := []string{"version", "1", "title", "Edge firewall", "username", "fw-root", "type", "Firewall"}
	l.ada.post(at+"/edit", append(mine, "password", "changed-by-ada-1")...).leads("/clients/" + l.contoso + "?c=" + l.firewall)
	page := l.sue.post(at+"/edit", append(mine, "revealed", "1", "password", canaryPassword, "notes", "")...).says(http.StatusConflict, "Somebody changed this while you did", "Password Somebody:")
	page.lacks("do not touch the same fields", "changed-by-ada-1")
	l.sue.post(at+"/totp", "version", "1", "totp", "GEZDGNBVGY3TQOJQ").says(http.StatusConflict, "Somebody changed this credential in the meantime")
	l.sue.script().post(at+"/reveal").says(http.StatusOK, "changed-by-ada-1")
}

func checked(page, id string) bool {
	_, rest, _ := strings.Cut(page, `id="`+id+`"`)
	tag, _, _ := strings.Cut(rest, ">")
	return strings.Contains(tag, "checked")
}

// Several at once, with what can't be left out; and from the site to chosen
// users of its provider.
func TestShareSelected(t *testing.T) {
	l := newLinked(t)
	own, err := l.Vault.Add(t.Context(), l.there.Admin, vault.Place{Client: l.there.Company}, vault.Input{Overview: vault.Overview{Title: "Till"}, Secret: vault.Secret{Password: canaryPassword}})
	l.Must(err)
	l.ada.post("/credentials/selected", "act", "lend", "id", l.firewall, "id", l.hostile).says(http.StatusOK, "Share 2 credentials", "Each stays one credential", "Edge firewall").hidden().lacks(hostile)
	l.ada.post("/credentials/selected", "act", "lent", "those", l.firewall+" "+l.hostile, "with", "everyone", "may", "read").leads("/clients")
	l.sue.get(l.company()).says(http.StatusOK, "Edge firewall", "From Northwind IT", "Share passwords", "Stop sharing")
	l.sue.post("/credentials/selected", "act", "lend", "id", own, "id", l.firewall).says(http.StatusOK, "Share Till", "1 selected credential can't be shared by you", "Everyone at Northwind IT", "Ada Admin")
	l.sue.post("/credentials/selected", "act", "lent", "those", own, "with", "chosen", "user", l.AdminID, "may", "read").leads("/clients")
	l.ada.get("/clients/"+l.contoso).says(http.StatusOK, "Till", "From Contoso")
	bob := l.enter(t, "bob", perm.LevelTechnicianDefault)
	bob.get("/clients/" + l.contoso).says(http.StatusOK).lacks("Till")
	l.ada.post("/credentials/selected", "act", "end", "id", l.firewall, "id", l.hostile, "id", own).says(http.StatusOK, "Stop sharing 3 credentials", "Contoso loses them at once", "What Contoso shares")
	l.ada.post("/credentials/selected", "act", "ended", "those", l.firewall+" "+l.hostile+" "+own).leads("/clients/" + l.contoso)
	l.sue.get("/shares").says(http.StatusOK, "Nothing is shared")
	l.sue.get(l.company()+"?c="+own).says(http.StatusOK, "Till", "Unshared")
	ann := l.enter(t, "ann", perm.LevelTechnicianAssigned)
	ann.get("/credentials/" + l.firewall + "/sharing").says(http.StatusNotFound).sameAs(ann.get("/credentials/cred_nothing/sharing"))
}

// Many people at the other organization: a filter, and words that don't grow.
func TestShareWithMany(t *testing.T) {
	l := newLinked(t)
	l.ada.get("/credentials/" + l.firewall + "/sharing").says(http.StatusOK).lacks("<fieldset class=\"pair\"")
	all := []string{"with", "chosen", "may", "read"}
	for i := range fewPeople {
		all = append(all, "user", l.there.Enrol("una"+strconv.Itoa(i), perm.LevelSiteUser))
	}
	l.ada.get("/credentials/"+l.firewall+"/sharing").says(http.StatusOK, "People at Contoso", "una19@contoso.example")
	sendShare(l.ada, l.firewall, "lent", all...).leads("/clients")
	l.ada.get("/shares").says(http.StatusOK, "una0, una1, una10, una11 and 16 more")
	if file := l.ada.get("/shares.csv").Body.String(); !strings.Contains(file, "una9") {
		t.Errorf("the file: %s", file)
	}
}

// Archiving several leaves what the other side shares, and says so.
func TestArchiveSelectedLeavesWhatIsReceived(t *testing.T) {
	l := newLinked(t)
	l.Must(l.Vault.Share(t.Context(), l.Admin, l.firewall, vault.Sharing{Everyone: true}))
	own, err := l.Vault.Add(t.Context(), l.there.Admin, vault.Place{Client: l.there.Company}, vault.Input{Type: "Server", Overview: vault.Overview{Title: "Own"}, Secret: vault.Secret{Password: "pw"}})
	l.Must(err)
	l.sue.post("/credentials/selected", "act", "archive", "those", l.firewall, "back", l.company()).says(http.StatusUnprocessableEntity, "only that one can archive it")
	l.sue.post("/credentials/selected", "act", "archive", "those", l.firewall+" "+own, "back", l.company()).leads(l.company())
	l.sue.get(l.company()).says(http.StatusOK, "Credential archived. One is shared by another organization, and stays.", "Edge firewall").lacks(">Own<")
}

// Who may not ask who sees what is told of himself only; a site that is switched
// off is named where something is shared with it; and keys that were changed are
// warned of before somebody shares.
func TestSharesTellWhatIsInTheWay(t *testing.T) {
	l := newLinked(t)
	uma := l.there.Enrol("uma", perm.LevelSiteUser)
	l.there.Enrol("una", perm.LevelSiteUser)
	sendShare(l.ada, l.firewall, "lent", "with", "chosen", "user", uma, "user", l.there.AdminID, "may", "read").leads("/clients")
	l.enterSite(t, "uma").get(l.company()+"?c="+l.firewall).says(http.StatusOK, "Shared by Northwind IT: chosen users").lacks("Sue of")
	l.sue.get(l.company()+"?c="+l.firewall).says(http.StatusOK, "Sue of contoso.example, uma")

	l.Must(l.Clients.CloseSite(t.Context(), l.Admin, l.contoso))
	l.ada.get("/shares").says(http.StatusOK, "Edge firewall", "Site off")
	l.ada.get("/clients/"+l.contoso+"?c="+l.firewall).says(http.StatusOK, "The site of Contoso is switched off: nobody there sees it")
	l.ada.get("/shares.csv").says(http.StatusOK, "site switched off")
	l.Must(l.Clients.OpenSite(t.Context(), l.Admin, l.contoso))

	l.ada.get("/credentials/" + l.firewall + "/sharing").says(http.StatusOK).lacks("Nothing is shared with Contoso now")
	l.Must(l.data.Write(t.Context(), "", func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), `UPDATE organizations SET sign_public = (SELECT p.sign_public FROM organizations p WHERE p.id = $1) WHERE id = $2`, l.Admin.Org(), l.there.ID)
		return err
	}))
	l.ada.get("/credentials/"+l.firewall+"/sharing").says(http.StatusOK, "Nothing is shared with Contoso now", "not those that were pinned")
}
