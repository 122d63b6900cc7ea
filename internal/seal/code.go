package seal

import (
	"errors"
	"strings"
)

// Code is an Organization Key or a Recovery key as people hold it: 130 random
// bits, to be written as 26 characters and a check character, or as twelve
// words. The zero Code is invalid.
type Code struct {
	hidden
	bits behind[[codeBytes]byte]
}

// NewCode returns a new random code.
func NewCode() Code {
	bits := new([codeBytes]byte)
	fillRandom(bits[:])
	bits[codeBytes-1] &= 0xc0
	return Code{bits: hide(bits)}
}

// ParseCode reads either form, in any case, with any spaces and punctuation,
// O for 0, and I or L for 1. Words may be cut to their first four letters.
// The error says in a sentence where the mistake is, where that can be known,
// and never repeats what was typed.
func ParseCode(s string) (Code, error) {
	if len(s) > mostTyped {
		return Code{}, errors.New("the code is too long")
	}
	if words := splitWords(s); looksLikeWords(words) {
		return codeOf(parseWords(words))
	}
	bits, err := parseSymbols(s, sumOrganization)
	if errors.Is(err, errTyping) {
		if _, other := parseSymbols(s, sumRecovery); other == nil {
			err = errors.New("this looks like a recovery code, not like an organization key")
		}
	}
	return codeOf(bits, err)
}

func codeOf(bits *[codeBytes]byte, err error) (Code, error) {
	if err != nil {
		return Code{}, err
	}
	return Code{bits: hide(bits)}, nil
}

// Valid reports whether there is a code.
func (c Code) Valid() bool { return c.bits != nil }

// Chars returns XXXXX-XXXXX-XXXXX-XXXXX-XXXXX-XX.
func (c Code) Chars() string { return strings.Join(c.Groups(), "-") }

// Groups returns the six groups of Chars.
func (c Code) Groups() []string { return formatGroups(mustBits(c.bits), sumOrganization) }

// Words returns the twelve words, with spaces between them.
func (c Code) Words() string { return strings.Join(c.WordGroups(), " ") }

// WordGroups returns the twelve words.
func (c Code) WordGroups() []string { return formatWords(mustBits(c.bits)) }

// Key returns the key of the code (HKDF of its 17 bytes), whichever form it
// was typed in.
func (c Code) Key() Key {
	return keyOf([KeySize]byte(expand(mustBits(c.bits)[:], KeySize, "code")))
}

// RecoveryCode is the code of a single user that opens the user's own seed:
// 128 random bits. The zero RecoveryCode is invalid.
type RecoveryCode struct {
	hidden
	bits behind[[codeBytes]byte] // the last 8 are zero
}

// NewRecoveryCode returns a new random code.
func NewRecoveryCode() RecoveryCode {
	bits := new([codeBytes]byte)
	fillRandom(bits[:codeBytes-1])
	return RecoveryCode{bits: hide(bits)}
}

// ParseRecoveryCode reads what Chars gave, as tolerant as ParseCode.
func ParseRecoveryCode(s string) (RecoveryCode, error) {
	if len(s) > mostTyped {
		return RecoveryCode{}, errors.New("the code is too long")
	}
	bits, err := parseSymbols(s, sumRecovery)
	if errors.Is(err, errTyping) {
		if _, other := parseSymbols(s, sumOrganization); other == nil {
			err = errors.New("this looks like an organization key, not like a recovery code")
		}
	}
	if err == nil && bits[codeBytes-1] != 0 {
		err = errTyping
	}
	if err != nil {
		return RecoveryCode{}, err
	}
	return RecoveryCode{bits: hide(bits)}, nil
}

// Valid reports whether there is a code.
func (c RecoveryCode) Valid() bool { return c.bits != nil }

// Chars returns XXXXX-XXXXX-XXXXX-XXXXX-XXXXX-XX.
func (c RecoveryCode) Chars() string { return strings.Join(c.Groups(), "-") }

// Groups returns the six groups of Chars.
func (c RecoveryCode) Groups() []string { return formatGroups(mustBits(c.bits), sumRecovery) }

// Key returns the key of the code (HKDF of its 16 bytes).
func (c RecoveryCode) Key() Key {
	return keyOf([KeySize]byte(expand(mustBits(c.bits)[:codeBytes-1], KeySize, "recovery code")))
}

func mustBits(bits behind[[codeBytes]byte]) *[codeBytes]byte {
	if bits == nil {
		panic("seal: invalid code used")
	}
	return bits()
}
