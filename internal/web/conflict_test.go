package web

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"bailiwick/internal/perm"
	"bailiwick/internal/vault"
)

// Every field on which two edits differ is to be chosen, and who made the
// first and when is said; nothing is overwritten unasked.
func TestConflictOfEveryField(t *testing.T) {
	o := newOffice(t)
	ctx := context.Background()
	at := "/credentials/" + o.firewall
	o.Enrol("bob", perm.LevelManagerDefault)
	urls, tags, notes, expires := []string{"https://a.example", "https://b.example"}, []string{"bobs", "tags"}, "bobs-notes-118", time.Date(2031, 5, 6, 0, 0, 0, 0, time.UTC)
	fields := []vault.Field{{Name: "Bobs field", Value: "bobs-field-227", Hidden: true}}
	_, err := o.Vault.Patch(ctx, o.SignIn("bob"), o.firewall, 1, vault.Patch{URLs: &urls, Tags: &tags, Notes: &notes, Fields: &fields, Expires: &expires})
	o.Must(err)
	o.secrets = append(o.secrets, notes, "bobs-field-227")
	typed := []string{"revealed", "1", "title", "Edge firewall", "type", "Firewall", "username", "fw-root", "urls", "https://c.example\r\nhttps://d.example", "tags", "adas, own", "password", canaryPassword,
		"notes", "adas-notes", "expires", "2032-07-08", "field-name-0", "Adas field", "field-value-0", "adas-value", "field-hidden-0", "1"}
	a := o.ada.post(at+"/edit", append([]string{"version", "1"}, typed...)...).says(http.StatusConflict, "bob changed this while you did", "https://b.example", "https://d.example", "bobs, tags", "adas, own", "2031-05-06", "2032-07-08").lacks(notes, "bobs-field-227")
	for _, name := range []string{"urls", "tags", "expires", "notes", "fields"} {
		if !strings.Contains(a.Body.String(), `name="keep-`+name+`"`) {
			t.Errorf("%s is not to be chosen", name)
		}
	}
	for _, name := range []string{"title", "username", "password"} {
		if strings.Contains(a.Body.String(), `name="keep-`+name+`"`) {
			t.Errorf("%s is to be chosen, although both agree", name)
		}
	}
	o.ada.post(at+"/edit", append([]string{"version", a.value("version"), "keep-urls", "yours", "keep-tags", "theirs", "keep-expires", "theirs", "keep-notes", "theirs", "keep-fields", "yours"}, typed...)...).leads("/clients/" + o.contoso + "?c=" + o.firewall)
	c, err := o.Vault.Get(ctx, o.Admin, o.firewall)
	o.Must(err)
	secret, err := o.Vault.Reveal(ctx, o.Admin, o.firewall)
	o.Must(err)
	if c.URLs[1] != "https://d.example" || c.Tags[0] != "bobs" || !c.Expires.Equal(expires) || secret.Notes != notes || secret.Fields[0].Name != "Adas field" {
		t.Errorf("after choosing: %v %v %v %v", c.URLs, c.Tags, c.Expires, secret.Fields)
	}
}
