package backup

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"bailiwick/internal/db"
)

// schemaOf gives those of this program's migrations that made the schema of a
// backup. Older backups are restored with their own schema, which is then
// brought up to date like any other database's.
func schemaOf(m Manifest) (fs.FS, error) {
	known, err := db.Steps(db.Migrations())
	if err != nil {
		return nil, err
	}
	if len(m.Schema) > len(known) {
		return nil, fmt.Errorf("%w (its schema has the migration %s)", ErrNewer, strings.Map(plain, m.Schema[len(known)].Name))
	}
	if len(m.Schema) == 0 || !slices.Equal(m.Schema, known[:len(m.Schema)]) {
		return nil, fmt.Errorf("%w (its schema was made by no version of Bailiwick)", ErrDamaged)
	}
	return firstFiles{db.Migrations(), int64(len(m.Schema))}, nil
}

func plain(r rune) rune {
	if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '_' || r == '.' {
		return r
	}
	return '?'
}

// firstFiles is a folder of migrations as it was in an earlier version.
type firstFiles struct {
	fs.FS
	last int64
}

// Glob implements fs.GlobFS.
func (f firstFiles) Glob(pattern string) ([]string, error) {
	names, err := fs.Glob(f.FS, pattern)
	if int64(len(names)) > f.last {
		names = names[:f.last] // they are numbered without gaps, and sorted
	}
	return slices.DeleteFunc(names, func(n string) bool { return path.Dir(n) != "." }), err
}
