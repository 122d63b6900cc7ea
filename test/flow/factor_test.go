package flow

import (
	"errors"
	"strings"
	"testing"
	"time"

	"bailiwick/internal/apptest"
	"bailiwick/internal/factor"
	"bailiwick/internal/fault"
	"bailiwick/internal/mail"
	"bailiwick/internal/people"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
	"bailiwick/internal/session"
)

func right() seal.Secret { return seal.NewSecret(apptest.Password) }

// app sets up an authenticator app for somebody who is signed in, and gives its
// seed and his recovery codes.
func (s *scene) app(in session.SignedIn) (seal.TOTPSeed, []seal.FactorCode) {
	s.T.Helper()
	who := s.Resume(in)
	id, err := s.Factors.Begin(ctx, who, factor.NewFactor{Kind: factor.TOTP, Name: "Telephone", Password: right(), Holder: session.Holder(in.Bearer())})
	s.Must(err)
	shown, err := s.Factors.Show(ctx, who, id)
	s.Must(err)
	codes, err := s.Factors.Confirm(ctx, who, factor.Confirmation{ID: id, Code: s.code(shown.Seed)})
	s.Must(err)
	s.Clock.Advance(90 * time.Second) // that code is used
	return shown.Seed, codes
}

func (s *scene) code(seed seal.TOTPSeed) string { return seed.Code(seal.TOTPStep(s.Clock.Now())) }

// halfway signs in as far as the second factor.
func (s *scene) halfway(name string, change ...func(*session.SignIn)) *session.FactorError {
	s.T.Helper()
	in, err := s.try(name, apptest.Password, change...)
	needs := (*session.FactorError)(nil)
	if !errors.As(err, &needs) {
		s.T.Fatalf("no second factor is asked for: %v, %v", in.Session, err)
	}
	return needs
}

func (s *scene) second(needs *session.FactorError, p factor.Proof, change ...func(*session.Second)) (session.SignedIn, error) {
	in := session.Second{Pending: needs.Pending, Proof: p, IP: "127.0.0.1", Agent: "test"}
	for _, c := range change {
		c(&in)
	}
	return s.Sessions.SecondStep(ctx, in)
}

// Tim sets up his app. From then on his password alone gives no session, and
// what it gives is no bearer; the code does, and the vault opens as before.
func TestSecondFactor(t *testing.T) {
	both(t, func(s *scene) {
		s.Enrol("tim", perm.LevelTechnicianDefault)
		seed, codes := s.app(s.SignedIn("tim"))
		if len(codes) != 10 {
			t.Fatalf("%d recovery codes", len(codes))
		}
		before := s.count("SELECT COUNT(*) FROM sessions")
		needs := s.halfway("tim", withCode(s.Code))
		if s.count("SELECT COUNT(*) FROM sessions") != before {
			t.Error("there is a session before the second factor")
		}
		if _, err := s.Sessions.Resume(ctx, needs.Pending.Reveal(), "127.0.0.1", nil); !fault.Is(err, fault.Unsigned) {
			t.Errorf("what waits is a bearer: %v", err)
		}
		for _, kind := range []string{"bws", "bwt"} {
			if _, err := s.Sessions.Resume(ctx, kind+strings.TrimPrefix(needs.Pending.Reveal(), "bwp"), "127.0.0.1", nil); !fault.Is(err, fault.Unsigned) {
				t.Errorf("what waits is a %s: %v", kind, err)
			}
		}
		if !needs.Ways.TOTP || !needs.Ways.Codes || needs.Ways.Passkey {
			t.Errorf("ways: %+v", needs.Ways)
		}
		_, err := s.second(needs, factor.Proof{Code: "000000"})
		s.refused(err, fault.Invalid)
		withKey := func(in *session.Second) { in.Code = s.Code }
		in, err := s.second(needs, factor.Proof{Code: s.code(seed)}, withKey)
		s.Must(err)
		if !in.Open {
			t.Error("the vault is sealed")
		}
		s.reveals(s.Resume(in), s.cred, secret)
		if _, err := s.second(needs, factor.Proof{Code: codes[0].Reveal()}); !fault.Is(err, fault.Unsigned) {
			t.Errorf("one sign-in is finished twice: %v", err)
		}
		// The same code again is a replay; the next one is not.
		_, err = s.second(s.halfway("tim"), factor.Proof{Code: s.code(seed)})
		s.refused(err, fault.Invalid)
		s.Clock.Advance(30 * time.Second)
		known, err := s.second(s.halfway("tim"), factor.Proof{Code: s.code(seed)}, func(x *session.Second) { x.Devices = map[string]seal.Token{in.User: in.Device} })
		if err != nil || !known.Open {
			t.Fatalf("known browser: %v", err)
		}
		// What waits is over after five minutes, and swept.
		late := s.halfway("tim")
		s.Clock.Advance(session.Waiting + time.Second)
		_, err = s.second(late, factor.Proof{Code: s.code(seed)})
		s.refused(err, fault.Unsigned)
		s.Must(s.Sweep())
		if n := s.count("SELECT COUNT(*) FROM sign_ins"); n != 0 {
			t.Errorf("%d sign-ins still wait", n)
		}
	})
}

// Of 200 who type one code at once, in 40 sign-ins, one gets in;
// so with a recovery code, and with one sign-in.
func TestCodesOnceInParallel(t *testing.T) {
	both(t, func(s *scene) {
		s.Enrol("tim", perm.LevelTechnicianDefault)
		seed, codes := s.app(s.SignedIn("tim"))
		s.exec("UPDATE users SET failures = -100000 WHERE id = $1", s.id("tim")) // lockout has its own test
		pendings := make(chan *session.FactorError, 200)
		fill := func() {
			for range 40 { // each has five tries
				p := s.heldFor("tim")
				for range 5 {
					pendings <- p
				}
			}
		}
		try := func(code string) func(string) error {
			return func(ip string) error {
				_, err := s.second(<-pendings, factor.Proof{Code: code}, func(in *session.Second) { in.IP = ip })
				if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Unsigned) {
					return fault.Cannot("refused")
				}
				return err
			}
		}
		fill()
		if good, other := parallel(try(s.code(seed))); good != 1 || len(other) > 0 {
			t.Errorf("%d sign-ins by one code, %v", good, other)
		}
		fill()
		if good, other := parallel(try(codes[3].Reveal())); good != 1 || len(other) > 0 {
			t.Errorf("%d sign-ins by one recovery code, %v", good, other)
		}
		s.Clock.Advance(time.Minute)
		one := s.halfway("tim")
		good, other := parallel(func(ip string) error {
			_, err := s.second(one, factor.Proof{Code: codes[4].Reveal()}, func(in *session.Second) { in.IP = ip })
			if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Unsigned) {
				return fault.Cannot("refused")
			}
			return err
		})
		if good != 1 || len(other) > 0 {
			t.Errorf("%d sessions of one sign-in, %v", good, other)
		}
		who := s.Resume(func() session.SignedIn {
			in, err := s.second(s.halfway("tim"), factor.Proof{Code: codes[5].Reveal()})
			s.Must(err)
			return in
		}())
		if st, err := s.Factors.List(ctx, who); err != nil || st.Codes != 7 {
			t.Errorf("%d codes are left, %v", st.Codes, err)
		}
	})
}

func (s *scene) id(name string) (id string) {
	s.T.Helper()
	s.read("SELECT id FROM users WHERE email = $1", []any{name + "@northwind.example"}, &id)
	return id
}

// heldFor is halfway without minding the network address.
func (s *scene) heldFor(name string) *session.FactorError {
	s.T.Helper()
	s.Sessions.GiveBack("127.0.0.1")
	return s.halfway(name)
}

// Wrong codes count like wrong passwords, also over several sign-ins with the
// right password in between, and lock the account out.
func TestWrongCodesLockOut(t *testing.T) {
	both(t, func(s *scene) {
		user := s.Enrol("tim", perm.LevelTechnicianDefault)
		seed, _ := s.app(s.SignedIn("tim"))
		for i := range 10 {
			needs := s.halfway("tim")
			if _, err := s.second(needs, factor.Proof{Code: "000000"}); !fault.Is(err, fault.Invalid) {
				t.Fatalf("wrong code %d: %v", i+1, err)
			}
		}
		if _, err := s.try("tim", apptest.Password); !fault.Is(err, fault.Unsigned) {
			t.Errorf("locked out: %v", err)
		}
		if n := s.mails(mail.LockedOut); n != 1 {
			t.Errorf("%d mails about the lockout", n)
		}
		s.Clock.Advance(16 * time.Minute)
		needs := s.halfway("tim")
		if _, err := s.second(needs, factor.Proof{Code: s.code(seed)}); err != nil {
			t.Error(err)
		}
		if n := s.count("SELECT failures FROM users WHERE id = $1", user); n != 0 {
			t.Errorf("%d failures are left", n)
		}
		// One sign-in has five tries.
		s.Clock.Advance(time.Minute)
		needs = s.halfway("tim")
		for range 5 {
			_, _ = s.second(needs, factor.Proof{Code: "000000"})
		}
		_, err := s.second(needs, factor.Proof{Code: s.code(seed)})
		s.refused(err, fault.Unsigned)
		// Ten right passwords without the second step lock nobody out.
		s.exec("UPDATE users SET failures = 0 WHERE id = $1", user)
		for range 12 {
			needs = s.halfway("tim")
		}
		if _, err := s.second(needs, factor.Proof{Code: s.code(seed)}); err != nil {
			t.Errorf("after sign-ins that were not finished: %v", err)
		}
	})
}

// A second factor goes through epochs, password changes and a reset of the
// password, which does not get past it.
func TestFactorLasts(t *testing.T) {
	both(t, func(s *scene) {
		s.Enrol("tim", perm.LevelTechnicianDefault)
		s.Enrol("zoe", perm.LevelTechnicianDefault)
		in := s.SignedIn("tim")
		seed, codes := s.app(in)
		a := s.passkey(in, nil)
		s.Must(s.People.Disable(ctx, s.Admin, s.id("zoe")))
		if s.epoch() != 2 {
			t.Fatal("no new epoch")
		}
		signIn := func(p factor.Proof) {
			t.Helper()
			s.Clock.Advance(time.Minute)
			if _, err := s.second(s.halfway("tim"), p); err != nil {
				t.Error(err)
			}
		}
		s.Clock.Advance(time.Minute)
		signIn(factor.Proof{Code: s.codeIn(seed, time.Minute)})
		signIn(factor.Proof{Code: codes[0].Reveal()})
		needs := s.halfway("tim")
		_, err := s.second(needs, factor.Proof{Answer: a.get(needs.Ways.Options)})
		s.Must(err)
		_, err = s.People.Reset(ctx, s.Admin, s.id("tim"))
		s.Must(err)
		_, err = s.People.SetPassword(ctx, people.NewPassword{Link: s.newest(mail.PasswordReset, "tim@northwind.example"), Password: right(), Destroy: true, IP: "10.0.0.1"})
		s.Must(err)
		s.exec("UPDATE users SET failures = 7 WHERE id = $1", s.id("tim"))
		s.Clock.Advance(time.Hour)
		_, err = s.People.Reset(ctx, s.Admin, s.id("tim"))
		s.Must(err)
		_, err = s.People.SetPassword(ctx, people.NewPassword{Link: s.newest(mail.PasswordReset, "tim@northwind.example"), Password: right(), Destroy: true, IP: "10.0.0.1"})
		s.Must(err)
		if n := s.count("SELECT failures FROM users WHERE id = $1", s.id("tim")); n != 7 {
			t.Errorf("a reset of the password bought guesses at the code: %d failures are left", n)
		}
		signIn(factor.Proof{Code: codes[1].Reveal()})
		if n := s.count("SELECT COUNT(*) FROM factors WHERE p_box IS NOT NULL"); n != 0 {
			t.Error("a passkey still leads to the P before the reset")
		}
	})
}

func (s *scene) codeIn(seed seal.TOTPSeed, d time.Duration) string {
	return seed.Code(seal.TOTPStep(s.Clock.Now().Add(d)))
}
