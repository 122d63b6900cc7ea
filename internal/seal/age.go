package seal

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"filippo.io/age"
)

// Files that leave the server (backups) are encrypted in the age format
// (age-encryption.org/v1), so that they can also be opened with other tools.
// age tells whether a file was changed or cut, and not who made it.

// Readers are whom a file is encrypted to. The zero Readers are nobody.
type Readers struct{ all []age.Recipient }

// ParseReader reads one public key as age-keygen and NewFileKey write them:
// age1… (X25519) or age1pq1… (with ML-KEM-768).
func ParseReader(text string) (Readers, error) {
	text = strings.TrimSpace(text)
	if strings.HasPrefix(strings.ToUpper(text), "AGE-SECRET-KEY-") {
		return Readers{}, errors.New("this is a secret key: give the public key that belongs to it, which begins with age1")
	}
	all, err := age.ParseRecipients(strings.NewReader(text + "\n"))
	if err != nil || len(all) != 1 {
		return Readers{}, errors.New("this is not a public key for backups; they begin with age1")
	}
	return Readers{all}, nil
}

// ParseReaders reads a file of public keys, one a line; lines that begin with
// # are comments.
func ParseReaders(r io.Reader) (Readers, error) {
	all, err := age.ParseRecipients(r)
	if err != nil {
		return Readers{}, errors.New("this is not a list of public keys for backups, one a line, each beginning with age1")
	}
	return Readers{all}, nil
}

// And adds others, who may open the file too.
func (r Readers) And(others Readers) Readers {
	return Readers{append(append([]age.Recipient{}, r.all...), others.all...)}
}

// Any reports whether there is anybody.
func (r Readers) Any() bool { return len(r.all) > 0 }

// ByPassphrase is whoever knows a passphrase (scrypt). It can't be combined
// with public keys: age promises that such a file was made by somebody who
// knows it.
func ByPassphrase(phrase Secret) (Readers, error) {
	r, err := age.NewScryptRecipient(phrase.Reveal())
	if err != nil {
		return Readers{}, errors.New("the passphrase is empty")
	}
	return Readers{[]age.Recipient{r}}, nil
}

// EncryptFile encrypts what is written to it, in a stream. Close ends the
// file: without it, what is there is refused as cut.
func EncryptFile(to io.Writer, r Readers) (io.WriteCloser, error) {
	if !r.Any() {
		return nil, errors.New("a file must be encrypted to somebody")
	}
	w, err := age.Encrypt(to, r.all...)
	if err != nil {
		return nil, fmt.Errorf("the public keys can't be used together: either all have ML-KEM (age1pq1…) or none, and a passphrase stands alone: %w", err)
	}
	return w, nil
}

// Openers are what a file is opened with.
type Openers struct {
	hidden
	all behind[[]age.Identity]
}

// ParseOpeners reads a file of secret keys as age-keygen and NewFileKey write
// it. The error repeats nothing of it.
func ParseOpeners(r io.Reader) (Openers, error) {
	all, err := age.ParseIdentities(r)
	if err != nil {
		return Openers{}, errors.New("this is not a secret key for backups; such a file has a line that begins with AGE-SECRET-KEY-")
	}
	return Openers{all: hide(&all)}, nil
}

// OpenersByPassphrase opens what was encrypted to ByPassphrase.
func OpenersByPassphrase(phrase Secret) (Openers, error) {
	id, err := age.NewScryptIdentity(phrase.Reveal())
	if err != nil {
		return Openers{}, errors.New("the passphrase is empty")
	}
	return Openers{all: hide(&[]age.Identity{id})}, nil
}

// ErrNotForUs means that a file is encrypted to others than the keys at hand.
var ErrNotForUs = errors.New("seal: the file is encrypted to somebody else")

// DecryptFile gives what is in a file. Each part is checked before it is given
// out, and reading it to its end also that nothing is missing there.
func DecryptFile(from io.Reader, o Openers) (io.Reader, error) {
	all := o.all.get()
	if all == nil {
		return nil, ErrNotForUs
	}
	r, err := age.Decrypt(from, *all...)
	var none *age.NoIdentityMatchError
	switch {
	case errors.As(err, &none), errors.Is(err, age.ErrIncorrectIdentity):
		return nil, ErrNotForUs
	case err != nil:
		return nil, ErrOpen
	}
	return checked{r}, nil
}

// checked gives damage its one name, and leaves errors of reading alone.
type checked struct{ r io.Reader }

func (c checked) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = fmt.Errorf("%w (%w)", ErrOpen, err)
	}
	return n, err
}

// NewFileKey makes a key pair for files, with ML-KEM-768 beside X25519: what
// is to be written to a file that only its owner reads, and the public key.
func NewFileKey() (secret Secret, public string, err error) {
	id, err := age.GenerateHybridIdentity()
	if err != nil {
		return Secret{}, "", err
	}
	public = id.Recipient().String()
	return NewSecret(fmt.Sprintf("# Opens backups of Bailiwick. Keep it apart from them, and from the server.\n# public key: %s\n%s\n", public, id)), public, nil
}
