package seal

import (
	"crypto/ed25519"
	"encoding/binary"
	"slices"
)

// A pin is what a holder remembers about an organization: its signing key and
// the last epoch seen, under a MAC of the holder's own seed. Somebody who
// writes to the database can neither swap the signing key nor, for a holder
// who has seen a later epoch, bring an older roster back.

const pinSize = 1 + ed25519.PublicKeySize + 8 + KeySize

// SealPin returns 0x01, signing public key (32), epoch (8), MAC (32). It
// panics when the seed is invalid or the public key hasn't 32 bytes.
func SealPin(seed Key, org, user string, signPublic []byte, epoch int64) []byte {
	if len(signPublic) != ed25519.PublicKeySize {
		panic("seal: not a signing public key")
	}
	pin := append([]byte{formatPin}, signPublic...)
	pin = binary.BigEndian.AppendUint64(pin, uint64(epoch))
	return append(pin, pinMAC(seed, org, user, pin)...)
}

// OpenPin checks the MAC and returns what was pinned, or ErrOpen.
func OpenPin(seed Key, org, user string, pin []byte) (signPublic []byte, epoch int64, err error) {
	if len(pin) != pinSize || pin[0] != formatPin || !seed.Valid() {
		return nil, 0, ErrOpen
	}
	body := pin[:pinSize-KeySize]
	if !Equal(pinMAC(seed, org, user, body), pin[len(body):]) {
		return nil, 0, ErrOpen
	}
	r := newReader(slices.Clone(body[1:]))
	return r.take(ed25519.PublicKeySize), r.int64(), nil
}

func pinMAC(seed Key, org, user string, body []byte) []byte {
	return seed.MAC("pin", []byte(org), []byte(user), body)
}
