package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"github.com/zalando/go-keyring"

	"bailiwick/sdk"
)

// login is what is kept between two commands.
type login struct {
	Address string     `json:"address"`
	Email   string     `json:"email,omitempty"`
	Bearer  sdk.Secret `json:"bearer,omitempty"`
	Device  sdk.Secret `json:"device,omitempty"`
}

const (
	keyringService = "bailiwick"
	keyringUser    = "command line"
)

// keyrings reports whether the system's keyring is to be used.
// BAILIWICK_KEYRING=off is for machines whose keyring asks nobody.
func (e *Env) keyrings() bool { return e.Getenv("BAILIWICK_KEYRING") != "off" }

// file is where the sign-in is kept without a keyring.
func (e *Env) file() (string, error) {
	dir, err := os.UserConfigDir()
	return filepath.Join(dir, "bailiwick", "login.json"), err
}

// load gives the kept sign-in, an empty one where there is none.
func (e *Env) load() (l login, err error) {
	if e.keyrings() {
		if text, err := keyring.Get(keyringService, keyringUser); err == nil {
			return l, json.Unmarshal([]byte(text), &l)
		}
	}
	path, err := e.file()
	if err != nil {
		return l, nil // no home: only the environment can say who asks
	}
	text, err := readPrivate(path)
	if errors.Is(err, fs.ErrNotExist) {
		return l, nil
	}
	if err != nil {
		return l, err
	}
	if err := json.Unmarshal(text, &l); err != nil {
		return l, fail(ExitError, "%s is not what bailiwick login wrote. Delete it and sign in again.", path)
	}
	return l, nil
}

// readPrivate refuses a file that others could read: what they could read,
// they may have read.
func readPrivate(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if mode := info.Mode().Perm(); runtime.GOOS != "windows" && mode&0o077 != 0 {
		return nil, fail(ExitError, "%s can be read by others (mode %04o), so it is not used. Set it right with: chmod 600 %q; end the session if others may have read it.", path, mode, path)
	}
	text := make([]byte, info.Size())
	n, err := f.Read(text)
	if err != nil && info.Size() > 0 {
		return nil, err
	}
	return text[:n], nil
}

// save keeps the sign-in: in the keyring, or else in the file.
func (e *Env) save(l login) error {
	text, err := json.Marshal(l)
	if err != nil {
		return err
	}
	path, fileErr := e.file()
	if e.keyrings() {
		if err := keyring.Set(keyringService, keyringUser, string(text)); err == nil {
			if fileErr == nil {
				_ = os.Remove(path) // one place only
			}
			return nil
		}
	}
	if fileErr != nil {
		return fail(ExitError, "the sign-in can't be kept: there is no keyring and no home directory")
	}
	return writePrivate(path, text)
}

// writePrivate replaces a file by one that only its owner may read, whole or
// not at all.
func writePrivate(path string, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".login-*") // made with mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(text)
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("keep the sign-in: %w", err)
	}
	return os.Rename(f.Name(), path)
}

// connect gives the API as whoever is signed in. The environment goes before
// what is kept.
func (e *Env) connect() (*sdk.API, login, error) {
	address, token := e.Getenv("BAILIWICK_ADDRESS"), e.Getenv("BAILIWICK_TOKEN")
	l := login{}
	if address == "" || token == "" {
		var err error
		if l, err = e.load(); err != nil {
			return nil, l, err
		}
	}
	switch {
	case token != "":
		l.Bearer, l.Device = sdk.Secret(token), ""
		if address != "" {
			l.Address = address
		}
	case address != "" && address != l.Address:
		return nil, l, fail(ExitSignIn, "Nobody is signed in to %s. Sign in with: bailiwick login %s", clean(address), clean(address))
	}
	if l.Address == "" || l.Bearer == "" {
		return nil, l, fail(ExitSignIn, "Nobody is signed in. Sign in with: bailiwick login ADDRESS")
	}
	api, err := sdk.New(l.Address, l.Bearer, e.Agent)
	if err != nil {
		return nil, l, fail(ExitUsage, "%s", err)
	}
	return api, l, nil
}
