package flow

import (
	"context"
	"strings"
	"testing"
	"time"

	"bailiwick/internal/audit"
	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
	"bailiwick/internal/gate"
	"bailiwick/internal/people"
	"bailiwick/internal/perm"
	"bailiwick/internal/vault"
)

// touchedBy says who has touched a credential, as an actor reads it: names of
// one's own, "there: …" of the other organization.
func touchedBy(t *testing.T, s *vault.Store, who gate.Actor, credential string) string {
	t.Helper()
	c, err := s.Get(context.Background(), who, credential)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, f := range c.Flags {
		switch {
		case f.Cause != vault.Touched:
		case f.Elsewhere:
			all = append(all, "there: "+f.AboutName)
		default:
			all = append(all, f.AboutName)
		}
	}
	return strings.Join(all, ", ")
}

// Who leaves an organization and has seen what another one shares with it has
// touched it for both; whoever made it is told so, and not who it was. Who
// leaves the maker is the maker's own affair.
func TestWhoLeavesTouchesWhatIsShared(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w, site, add := shareWorld(t, d)
		lent, till := add(w.Admin, site.Client, "Lent", "l3nt"), add(site.Admin, site.Company, "Till", "t1ll")
		w.Must(w.Vault.Share(ctx, w.Admin, lent, vault.Sharing{Everyone: true}))
		w.Must(w.Vault.Share(ctx, site.Admin, till, vault.Sharing{Everyone: true}))
		uma, tim := site.Enrol("uma", perm.LevelSiteUser), w.Enrol("tim", perm.LevelTechnicianAssigned)
		w.Must(w.Access.Assign(ctx, w.Admin, site.Client, tim, 0))
		want := func(who gate.Actor, credential, want string) {
			t.Helper()
			if got := touchedBy(t, w.Vault, who, credential); got != want {
				t.Errorf("touched by %q, want %q", got, want)
			}
		}
		for _, who := range []gate.Actor{site.SignIn("uma"), w.SignIn("tim")} {
			for _, id := range []string{lent, till} {
				_, err := w.Vault.Reveal(ctx, who, id)
				w.Must(err)
			}
		}

		// From the site: its off-boarding; a decision that is changed lifts it.
		w.Must(w.People.Disable(ctx, site.Admin, uma))
		want(w.Admin, lent, "")
		rest := people.Decisions{Rest: people.Decision{Action: people.Flagged}}
		w.Must(w.People.Decide(ctx, site.Admin, uma, rest))
		want(site.Admin, lent, "uma")
		want(site.Admin, till, "uma")
		want(w.Admin, lent, "there: Contoso")
		want(w.Admin, till, "")
		events, _, err := w.Audit.List(ctx, w.Admin, audit.Filter{Operations: []string{"credential.flagged"}})
		w.Must(err)
		if len(events) != 1 || events[0].Actor != "Contoso" || events[0].ID != lent {
			t.Errorf("logged at the maker: %+v", events)
		}
		w.Must(w.People.Decide(ctx, site.Admin, uma, people.Decisions{Rows: []people.Decision{{Credential: lent, Action: people.Waived, Reason: "She stays a friend."}}}))
		want(site.Admin, lent, "")
		want(w.Admin, lent, "")

		// From the provider, by an assignment that is taken away; a cleared flag is
		// the side's own.
		w.Must(w.Access.UnassignFlagging(ctx, w.Admin, site.Client, tim))
		want(w.Admin, till, "tim")
		want(w.Admin, lent, "tim")
		want(site.Admin, till, "uma, there: Northwind IT")
		want(site.Admin, lent, "")
		w.Must(w.Vault.Unflag(ctx, w.Admin, till, ""))
		want(site.Admin, till, "uma, there: Northwind IT")
		c, err := w.Vault.Get(ctx, site.Admin, till)
		w.Must(err)
		next := "t2ll"
		_, err = w.Vault.Patch(ctx, site.Admin, till, c.Version, vault.Patch{Password: &next})
		w.Must(err)
		want(site.Admin, till, "")
	})
}

// A password that comes back is an earlier one, whichever side brings it back:
// who knew it and has left has touched it, on both sides, and it is as old as
// it was.
func TestAnEarlierPasswordOfWhatIsShared(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w, site, add := shareWorld(t, d)
		lent := add(w.Admin, site.Client, "Lent", "first")
		w.Must(w.Vault.Share(ctx, w.Admin, lent, vault.Sharing{Everyone: true, Writes: true, History: true}))
		uma, tim := site.Enrol("uma", perm.LevelSiteUser), w.Enrol("tim", perm.LevelTechnicianDefault)
		for _, who := range []gate.Actor{site.SignIn("uma"), w.SignIn("tim")} {
			_, err := w.Vault.Reveal(ctx, who, lent)
			w.Must(err)
		}
		get := func(who gate.Actor) vault.Credential {
			t.Helper()
			c, err := w.Vault.Get(ctx, who, lent)
			w.Must(err)
			return c
		}
		old := get(w.Admin).PasswordAt
		w.Clock.Advance(40 * 24 * time.Hour)
		w.Admin, site.Admin = w.SignIn("ada"), site.SignIn("sue")
		w.Must(w.People.Disable(ctx, site.Admin, uma))
		w.Must(w.People.Disable(ctx, w.Admin, tim))
		type change struct {
			name string
			by   func(gate.Actor) error
		}
		patch := func(password string) change {
			return change{"typed", func(who gate.Actor) error {
				_, err := w.Vault.Patch(ctx, who, lent, get(who).Version, vault.Patch{Password: &password})
				return err
			}}
		}
		restore := change{"restored", func(who gate.Actor) error {
			_, err := w.Vault.RestoreVersion(ctx, who, lent, get(who).Version, 1)
			return err
		}}
		for n, by := range []struct {
			who gate.Actor
			change
		}{{site.Admin, restore}, {site.Admin, patch("first")}, {w.Admin, restore}, {w.Admin, patch("first")}} {
			between := patch("second" + strings.Repeat("+", n))
			w.Must(between.by(w.Admin))
			for side, who := range map[string]gate.Actor{"maker": w.Admin, "receiver": site.Admin} {
				if got := touchedBy(t, w.Vault, who, lent); got != "" {
					t.Errorf("%d: a new password is touched by %q for the %s", n, got, side)
				}
			}
			w.Must(by.by(by.who))
			if at, got := get(w.Admin), get(site.Admin); !at.PasswordAt.Equal(old) || !got.PasswordAt.Equal(old) {
				t.Errorf("%d, %s: it is of %s and %s, want %s", n, by.name, at.PasswordAt, got.PasswordAt, old)
			}
			if got := touchedBy(t, w.Vault, w.Admin, lent); got != "tim, there: Contoso" && got != "there: Contoso, tim" {
				t.Errorf("%d, %s: for the maker it is touched by %q", n, by.name, got)
			}
			if got := touchedBy(t, w.Vault, site.Admin, lent); got != "uma" {
				t.Errorf("%d, %s: for the receiver it is touched by %q", n, by.name, got)
			}
		}
	})
}
