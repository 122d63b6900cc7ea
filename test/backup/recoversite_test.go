package backup

import (
	"errors"
	"slices"
	"testing"

	"bailiwick/internal/app"
	"bailiwick/internal/apptest"
	"bailiwick/internal/client"
	"bailiwick/internal/fault"
	"bailiwick/internal/org"
	"bailiwick/internal/people"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
	"bailiwick/internal/session"
	"bailiwick/internal/vault"
)

// sited is an office with a site that shares with it in both directions, and
// one that waits for its activation.
type sited struct {
	*office
	site        *apptest.Site
	till, lent  string // credentials: of the site; of the provider, shared with it
	fabrikam    string // the client whose site waits
	early, link string // who accepted there; the link that activates it
}

func newSited(t *testing.T, e engine) *sited {
	t.Helper()
	s := &sited{office: newOffice(t, e)}
	contoso, err := s.Clients.Add(ctx, s.Admin, client.Input{Name: "Contoso"})
	must(t, err)
	s.site = s.Activate(contoso, "contoso.example")
	s.site.Enrol("uma", perm.LevelSiteUser)
	s.till, err = s.Vault.Add(ctx, s.site.Admin, vault.Place{Client: s.site.Company}, vault.Input{Overview: vault.Overview{Title: "Till"}, Secret: vault.Secret{Password: "t1ll"}})
	must(t, err)
	s.lent, err = s.Vault.Add(ctx, s.Admin, vault.Place{Client: contoso}, vault.Input{Overview: vault.Overview{Title: "Lent"}, Secret: vault.Secret{Password: "l3nt"}})
	must(t, err)
	must(t, s.Vault.Share(ctx, s.Admin, s.lent, vault.Sharing{Everyone: true}))
	_, err = s.Vault.Reveal(ctx, s.site.Admin, s.lent)
	must(t, err)

	s.fabrikam, err = s.Clients.Add(ctx, s.Admin, client.Input{Name: "Fabrikam"})
	must(t, err)
	must(t, s.Clients.OpenSite(ctx, s.Admin, s.fabrikam))
	visitor, err := s.People.In(ctx, s.Admin, s.fabrikam)
	must(t, err)
	added, err := s.People.Invite(ctx, visitor, []people.Invitee{{Email: "early@fabrikam.example", Level: perm.LevelSiteUser}, {Email: "sam@fabrikam.example", Level: perm.LevelSiteAdministrator}}, "")
	must(t, err)
	_, err = s.People.Accept(ctx, s.Activation(added[0].Link.Reveal()).Acceptance)
	must(t, err)
	s.early, s.link = added[0].ID, added[1].Link.Reveal()
	return s
}

// A site has a Recovery key of its own, which lets its administrator in again
// and changes nothing at the provider; nor does the provider's in the site.
func TestRecoverTheAdministratorOfASite(t *testing.T) {
	each(t, func(t *testing.T, e engine) {
		s := newSited(t, e)
		a := server(t, s.d, s.Instance)
		for what, in := range map[string]org.Recovery{"the provider's key": recovery(s.Recovery, "sue@contoso.example"), "the site's key": recovery(s.site.Recovery, "ada@northwind.example"),
			"no administrator": recovery(s.site.Recovery, "uma@contoso.example")} {
			if _, err := a.Org.Recover(ctx, in); !fault.Is(err, fault.Invalid) {
				t.Errorf("%s: %v", what, err)
			}
		}
		if _, err := a.Org.Recover(ctx, recovery(s.site.Code, "sue@contoso.example")); !errors.Is(err, org.ErrNotRecovery) {
			t.Errorf("the site's Organization Key: %v", err)
		}
		r, err := a.Org.Recover(ctx, recovery(s.site.Recovery, "sue@contoso.example"))
		must(t, err)
		if r.Org != s.site.ID || r.Name != "Contoso" || r.Outer != 0 || r.Early != 0 || r.Email != "sue@contoso.example" {
			t.Errorf("recovered: %+v", r)
		}
		a = server(t, s.d, s.Instance)
		if _, err := a.Sessions.SignIn(ctx, session.SignIn{Email: "sue@contoso.example", Password: seal.NewSecret(apptest.Password), Code: s.site.Code, IP: "127.0.0.1"}); !fault.Is(err, fault.Unsigned) {
			t.Errorf("her earlier password: %v", err)
		}
		sue, ada := signedIn(t, a, "sue@contoso.example", again, r.Code.Chars()), signedIn(t, a, "ada@northwind.example", apptest.Password, s.Code.Chars())
		for _, id := range []string{s.till, s.lent} {
			_, err := a.Vault.Reveal(ctx, sue, id)
			must(t, err)
		}
		// Both still know each other's keys.
		must(t, a.Vault.Share(ctx, sue, s.till, vault.Sharing{Everyone: true}))
		secret, err := a.Vault.Reveal(ctx, ada, s.till)
		must(t, err)
		if secret.Password != "t1ll" {
			t.Errorf("revealed %q", secret.Password)
		}
		signedIn(t, a, "uma@contoso.example", apptest.Password, s.site.Code.Chars())
	})
}

// The instance key is lost: each organization comes back with its own Recovery
// key, in either order. Of a site that waits only the passwords are lost that
// were set before its activation.
func TestRecoverSitesWithoutInstanceKey(t *testing.T) {
	each(t, func(t *testing.T, e engine) {
		s := newSited(t, e)
		fresh := seal.NewKey()
		unopened := func(want ...string) {
			t.Helper()
			names, fits, err := server(t, s.d, fresh).Org.Unopened(ctx)
			must(t, err)
			if !slices.Equal(names, want) || fits != (len(want) < 2) {
				t.Errorf("not opened: %v (%v), want %v", names, fits, want)
			}
		}
		unopened("Northwind IT", "Contoso")
		r, err := server(t, s.d, fresh).Org.Recover(ctx, recovery(s.site.Recovery, ""))
		must(t, err)
		if r.Org != s.site.ID || r.Outer == 0 || r.Early != 0 {
			t.Errorf("recovered: %+v", r)
		}
		unopened("Northwind IT")
		r, err = server(t, s.d, fresh).Org.Recover(ctx, recovery(s.Recovery, ""))
		must(t, err)
		if r.Org == s.site.ID || r.Early != 1 {
			t.Errorf("recovered: %+v", r)
		}
		unopened()
		a := server(t, s.d, fresh)
		must(t, a.Org.Fits(ctx))
		sue, ada := signedIn(t, a, "sue@contoso.example", apptest.Password, s.site.Code.Chars()), signedIn(t, a, "ada@northwind.example", apptest.Password, s.Code.Chars())
		for _, id := range []string{s.till, s.lent} {
			_, err := a.Vault.Reveal(ctx, sue, id)
			must(t, err)
		}
		must(t, a.Vault.Share(ctx, sue, s.till, vault.Sharing{Everyone: true}))
		_, err = a.Vault.Reveal(ctx, ada, s.till)
		must(t, err)

		// The waiting site: activated as ever; who came early needs a reset.
		if _, err := a.Sessions.SignIn(ctx, session.SignIn{Email: "early@fabrikam.example", Password: seal.NewSecret(apptest.Password), IP: "127.0.0.1"}); !fault.Is(err, fault.Unsigned) {
			t.Errorf("a password from before the activation: %v", err)
		}
		argon, err := seal.NewArgonAt(apptest.Cheap, 2, 32)
		must(t, err)
		then := app.New(s.d, fresh, argon, s.Clock) // the link is of that time
		t.Cleanup(then.Close)
		_, err = then.People.Activate(ctx, s.Activation(s.link))
		must(t, err)
		visitor, err := a.People.At(ctx, ada, s.early)
		must(t, err)
		_, err = a.People.Reset(ctx, visitor, s.early)
		must(t, err)
	})
}
