package seal

import "crypto/subtle"

type Secret struct{ text string }

func (s Secret) Reveal() string { return s.text }

func Equal(a, b []byte) bool { return subtle.ConstantTimeCompare(a, b) == 1 }

func sameToken(token, other string) bool { return token == other }
