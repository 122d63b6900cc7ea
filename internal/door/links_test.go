package door_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"bailiwick/internal/apptest"
	"bailiwick/internal/clock"
	"bailiwick/internal/door"
	"bailiwick/internal/mail"
	"bailiwick/internal/people"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
	"bailiwick/internal/session"
)

// token invites somebody and gives what stands behind token= in his link.
func (s *site) token(email string) string {
	ctx := context.Background()
	s.Must(s.Org.ConfirmRecovery(ctx, s.Admin))
	added, err := s.People.Invite(ctx, s.Admin, []people.Invitee{{Email: email, Level: perm.LevelTechnicianAssigned}}, "")
	s.Must(err)
	return s.inLink(added[0].Link.Reveal())
}

func (s *site) inLink(link string) string {
	at, err := url.Parse(link)
	s.Must(err)
	return at.Query().Get("token")
}

// mailed is the token of the newest mail of a kind.
func (s *site) mailed(kind mail.Kind) string {
	ctx := context.Background()
	s.People.Settle()
	list, _, err := s.Mail.Outbox(ctx, s.Admin, mail.Filter{})
	s.Must(err)
	for _, m := range list {
		if m.Kind == kind {
			shown, err := s.Mail.Show(ctx, s.Admin, m.ID)
			s.Must(err)
			return s.inLink(shown.Link)
		}
	}
	s.T.Fatalf("no mail of kind %s", kind)
	return ""
}

// Tokens stand in addresses, because a link in a mail can't be a form. They go
// no further: into no log, no cache, no Referer, no other address.
func TestTokensInAddressesGoNoFurther(t *testing.T) {
	s := newSite(t)
	s.table.Watch(clock.System{}, func(a door.Answered) { fmt.Fprintf(s.log, "%+v\n", a) })
	invitation := s.token("nina@northwind.example")
	s.Must(s.People.Forgot(context.Background(), people.Forgotten{Email: "ada@northwind.example", IP: "10.0.0.1"}))
	reset := s.mailed(mail.PasswordReset)
	answers := 0
	for _, token := range []string{invitation, reset, "org_x." + seal.NewToken().Reveal()} {
		for _, page := range []string{people.PathInvitation, people.PathReset, people.PathAddress} {
			for _, send := range []struct{ method, path, body string }{
				{"GET", page + "?token=" + url.QueryEscape(token), ""},
				{"GET", page + "/?token=" + url.QueryEscape(token), ""}, // leads nowhere
				{"POST", page, url.Values{"token": {token}, "password": {"short"}, "name": {"Nina"}}.Encode()},
				{"POST", page + "?token=" + url.QueryEscape(token), url.Values{"password": {"short"}}.Encode()},
			} {
				for _, signed := range []bool{false, true} {
					res := s.ask(s.http, send.method, send.path, send.body, signed)
					hard(t, send.method+" "+page, res, page)
					for name, all := range res.Header {
						if strings.Contains(strings.Join(all, " "), token) {
							t.Errorf("%s %s: the token is in %s", send.method, page, name)
						}
					}
					answers++
				}
			}
		}
	}
	if text := s.log.String(); answers != 72 || strings.Count(text, "Route:") != answers || strings.Contains(text, "token=") || strings.Contains(text, strings.Split(invitation, ".")[1]) || strings.Contains(text, strings.Split(reset, ".")[1]) {
		t.Errorf("%d answers; a token is in the log, or the log lacks answers:\n%s", answers, text[:min(len(text), 2000)])
	}
	// None of it has used them.
	for page, token := range map[string]string{people.PathInvitation: invitation, people.PathReset: reset} {
		if res := s.ask(s.http, "GET", page+"?token="+url.QueryEscape(token), "", false); res.StatusCode != http.StatusOK {
			t.Errorf("%s: %d", page, res.StatusCode)
		}
	}
}

// open to whoever waits for approval, besides what is public.
var ownPages = map[string]bool{"GET /{$}": true, "GET /open": true, "GET /me": true, "POST /me/profile": true, "POST /me/password": true, "POST /me/strength": true, "POST /me/theme": true,
	"GET /api/v1/me": true, "GET /api/v1/me/profile": true, "PUT /api/v1/me/profile": true, "PUT /api/v1/me/password": true,
	"GET /me/factors": true, "POST /me/factors": true, "GET /me/factors/{id}": true, "GET /me/factors/codes": true, "POST /me/factors/codes": true, "POST /me/factors/codes/kept": true, "GET /api/v1/me/factors": true,
	"POST /api/v1/me/factors": true, "POST /api/v1/me/factors/codes": true, "POST /api/v1/me/factors/prove": true, "GET /api/v1/sessions": true, "DELETE /api/v1/sessions/current": true}

// publicReads are the routes of what anybody may read in a knowledge base.
var publicReads = regexp.MustCompile(`^GET (/o/\{slug\}/kb|/api/v1/(knowledge-bases(/\{id\}(/articles|/search)?)?|articles/\{id\}|files/\{id\})$)`)

// Who waits for approval is signed in, and every route but those of his own
// account answers him as if it were not there.
func TestEveryRouteForWhoWaits(t *testing.T) {
	s := newSite(t)
	ctx := context.Background()
	pat := s.Enrol("pat", perm.LevelAdmin)
	s.Must(s.People.Unapprove(ctx, s.Admin, pat))
	in := func() string {
		made, err := s.Sessions.SignIn(ctx, session.SignIn{Email: "pat@northwind.example", Password: seal.NewSecret(apptest.Password), Code: s.Code, IP: "127.0.0.1"})
		s.Must(err)
		return made.Bearer()
	}
	own, body := 0, 0
	s.bearer = in()
	before := s.rows(t)
	for _, r := range s.table.Routes() {
		if r.Public != "" {
			continue
		}
		method, path := s.address(t, r, true)
		res := s.ask(s.http, method, path, "", true)
		if ownPages[r.Pattern] {
			if own++; res.StatusCode == http.StatusNotFound || res.StatusCode >= 500 {
				t.Errorf("%s: %d", r.Pattern, res.StatusCode)
			}
			if s.ask(s.http, "GET", "/me", "", true).StatusCode != http.StatusOK {
				s.bearer = in()
			}
			before = s.rows(t)
			continue
		}
		switch {
		case res.StatusCode == http.StatusNotFound:
		case publicReads.MatchString(r.Pattern) && res.StatusCode < 400:
		case (res.StatusCode == http.StatusBadRequest || res.StatusCode == http.StatusUnsupportedMediaType || res.StatusCode == http.StatusUnprocessableEntity) && isAPI(r):
			body++ // what is missing in a request is said before anything is decided
		default:
			t.Errorf("%s: %d", r.Pattern, res.StatusCode)
		}
		if rows, refusals := changed(before, s.rows(t)); len(rows) > 0 && !refusals {
			t.Errorf("%s changed %v", r.Pattern, rows)
		}
	}
	if body > 110 || own < 12 {
		t.Errorf("%d routes of his own, %d that ask for more", own, body)
	}
}
