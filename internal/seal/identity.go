package seal

import (
	"crypto/hpke"
	"encoding/binary"
)

const grantHeader = 1 + 3*2 // format, then the ids of KEM, KDF and AEAD

// Identity is an HPKE key pair (RFC 9180) of MLKEM768-X25519, so that grants
// recorded today stay sealed to a quantum computer. The zero Identity is
// invalid.
type Identity struct {
	hidden
	pair behind[keyPair]
}

type keyPair struct{ private hpke.PrivateKey }

// Identity derives a key pair from a seed, another one for each label: "user",
// "organization key", "recovery key", "token", "link". It panics when the
// seed is invalid.
func (k Key) Identity(label string) Identity {
	secret := k.mustBytes()
	defer clear(secret[:])
	ikm := expand(secret[:], KeySize, "key pair", []byte(label))
	defer clear(ikm)
	private, err := hpke.MLKEM768X25519().DeriveKeyPair(ikm)
	if err != nil {
		panic(err) // the length is right
	}
	return Identity{pair: hide(&keyPair{private})}
}

// NewIdentity returns a new random key pair and its private bytes, for sealing.
func NewIdentity() (Identity, []byte) {
	private, err := hpke.MLKEM768X25519().GenerateKey()
	if err != nil {
		panic(err) // crypto/rand doesn't fail
	}
	b, err := private.Bytes()
	if err != nil {
		panic(err) // a generated key has bytes
	}
	return Identity{pair: hide(&keyPair{private})}, b
}

// IdentityFrom returns the key pair of private bytes, or ErrKey.
func IdentityFrom(private []byte) (Identity, error) {
	k, err := hpke.MLKEM768X25519().NewPrivateKey(private)
	if err != nil {
		return Identity{}, ErrKey
	}
	return Identity{pair: hide(&keyPair{k})}, nil
}

// Valid reports whether there is a key pair.
func (id Identity) Valid() bool { return id.pair != nil }

// Public returns the public key, 1,216 bytes, or nil when id is invalid.
func (id Identity) Public() []byte {
	if id.pair == nil {
		return nil
	}
	return id.pair.get().private.PublicKey().Bytes()
}

// SealTo seals a key to a public key: 0x01, ids of KEM, KDF and AEAD (2 bytes
// each), encapsulated key, ciphertext. Anybody can do that, so the opener must
// learn elsewhere (from the roster's key check, from a signature) that it is
// the right key.
// ErrPublicKey when public isn't one; it panics when key or purpose is invalid.
func SealTo(public []byte, p Purpose, at Place, key Key) ([]byte, error) {
	if !p.valid() {
		panic("seal: invalid purpose used")
	}
	secret := key.mustBytes()
	defer clear(secret[:])
	pub, err := hpke.MLKEM768X25519().NewPublicKey(public)
	if err != nil {
		return nil, ErrPublicKey
	}
	sealed, err := hpke.Seal(pub, hpke.HKDFSHA256(), hpke.AES256GCM(), at.context(nil, formatGrant, p), secret[:])
	if err != nil {
		return nil, ErrPublicKey
	}
	return append(suite(), sealed...), nil
}

// OpenKey returns the key that SealTo sealed, or ErrOpen.
func (id Identity) OpenKey(p Purpose, at Place, sealed []byte) (Key, error) {
	if id.pair == nil || !p.valid() || len(sealed) < grantHeader || string(sealed[:grantHeader]) != string(suite()) {
		return Key{}, ErrOpen
	}
	plain, err := hpke.Open(id.pair.get().private, hpke.HKDFSHA256(), hpke.AES256GCM(),
		at.context(nil, formatGrant, p), sealed[grantHeader:])
	if err != nil {
		return Key{}, ErrOpen
	}
	defer clear(plain)
	key, err := KeyFrom(plain)
	if err != nil {
		return Key{}, ErrOpen
	}
	return key, nil
}

func suite() []byte {
	b := []byte{formatGrant}
	b = binary.BigEndian.AppendUint16(b, hpke.MLKEM768X25519().ID())
	b = binary.BigEndian.AppendUint16(b, hpke.HKDFSHA256().ID())
	return binary.BigEndian.AppendUint16(b, hpke.AES256GCM().ID())
}
