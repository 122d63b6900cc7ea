package api_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"bailiwick/internal/seal"
	"bailiwick/sdk"
)

// A link by the API: made, opened without an account, listed; and whatever it
// died of, it is answered as one that never was.
func TestExternalLinks(t *testing.T) {
	ctx := context.Background()
	s := start(t)
	client, err := s.admin.AddClient(ctx, sdk.NewClient{Name: "Contoso"})
	s.Must(err)
	cred, err := s.admin.AddCredential(ctx, sdk.NewCredential{Client: client.ID, Title: "Edge firewall", Username: "root", Password: "s3cret"})
	s.Must(err)
	type held struct {
		id    string
		token seal.Token
	}
	add := func(in sdk.NewExternalLink) held {
		t.Helper()
		made, err := s.admin.ShareByLink(ctx, cred.ID, in)
		s.Must(err)
		_, secret, _ := strings.Cut(made.Address.Reveal(), "#")
		token, err := seal.ParseToken(secret)
		s.Must(err)
		return held{made.ID, token}
	}
	open := func(h held) (sdk.OpenedExternalLink, error) {
		return s.anonymous().OpenLink(ctx, h.id, sdk.OpenExternalLink{Proof: sdk.Secret(base64.RawURLEncoding.EncodeToString(h.token.Proof()))})
	}
	answer := func(h held) string {
		t.Helper()
		r := s.send("POST", "/api/v1/links/"+h.id+"/open", "", `{"proof":"`+base64.RawURLEncoding.EncodeToString(h.token.Proof())+`"}`)
		if r.status != 404 {
			t.Errorf("a dead link is answered %d %s", r.status, r.body)
		}
		return requestID.ReplaceAllString(r.body, "")
	}

	used := add(sdk.NewExternalLink{Views: 1})
	o, err := open(used)
	s.Must(err)
	plain, err := seal.OpenLinkInner(used.token, seal.Place{Org: o.OrganizationID, Table: "external_links", Row: o.ID, Envelope: "copy_box"}, o.Box)
	s.Must(err)
	var copied map[string]any
	s.Must(json.Unmarshal(plain, &copied))
	if d := cmp.Diff(map[string]any{"title": "Edge firewall", "username": "root", "password": "s3cret"}, copied); d != "" || o.View != 1 || o.Views != 1 || o.Sender == "" {
		t.Error(d, o.View, o.Views, o.Sender)
	}

	revoked, expired, never := add(sdk.NewExternalLink{}), add(sdk.NewExternalLink{Minutes: 10}), held{"xlink_01jdmz8k3vf0r8q2w8d2t6x9ya", seal.NewToken()}
	s.Must(s.admin.RevokeLink(ctx, revoked.id))
	list, err := s.admin.ExternalLinks(ctx)
	s.Must(err)
	if len(list.Links) != 3 || list.Links[0].ID != expired.id || list.Links[0].Title != "Edge firewall" || !list.Links[0].MayRevoke {
		t.Errorf("%+v", list.Links)
	}
	wrong := held{add(sdk.NewExternalLink{Minutes: 60}).id, seal.NewToken()}
	s.Clock.Advance(10 * time.Minute)
	want := answer(never)
	for name, h := range map[string]held{"used": used, "revoked": revoked, "expired": expired, "another's proof": wrong, "no id": {"nothing", seal.NewToken()}} {
		if got := answer(h); got != want {
			t.Errorf("%s: %s, not %s", name, got, want)
		}
	}
	if r := s.send("GET", "/api/v1/links", "", ""); r.status != 401 {
		t.Errorf("a stranger lists links: %d", r.status)
	}
}
