// Package kdbx opens KeePass databases, versions 3.1 and 4: it checks and
// decrypts them piece by piece and gives the XML within, and the values that are
// hidden in it.
//
// It holds no more than a block of the file at a time, and refuses files that
// ask for more memory or work than a server can spend on a stranger's file. It
// writes no databases, understands no XML and keeps no key.
package kdbx

import (
	"bufio"
	"compress/gzip"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/binary"
	"errors"
	"io"
	"runtime/debug"

	"bailiwick/internal/seal"
)

// Bounds of what a file may ask for.
const (
	MostMemory = 256 << 20 // of Argon2, in bytes
	MostWork   = 16 << 30  // of Argon2, in bytes times passes
	MostRounds = 300_000_000
	MostXML    = 1 << 30 // of the contents, in bytes
	mostHeader = 1 << 20
	mostBlock  = 16 << 20
)

// What is wrong with a file, or with the key to it.
var (
	ErrFormat  = errors.New("kdbx: the file is damaged, or is no KeePass database")
	ErrVersion = errors.New("kdbx: a version of KeePass databases that is not known")
	ErrKey     = errors.New("kdbx: passphrase or key file are wrong, or the file is damaged")
	ErrCost    = errors.New("kdbx: its key derivation is too costly")
	ErrCipher  = errors.New("kdbx: a cipher or key derivation that is not known")
	ErrLarge   = errors.New("kdbx: its contents are too large")
)

// Credentials open a database.
type Credentials struct {
	Passphrase seal.Secret
	KeyFile    []byte // its contents; nil: there is none
}

// Database is an opened file.
type Database struct {
	Major  int
	XML    io.Reader // reading may end in one of the errors above
	hidden stream
}

// Is says whether a file begins as KeePass databases of version 3 and 4 do.
func Is(start []byte) bool {
	return len(start) >= 8 && string(start[:4]) == "\x03\xd9\xa2\x9a" && (start[4] == 0x67 || start[4] == 0x66) && string(start[5:8]) == "\xfb\x4b\xb5"
}

// IsOld says whether a file begins as those of KeePass 1 do.
func IsOld(start []byte) bool {
	return len(start) >= 8 && string(start[:8]) == "\x03\xd9\xa2\x9a\x65\xfb\x4b\xb5"
}

// Open reads the header, derives the key, which takes its time, and checks it.
func Open(ctx context.Context, r io.Reader, c Credentials) (db *Database, err error) {
	in := bufio.NewReaderSize(r, 64<<10)
	h, err := readHeader(in)
	if err != nil {
		return nil, err
	}
	key, err := h.transform(ctx, composite(c))
	if err != nil {
		return nil, err
	}
	defer clear(key)
	debug.FreeOSMemory() // what Argon2 took
	master := sha256.Sum256(append(append([]byte(nil), h.seed...), key...))
	defer clear(master[:])
	db = &Database{Major: h.major}
	var plain io.Reader
	if h.major == 4 {
		if plain, err = h.open4(in, key, master[:]); err != nil {
			return nil, err
		}
	} else if plain, err = h.open3(in, master[:]); err != nil {
		return nil, err
	}
	if h.gzip {
		zip, err := gzip.NewReader(plain)
		if err != nil {
			return nil, readError(err)
		}
		plain = zip
	}
	plain = bufio.NewReaderSize(&bounded{r: plain, left: MostXML}, 64<<10)
	if h.major == 4 {
		if h.streamID, h.streamKey, err = innerHeader(plain); err != nil {
			return nil, err
		}
	}
	if db.hidden, err = newStream(h.streamID, h.streamKey); err != nil {
		return nil, err
	}
	db.XML = plain
	return db, nil
}

// Unhide gives a hidden value. All of a file must be asked for, in their order.
func (d *Database) Unhide(v []byte) []byte {
	out := make([]byte, len(v))
	d.hidden.XORKeyStream(out, v)
	return out
}

// open4 checks the header and gives the blocks: each is checked before anything
// of it is decrypted.
func (h *header) open4(in io.Reader, key, master []byte) (io.Reader, error) {
	var sums [64]byte
	if _, err := io.ReadFull(in, sums[:]); err != nil {
		return nil, readError(err)
	}
	if sum := sha256.Sum256(h.raw); !hmac.Equal(sum[:], sums[:32]) {
		return nil, ErrFormat
	}
	base := sha512.Sum512(append(append(append([]byte(nil), h.seed...), key...), 1))
	mac := hmac.New(sha256.New, blockKey(base[:], ^uint64(0)))
	mac.Write(h.raw)
	if !hmac.Equal(mac.Sum(nil), sums[32:]) {
		return nil, ErrKey
	}
	return decrypting(h.cipher, master, h.iv, &blocks4{in: in, base: base[:]})
}

func blockKey(base []byte, n uint64) []byte {
	k := sha512.Sum512(append(binary.LittleEndian.AppendUint64(nil, n), base...))
	return k[:]
}

// open3 decrypts first; the start of it shows whether the key is right.
func (h *header) open3(in io.Reader, master []byte) (io.Reader, error) {
	plain, err := decrypting(h.cipher, master, h.iv, in)
	if err != nil {
		return nil, err
	}
	start := make([]byte, len(h.start))
	if _, err := io.ReadFull(plain, start); err != nil {
		return nil, keyError(err)
	}
	if !hmac.Equal(start, h.start) {
		return nil, ErrKey
	}
	return &blocks3{in: plain}, nil
}

// innerHeader reads what stands before the XML of version 4. Attachments lie
// there, and are passed over.
func innerHeader(r io.Reader) (id uint32, key []byte, err error) {
	for {
		var head [5]byte
		if _, err := io.ReadFull(r, head[:]); err != nil {
			return 0, nil, readError(err)
		}
		size := int64(binary.LittleEndian.Uint32(head[1:]))
		switch {
		case head[0] == 0 || head[0] == 1 || head[0] == 2:
			if size > 1024 {
				return 0, nil, ErrFormat
			}
			data := make([]byte, size)
			if _, err := io.ReadFull(r, data); err != nil {
				return 0, nil, readError(err)
			}
			switch {
			case head[0] == 0:
				return id, key, nil
			case head[0] == 2:
				key = data
			case size == 4:
				id = binary.LittleEndian.Uint32(data)
			default:
				return 0, nil, ErrFormat
			}
		default:
			if _, err := io.CopyN(io.Discard, r, size); err != nil {
				return 0, nil, readError(err)
			}
		}
	}
}
