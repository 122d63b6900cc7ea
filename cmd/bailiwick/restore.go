package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"bailiwick/internal/backup"
	"bailiwick/internal/cli"
	"bailiwick/internal/clock"
	"bailiwick/internal/db"
	"bailiwick/internal/gate"
	"bailiwick/internal/org"
	"bailiwick/internal/seal"
)

type restoreCmd struct {
	place
	From           string `help:"File that bailiwick backup wrote; - is the standard input." required:"" placeholder:"FILE"`
	Identity       string `help:"File of the secret key that opens it." type:"existingfile" placeholder:"FILE"`
	PassphraseFile string `help:"File whose first line is the passphrase that opens it." type:"existingfile" placeholder:"FILE"`
	Check          bool   `help:"Read and check the whole file, and restore nothing."`
}

// Help is what --help says besides.
func (restoreCmd) Help() string {
	return `The directory must hold no database, and the PostgreSQL database no rows; an instance.key
may lie in the directory already. Either everything is restored and reads back as it was, or
nothing is. A backup of one engine may be restored on the other.

Afterwards nobody is signed in, every browser is unknown, and all API tokens are gone. The
first open session makes new keys of the vault. Users, passwords and rights are those of the
time of the backup: who was disabled since is a user again. Compare the list of users with
what you know, before you let people in.

If the instance key is lost: bailiwick recover --data DIR`
}

func (c restoreCmd) openers() (seal.Openers, error) {
	switch {
	case (c.Identity == "") == (c.PassphraseFile == ""):
		return seal.Openers{}, errors.New("say how the backup is opened: --identity FILE or --passphrase-file FILE")
	case c.PassphraseFile != "":
		phrase, err := passphrase(c.PassphraseFile)
		if err != nil {
			return seal.Openers{}, err
		}
		return seal.OpenersByPassphrase(phrase)
	}
	f, err := os.Open(c.Identity)
	if err != nil {
		return seal.Openers{}, err
	}
	defer f.Close()
	o, err := seal.ParseOpeners(f)
	if err != nil {
		err = fmt.Errorf("%s: %w", c.Identity, err)
	}
	return o, err
}

// Run restores a backup, or only checks it.
func (c restoreCmd) Run(e *cli.Env) error {
	openers, err := c.openers()
	if err != nil {
		return err
	}
	var from io.Reader = e.In
	if c.From != "-" {
		f, err := os.Open(c.From)
		if err != nil {
			return err
		}
		defer f.Close()
		from = f
	}
	plain, err := seal.DecryptFile(from, openers)
	switch {
	case errors.Is(err, seal.ErrNotForUs):
		return fmt.Errorf("%s is encrypted to somebody else: this key or passphrase does not open it", c.From)
	case err != nil:
		return fmt.Errorf("%s is no encrypted backup, or its beginning is damaged", c.From)
	}
	if c.Check {
		s, err := backup.Check(plain)
		if err != nil {
			return err
		}
		fmt.Fprintf(e.Err, "The backup of %s UTC is whole: %d rows of %d tables, made from %s.\n", s.Made.Format("2006-01-02 15:04:05"), s.Rows(), len(s.Totals), s.Engine)
		return nil
	}
	return c.restore(e, plain)
}

func (c restoreCmd) restore(e *cli.Env, plain io.Reader) error {
	target, err := c.target()
	if err != nil {
		return err
	}
	undo := func() error { return nil }
	if c.Database == "" {
		if undo, err = freshDirectory(c.Data); err != nil {
			return err
		}
	}
	s, err := backup.Load(e.Context, plain, target, clock.System{}.Now())
	if err != nil {
		return errors.Join(fmt.Errorf("nothing was restored: %w", err), undo())
	}
	d, err := db.Open(e.Context, target, db.Options{}) // with the migrations that came since
	if err != nil {
		return err
	}
	defer d.Close()
	if err := org.New(gate.New(d, clock.System{}), seal.Key{}, nil).Restored(e.Context, s.Made); err != nil {
		return fmt.Errorf("everything was restored, but the audit log has no event of it: %w", err)
	}
	fmt.Fprintf(e.Err, "Restored the backup of %s UTC: %d rows of %d tables, all read back.\n", s.Made.Format("2006-01-02 15:04:05"), s.Rows(), len(s.Totals))
	fmt.Fprintln(e.Err, "Everybody has to sign in again, with the Organization Key; API tokens are to be made anew.\nUsers and rights are those of that time: compare them before you let people in.")
	k, path, err := c.instance()
	if err == nil && k.Valid() {
		err = org.New(gate.New(d, clock.System{}), k, nil).Fits(e.Context)
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		fmt.Fprintf(e.Err, "Put the instance key at %s before you start the server. If it is lost: bailiwick recover\n", path)
	case err != nil:
		return fmt.Errorf("everything was restored, but the instance key will not do: %w", err)
	}
	return nil
}

// instance gives the instance key, or fs.ErrNotExist and where it should be.
func (p place) instance() (seal.Key, string, error) {
	if text := os.Getenv("BAILIWICK_INSTANCE_KEY"); text != "" {
		k, err := seal.ParseInstanceKey(text)
		return k, "", err
	}
	if p.Data == "" {
		return seal.Key{}, "instance.key of its data directory", fs.ErrNotExist
	}
	path := filepath.Join(p.Data, instanceFile)
	k, err := seal.LoadInstanceKey(path)
	return k, path, err
}

var databaseFiles = []string{"bailiwick.db", "bailiwick.db-wal", "bailiwick.db-shm", "bailiwick.lock"}

// freshDirectory demands a directory without a database, and gives what takes
// away the files of a restore that failed.
func freshDirectory(dir string) (undo func() error, err error) {
	for _, name := range databaseFiles[:3] {
		if _, err := os.Lstat(filepath.Join(dir, name)); err == nil {
			return nil, fmt.Errorf("%s has a database already (%s): restore into an empty directory. If it is what a broken-off restore left, remove it first", dir, name)
		} else if !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	_, err = os.Lstat(dir)
	made := errors.Is(err, fs.ErrNotExist)
	return func() error {
		var all error
		for _, name := range databaseFiles {
			if err := os.Remove(filepath.Join(dir, name)); !errors.Is(err, fs.ErrNotExist) {
				all = errors.Join(all, err)
			}
		}
		if made {
			all = errors.Join(all, os.Remove(dir))
		}
		return all
	}, nil
}
