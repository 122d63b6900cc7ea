package backup

import (
	"testing"

	"bailiwick/internal/apptest"
	"bailiwick/internal/seal"
	"bailiwick/internal/session"
	"bailiwick/internal/vault"
)

// An administrator who has renewed her keys is let in again, and can renew
// them again: nothing of her earlier keys stands in the way of the new ones.
func TestRecoverAfterRenewedKeys(t *testing.T) {
	each(t, func(t *testing.T, e engine) {
		o := newOffice(t, e)
		s := o.SignedIn("ada")
		_, err := o.Sessions.RenewKeys(ctx, o.Resume(s), session.Password{Bearer: session.Bearer(session.KindSession, s.Org, s.Token), Present: seal.NewSecret(apptest.Password), Agent: "test"})
		must(t, err)
		r, err := server(t, o.d, o.Instance).Org.Recover(ctx, recovery(o.Recovery, "ada@northwind.example"))
		must(t, err)
		a := server(t, o.d, o.Instance)
		ada := signedIn(t, a, "ada@northwind.example", again, r.Code.Chars())
		id, err := a.Vault.Add(ctx, ada, vault.Place{Own: true}, vault.Input{Type: "Server", Overview: vault.Overview{Title: "New"}, Secret: vault.Secret{Password: "new"}})
		must(t, err)
		in, err := a.Sessions.SignIn(ctx, session.SignIn{Email: "ada@northwind.example", Password: seal.NewSecret(again), Code: o.Code, IP: "127.0.0.1"})
		must(t, err)
		bearer := session.Bearer(session.KindSession, in.Org, in.Token)
		who, err := a.Sessions.Resume(ctx, bearer, "127.0.0.1", nil)
		must(t, err)
		_, err = a.Sessions.RenewKeys(ctx, who, session.Password{Bearer: bearer, Present: seal.NewSecret(again), Agent: "test"})
		must(t, err)
		ada = signedIn(t, a, "ada@northwind.example", again, o.Code.Chars())
		secret, err := a.Vault.Reveal(ctx, ada, id)
		must(t, err)
		if secret.Password != "new" {
			t.Errorf("revealed %q", secret.Password)
		}
	})
}
