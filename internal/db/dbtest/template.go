package dbtest

import (
	"context"
	"fmt"
	"hash/fnv"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"bailiwick/internal/db"
)

// Applying the schema costs more than copying a database that has it.
var (
	liteMu        sync.Mutex
	liteTemplates = map[string][]byte{} // fingerprint -> database file
)

func liteTemplate(migrations fs.FS) ([]byte, error) {
	print, err := fingerprint(migrations)
	if err != nil {
		return nil, err
	}
	liteMu.Lock()
	defer liteMu.Unlock()
	if file, ok := liteTemplates[print]; ok {
		return file, nil
	}
	dir, err := os.MkdirTemp("", "bailiwick-template-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	if err := migrate(dir, migrations); err != nil {
		return nil, err
	}
	file, err := os.ReadFile(filepath.Join(dir, "bailiwick.db"))
	if err == nil {
		liteTemplates[print] = file
	}
	return file, err
}

func migrate(target string, migrations fs.FS) error {
	d, err := db.Open(context.Background(), target, db.Options{Migrations: migrations})
	if err != nil {
		return err
	}
	return d.Close()
}

// fingerprint tells schemas apart.
func fingerprint(migrations fs.FS) (string, error) {
	if migrations == nil {
		migrations = db.Migrations()
	}
	names, err := fs.Glob(migrations, "*.sql")
	if err != nil {
		return "", err
	}
	sum := fnv.New64a()
	for _, name := range names {
		text, err := fs.ReadFile(migrations, name)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(sum, "%s %d %s", name, len(text), text)
	}
	return fmt.Sprintf("%016x", sum.Sum64()), nil
}
