package seal

import "encoding/base64"

const tokenChars = 43 // 32 bytes in base64url without padding

// Token is a 256-bit secret in somebody's hand: of a session, an API token, a
// device, a link. The database knows only Lookup. The zero Token is invalid.
type Token struct {
	hidden
	secret behind[[KeySize]byte]
}

// NewToken returns a new random token.
func NewToken() Token {
	secret := new([KeySize]byte)
	fillRandom(secret[:])
	return Token{secret: hide(secret)}
}

// ParseToken reads the 43 characters that Reveal gave, or fails with ErrToken.
func ParseToken(s string) (Token, error) {
	if len(s) != tokenChars {
		return Token{}, ErrToken
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(s)
	// The decoder skips line breaks, so that the length must be checked again.
	if err != nil || len(b) != KeySize {
		return Token{}, ErrToken
	}
	secret := [KeySize]byte(b)
	return Token{secret: hide(&secret)}, nil
}

// Valid reports whether there is a token.
func (t Token) Valid() bool { return t.secret != nil }

// Reveal returns the token as 43 characters of base64url, for the one who is
// to keep it.
func (t Token) Reveal() string { return base64.RawURLEncoding.EncodeToString(t.mustSecret()) }

// Lookup returns the 32 bytes to store and to find the token by. They tell
// nothing about Key.
func (t Token) Lookup() []byte { return expand(t.mustSecret(), KeySize, "token lookup") }

// Key returns the key that only the token's bearer has.
func (t Token) Key() Key {
	return keyOf([KeySize]byte(expand(t.mustSecret(), KeySize, "token key")))
}

func (t Token) mustSecret() []byte {
	if !t.Valid() {
		panic("seal: invalid token used")
	}
	return t.secret.get()[:]
}
