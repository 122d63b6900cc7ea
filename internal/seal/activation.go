package seal

import (
	"encoding/base64"
	"strings"
)

// An activation authenticates two organizations to each other that share no
// key yet, over a link that their people trust and a database that they don't:
// its secret proves the site's public key to the provider, its fingerprint the
// provider's public key to the site.

// Activation is what stands behind the # of an activation link.
type Activation struct {
	Secret   Token
	Provider string // fingerprint of the provider's public signing key
}

// NewActivation gives the activation of a secret, for the organization of a
// public signing key.
func NewActivation(secret Token, provider []byte) Activation {
	return Activation{secret, fingerprint(provider)}
}

// ParseActivation reads what Reveal gave, or fails with ErrToken.
func ParseActivation(text string) (Activation, error) {
	secret, provider, ok := strings.Cut(text, ".")
	token, err := ParseToken(secret)
	if _, other := ParseToken(provider); !ok || err != nil || other != nil {
		return Activation{}, ErrToken
	}
	return Activation{token, provider}, nil
}

// Reveal returns the activation as 87 characters, for the one who activates.
func (a Activation) Reveal() string { return a.Secret.Reveal() + "." + a.Provider }

// Fits reports whether a public signing key is the one that was meant.
func (a Activation) Fits(provider []byte) bool {
	return Equal([]byte(a.Provider), []byte(fingerprint(provider)))
}

// MAC returns what proves a site's public signing key to whoever has the
// secret, 32 bytes.
func (a Activation) MAC(site string, public []byte) []byte {
	return a.Secret.Key().MAC("site activation", []byte(site), public)
}

func fingerprint(public []byte) string {
	return base64.RawURLEncoding.EncodeToString(Hash([]byte("signing key"), public))
}
