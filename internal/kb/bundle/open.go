package bundle

import (
	"archive/zip"
	"errors"
	"io"
	"io/fs"
	"path"
	"regexp"
	"strings"
	"unicode/utf8"

	"bailiwick/internal/fault"
)

// entry is a file of the archive.
type entry struct {
	name string // within the archive, with a common first folder taken off
	zip  *zip.File
}

// entries gives the files of an archive, or refuses it.
func (in *reading) entries(r io.ReaderAt, size int64) ([]entry, error) {
	if size > MaxBytes {
		return nil, fault.Cannot("The archive is larger than %d MB. Nothing was imported. Split it.", MaxBytes/1_000_000)
	}
	table := &bounded{r: r, left: 16 << 20}
	archive, err := zip.NewReader(table, size)
	switch {
	case errors.Is(err, errTable):
		return nil, tooMany()
	case err != nil && table.err != nil:
		return nil, table.err
	case err != nil:
		return nil, fault.Cannot("This is no ZIP archive, or a damaged one. Nothing was imported. Pack the folder anew as ZIP.")
	case len(archive.File) > MaxEntries:
		return nil, tooMany()
	}
	table.left = -1
	var all []entry
	seen := map[string]bool{}
	for _, f := range archive.File {
		name, err := within(f.Name)
		if err != nil {
			return nil, err
		}
		if f.FileInfo().IsDir() || strings.HasSuffix(name, "/") || hidden(name) {
			continue
		}
		switch {
		case f.Mode()&fs.ModeType != 0:
			in.problem(name, "This is a link or a device and not a file, so it was left out.")
		case f.Flags&1 != 0:
			return nil, fault.Cannot("%s is encrypted. Nothing was imported. Pack the folder without a password.", short(name))
		case seen[name]:
			in.problem(name, "The archive has several files of this name. Only the first was read.")
		default:
			seen[name] = true
			all = append(all, entry{name, f})
		}
	}
	root := unrooted(all)
	in.Root = fitting(worded(root), maxCategory)
	return all, nil
}

func tooMany() error {
	return fault.Cannot("The archive has more than %d files. Nothing was imported. Split it.", MaxEntries)
}

// drive is how names of Windows begin.
var drive = regexp.MustCompile(`^[A-Za-z]:`)

// within gives a name with plain slashes. A name that leads out of the archive's
// folder is an attack on whoever unpacks it, so the whole archive is refused.
func within(raw string) (string, error) {
	name := strings.ReplaceAll(raw, `\`, "/")
	if len(name) > maxName {
		return "", fault.Cannot("%s has a path of more than %d characters. Nothing was imported.", short(name), maxName)
	}
	bad := strings.HasPrefix(name, "/") || drive.MatchString(name) || strings.ContainsRune(name, 0)
	for part := range strings.SplitSeq(name, "/") {
		bad = bad || part == ".."
	}
	if bad {
		return "", fault.Cannot("%s leads out of the archive's folder. Nothing was imported.", short(name))
	}
	dir := strings.HasSuffix(name, "/")
	if !utf8.ValidString(name) {
		name = strings.ToValidUTF8(name, "\ufffd")
	}
	if name = path.Clean(name); dir {
		name += "/"
	}
	return name, nil
}

// hidden files are of the system that packed them, or of version control.
func hidden(name string) bool {
	for part := range strings.SplitSeq(name, "/") {
		if strings.HasPrefix(part, ".") || part == "__MACOSX" || part == "node_modules" || part == "Thumbs.db" || part == "desktop.ini" {
			return true
		}
	}
	return false
}

// unrooted takes off the folder that everything lies in, if there is one, and
// gives its name.
func unrooted(all []entry) (last string) {
	for {
		root := ""
		for i, e := range all {
			first, _, ok := strings.Cut(e.name, "/")
			if !ok || i > 0 && first != root {
				return last
			}
			root = first
		}
		if root == "" {
			return last
		}
		last = root
		for i := range all {
			all[i].name = all[i].name[len(root)+1:]
		}
	}
}

// short is a name that fits into a sentence.
func short(name string) string {
	r := []rune(strings.Map(printable, strings.ToValidUTF8(name, "\ufffd")))
	if len(r) > 120 {
		return "“" + string(r[:60]) + "…" + string(r[len(r)-50:]) + "”"
	}
	return "“" + string(r) + "”"
}

var errTable = errors.New("bundle: the table of contents is too long")

// bounded reads no more than left bytes; below zero there is no limit.
type bounded struct {
	r    io.ReaderAt
	left int
	err  error // of the reader
}

func (b *bounded) ReadAt(p []byte, at int64) (int, error) {
	if at < 0 { // so the archive says
		return 0, zip.ErrFormat
	}
	if b.left >= 0 {
		if b.left -= len(p); b.left < 0 {
			b.left = 0
			return 0, errTable
		}
	}
	n, err := b.r.ReadAt(p, at)
	if err != nil && !errors.Is(err, io.EOF) {
		b.err = err
	}
	return n, err
}
