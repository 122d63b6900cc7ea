package session

import (
	"context"
	"encoding/base64"
	"errors"

	"bailiwick/internal/factor"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/org"
	"bailiwick/internal/seal"
)

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// Holder is a key that only the bearer of a session has, for what it is in the
// middle of.
func Holder(bearer string) seal.Key {
	_, _, token, ok := parseBearer(bearer)
	if !ok {
		return seal.Key{}
	}
	return token.Key().Derive("factor")
}

// AskPasskey begins a sign-in with a passkey alone: what the browser has to
// keep, and what it has to ask for.
func (s *Store) AskPasskey(ctx context.Context, orgID, ip string, trace *gate.Trace) (pending seal.Secret, options []byte, err error) {
	if s.factor.Origin() == "" {
		return pending, nil, fault.Cannot("Passkeys work where this server is reached by a name. Sign in with your password.")
	}
	if wait := s.limit.take(ip, s.clock.Now()); wait > 0 {
		return pending, nil, fault.TooMany(wait)
	}
	if orgID == "" { // whose passkey it is, it says itself
		if orgID, err = s.firstOrg(ctx, ip, trace); err != nil {
			return pending, nil, err
		}
	}
	token, err := gate.Do(ctx, s.gate, gate.Stranger(orgID, ip, trace), opHold, gate.Nothing(), func(tx *gate.Tx) (seal.Token, error) {
		return s.hold(tx, "", seal.Key{})
	})
	if err != nil {
		return pending, nil, err
	}
	options, err = s.factor.AloneOptions(challengeOf(token))
	return seal.NewSecret(Bearer(kindPending, orgID, token)), options, err
}

// PasskeySignIn is a sign-in with a passkey alone.
type PasskeySignIn struct {
	Pending seal.Secret
	Org     string // id; "" at the common address
	Answer  []byte
	PRF     []byte
	Devices map[string]seal.Token
	Browser seal.Token
	IP      string
	Agent   string
	Trace   *gate.Trace
}

// refusedPasskey is the one answer to every passkey that signs nobody in.
func refusedPasskey() error {
	return &fault.Error{Kind: fault.Unsigned, Text: "This passkey does not sign in here, or the account is locked out for a while. Sign in with your password."}
}

// errPasskey carries a failure that the audit log names.
var errPasskey = errors.New("wrong passkey")

// SignInByPasskey signs in by a passkey that has made sure itself that its
// owner is there. Where its PRF gave P, it opens the vault on a known browser;
// otherwise the session is sealed.
func (s *Store) SignInByPasskey(ctx context.Context, in PasskeySignIn) (SignedIn, error) {
	at, token, ok := parsePending(in.Pending)
	if !ok {
		return SignedIn{}, errBegin()
	}
	if wait := s.limit.take(in.IP, s.clock.Now()); wait > 0 {
		return SignedIn{}, fault.TooMany(wait)
	}
	if err := s.usePasskeyTry(ctx, at, token, in); err != nil {
		return SignedIn{}, err
	}
	alone, err := factor.ReadAlone(in.Answer, in.PRF)
	if err != nil || in.Org != "" && in.Org != alone.Org {
		return SignedIn{}, refusedPasskey()
	}
	try := SignIn{Org: alone.Org, Devices: in.Devices, Browser: in.Browser, Keeps: true, IP: in.IP, Agent: in.Agent, Trace: in.Trace}
	a := account{user: alone.User, choice: Choice{Org: alone.Org}, by: "passkey alone"}
	out, err := gate.Do(ctx, s.gate, gate.Stranger(alone.Org, in.IP, in.Trace), OpSignIn, gate.Nothing(), func(tx *gate.Tx) (SignedIn, error) {
		locked := 0
		if err := tx.Row(sqlLocked, a.user, tx.Millis()).Scan(&locked); err != nil {
			return SignedIn{}, err
		}
		if locked > 0 {
			return SignedIn{}, org.ErrLocked
		}
		if a.proof.P, err = s.factor.ProveAlone(tx, alone, challengeOf(token)); err != nil {
			return SignedIn{}, err
		}
		if err := s.org.Proved(tx, a.user); err != nil {
			return SignedIn{}, err
		}
		return s.begin(tx, try, a)
	})
	switch {
	case err == nil:
		s.limit.giveBack(in.IP)
		s.limit.giveBack(in.IP)
		s.entered(ctx, out, in.IP)
	case errors.Is(err, factor.ErrWrong):
		return SignedIn{}, errors.Join(refusedPasskey(), s.failed(ctx, try, &a, errPasskey))
	case errors.Is(err, factor.ErrCloned), errors.Is(err, org.ErrLocked):
		return SignedIn{}, errors.Join(refusedPasskey(), s.failed(ctx, try, &a, err))
	case fault.Is(err, fault.Absent): // no such user, or organization
		return SignedIn{}, refusedPasskey()
	}
	return out, err
}

var sqlLocked = gate.SQL(`SELECT COUNT(*) FROM users WHERE org_id = $1 AND id = $2 AND locked_until > $3`)

// usePasskeyTry uses up what AskPasskey gave, whatever comes of it.
func (s *Store) usePasskeyTry(ctx context.Context, at string, token seal.Token, in PasskeySignIn) error {
	_, err := gate.Do(ctx, s.gate, gate.Stranger(at, in.IP, in.Trace), opHold, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		var user string
		var epoch int64
		var box []byte
		if err := tx.Row(sqlWaits, token.Lookup(), tx.Millis(), waitingTries).Scan(&user, &epoch, &box); err != nil {
			return false, err
		}
		if user != "" {
			return false, gate.ErrNoRows
		}
		return true, tx.One(sqlEndWait, token.Lookup())
	})
	if fault.Is(err, fault.Absent) {
		return errBegin()
	}
	return err
}
