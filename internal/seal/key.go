package seal

import (
	"crypto/subtle"
	"sync"
	"sync/atomic"
)

// KeySize is the length of every symmetric key in bytes.
const KeySize = 32

// Key is a 32-byte secret. The zero Key is invalid: opening with it fails,
// sealing with it panics. Copies share the same memory, so that Wipe reaches
// all of them. It is safe for concurrent use.
type Key struct {
	hidden
	m behind[material]
}

type material struct {
	mu     sync.RWMutex // guards all below against Wipe
	live   bool
	secret [KeySize]byte

	warm   sync.Once
	cipher *boxCipher
	sealed atomic.Uint64
}

// NewKey returns a new random key.
func NewKey() Key {
	m := &material{live: true}
	fillRandom(m.secret[:])
	return Key{m: hide(m)}
}

// KeyFrom copies a key of 32 bytes, not all of them zero. Otherwise ErrKey.
func KeyFrom(b []byte) (Key, error) {
	var zero [KeySize]byte
	if len(b) != KeySize || subtle.ConstantTimeCompare(b, zero[:]) == 1 {
		return Key{}, ErrKey
	}
	return keyOf([KeySize]byte(b)), nil
}

func keyOf(secret [KeySize]byte) Key {
	return Key{m: hide(&material{live: true, secret: secret})}
}

// Valid reports whether there is a key that has not been wiped.
func (k Key) Valid() bool {
	if k.m == nil {
		return false
	}
	m := k.m()
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.live
}

// Equal compares two keys in constant time. Invalid keys equal nothing.
func (k Key) Equal(other Key) bool {
	a, okA := k.bytes()
	b, okB := other.bytes()
	return subtle.ConstantTimeCompare(a[:], b[:]) == 1 && okA && okB
}

// Wipe makes this key and all its copies invalid and overwrites the memory
// that Go lets us reach; expanded AES keys are left to the garbage collector.
func (k Key) Wipe() {
	if k.m == nil {
		return
	}
	m := k.m()
	m.mu.Lock()
	defer m.mu.Unlock()
	m.live = false
	clear(m.secret[:])
	if m.cipher != nil {
		m.cipher.commit = pads{}
		m.cipher = nil
	}
}

// bytes returns a copy of the secret, and whether the key is valid.
func (k Key) bytes() ([KeySize]byte, bool) {
	if k.m == nil {
		return [KeySize]byte{}, false
	}
	m := k.m()
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.secret, m.live
}

// mustBytes is bytes for callers without an error to return. Going on with a
// missing key would seal something under zeros, so it panics.
func (k Key) mustBytes() [KeySize]byte {
	secret, ok := k.bytes()
	if !ok {
		panic("seal: invalid key used")
	}
	return secret
}
