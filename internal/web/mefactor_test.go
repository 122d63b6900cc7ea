package web

import (
	"context"
	"regexp"
	"testing"

	"bailiwick/internal/apptest"
	"bailiwick/internal/people"
	"bailiwick/internal/perm"
)

var shownSeed = regexp.MustCompile(`[A-Z2-7]{4}( [A-Z2-7]{4}){7}`)

// Where a second factor is forced, whoever waits for approval can set one up
// too: otherwise every page would send him to one that is not there for him.
func TestWhoWaitsSetsUpAFactor(t *testing.T) {
	s := newSite(t)
	ctx := context.Background()
	pat := s.Enrol("pat", perm.LevelTechnicianDefault)
	s.Must(s.People.Unapprove(ctx, s.Admin, pat))
	next := people.Default()
	next.ForceSecondFactor = true
	s.Must(s.People.SaveSettings(ctx, s.Admin, people.Default(), next))
	b := s.surfer(t)
	b.post("/sign-in", "email", "pat@northwind.example", "password", apptest.Password)
	b.get("/me").leads("/me/factors?next=%2Fme")
	b.get("/me/factors?next=%2F").says(200, "Authenticator app")
	begun := b.post("/me/factors", "kind", "totp", "name", "Telephone", "password", apptest.Password, "next", "/")
	at := begun.Header().Get("Location")
	page := b.get(at).says(200)
	if shownSeed.FindString(page.Body.String()) == "" {
		t.Error("there is no seed to set up")
	}
	b.get("/clients").says(404)
}
