package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/subtle"
)

const (
	commitSize = 32
	nonceSize  = 12
	tagSize    = 16
	boxHeader  = 1 + commitSize + nonceSize

	// mostBoxes is how many random 96-bit nonces one key may use
	// (NIST SP 800-38D, 8.3).
	mostBoxes = 1 << 32
)

// boxCipher is what a key needs to seal and open, derived once. AES-GCM alone
// does not commit to its key: one box could be made that opens under two keys,
// which allows partitioning attacks on guessable keys. So each box also holds
// HMAC-SHA256 of nonce and context under a second key, checked first.
type boxCipher struct {
	aead   cipher.AEAD
	commit pads
}

// newBoxCipher derives both keys with HKDF-Expand (64 bytes, info as in
// expand). HKDF's other half, Extract, is left out, as RFC 5869 3.3 allows for
// keys that are random already: a list derives this once per line.
func newBoxCipher(secret *[KeySize]byte) *boxCipher {
	prk := newPads(secret)
	info := appendPart(appendPart(make([]byte, 0, 64), version1), "box")
	encryption := prk.sum(append(info, 1))
	commitment := prk.sum(encryption[:], append(info, 2))
	block, err := aes.NewCipher(encryption[:])
	if err != nil {
		panic(err) // the length is right
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		panic(err) // AES has the right block size
	}
	return &boxCipher{aead: aead, commit: newPads(&commitment)}
}

// Seal returns a box that opens only with this key, for this purpose, at this
// place: 0x01, key commitment (32), nonce (12), AES-256-GCM ciphertext and tag.
// It panics when the key or the purpose is invalid.
func (k Key) Seal(p Purpose, at Place, plain []byte) []byte {
	return k.seal(formatBox, p, at, plain)
}

// Open returns what Seal sealed, or ErrOpen.
func (k Key) Open(p Purpose, at Place, box []byte) ([]byte, error) {
	return k.open(formatBox, p, at, box)
}

// Wrap seals another key.
func (k Key) Wrap(p Purpose, at Place, inner Key) []byte {
	secret := inner.mustBytes()
	defer clear(secret[:])
	return k.Seal(p, at, secret[:])
}

// Unwrap returns the key that Wrap sealed, or ErrOpen.
func (k Key) Unwrap(p Purpose, at Place, box []byte) (Key, error) {
	plain, err := k.Open(p, at, box)
	if err != nil {
		return Key{}, ErrOpen
	}
	defer clear(plain)
	inner, err := KeyFrom(plain)
	if err != nil {
		return Key{}, ErrOpen
	}
	return inner, nil
}

func (k Key) seal(format byte, p Purpose, at Place, plain []byte) []byte {
	if k.m == nil || !p.valid() {
		panic("seal: invalid key or purpose used")
	}
	m := k.m()
	m.mu.RLock()
	defer m.mu.RUnlock()
	if !m.live {
		panic("seal: wiped key used")
	}
	if m.sealed.Add(1) > mostBoxes {
		panic("seal: key used too often")
	}
	c := m.ready()
	box := make([]byte, boxHeader, boxHeader+len(plain)+tagSize)
	box[0] = format
	nonce := box[1+commitSize : boxHeader]
	fillRandom(nonce)
	aad := at.context(make([]byte, 0, 256), format, p)
	sum := c.commit.sum(nonce, aad)
	copy(box[1:], sum[:])
	return c.aead.Seal(box, nonce, plain, aad)
}

func (k Key) open(format byte, p Purpose, at Place, box []byte) ([]byte, error) {
	if k.m == nil || !p.valid() || len(box) < boxHeader+tagSize || box[0] != format {
		return nil, ErrOpen
	}
	m := k.m()
	m.mu.RLock()
	defer m.mu.RUnlock()
	if !m.live {
		return nil, ErrOpen
	}
	c := m.ready()
	nonce := box[1+commitSize : boxHeader]
	aad := at.context(make([]byte, 0, 256), format, p)
	sum := c.commit.sum(nonce, aad)
	if subtle.ConstantTimeCompare(sum[:], box[1:1+commitSize]) != 1 {
		return nil, ErrOpen
	}
	plain, err := c.aead.Open(nil, nonce, box[boxHeader:], aad)
	if err != nil {
		return nil, ErrOpen
	}
	return plain, nil
}

// ready returns the derived cipher. The caller holds the read lock.
func (m *material) ready() *boxCipher {
	m.warm.Do(func() { m.cipher = newBoxCipher(&m.secret) })
	return m.cipher
}
