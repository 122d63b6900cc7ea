package factor

import (
	"encoding/json"
	"errors"
	"strings"

	"bailiwick/internal/gate"
	"bailiwick/internal/org"
	"bailiwick/internal/seal"
)

var (
	// ErrWrong is a proof that proves nothing.
	ErrWrong = errors.New("wrong second factor")
	// ErrCloned is a passkey whose counter went back: somebody has a copy of it.
	ErrCloned = errors.New("the passkey's counter went back: there may be a copy of it")
)

// Proof is what somebody gives to prove a second factor: a code of an app, a
// recovery code, or the answer of a browser that was asked for a passkey.
type Proof struct {
	Code   string
	Answer []byte
}

// Ways is what a user can prove himself by.
type Ways struct {
	TOTP, Passkey, Codes bool
	Options              []byte // of passkeys: PublicKeyCredentialRequestOptions, as JSON
}

// Ways says what a user has; challenge is what a passkey has to sign.
func (s *Store) Ways(tx *gate.Tx, user string, challenge []byte) (w Ways, err error) {
	all, left, err := list(tx, user)
	if err != nil {
		return w, err
	}
	w.Codes = left > 0
	for _, f := range all {
		w.TOTP = w.TOTP || f.Kind == TOTP
		w.Passkey = w.Passkey || f.Kind == Passkey
	}
	if !w.Passkey || s.party.ID == "" {
		w.Passkey = false
		return w, nil
	}
	creds, err := s.credentials(tx, user)
	if err != nil {
		return w, err
	}
	w.Options, err = json.Marshal(s.party.request(challenge, creds))
	return w, err
}

// Prove checks a user's second factor, and uses it up: of any number of tries
// with one code, one succeeds, because what was used last is written in the
// transaction that compares it. It says by what he proved himself.
func (s *Store) Prove(tx *gate.Tx, user string, challenge []byte, in Proof) (by string, err error) {
	if len(in.Answer) > 0 {
		parsed, err := parseAnswer(in.Answer)
		if err != nil {
			return "", err
		}
		creds, err := s.credentials(tx, user)
		if err != nil {
			return "", err
		}
		k, err := s.party.asserted(handleOf(tx.Who().Org(), user), challenge, creds, false, parsed)
		if err != nil {
			return "", err
		}
		return "passkey", use(tx, k, creds)
	}
	if code := digits(in.Code); len(code) == 6 {
		return "TOTP", s.proveTOTP(tx, user, code)
	}
	code, err := seal.ParseFactorCode(in.Code)
	if err != nil {
		return "", ErrWrong
	}
	return "recovery code", s.useCode(tx, user, code)
}

var sqlCounted = gate.SQL(`UPDATE factors SET counter = $4, last_used = $5 WHERE org_id = $1 AND id = $2 AND counter = $3 AND confirmed`)

// use stores a passkey's counter, if it is still the one that was compared.
func use(tx *gate.Tx, k passkey, have []passkey) error {
	for _, was := range have {
		if was.factor != k.factor {
			continue
		}
		n, err := tx.Exec(sqlCounted, k.factor, int64(was.Count), int64(k.Count), tx.Millis())
		if err == nil && n != 1 {
			err = ErrWrong
		}
		return err
	}
	return ErrWrong
}

var sqlApps = gate.SQL(`SELECT id, outer_epoch, version, factor_box, counter FROM factors WHERE org_id = $1 AND user_id = $2 AND kind = 'totp' AND confirmed ORDER BY id`)

// sealed is a confirmed factor as it lies in the database.
type sealed struct {
	id                      string
	epoch, version, counter int64
	box                     []byte
}

func sealedFactors(tx *gate.Tx, stmt gate.Stmt, user string) (all []sealed, err error) {
	err = tx.Each(stmt, func(r *gate.Rows) error {
		var i sealed
		err := r.Scan(&i.id, &i.epoch, &i.version, &i.box, &i.counter)
		all = append(all, i)
		return err
	}, user)
	return all, err
}

func (s *Store) proveTOTP(tx *gate.Tx, user, code string) error {
	rows, err := sealedFactors(tx, sqlApps, user)
	if err != nil {
		return err
	}
	for _, i := range rows {
		outer, err := s.org.Outer(tx, i.epoch)
		if err != nil {
			return err
		}
		seed, err := seal.OpenTOTP(outer, org.PlaceOfFactor(tx.Who().Org(), i.id, user, TOTP, i.epoch, i.version), i.box)
		if err != nil {
			continue // changed from outside: it proves nothing
		}
		step, ok := seed.Match(code, tx.Now(), i.counter)
		if !ok {
			continue
		}
		if n, err := tx.Exec(sqlCounted, i.id, i.counter, step, tx.Millis()); err != nil || n == 1 {
			return err
		}
	}
	return ErrWrong
}

// digits takes spaces out of a code as apps show it.
func digits(typed string) string {
	out := strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' {
			return -1
		}
		return r
	}, strings.TrimSpace(typed))
	if strings.Trim(out, "0123456789") != "" {
		return ""
	}
	return out
}

// Alone is a sign-in by nothing but a passkey, whose owner has to prove to it
// that he is there.
type Alone struct {
	Org, User string
	parsed    answer
	prf       seal.Key
}

// ReadAlone reads whose passkey answered, and what its PRF gave. Nothing is
// proved yet.
func ReadAlone(text, prf []byte) (Alone, error) {
	parsed, err := parseAnswer(text)
	if err != nil {
		return Alone{}, err
	}
	org, user, ok := parseHandle(parsed.Response.UserHandle)
	if !ok {
		return Alone{}, ErrWrong
	}
	a := Alone{Org: org, User: user, parsed: parsed}
	if key, err := seal.KeyFrom(prf); err == nil {
		a.prf = key.Derive("passkey")
	}
	return a, nil
}

var sqlWayToP = gate.SQL(`SELECT outer_epoch, p_box FROM factors WHERE org_id = $1 AND id = $2 AND user_id = $3 AND p_box IS NOT NULL`)

// ProveAlone checks a passkey that signs in without a password. P is what its
// PRF opens; invalid where it opens nothing.
func (s *Store) ProveAlone(tx *gate.Tx, a Alone, challenge []byte) (p seal.Key, err error) {
	creds, err := s.credentials(tx, a.User)
	if err != nil {
		return p, err
	}
	k, err := s.party.asserted(handleOf(a.Org, a.User), challenge, creds, true, a.parsed)
	if err != nil {
		return p, err
	}
	if err := use(tx, k, creds); err != nil || !a.prf.Valid() {
		return p, err
	}
	var epoch int64
	var box []byte
	err = tx.Row(sqlWayToP, k.factor, a.User).Scan(&epoch, &box)
	if errors.Is(err, gate.ErrNoRows) {
		return p, nil
	}
	if err != nil {
		return p, err
	}
	outer, err := s.org.Outer(tx, epoch)
	if err != nil {
		return p, err
	}
	if p, err = seal.OpenPasskey(a.prf, outer, org.PlaceOfPasskey(a.Org, k.factor, a.User, epoch), box); err != nil {
		return seal.Key{}, nil // the password is asked for
	}
	return p, nil
}

// AloneOptions is what a browser is asked for that signs in with a passkey
// alone.
func (s *Store) AloneOptions(challenge []byte) ([]byte, error) {
	return json.Marshal(s.party.request(challenge, nil))
}
