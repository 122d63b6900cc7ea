package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/term"

	"bailiwick/internal/backup"
	"bailiwick/internal/cli"
	"bailiwick/internal/clock"
	"bailiwick/internal/db"
	"bailiwick/internal/seal"
)

// place is where a database lies, for commands that are no server.
type place struct {
	Data     string  `help:"Data directory: the embedded database, and the instance key." type:"path" placeholder:"DIR"`
	Database address `help:"postgres://… instead of the embedded database." placeholder:"URL" env:"BAILIWICK_DATABASE"`
}

func (p place) target() (string, error) {
	switch {
	case p.Database != "":
		return string(p.Database), nil
	case p.Data != "":
		return p.Data, nil
	}
	return "", errors.New("say which database: --data DIR, or --database postgres://…")
}

const shortestPhrase = 12

// passphrase reads the first line of a file.
func passphrase(path string) (seal.Secret, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return seal.Secret{}, err
	}
	line, _, _ := strings.Cut(string(b), "\n")
	line = strings.TrimSuffix(line, "\r")
	if len([]rune(line)) < shortestPhrase {
		return seal.Secret{}, fmt.Errorf("the first line of %s is the passphrase; it needs at least %d characters", path, shortestPhrase)
	}
	return seal.NewSecret(line), nil
}

type backupCmd struct {
	place
	To             string   `help:"File to write, which must not exist yet; - is the standard output." required:"" placeholder:"FILE"`
	Recipient      []string `help:"Public key (age1…) of whoever may open the backup; may be repeated." placeholder:"KEY"`
	RecipientsFile string   `help:"File of public keys, one a line." type:"existingfile" placeholder:"FILE"`
	PassphraseFile string   `help:"File whose first line is a passphrase, instead of public keys." type:"existingfile" placeholder:"FILE"`
}

// Help is what --help says besides.
func (backupCmd) Help() string {
	return `The backup is taken beside the running server, from one unchanging view, and encrypted
in the age format while it is written. It holds everything but sessions, known browsers and
API tokens, and never the instance key: keep a copy of that apart.

Make a key pair first, on another machine if you can: bailiwick backup-key backup.key
Then:  bailiwick backup --data DIR --to vault.bwb --recipients-file backup.key.pub
Check: bailiwick restore --check --from vault.bwb --identity backup.key`
}

func (c backupCmd) readers() (all seal.Readers, err error) {
	for _, text := range c.Recipient {
		r, err := seal.ParseReader(text)
		if err != nil {
			return all, fmt.Errorf("--recipient %.12s…: %w", text, err)
		}
		all = all.And(r)
	}
	if c.RecipientsFile != "" {
		f, err := os.Open(c.RecipientsFile)
		if err != nil {
			return all, err
		}
		defer f.Close()
		r, err := seal.ParseReaders(f)
		if err != nil {
			return all, fmt.Errorf("%s: %w", c.RecipientsFile, err)
		}
		all = all.And(r)
	}
	if c.PassphraseFile != "" {
		if all.Any() {
			return all, errors.New("a passphrase stands alone: give --passphrase-file, or public keys, and not both")
		}
		phrase, err := passphrase(c.PassphraseFile)
		if err != nil {
			return all, err
		}
		return seal.ByPassphrase(phrase)
	}
	if !all.Any() {
		err = errors.New("say who may open the backup: --recipient KEY, --recipients-file FILE or --passphrase-file FILE. `bailiwick backup-key FILE` makes a key pair")
	}
	return all, err
}

// Run takes a backup.
func (c backupCmd) Run(e *cli.Env) error {
	target, err := c.target()
	if err != nil {
		return err
	}
	readers, err := c.readers()
	if err != nil {
		return err
	}
	d, err := db.OpenToRead(e.Context, target)
	if err != nil {
		return err
	}
	defer d.Close()
	start := clock.System{}.Now()
	var s backup.Summary
	write := func(to io.Writer) (err error) {
		s, err = encrypted(e.Context, d, to, readers, start)
		return err
	}
	if c.To == "-" {
		if f, ok := e.Out.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
			return errors.New("a backup is not for the terminal: send the standard output to a file or another command")
		}
		err = write(e.Out)
	} else {
		err = newFile(c.To, write)
	}
	if err != nil {
		return fmt.Errorf("no backup was made: %w", err)
	}
	fmt.Fprintf(e.Err, "Backed up %d rows of %d tables as of %s UTC.\n", s.Rows(), len(s.Totals), s.Made.Format("2006-01-02 15:04:05"))
	for _, p := range s.Organizations {
		fmt.Fprintf(e.Err, "%s: up to event %d of the audit log, key epoch %d.\n", p.ID, p.AuditSize, p.KeyEpoch)
	}
	return c.note(s.Made)
}

func encrypted(ctx context.Context, d *db.DB, to io.Writer, readers seal.Readers, now time.Time) (backup.Summary, error) {
	w, err := seal.EncryptFile(to, readers)
	if err != nil {
		return backup.Summary{}, err
	}
	s, err := backup.Save(ctx, d, w, now)
	if err != nil {
		return s, err
	}
	return s, w.Close()
}

// newFile writes a file under a name of its own, and gives it its name only
// when it is whole and on disk: what has the name is a backup.
func newFile(path string, write func(io.Writer) error) (err error) {
	if _, err := os.Lstat(path); err == nil {
		return fmt.Errorf("%s exists already; choose another name", path)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	part := path + ".part"
	f, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is there: another backup is being written, or one was broken off. Delete it if none runs", part)
	}
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(part))
		}
	}()
	if err := errors.Join(write(f), f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Link(part, path); err != nil { // not over a file that came meanwhile, where there are links
		if errors.Is(err, fs.ErrExist) {
			return fmt.Errorf("%s exists already; choose another name", path)
		}
		return os.Rename(part, path)
	}
	return errors.Join(os.Remove(part), syncDirectory(filepath.Dir(path)))
}

// syncDirectory makes new names survive a power failure.
func syncDirectory(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	_ = d.Sync() // not every system can
	return nil
}

// note leaves when the backup was made where the server's metrics find it.
func (c backupCmd) note(made time.Time) error {
	if c.Data == "" {
		return nil
	}
	b, err := json.Marshal(lastBackup{Made: made})
	if err == nil {
		path := filepath.Join(c.Data, lastBackupFile)
		err = errors.Join(os.WriteFile(path+".new", append(b, '\n'), 0o600), os.Rename(path+".new", path))
	}
	if err != nil {
		return fmt.Errorf("the backup is complete, but when it was made could not be noted for the metrics: %w", err)
	}
	return nil
}

type backupKeyCmd struct {
	File string `arg:"" help:"File for the secret key, which must not exist yet; the public key goes to FILE.pub."`
}

// Run makes a key pair for backups.
func (c backupKeyCmd) Run(e *cli.Env) error {
	secret, public, err := seal.NewFileKey()
	if err != nil {
		return err
	}
	for path, text := range map[string]string{c.File: secret.Reveal(), c.File + ".pub": public + "\n"} {
		if err := newFile(path, func(w io.Writer) error { _, err := io.WriteString(w, text); return err }); err != nil {
			return err
		}
	}
	fmt.Fprintf(e.Err, "The secret key is in %s: keep it apart from the backups and from the server, and print it or copy it.\nThe public key is in %s.pub; backups need nothing else.\n", c.File, c.File)
	return nil
}
