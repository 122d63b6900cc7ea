package session

import (
	"context"
	"errors"
	"time"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/id"
	"bailiwick/internal/org"
	"bailiwick/internal/seal"
)

// SignIn is a try to sign in.
type SignIn struct {
	Email    string
	Password seal.Secret
	Org      string                // id; "" where the address is of one organization only
	Code     seal.Code             // the Organization Key
	Recovery seal.RecoveryCode     // or the user's own recovery code
	Devices  map[string]seal.Token // by user: what this browser is known by
	Browser  seal.Token            // what it was given at an earlier sign-in of anybody
	Keeps    bool                  // it keeps such a thing: it is a browser
	IP       string
	Agent    string
	Trace    *gate.Trace
}

// SignedIn is what the browser or client has to keep.
type SignedIn struct {
	Org, User, Session string
	Token              seal.Token // with Org, the session
	Device             seal.Token // invalid when the session is sealed
	Browser            seal.Token
	Open               bool
	Enrol              bool // a second factor is to be set up before anything else
}

// Bearer is the session as it travels.
func (in SignedIn) Bearer() string { return Bearer(KindSession, in.Org, in.Token) }

// Choice is an organization that an address and password fit.
type Choice struct{ Org, Slug, Name string }

// ChooseError says that the password fits in several organizations.
type ChooseError struct{ Choices []Choice }

func (e *ChooseError) Error() string { return "the password fits in several organizations" }

var sqlAccounts = gate.Across("whose address this is tells the organization",
	`SELECT u.org_id, u.id, o.slug, o.name FROM users u JOIN organizations o ON o.id = u.org_id
		WHERE u.email_folded = $1 AND u.password_record IS NOT NULL AND u.enabled AND NOT u.invited ORDER BY o.name`)

type account struct {
	user   string
	choice Choice
	proof  org.Proof
	by     string // the second factor that was proved, or the passkey that took the place of all
}

// refused is the one answer to every sign-in that does not succeed, whatever
// the reason, so that nobody learns whether an address has an account.
func refused() error {
	return &fault.Error{Kind: fault.Unsigned, Text: "Email and password do not fit, or the account is locked out for a while. Nothing else is wrong with your browser or connection."}
}

// SignIn checks the password with one Argon2id, and opens the vault if this
// browser is known or the Organization Key was given.
func (s *Store) SignIn(ctx context.Context, in SignIn) (SignedIn, error) {
	if wait := s.limit.take(in.IP, s.clock.Now()); wait > 0 {
		return SignedIn{}, fault.TooMany(wait)
	}
	if len(in.Password.Reveal()) > 4*1024 {
		return SignedIn{}, refused()
	}
	fits, err := s.fitting(ctx, in)
	if err != nil {
		return SignedIn{}, err
	}
	switch len(fits) {
	case 0:
		return SignedIn{}, refused()
	case 1:
		out, err := s.start(ctx, in, fits[0])
		if needs := (*FactorError)(nil); err == nil || errors.As(err, &needs) {
			s.limit.giveBack(in.IP)
			s.entered(ctx, out, in.IP)
		} else if fault.Is(err, fault.Invalid) {
			err = errors.Join(err, s.failed(ctx, in, &fits[0], errors.New("wrong Organization Key")))
		}
		return out, err
	}
	s.limit.giveBack(in.IP)
	several := &ChooseError{}
	for _, a := range fits {
		several.Choices = append(several.Choices, a.choice)
	}
	return SignedIn{}, several
}

// errWaits is the answer to a right password at a site that has no keys yet.
var errWaits = &fault.Error{Kind: fault.Unsigned, Text: "Your password is right, but the site waits for activation by its administrator. You can sign in once that is done: nothing else is asked of you until then."}

// fitting gives the accounts of an address that the password opens. An unknown
// address takes its turn like a known one.
func (s *Store) fitting(ctx context.Context, in SignIn) (fits []account, err error) {
	leave, err := s.org.Turn(ctx, in.Email)
	if err != nil {
		return nil, err
	}
	defer leave()
	accounts, err := s.accounts(ctx, in)
	if err != nil {
		return nil, err
	}
	for _, a := range accounts {
		ok, err := s.check(ctx, in, &a)
		if err != nil {
			return nil, err
		}
		if ok {
			fits = append(fits, a)
		}
	}
	if len(accounts) == 0 {
		return nil, s.nobody(ctx, in)
	}
	return fits, nil
}

func (s *Store) accounts(ctx context.Context, in SignIn) ([]account, error) {
	return gate.Do(ctx, s.gate, gate.Stranger("", in.IP, in.Trace), opFind, gate.Nothing(), func(tx *gate.Tx) ([]account, error) {
		var found []account
		err := tx.Everywhere(sqlAccounts, func(r *gate.Rows) error {
			var a account
			err := r.Scan(&a.choice.Org, &a.user, &a.choice.Slug, &a.choice.Name)
			if len(found) < 8 && (in.Org == "" || in.Org == a.choice.Org) {
				found = append(found, a)
			}
			return err
		}, org.Fold(in.Email))
		return found, err
	})
}

// check does the one Argon2id of an account.
func (s *Store) check(ctx context.Context, in SignIn, a *account) (bool, error) {
	who := gate.Stranger(a.choice.Org, in.IP, in.Trace)
	proof, err := s.org.Try(ctx, who, opTry, a.user, in.Password)
	if errors.Is(err, org.ErrWrong) || errors.Is(err, org.ErrLocked) {
		return false, s.failed(ctx, in, a, err)
	}
	a.proof = proof
	return err == nil, err
}

func (s *Store) failed(ctx context.Context, in SignIn, a *account, why error) error {
	who := gate.Stranger(a.choice.Org, in.IP, in.Trace)
	_, err := gate.Do(context.WithoutCancel(ctx), s.gate, who, OpSignIn, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		e := tx.Event()
		e.Outcome, e.Kind, e.ID, e.Name, e.Actor = "failed", "user", a.user, why.Error(), a.user
		if errors.Is(why, org.ErrLockedNow) {
			return true, s.org.LockedOut(tx, a.user)
		}
		return true, nil
	})
	return err
}

var sqlSignedIn = gate.SQL(`UPDATE users SET last_sign_in = $3 WHERE org_id = $1 AND id = $2`)

// start makes the session of an account whose password was right, or says
// which second factor is still to be proved.
func (s *Store) start(ctx context.Context, in SignIn, a account) (SignedIn, error) {
	who := gate.Stranger(a.choice.Org, in.IP, in.Trace)
	out, err := gate.Do(ctx, s.gate, who, OpSignIn, gate.Nothing(), func(tx *gate.Tx) (SignedIn, error) {
		return s.begin(tx, in, a)
	})
	if errors.Is(err, errFactor) {
		return out, s.needFactor(ctx, in, a)
	}
	return out, err
}

// begin is the one place where a session is made of a proof, so that none is
// made without the second factor of a user who has one.
func (s *Store) begin(tx *gate.Tx, in SignIn, a account) (SignedIn, error) {
	out := SignedIn{Org: a.choice.Org, User: a.user, Session: id.New("session"), Token: seal.NewToken()}
	is, err := admitted(tx, a.user)
	if err != nil {
		return out, err
	}
	site, err := org.StandingOf(tx)
	if err != nil {
		return out, err
	}
	if site.Waits {
		return out, errWaits
	}
	if is.factor != "" && a.by == "" {
		return out, errFactor
	}
	if !is.approved { // whatever he could open it with: the vault stays sealed
		in.Devices, in.Code, in.Recovery = nil, seal.Code{}, seal.RecoveryCode{}
	}
	out.Enrol = is.factor == "" && is.due
	epoch, err := keyEpoch(tx)
	if err != nil {
		return out, err
	}
	if a.proof.Stronger != nil { // unless the record was changed in between
		if _, err := s.org.SetRecord(tx, a.user, a.proof, a.proof.Stronger); err != nil {
			return out, err
		}
	}
	if out.Browser, err = s.knownBrowser(tx, a.user, in); err != nil {
		return out, err
	}
	if _, err := tx.Exec(sqlSignedIn, a.user, tx.Millis()); err != nil {
		return out, err
	}
	opened, device, err := s.wayIn(tx, in, a, epoch)
	if err != nil {
		return out, err
	}
	e := tx.Event()
	e.Kind, e.ID, e.Actor = "user", a.user, a.user
	if a.by != "" {
		e.Fields = []string{a.by}
	}
	return s.store(tx, in, a, out, opened, device, epoch)
}

var (
	sqlActive = gate.SQL(`SELECT approved, factor, factor_due OR EXISTS (SELECT 1 FROM settings WHERE org_id = $1 AND name = 'force-second-factor' AND value = 'on')
		FROM users WHERE org_id = $1 AND id = $2 AND enabled AND NOT invited`)
	sqlKeyEpoch = gate.SQL(`SELECT key_epoch FROM organizations WHERE id = $1`)
	sqlAdd      = gate.SQL(`INSERT INTO sessions (org_id, id, user_id, lookup, outer_epoch, keys_box, open, device_id, ip, agent, created_at, last_used, expires_at, enrol)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11, $12, $13)`)
)

// admitted lets in whoever has accepted and is enabled. Who is not approved yet
// gets a session in which the gate refuses everything but his own account.
func admitted(tx *gate.Tx, user string) (is standing, err error) {
	err = tx.Row(sqlActive, user).Scan(&is.approved, &is.factor, &is.due)
	if errors.Is(err, gate.ErrNoRows) {
		err = refused()
	}
	return is, err
}

// standing is what a sign-in has to know of a user besides his password.
type standing struct {
	approved bool
	factor   string // kinds of his second factors
	due      bool   // one is demanded of him
}

func keyEpoch(tx *gate.Tx) (n int64, err error) {
	err = tx.Row(sqlKeyEpoch).Scan(&n)
	return n, err
}

// wayIn opens the seed and the vault by the device that this browser is known
// by, or by the Organization Key; without either the session is sealed.
func (s *Store) wayIn(tx *gate.Tx, in SignIn, a account, epoch int64) (org.Opened, string, error) {
	if token, known := in.Devices[a.user]; known && a.proof.P.Valid() {
		opened, device, err := s.byDevice(tx, a.user, a.proof.P, token, epoch)
		if err != nil || device != "" {
			return opened, device, err
		}
	}
	if in.Code.Valid() && a.proof.P.Valid() {
		opened, err := s.org.ByCode(tx, a.user, a.proof.P, in.Code, epoch)
		return opened, "", err
	}
	if in.Recovery.Valid() {
		opened, err := s.org.ByRecovery(tx, a.user, in.Recovery, epoch)
		return opened, "", err
	}
	return org.Opened{}, "", nil
}

func (s *Store) store(tx *gate.Tx, in SignIn, a account, out SignedIn, opened org.Opened, device string, epoch int64) (SignedIn, error) {
	outer, err := s.org.Outer(tx, epoch)
	if err != nil {
		return out, err
	}
	out.Open = opened.Vault.Valid()
	if out.Open {
		if err := s.org.SetPin(tx, a.user, opened.Pin); err != nil {
			return out, err
		}
		if device, out.Device, err = s.rollDevice(tx, a.user, device, in.Agent, a.proof.P, opened.Seed, outer, epoch); err != nil {
			return out, err
		}
	}
	keys := seal.SessionKeys{P: a.proof.P, Seed: opened.Seed, Vault: opened.Vault, Epoch: epoch}
	box := seal.SealSession(out.Token, outer, placeOfSession(out.Org, out.Session, a.user, out.Token.Lookup(), out.Open, epoch), keys)
	_, err = tx.Exec(sqlAdd, out.Session, a.user, out.Token.Lookup(), epoch, box, out.Open, device, in.IP, cut(in.Agent, 300),
		tx.Millis(), tx.Now().Add(Lifetime).UnixMilli(), out.Enrol)
	return out, err
}

// Begin makes the first session of an administrator who has just set up the
// organization, with the vault open.
func (s *Store) Begin(ctx context.Context, m org.Made, ip, agent string, trace *gate.Trace) (SignedIn, error) {
	out := SignedIn{Org: m.Org, User: m.User, Session: id.New("session"), Token: seal.NewToken()}
	in := SignIn{IP: ip, Agent: agent}
	return gate.Do(ctx, s.gate, gate.Stranger(m.Org, ip, trace), OpSignIn, gate.Nothing(), func(tx *gate.Tx) (SignedIn, error) {
		opened, err := s.org.BySeed(tx, m.User, m.Member.Seed, m.Epoch)
		if err != nil {
			return out, err
		}
		e := tx.Event()
		e.Kind, e.ID, e.Actor = "user", m.User, m.User
		return s.store(tx, in, account{user: m.User, proof: org.Proof{P: m.Member.P}}, out, opened, "", m.Epoch)
	})
}

func cut(s string, n int) string {
	if len(s) > n {
		return s[:n]
	}
	return s
}

func at(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

var (
	sqlFirst = gate.Across("a try for an unknown address is noted by the organization that was there first", `SELECT id FROM organizations ORDER BY created_at, id LIMIT 1`)
	sqlNoted = gate.SQL(`UPDATE organizations SET failed_tries = failed_tries + 1 WHERE id = $1`)
)

func (s *Store) firstOrg(ctx context.Context, ip string, trace *gate.Trace) (string, error) {
	return gate.Do(ctx, s.gate, gate.Stranger("", ip, trace), opFind, gate.Nothing(), func(tx *gate.Tx) (first string, err error) {
		return first, tx.Everywhere(sqlFirst, func(r *gate.Rows) error { return r.Scan(&first) })
	})
}

// nobody does for an unknown address what a wrong password costs: two writes
// and one Argon2id. The time of the answer must not tell who has an account.
func (s *Store) nobody(ctx context.Context, in SignIn) error {
	at := account{choice: Choice{Org: in.Org}}
	if in.Org == "" {
		var err error
		if at.choice.Org, err = s.firstOrg(ctx, in.IP, in.Trace); err != nil {
			return err
		}
	}
	noted := int64(0)
	_, err := gate.Do(ctx, s.gate, gate.Stranger(at.choice.Org, in.IP, in.Trace), opTry, gate.Nothing(), func(tx *gate.Tx) (_ bool, err error) {
		noted, err = tx.Exec(sqlNoted)
		return true, err
	})
	if err != nil {
		return err
	}
	if err := s.org.Argon().Waste(ctx, in.Password); err != nil {
		return org.Waiting(err)
	}
	if noted == 0 { // no such organization, so nobody to tell
		return nil
	}
	return s.failed(ctx, in, &at, errors.New("unknown address"))
}
