package foreign

import (
	"context"
	"encoding/xml"
	"errors"
	"io"

	"bailiwick/internal/seal/kdbx"
)

// ErrKey is that passphrase or key file do not open the database.
var ErrKey = kdbx.ErrKey

// longestText is how long one value in the XML may be. Attachments of version
// 3.1 are longer; they are cut, as they are not taken over.
const longestText = 4 << 20

// ReadKeePass reads a KeePass database of version 3.1 or 4. Deriving the key
// takes up to some seconds and 256 MB; the rest holds one entry at a time.
func ReadKeePass(ctx context.Context, r io.Reader, c kdbx.Credentials, sink Sink) (remarks []string, err error) {
	db, err := kdbx.Open(ctx, stopping{ctx, r}, c)
	if err != nil {
		return nil, keepassError(err)
	}
	k := newKeepass(stopping{ctx, db.XML}, db, sink)
	if err := k.read(); err != nil {
		return nil, keepassError(err)
	}
	return k.left.remarks("KeePass"), nil
}

// hidden is the stream that hides values.
type hidden interface{ Unhide([]byte) []byte }

func newKeepass(r io.Reader, db hidden, sink Sink) *keepass {
	k := &keepass{db: db, d: xml.NewDecoder(&cutting{r: r})}
	k.d.CharsetReader = func(string, io.Reader) (io.Reader, error) { return nil, errShape }
	k.sink, k.n = counted(sink)
	return k
}

func keepassError(err error) error {
	var syntax *xml.SyntaxError
	switch {
	case errors.Is(err, kdbx.ErrKey):
		return ErrKey
	case errors.Is(err, kdbx.ErrVersion):
		return refuse("This KeePass database is of a version that is not known. Save it as KDBX 4 with KeePassXC, and upload that.")
	case errors.Is(err, kdbx.ErrCost):
		return refuse("Deriving the key of this KeePass database takes more memory or work than this server spends on it: at most %d MB for Argon2, and %d million rounds for AES. In KeePassXC choose Database, Security, Encryption settings, set a shorter decryption time, save, and upload it again.", kdbx.MostMemory>>20, kdbx.MostRounds/1_000_000)
	case errors.Is(err, kdbx.ErrCipher):
		return refuse("This KeePass database uses a cipher or key derivation that is not known here. Save it with AES-256 and Argon2id, and upload it again.")
	case errors.Is(err, kdbx.ErrLarge):
		return refuse("The contents of this KeePass database are too large. Remove attachments or history from a copy of it, and upload that.")
	case errors.Is(err, kdbx.ErrFormat), errors.As(err, &syntax), errors.Is(err, errShape), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return refuse("This KeePass database is damaged. Open it in KeePass, save it anew, and upload that.")
	}
	return err
}

// cutting shortens texts between tags, so that the XML's reader never holds
// more than one of them.
type cutting struct {
	r    io.Reader
	text int
}

func (c *cutting) Read(p []byte) (int, error) {
	for {
		n, err := c.r.Read(p)
		kept := 0
		for _, b := range p[:n] {
			if b == '<' || b == '>' {
				c.text = 0
			} else if c.text++; c.text > longestText {
				continue
			}
			p[kept] = b
			kept++
		}
		if kept > 0 || err != nil || len(p) == 0 {
			return kept, err
		}
	}
}
