package flow

import (
	"crypto/sha256"
	"testing"
	"time"

	"bailiwick/internal/apptest"
	"bailiwick/internal/factor"
	"bailiwick/internal/fault"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
	"bailiwick/internal/session"
)

// passkey sets up a passkey for somebody who is signed in; prf is what it gives
// in place of the password.
func (s *scene) passkey(in session.SignedIn, prf []byte) *authenticator {
	s.T.Helper()
	s.ServeAt("http://127.0.0.1:8420")
	a := newAuthenticator(s.T)
	a.prf = prf
	who := s.Resume(in)
	id, err := s.Factors.Begin(ctx, who, factor.NewFactor{Kind: factor.Passkey, Name: "Blue key", Password: right(), Holder: session.Holder(in.Bearer())})
	s.Must(err)
	shown, err := s.Factors.Show(ctx, who, id)
	s.Must(err)
	_, err = s.Factors.Confirm(ctx, who, factor.Confirmation{ID: id, Answer: a.make(shown.Options), PRF: prf, Holder: session.Holder(in.Bearer())})
	s.Must(err)
	return a
}

// alone signs in with the passkey and nothing else.
func (s *scene) alone(a *authenticator, change ...func(*session.PasskeySignIn)) (session.SignedIn, error) {
	s.T.Helper()
	pending, options, err := s.Sessions.AskPasskey(ctx, "", "127.0.0.1", nil)
	s.Must(err)
	in := session.PasskeySignIn{Pending: pending, Answer: a.get(options), PRF: a.prf, IP: "127.0.0.1", Agent: "test"}
	for _, c := range change {
		c(&in)
	}
	return s.Sessions.SignInByPasskey(ctx, in)
}

// A passkey is a second factor, at its own address, for its own sign-in, and
// once.
func TestPasskeyAsSecondFactor(t *testing.T) {
	both(t, func(s *scene) {
		s.Enrol("tim", perm.LevelTechnicianDefault)
		a := s.passkey(s.SignedIn("tim"), nil)
		needs := s.halfway("tim")
		if !needs.Ways.Passkey || needs.Ways.TOTP {
			t.Fatalf("ways: %+v", needs.Ways)
		}
		answer := a.get(needs.Ways.Options)
		other := s.halfway("tim")
		_, err := s.second(other, factor.Proof{Answer: answer})
		s.refused(err, fault.Invalid) // it signed another challenge
		_, err = s.second(needs, factor.Proof{Answer: answer})
		s.Must(err)
		for what, lie := range map[string]func(*authenticator){
			"another origin":              func(a *authenticator) { a.origin = "http://localhost.evil.example:8420" },
			"another port":                func(a *authenticator) { a.origin = "http://localhost:8421" },
			"https in place of http":      func(a *authenticator) { a.origin = "https://localhost:8420" },
			"another party":               func(a *authenticator) { a.party = "evil.example" },
			"nobody touched it":           func(a *authenticator) { a.flags = 0 },
			"another key":                 func(a *authenticator) { a.key = newAuthenticator(t).key },
			"another credential":          func(a *authenticator) { a.id = newAuthenticator(t).id },
			"another user":                func(a *authenticator) { a.handle = []byte(s.OrgID + " " + s.AdminID) },
			"a counter that stands still": func(a *authenticator) { a.count-- },
			"a counter that goes back":    func(a *authenticator) { a.count -= 2 },
		} {
			liar := *a
			lie(&liar)
			needs := s.halfway("tim")
			if in, err := s.second(needs, factor.Proof{Answer: liar.get(needs.Ways.Options)}); !fault.Is(err, fault.Invalid) {
				t.Errorf("%s: %v, %v", what, in.Session, err)
			}
			s.exec("UPDATE users SET failures = 0")
		}
		if n := s.count("SELECT COUNT(*) FROM audit_events WHERE outcome = 'failed' AND target_name LIKE '%counter%'"); n != 2 {
			t.Errorf("%d events of counters that went back", n)
		}
		needs = s.halfway("tim")
		_, err = s.second(needs, factor.Proof{Answer: a.get(needs.Ways.Options)})
		s.Must(err)
	})
}

// A passkey that knows its owner signs in alone. With a PRF it opens the vault
// on a known browser; elsewhere the Organization Key is enough. Without one the
// session is sealed and asks for the password.
func TestPasskeyAlone(t *testing.T) {
	both(t, func(s *scene) {
		s.Enrol("tim", perm.LevelTechnicianDefault)
		in := s.SignedIn("tim")
		prf := sha256.Sum256([]byte("of this passkey"))
		a := s.passkey(in, prf[:])
		known := func(x *session.PasskeySignIn) { x.Devices = map[string]seal.Token{in.User: in.Device} }
		got, err := s.alone(a, known)
		s.Must(err)
		if !got.Open {
			t.Fatal("the vault is sealed on a known browser")
		}
		s.reveals(s.Resume(got), s.cred, secret)

		got, err = s.alone(a)
		s.Must(err)
		who := s.Resume(got)
		if got.Open || who.Open() {
			t.Error("the vault is open on a new browser")
		}
		if need, err := s.Sessions.Need(ctx, who, got.Bearer(), seal.Token{}); err != nil || need.Password || !need.Key {
			t.Errorf("with PRF on a new browser: %+v, %v", need, err)
		}
		_, err = s.Sessions.Open(ctx, who, session.Open{Bearer: got.Bearer(), Code: s.Code})
		s.Must(err)
		s.reveals(s.Resume(got), s.cred, secret)

		wrong := sha256.Sum256([]byte("of another"))
		for what, prf := range map[string][]byte{"without PRF": nil, "with a wrong PRF": wrong[:]} {
			a.prf = prf
			got, err = s.alone(a, known)
			s.Must(err)
			who = s.Resume(got)
			if need, err := s.Sessions.Need(ctx, who, got.Bearer(), seal.Token{}); err != nil || got.Open || !need.Password {
				t.Errorf("%s: open %v, %+v, %v", what, got.Open, need, err)
			}
		}
		_, err = s.Sessions.Open(ctx, who, session.Open{Bearer: got.Bearer(), Password: right(), Code: s.Code})
		s.Must(err)
	})
}

// What signs in alone must have verified its owner, answer the very challenge,
// once, and be somebody's who may sign in.
func TestPasskeyAloneRefused(t *testing.T) {
	both(t, func(s *scene) {
		user := s.Enrol("tim", perm.LevelTechnicianDefault)
		a := s.passkey(s.SignedIn("tim"), nil)
		refused := func(what string, change ...func(*session.PasskeySignIn)) {
			t.Helper()
			if got, err := s.alone(a, change...); !fault.Is(err, fault.Unsigned) {
				t.Errorf("%s: %v, %v", what, got.Session, err)
			}
		}
		a.flags = 0x01
		refused("its owner was not verified")
		a.flags = 0x05
		pending, options, err := s.Sessions.AskPasskey(ctx, "", "127.0.0.1", nil)
		s.Must(err)
		answer := a.get(options)
		refused("an answer to another challenge", func(in *session.PasskeySignIn) { in.Answer = answer })
		again := func(in *session.PasskeySignIn) { in.Pending, in.Answer = pending, answer }
		if _, err := s.alone(a, again); err != nil {
			t.Fatal(err)
		}
		refused("the same answer again", again)
		refused("at another organization", func(in *session.PasskeySignIn) { in.Org = "org_other" })
		refused("as a second step", func(in *session.PasskeySignIn) { in.Pending = s.halfway("tim").Pending })
		pending, options, err = s.Sessions.AskPasskey(ctx, "", "127.0.0.1", nil)
		s.Must(err)
		s.Clock.Advance(session.Waiting + time.Second)
		refused("too late", func(in *session.PasskeySignIn) { in.Pending, in.Answer = pending, a.get(options) })
		s.exec("UPDATE users SET locked_until = 253402300799000 WHERE id = $1", user)
		refused("locked out")
		s.exec("UPDATE users SET locked_until = 0 WHERE id = $1", user)
		was := a.handle
		a.handle = []byte(s.OrgID + " user_nobody")
		refused("nobody's")
		a.handle = []byte("org_none " + user)
		refused("of no organization")
		a.handle = was
		s.Must(s.People.Disable(ctx, s.Admin, user))
		refused("disabled")
		if _, err := s.second(&session.FactorError{Pending: pending}, factor.Proof{Answer: answer}); !fault.Is(err, fault.Unsigned) {
			t.Errorf("a sign-in by passkey as a second step: %v", err)
		}
		if _, err := s.try("tim", apptest.Password); !fault.Is(err, fault.Unsigned) {
			t.Errorf("disabled, with the password: %v", err)
		}
	})
}

// A new P, by renewing the keys, leaves the passkey a second factor, and it
// stands for the password no longer.
func TestPasskeyAndNewP(t *testing.T) {
	both(t, func(s *scene) {
		s.Enrol("tim", perm.LevelTechnicianDefault)
		in := s.SignedIn("tim")
		prf := sha256.Sum256([]byte("of this passkey"))
		a := s.passkey(in, prf[:])
		device, err := s.Sessions.RenewKeys(ctx, s.Resume(in), session.Password{Bearer: in.Bearer(), Present: right()})
		s.Must(err)
		got, err := s.alone(a, func(x *session.PasskeySignIn) { x.Devices = map[string]seal.Token{in.User: device} })
		if err != nil || got.Open {
			t.Fatalf("open %v, %v", got.Open, err)
		}
		_, err = s.Sessions.Open(ctx, s.Resume(got), session.Open{Bearer: got.Bearer(), Password: right(), Device: device})
		s.Must(err)
	})
}
