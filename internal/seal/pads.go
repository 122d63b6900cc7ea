package seal

import "crypto/sha256"

// pads is HMAC-SHA256 (RFC 2104) of a 32-byte key with its pads kept ready. It
// does what crypto/hmac does, without allocating, because it runs twice for
// every line of every list.
type pads struct {
	inner, outer [sha256.BlockSize]byte
}

func newPads(key *[KeySize]byte) pads {
	var p pads
	copy(p.inner[:], key[:])
	copy(p.outer[:], key[:])
	for i := range sha256.BlockSize {
		p.inner[i] ^= 0x36
		p.outer[i] ^= 0x5c
	}
	return p
}

// sum returns the HMAC of the parts, one after the other.
func (p *pads) sum(parts ...[]byte) [sha256.Size]byte {
	text := append(make([]byte, 0, 512), p.inner[:]...)
	for _, part := range parts {
		text = append(text, part...)
	}
	hash := sha256.Sum256(text)
	var last [sha256.BlockSize + sha256.Size]byte
	copy(last[:], p.outer[:])
	copy(last[sha256.BlockSize:], hash[:])
	return sha256.Sum256(last[:])
}
