package seal

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

const (
	instancePrefix = "bailiwick instance key v1 "
	mostInstance   = 256 // bytes of a key file
)

// InstanceKey reads the instance key of a file, and makes the file at first
// use. It refuses a file that others than its owner may read or write, and
// content that isn't an instance key; it never overwrites one. Who knows that
// there is data already calls LoadInstanceKey instead, because a new key could
// not open it.
func InstanceKey(path string) (Key, error) {
	k, err := LoadInstanceKey(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return k, err
	}
	if err := makeInstanceKey(path); err != nil && !errors.Is(err, fs.ErrExist) {
		return Key{}, fmt.Errorf("instance key: make %s: %w", path, err)
	}
	// Read it back: another process may have been first.
	return LoadInstanceKey(path)
}

// LoadInstanceKey is InstanceKey for a file that must exist.
func LoadInstanceKey(path string) (Key, error) {
	f, err := os.Open(path)
	if err != nil {
		return Key{}, fmt.Errorf("instance key: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return Key{}, fmt.Errorf("instance key: %w", err)
	}
	if !info.Mode().IsRegular() {
		return Key{}, fmt.Errorf("instance key: %s is not a regular file", path)
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		return Key{}, fmt.Errorf("instance key: %s has mode %04o, so others can reach it: run chmod 600", path, mode)
	}
	text, err := io.ReadAll(io.LimitReader(f, mostInstance))
	if err != nil {
		return Key{}, fmt.Errorf("instance key: read %s: %w", path, err)
	}
	defer clear(text)
	k, err := ParseInstanceKey(string(text))
	if err != nil {
		return Key{}, fmt.Errorf("%w (in %s)", err, path)
	}
	return k, nil
}

// ParseInstanceKey reads the line "bailiwick instance key v1 <base64>", as it
// stands in the file. The error does not repeat the text.
func ParseInstanceKey(text string) (Key, error) {
	encoded, ok := strings.CutPrefix(strings.TrimRight(text, "\r\n"), instancePrefix)
	if !ok || strings.ContainsAny(encoded, "\r\n") {
		return Key{}, errors.New("instance key: not a line \"" + instancePrefix + "<base64>\"")
	}
	b, err := base64.StdEncoding.Strict().DecodeString(encoded)
	if err != nil {
		return Key{}, errors.New("instance key: the base64 part is damaged")
	}
	defer clear(b)
	k, err := KeyFrom(b)
	if err != nil {
		return Key{}, fmt.Errorf("instance key: not %d bytes, or only zeros", KeySize)
	}
	return k, nil
}

func instanceLine(k Key) string {
	secret := k.mustBytes()
	defer clear(secret[:])
	return instancePrefix + base64.StdEncoding.EncodeToString(secret[:]) + "\n"
}

// makeInstanceKey writes a temporary file, syncs it and links it to its name,
// so that the name never stands for half a key, and of two starting processes
// one gets fs.ErrExist.
func makeInstanceKey(path string) error {
	dir := filepath.Dir(path)
	f, err := os.CreateTemp(dir, ".instance-key-*") // O_EXCL and mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.WriteString(instanceLine(NewKey()))
	err = errors.Join(err, f.Sync(), f.Close())
	if err != nil {
		return err
	}
	if err := os.Link(f.Name(), path); err != nil {
		return err
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
