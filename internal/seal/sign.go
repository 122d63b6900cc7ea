package seal

import "crypto/ed25519"

// SignKey is an Ed25519 private key (RFC 8032). The zero SignKey is invalid.
type SignKey struct {
	hidden
	seed behind[[ed25519.SeedSize]byte]
}

// NewSignKey returns a new random key.
func NewSignKey() SignKey {
	seed := new([ed25519.SeedSize]byte)
	fillRandom(seed[:])
	return SignKey{seed: hide(seed)}
}

// SignKeyFrom returns the key of 32 bytes that Bytes gave, or ErrKey.
func SignKeyFrom(b []byte) (SignKey, error) {
	if _, err := KeyFrom(b); err != nil {
		return SignKey{}, ErrKey
	}
	seed := [ed25519.SeedSize]byte(b)
	return SignKey{seed: hide(&seed)}, nil
}

// Valid reports whether there is a key.
func (k SignKey) Valid() bool { return k.seed != nil }

// Bytes returns the private key (32 bytes), to be sealed.
func (k SignKey) Bytes() []byte { return append([]byte(nil), k.mustSeed()...) }

// Public returns the public key, 32 bytes.
func (k SignKey) Public() []byte {
	return ed25519.NewKeyFromSeed(k.mustSeed()).Public().(ed25519.PublicKey)
}

// Sign signs the tuple ("bailiwick v1", context, msg), so that a signature
// made in one context is worth nothing in another. The signature has 64 bytes.
func (k SignKey) Sign(context string, msg []byte) []byte {
	return ed25519.Sign(ed25519.NewKeyFromSeed(k.mustSeed()), signed(context, msg))
}

// Verify reports whether sig is public's signature of msg in that context.
func Verify(public []byte, context string, msg, sig []byte) bool {
	return len(public) == ed25519.PublicKeySize && ed25519.Verify(public, signed(context, msg), sig)
}

func signed(context string, msg []byte) []byte {
	return appendPart(appendPart(appendPart(nil, version1), context), msg)
}

func (k SignKey) mustSeed() []byte {
	if !k.Valid() {
		panic("seal: invalid signing key used")
	}
	return k.seed.get()[:]
}
