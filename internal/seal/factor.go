package seal

import (
	"crypto/hmac"
	"crypto/sha1" // #nosec G505 -- RFC 6238's own hash, which every authenticator app has; HMAC does not rest on collisions
	"encoding/base32"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
)

const (
	totpSize   = 20 // RFC 4226 section 4, R6
	totpPeriod = 30 // seconds
	totpDigits = 1_000_000

	factorCodeBytes   = 10
	factorCodeSymbols = 16
	factorCodeGroup   = 4
)

// TOTPSeed is what an authenticator app and the server share: 20 random bytes,
// for codes of six digits every 30 seconds (RFC 6238 with SHA-1). The zero
// TOTPSeed is invalid.
type TOTPSeed struct {
	hidden
	secret behind[[totpSize]byte]
}

// NewTOTPSeed returns a new random seed.
func NewTOTPSeed() TOTPSeed {
	secret := new([totpSize]byte)
	fillRandom(secret[:])
	return TOTPSeed{secret: hide(secret)}
}

// Valid reports whether there is a seed.
func (s TOTPSeed) Valid() bool { return s.secret != nil }

// Reveal returns the seed in 32 characters of base32, as apps take it, for the
// one who sets it up.
func (s TOTPSeed) Reveal() string {
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(s.bytes())
}

// TOTPStep is the number of the 30 seconds in which a time lies.
func TOTPStep(t time.Time) int64 { return t.Unix() / totpPeriod }

// Code returns the six digits of a step.
func (s TOTPSeed) Code(step int64) string {
	h := hmac.New(sha1.New, s.bytes()) // #nosec G401 -- as above
	h.Write(binary.BigEndian.AppendUint64(nil, uint64(step)))
	sum := h.Sum(nil)
	at := sum[len(sum)-1] & 0x0f
	return fmt.Sprintf("%06d", binary.BigEndian.Uint32(sum[at:])&0x7fffffff%totpDigits)
}

// Match gives the step whose code was typed: of this one, the one before and
// the one after, for clocks that differ, but never one up to last, which was
// used. All three are compared, so that the time tells nothing.
func (s TOTPSeed) Match(typed string, now time.Time, last int64) (step int64, ok bool) {
	present := TOTPStep(now)
	for i := present - 1; i <= present+1; i++ {
		if Equal([]byte(s.Code(i)), []byte(typed)) && i > last {
			step, ok = i, true
		}
	}
	return step, ok
}

// SealTOTP seals a seed under the outer key: a box of its 20 bytes.
func SealTOTP(s TOTPSeed, outer Key, at Place) []byte {
	return outer.Seal(PurposeSignInTOTP, at, s.bytes())
}

// OpenTOTP returns the seed that SealTOTP sealed, or ErrOpen.
func OpenTOTP(outer Key, at Place, box []byte) (TOTPSeed, error) {
	plain, err := outer.Open(PurposeSignInTOTP, at, box)
	if err != nil || len(plain) != totpSize {
		return TOTPSeed{}, ErrOpen
	}
	defer clear(plain)
	secret := [totpSize]byte(plain)
	return TOTPSeed{secret: hide(&secret)}, nil
}

func (s TOTPSeed) bytes() []byte {
	if s.secret == nil {
		panic("seal: invalid seed used")
	}
	return s.secret()[:]
}

// FactorCode takes the place of a second factor once: 80 random bits, too many
// to be guessed from their hash. The zero FactorCode is invalid.
type FactorCode struct {
	hidden
	bits behind[[factorCodeBytes]byte]
}

// NewFactorCode returns a new random code.
func NewFactorCode() FactorCode {
	bits := new([factorCodeBytes]byte)
	fillRandom(bits[:])
	return FactorCode{bits: hide(bits)}
}

// ParseFactorCode reads what Chars gave, in any case, with any spaces and
// punctuation, O for 0, I and L for 1. The error never repeats what was typed.
func ParseFactorCode(s string) (FactorCode, error) {
	if len(s) > mostTyped {
		return FactorCode{}, errors.New("the code is too long")
	}
	bits := new([factorCodeBytes]byte)
	n := 0
	for _, r := range s {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			continue
		}
		v := symbolOf(r)
		if v < 0 || n == factorCodeSymbols {
			return FactorCode{}, errors.New("this is not a recovery code: it has 16 letters and digits in four groups")
		}
		putBits(bits[:], n*5, 5, v)
		n++
	}
	if n != factorCodeSymbols {
		return FactorCode{}, errors.New("this is not a recovery code: it has 16 letters and digits in four groups")
	}
	return FactorCode{bits: hide(bits)}, nil
}

// Valid reports whether there is a code.
func (c FactorCode) Valid() bool { return c.bits != nil }

// Reveal returns XXXX-XXXX-XXXX-XXXX in Crockford's base32.
func (c FactorCode) Reveal() string {
	bits := c.mustBits()
	var groups []string
	for i := range factorCodeSymbols / factorCodeGroup {
		group := make([]byte, factorCodeGroup)
		for j := range group {
			group[j] = crockford[bitsAt(bits[:], (i*factorCodeGroup+j)*5, 5)]
		}
		groups = append(groups, string(group))
	}
	return strings.Join(groups, "-")
}

// Hash returns the 32 bytes to store of a user's code, and to find it by.
func (c FactorCode) Hash(user string) []byte {
	return expand(c.mustBits()[:], KeySize, "factor code", []byte(user))
}

func (c FactorCode) mustBits() *[factorCodeBytes]byte {
	if c.bits == nil {
		panic("seal: invalid code used")
	}
	return c.bits()
}

// SealPasskey seals P under what a passkey's PRF gives (or, until it has given
// it, under a key of the session that sets it up), and that under the outer
// key: the passkey then stands for the password.
func SealPasskey(by, outer Key, at Place, p Key) []byte {
	return sealLayers(by, PurposePasskeyPInner, outer, PurposePasskeyP, at, p)
}

// OpenPasskey returns P as SealPasskey sealed it, or ErrOpen.
func OpenPasskey(by, outer Key, at Place, box []byte) (Key, error) {
	if !by.Valid() {
		return Key{}, ErrOpen
	}
	return openLayers(by, PurposePasskeyPInner, outer, PurposePasskeyP, at, box)
}
