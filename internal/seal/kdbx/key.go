package kdbx

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/xml"
	"strings"

	argon2d "github.com/tobischo/argon2"
	"golang.org/x/crypto/argon2"
)

// Ids of key derivations.
const (
	aesKDF   = "\xc9\xd9\xf3\x9a\x62\x8a\x44\x60\xbf\x74\x0d\x08\xc1\x8a\x4f\xea"
	aesKDF4  = "\x7c\x02\xbb\x82\x79\xa7\x4a\xc0\x92\x7d\x11\x4a\x00\x64\x82\x38"
	argonD   = "\xef\x63\x6d\xdf\x8c\x29\x44\x4b\x91\xf7\xa9\xa4\x03\xe3\x0a\x0c"
	argonID  = "\x9e\x29\x8b\x19\x56\xdb\x47\x73\xb2\x3d\xfc\x3e\xc6\xf0\xa1\xe6"
	mostSalt = 1024
)

// check refuses before any work is done.
func (k *kdf) check() error {
	switch k.id {
	case aesKDF, aesKDF4:
		if len(k.salt) != 32 {
			return ErrFormat
		}
		if k.rounds > MostRounds {
			return ErrCost
		}
		return nil
	case argonD, argonID:
		switch {
		case len(k.salt) < 8 || len(k.salt) > mostSalt || k.memory < 8<<10 || k.passes < 1 || k.lanes < 1:
			return ErrFormat
		case k.version != 0x13 || len(k.secret) > 0 || len(k.associated) > 0:
			return ErrCipher
		case k.memory > MostMemory || k.passes > MostWork/k.memory || k.lanes > 64:
			return ErrCost
		}
		return nil
	}
	return ErrCipher
}

// transform makes the composite key costly to guess.
func (h *header) transform(ctx context.Context, key []byte) ([]byte, error) {
	k := &h.kdf
	switch k.id {
	case argonD:
		return argon2d.DKey(key, k.salt, uint32(k.passes), uint32(k.memory>>10), uint8(k.lanes), 32), ctx.Err()
	case argonID:
		return argon2.IDKey(key, k.salt, uint32(k.passes), uint32(k.memory>>10), uint8(k.lanes), 32), ctx.Err()
	}
	block, err := aes.NewCipher(k.salt)
	if err != nil {
		return nil, ErrFormat
	}
	for n := uint64(0); n < k.rounds; n++ {
		block.Encrypt(key[:16], key[:16])
		block.Encrypt(key[16:], key[16:])
		if n&0xfffff == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
	}
	sum := sha256.Sum256(key)
	return sum[:], nil
}

// composite puts passphrase and key file together. Without a key file an empty
// passphrase is one.
func composite(c Credentials) []byte {
	whole := sha256.New()
	text := []byte(c.Passphrase.Reveal())
	defer clear(text)
	if len(text) > 0 || c.KeyFile == nil {
		sum := sha256.Sum256(text)
		whole.Write(sum[:])
	}
	if c.KeyFile != nil {
		whole.Write(keyOfFile(c.KeyFile))
	}
	return whole.Sum(nil)
}

// keyOfFile understands the four kinds of key file: XML of either version, 32
// bytes, their 64 hexadecimal digits, and any other file by its hash.
func keyOfFile(b []byte) []byte {
	var file struct {
		XMLName xml.Name `xml:"KeyFile"`
		Version string   `xml:"Meta>Version"`
		Data    string   `xml:"Key>Data"`
	}
	if xml.Unmarshal(b, &file) == nil {
		data := strings.Join(strings.Fields(file.Data), "")
		var key []byte
		var err error
		if strings.HasPrefix(file.Version, "2.") {
			key, err = hex.DecodeString(data)
		} else {
			key, err = base64.StdEncoding.DecodeString(data)
		}
		if err == nil && len(key) > 0 {
			return key
		}
	}
	if len(b) == 32 {
		return b
	}
	if len(b) == 64 {
		if key, err := hex.DecodeString(string(bytes.TrimSpace(b))); err == nil {
			return key
		}
	}
	sum := sha256.Sum256(b)
	return sum[:]
}
