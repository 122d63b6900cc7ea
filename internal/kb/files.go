package kb

import (
	"context"
	"io"
	"path"
	"strings"
	"unicode"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/id"
)

// File is a picture or attachment of an article.
type File struct {
	ID, Name, Type string
	Picture        bool // may be shown within a page; everything else is a download
	Size           int64
	AddedAt        int64
	AddedBy        string
}

// Sizes in bytes.
const (
	LargestPicture = 10 << 20
	LargestFile    = 25 << 20
	pieceSize      = 256 << 10
	mostFiles      = 200 // of an article
)

// Operations on files. Each is read by whoever reads its article.
var (
	OpFile   = gate.Define(gate.Op{Name: "file.read", Sentence: "Read a picture or attachment of an article", Scope: gate.Shelf, Role: gate.Public, View: true})
	OpAttach = gate.Define(gate.Op{Name: "file.add", Sentence: "Add a picture or attachment to an article", Scope: gate.Shelf, Role: gate.Editor, Write: true, Audit: true, Once: true})
	OpDetach = gate.Define(gate.Op{Name: "file.delete", Sentence: "Delete a picture or attachment", Scope: gate.Shelf, Role: gate.Editor, Write: true, Audit: true, Once: true})

	sqlAddFile  = gate.SQL(`INSERT INTO kb_files (org_id, id, article_id, name, type, picture, size, added_at, added_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`)
	sqlAddPiece = gate.SQL(`INSERT INTO kb_pieces (org_id, file_id, number, data) VALUES ($1, $2, $3, $4)`)
	sqlCount    = gate.SQL(`SELECT COUNT(*) FROM kb_files WHERE org_id = $1 AND article_id = $2`)
	sqlFile     = gate.SQL(`SELECT id, name, type, picture, size, added_at, added_by FROM kb_files WHERE org_id = $1 AND id = $2`)
	sqlPiece    = gate.SQL(`SELECT data FROM kb_pieces WHERE org_id = $1 AND file_id = $2 AND number = $3`)
	sqlNoFile   = gate.SQL(`DELETE FROM kb_files WHERE org_id = $1 AND id = $2`)
)

// Attach adds a file to an article. What it is the server finds out itself, and
// only pictures that it can read are pictures.
func (s *Store) Attach(ctx context.Context, who gate.Actor, article, name string, data []byte) (File, error) {
	f := File{ID: id.New("file"), Name: fileName(name), Size: int64(len(data))}
	f.Type, f.Picture = kindOf(data)
	switch {
	case len(data) == 0:
		return f, fault.Bad("file", "The file is empty.")
	case len(data) > LargestFile:
		return f, fault.Bad("file", "A file has at most %d MB.", LargestFile>>20)
	case f.Picture && len(data) > LargestPicture:
		return f, fault.Bad("file", "A picture has at most %d MB.", LargestPicture>>20)
	}
	return gate.Do(ctx, s.gate, who, OpAttach, gate.Article(article), func(tx *gate.Tx) (File, error) {
		return attach(tx, f, data)
	})
}

func attach(tx *gate.Tx, f File, data []byte) (File, error) {
	n, article := 0, tx.ArticleID()
	if err := tx.Row(sqlCount, article).Scan(&n); err != nil {
		return f, err
	}
	if n >= mostFiles {
		return f, fault.Bad("file", "An article has at most %d files.", mostFiles)
	}
	e := tx.Event()
	e.Name, e.Fields = f.Name, []string{"file " + f.ID}
	return f, keep(tx, article, &f, data)
}

func keep(tx *gate.Tx, article string, f *File, data []byte) error {
	f.AddedAt, f.AddedBy = tx.Millis(), tx.Name()
	if _, err := tx.Exec(sqlAddFile, f.ID, article, f.Name, f.Type, f.Picture, f.Size, f.AddedAt, f.AddedBy); err != nil {
		return err
	}
	for n := 0; len(data) > 0; n++ {
		piece := data[:min(len(data), pieceSize)]
		if _, err := tx.Exec(sqlAddPiece, f.ID, n, piece); err != nil {
			return err
		}
		data = data[len(piece):]
	}
	return nil
}

// File says what a file is.
func (s *Store) File(ctx context.Context, who gate.Actor, file string) (File, error) {
	return gate.Do(ctx, s.gate, who, OpFile, gate.File(file), func(tx *gate.Tx) (f File, err error) {
		return f, tx.Row(sqlFile, file).Scan(&f.ID, &f.Name, &f.Type, &f.Picture, &f.Size, &f.AddedAt, &f.AddedBy)
	})
}

// WriteFile writes what is in a file, piece by piece. Each is decided on anew,
// so who loses the right to it in between gets no more.
func (s *Store) WriteFile(ctx context.Context, who gate.Actor, f File, to io.Writer) error {
	left := f.Size
	for n := 0; left > 0; n++ {
		piece, err := gate.Do(ctx, s.gate, who, OpFile, gate.File(f.ID), func(tx *gate.Tx) (data []byte, err error) {
			return data, tx.Row(sqlPiece, f.ID, n).Scan(&data)
		})
		if err != nil {
			return err
		}
		if _, err := to.Write(piece); err != nil {
			return err
		}
		left -= int64(len(piece))
	}
	return nil
}

// Detach deletes a file.
func (s *Store) Detach(ctx context.Context, who gate.Actor, file string) error {
	_, err := gate.Do(ctx, s.gate, who, OpDetach, gate.File(file), func(tx *gate.Tx) (bool, error) {
		var f File
		if err := tx.Row(sqlFile, file).Scan(&f.ID, &f.Name, &f.Type, &f.Picture, &f.Size, &f.AddedAt, &f.AddedBy); err != nil {
			return false, err
		}
		tx.Event().Name = f.Name
		return true, tx.One(sqlNoFile, file)
	})
	return err
}

// fileName is a name that every system takes: the last part of a path, without
// signs that mean something to somebody.
func fileName(name string) string {
	name = path.Base(strings.ReplaceAll(strings.ToValidUTF8(name, ""), `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co) || strings.ContainsRune(`<>:"/\|?*%#`, r) {
			return '-'
		}
		return r
	}, name)
	name = strings.Trim(name, ". ")
	if name == "" || name == "-" {
		name = "file"
	}
	if all := []rune(name); len(all) > 120 { // the ending stays
		ending := []rune(path.Ext(name))
		if len(ending) > 20 {
			ending = nil
		}
		name = string(all[:120-len(ending)]) + string(ending)
	}
	return name
}
