package session

import (
	"context"
	"errors"
	"strings"
	"time"

	"bailiwick/internal/factor"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/org"
	"bailiwick/internal/seal"
)

// Waiting is how long a sign-in waits for the second factor.
const Waiting = 5 * time.Minute

// waitingTries is how often a second factor may be tried in one sign-in.
const waitingTries = 5

// kindPending begins the bearer of a sign-in that waits. It is none of a
// session: nothing but the second step takes it.
const kindPending = "bwp"

// FactorError says that the password was right, and a second factor is still
// to be proved. Pending stands for the sign-in until then.
type FactorError struct {
	Pending seal.Secret
	Ways    factor.Ways
}

func (e *FactorError) Error() string { return "a second factor is still to be proved" }

// Second is the second step of a sign-in.
type Second struct {
	Pending  seal.Secret
	Proof    factor.Proof
	Code     seal.Code // the Organization Key
	Devices  map[string]seal.Token
	Browser  seal.Token
	Keeps    bool
	IP       string
	Agent    string
	Trace    *gate.Trace
	Recovery seal.RecoveryCode
}

var (
	opHold   = gate.Define(gate.Op{Name: "session.hold", Sentence: "Keep a sign-in until its second factor, or a passkey, is proved", Scope: gate.Anyone, Write: true})
	opSecond = gate.Define(gate.Op{Name: "session.second", Sentence: "See what a sign-in that waits can be finished by", Scope: gate.Anyone})

	sqlHold    = gate.SQL(`INSERT INTO sign_ins (org_id, lookup, user_id, outer_epoch, keys_box, expires_at) VALUES ($1, $2, $3, $4, $5, $6)`)
	sqlWaits   = gate.SQL(`SELECT user_id, outer_epoch, keys_box FROM sign_ins WHERE org_id = $1 AND lookup = $2 AND expires_at > $3 AND tries < $4`)
	sqlCounted = gate.SQL(`UPDATE sign_ins SET tries = tries + 1 WHERE org_id = $1 AND lookup = $2 AND expires_at > $3 AND tries < $4 RETURNING user_id, outer_epoch, keys_box`)
	sqlEndWait = gate.SQL(`DELETE FROM sign_ins WHERE org_id = $1 AND lookup = $2`)
)

// errFactor is a sign-in whose user has a second factor.
var errFactor = errors.New("a second factor is to be proved first")

// errBegin is the answer to a second step that leads nowhere any more.
func errBegin() error {
	return &fault.Error{Kind: fault.Unsigned, Text: "This sign-in has ended: it took too long, there were too many tries, or the account is locked out for a while. Sign in again."}
}

// placeOfWaiting binds what is kept of a sign-in to its user and its token.
func placeOfWaiting(org, user string, lookup []byte, epoch int64) seal.Place {
	return seal.Place{Org: org, Table: "sign_ins", Row: b64(lookup), Envelope: "keys_box", KeyID: user, Epoch: epoch}
}

// challengeOf is what a passkey has to sign in this very sign-in.
func challengeOf(token seal.Token) []byte { return token.Key().MAC("passkey challenge") }

// hold keeps P of a right password under a token that only the browser has,
// and under the outer key. There is no session before the second factor.
func (s *Store) hold(tx *gate.Tx, user string, p seal.Key) (seal.Token, error) {
	epoch, err := keyEpoch(tx)
	if err != nil {
		return seal.Token{}, err
	}
	outer, err := s.org.Outer(tx, epoch)
	if err != nil {
		return seal.Token{}, err
	}
	token := seal.NewToken()
	box := seal.SealSession(token, outer, placeOfWaiting(tx.Who().Org(), user, token.Lookup(), epoch), seal.SessionKeys{P: p, Epoch: epoch})
	_, err = tx.Exec(sqlHold, token.Lookup(), user, epoch, box, tx.Now().Add(Waiting).UnixMilli())
	return token, err
}

func (s *Store) needFactor(ctx context.Context, in SignIn, a account) error {
	who := gate.Stranger(a.choice.Org, in.IP, in.Trace)
	needs, err := gate.Do(ctx, s.gate, who, opHold, gate.Nothing(), func(tx *gate.Tx) (*FactorError, error) {
		token, err := s.hold(tx, a.user, a.proof.P)
		if err != nil {
			return nil, err
		}
		ways, err := s.factor.Ways(tx, a.user, challengeOf(token))
		return &FactorError{seal.NewSecret(Bearer(kindPending, a.choice.Org, token)), ways}, err
	})
	if err != nil {
		return err
	}
	return needs
}

func parsePending(text seal.Secret) (org string, token seal.Token, ok bool) {
	rest, ok := strings.CutPrefix(text.Reveal(), kindPending+"_")
	org, secret, cut := strings.Cut(rest, ".")
	token, err := seal.ParseToken(secret)
	return org, token, ok && cut && err == nil && org != "" && len(org) < 64
}

// PendingOrg is the organization that a sign-in which waits says it is of.
func PendingOrg(pending seal.Secret) string {
	org, _, _ := parsePending(pending)
	return org
}

// Ways shows again what a sign-in that waits can be finished by.
func (s *Store) Ways(ctx context.Context, pending seal.Secret, ip string, trace *gate.Trace) (factor.Ways, error) {
	org, token, ok := parsePending(pending)
	if !ok {
		return factor.Ways{}, errBegin()
	}
	w, err := gate.Do(ctx, s.gate, gate.Stranger(org, ip, trace), opSecond, gate.Nothing(), func(tx *gate.Tx) (w factor.Ways, err error) {
		var user string
		var epoch int64
		var box []byte
		if err := tx.Row(sqlWaits, token.Lookup(), tx.Millis(), waitingTries).Scan(&user, &epoch, &box); err != nil || user == "" {
			return w, errors.Join(err, errOther(user))
		}
		return s.factor.Ways(tx, user, challengeOf(token))
	})
	if fault.Is(err, fault.Absent) {
		err = errBegin()
	}
	return w, err
}

// errOther keeps a sign-in by passkey from being taken for a second step.
func errOther(user string) error {
	if user == "" {
		return gate.ErrNoRows
	}
	return nil
}

// waiting is a sign-in whose second factor is tried.
type waiting struct {
	user string
	p    seal.Key
	last bool // if this try is wrong, the account is locked out
}

// tryWaiting counts a try of the second factor, in this sign-in and of the account,
// before it is checked.
func (s *Store) tryWaiting(ctx context.Context, orgID string, token seal.Token, ip string, trace *gate.Trace) (waiting, error) {
	w, err := gate.Do(ctx, s.gate, gate.Stranger(orgID, ip, trace), opTry, gate.Nothing(), func(tx *gate.Tx) (w waiting, err error) {
		var epoch int64
		var box []byte
		if err := tx.Row(sqlCounted, token.Lookup(), tx.Millis(), waitingTries).Scan(&w.user, &epoch, &box); err != nil || w.user == "" {
			return w, errors.Join(err, errOther(w.user))
		}
		outer, err := s.org.Outer(tx, epoch)
		if err != nil {
			return w, err
		}
		keys, err := seal.OpenSession(token, outer, placeOfWaiting(orgID, w.user, token.Lookup(), epoch), box)
		if err != nil {
			return w, gate.ErrNoRows // changed from outside: it is nobody's
		}
		w.p = keys.P
		w.last, err = s.org.CountFactor(tx, w.user)
		return w, err
	})
	if fault.Is(err, fault.Absent) || errors.Is(err, org.ErrLocked) {
		return w, errBegin()
	}
	return w, err
}

// SecondStep finishes a sign-in with the second factor. Of any number of tries
// at the same time with the same code, one succeeds.
func (s *Store) SecondStep(ctx context.Context, in Second) (SignedIn, error) {
	orgID, token, ok := parsePending(in.Pending)
	if !ok {
		return SignedIn{}, errBegin()
	}
	if wait := s.limit.take(in.IP, s.clock.Now()); wait > 0 {
		return SignedIn{}, fault.TooMany(wait)
	}
	w, err := s.tryWaiting(ctx, orgID, token, in.IP, in.Trace)
	if err != nil {
		return SignedIn{}, err
	}
	try := SignIn{Org: orgID, Code: in.Code, Recovery: in.Recovery, Devices: in.Devices, Browser: in.Browser, Keeps: in.Keeps, IP: in.IP, Agent: in.Agent, Trace: in.Trace}
	a := account{user: w.user, choice: Choice{Org: orgID}, proof: org.Proof{P: w.p}}
	out, err := gate.Do(ctx, s.gate, gate.Stranger(orgID, in.IP, in.Trace), OpSignIn, gate.Nothing(), func(tx *gate.Tx) (SignedIn, error) {
		if err := tx.One(sqlEndWait, token.Lookup()); err != nil {
			return SignedIn{}, errBegin()
		}
		var err error
		if a.by, err = s.factor.Prove(tx, w.user, challengeOf(token), in.Proof); err != nil {
			return SignedIn{}, err
		}
		if err := s.org.Proved(tx, w.user); err != nil {
			return SignedIn{}, err
		}
		return s.begin(tx, try, a)
	})
	switch {
	case err == nil:
		s.limit.giveBack(in.IP)
		s.entered(ctx, out, in.IP)
	case errors.Is(err, factor.ErrWrong), errors.Is(err, factor.ErrCloned):
		why := err
		if w.last {
			why = &lockedNow{err}
		}
		return SignedIn{}, errors.Join(fault.Bad("code", "This is not right, or was used already. Wait for the next code, or use another way."), s.failed(ctx, try, &a, why))
	case fault.Is(err, fault.Invalid): // the Organization Key
		return SignedIn{}, errors.Join(err, s.failed(ctx, try, &a, errors.New("wrong Organization Key")))
	}
	return out, err
}

// lockedNow is a failure that locked the account out.
type lockedNow struct{ error }

func (e *lockedNow) Is(target error) bool { return target == org.ErrLockedNow }

// lacksFactor reports whether a user has still to set up a second factor.
func lacksFactor(tx *gate.Tx, user string) (bool, error) {
	is, err := admitted(tx, user)
	return is.factor == "" && is.due, err
}
