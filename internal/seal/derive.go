package seal

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
)

// version1 begins every HKDF info and every signed text.
const version1 = "bailiwick v1"

// expand is HKDF-SHA256 (RFC 5869) without salt, and as info the
// length-prefixed tuple ("bailiwick v1", use, parts…). The uses are: box (see
// newBoxCipher), derive, mac, key check, key pair, device, code, recovery
// code, factor code, token lookup, token key, link proof.
func expand(secret []byte, size int, use string, parts ...[]byte) []byte {
	info := make([]byte, 0, 128)
	info = appendPart(info, version1)
	info = appendPart(info, use)
	for _, part := range parts {
		info = appendPart(info, part)
	}
	out, err := hkdf.Key(sha256.New, secret, nil, string(info), size)
	if err != nil {
		panic(err) // only for sizes above 8,160 bytes
	}
	return out
}

// Derive returns another key from this one (HKDF-SHA256), different for each
// label and parts. An invalid key derives the zero Key.
func (k Key) Derive(label string, parts ...[]byte) Key {
	secret, ok := k.bytes()
	if !ok {
		return Key{}
	}
	defer clear(secret[:])
	return keyOf([KeySize]byte(expand(secret[:], KeySize, "derive", append([][]byte{[]byte(label)}, parts...)...)))
}

// Check returns the key check value of a vault key, 32 bytes that tell
// whether a key is the one that the roster means, and nothing else about it.
// It panics when the key is invalid.
func (k Key) Check(org string, epoch int64) []byte {
	secret := k.mustBytes()
	defer clear(secret[:])
	return expand(secret[:], KeySize, "key check", []byte(org), binary.BigEndian.AppendUint64(nil, uint64(epoch)))
}

// MAC returns HMAC-SHA256 over the length-prefixed parts, 32 bytes, under a
// key of its own for each label. It panics when the key is invalid. Compare
// with Equal.
func (k Key) MAC(label string, msg ...[]byte) []byte {
	secret := k.mustBytes()
	defer clear(secret[:])
	h := hmac.New(sha256.New, expand(secret[:], KeySize, "mac", []byte(label)))
	for _, part := range msg {
		h.Write(binary.BigEndian.AppendUint32(nil, uint32(len(part))))
		h.Write(part)
	}
	return h.Sum(nil)
}

// Hash returns SHA-256 over the length-prefixed parts, 32 bytes.
func Hash(parts ...[]byte) []byte {
	h := sha256.New()
	for _, part := range parts {
		h.Write(binary.BigEndian.AppendUint32(nil, uint32(len(part))))
		h.Write(part)
	}
	return h.Sum(nil)
}

// Equal compares two values of the same length in constant time. Two empty
// values are not equal: a missing MAC must never match a missing one.
func Equal(a, b []byte) bool {
	return len(a) > 0 && subtle.ConstantTimeCompare(a, b) == 1
}

// Random returns n random bytes from the operating system.
func Random(n int) []byte {
	b := make([]byte, n)
	fillRandom(b)
	return b
}

// Digits returns n random decimal digits, each as likely as any other.
func Digits(n int) string {
	out := make([]byte, 0, n)
	for len(out) < n {
		if b := Random(1)[0]; b < 250 {
			out = append(out, '0'+b%10)
		}
	}
	return string(out)
}

// fillRandom never fails: crypto/rand ends the program when there is no
// randomness.
func fillRandom(b []byte) { _, _ = rand.Read(b) }
