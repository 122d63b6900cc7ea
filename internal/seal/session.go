package seal

import "encoding/binary"

// SessionKeys are the keys that a session holds. A sealed session has none or
// only some of them; the others are invalid Keys.
type SessionKeys struct {
	P, Seed, Vault Key
	Epoch          int64 // of Vault
}

// SealSession seals a session's keys under its token, and that under the outer
// key: 0x01, a byte with bit 0 for P, 1 for seed, 2 for vault key, the three
// keys (zeros when absent), epoch (8). The length tells nothing about which
// keys there are. RekeyOuter with PurposeSession moves it to a new epoch.
func SealSession(token Token, outer Key, at Place, k SessionKeys) []byte {
	plain := []byte{formatSession, 0}
	for i, key := range []Key{k.P, k.Seed, k.Vault} {
		secret, ok := key.bytes()
		if ok {
			plain[1] |= 1 << i
		}
		plain = append(plain, secret[:]...)
		clear(secret[:])
	}
	plain = binary.BigEndian.AppendUint64(plain, uint64(k.Epoch))
	defer clear(plain)
	return outer.Seal(PurposeSession, at, token.Key().Seal(PurposeSessionInner, at.lasting(), plain))
}

// OpenSession returns the keys that SealSession sealed, or ErrOpen.
func OpenSession(token Token, outer Key, at Place, box []byte) (SessionKeys, error) {
	inner, err := outer.Open(PurposeSession, at, box)
	if err != nil || !token.Valid() {
		return SessionKeys{}, ErrOpen
	}
	plain, err := token.Key().Open(PurposeSessionInner, at.lasting(), inner)
	if err != nil {
		return SessionKeys{}, ErrOpen
	}
	defer clear(plain)
	r := newReader(plain)
	format, present := r.byte(), r.byte()
	var keys [3]Key
	for i := range keys {
		secret := r.take(KeySize)
		if present&(1<<i) == 0 || !r.ok {
			continue
		}
		if keys[i], err = KeyFrom(secret); err != nil {
			return SessionKeys{}, ErrOpen
		}
	}
	epoch := r.int64()
	if !r.done() || format != formatSession || present > 7 {
		return SessionKeys{}, ErrOpen
	}
	return SessionKeys{P: keys[0], Seed: keys[1], Vault: keys[2], Epoch: epoch}, nil
}
