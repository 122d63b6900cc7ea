package seal

import (
	"crypto/hmac"
	"crypto/sha1" // #nosec G505 -- RFC 6238's usual hash; HMAC does not rest on collisions
	"crypto/sha256"
	"crypto/sha512"
	"encoding/binary"
	"hash"
)

// OneTime is the number of RFC 4226 (31 bits) at a counter, which one-time
// codes of others' accounts are made of. The hash is SHA1, SHA256 or SHA512.
func OneTime(secret []byte, hashName string, counter uint64) (number uint32, known bool) {
	hashes := map[string]func() hash.Hash{"SHA1": sha1.New, "SHA256": sha256.New, "SHA512": sha512.New}
	made, known := hashes[hashName]
	if !known {
		return 0, false
	}
	h := hmac.New(made, secret)
	h.Write(binary.BigEndian.AppendUint64(nil, counter))
	sum := h.Sum(nil)
	at := sum[len(sum)-1] & 0x0f
	return binary.BigEndian.Uint32(sum[at:]) & 0x7fffffff, true
}
