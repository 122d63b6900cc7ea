package foreign

import (
	"archive/zip"
	"compress/flate"
	"context"
	"errors"
	"io"
	"strings"
)

const onePUXExport = "unencrypted export (1PUX) of 1Password"

// mostDirectory is how much of a file its table of contents may be.
const mostDirectory = 8 << 20

// ReadOnePUX reads an unencrypted export of 1Password: a ZIP archive whose
// export.data is JSON. A vault becomes a folder.
func ReadOnePUX(ctx context.Context, r io.ReaderAt, size int64, sink Sink) (remarks []string, err error) {
	table := &limited{r: r, left: mostDirectory}
	archive, err := zip.NewReader(table, size)
	if errors.Is(err, errDirectory) {
		return nil, refuse("The archive has too many files in it. Export again, without attachments if there are very many.")
	}
	if err != nil {
		if table.err != nil {
			return nil, table.err
		}
		return nil, refuse("This ZIP archive is damaged. Export or upload it again.")
	}
	table.left = -1 // what is read from now on is bounded by itself
	p := &onePUX{vaults: map[[2]int]string{}}
	p.sink, p.n = counted(sink)
	var data *zip.File
	for _, f := range archive.File {
		switch {
		case f.Name == "export.data":
			data = f
		case strings.HasPrefix(f.Name, "files/") && !strings.HasSuffix(f.Name, "/"):
			p.left.attachments++
		}
	}
	if data == nil {
		return nil, refuse("This ZIP archive is no %s: it has no export.data. In 1Password choose File, Export, format 1PUX.", onePUXExport)
	}
	for pass := range 2 {
		if err := p.read(ctx, data, pass == 1); err != nil {
			if table.err != nil {
				return nil, table.err
			}
			return nil, err
		}
	}
	return p.left.remarks("1Password"), nil
}

// limited reads no more than left bytes; below zero there is no limit.
type limited struct {
	r    io.ReaderAt
	left int
	err  error // of the reader
}

var errDirectory = errors.New("foreign: the table of contents is too long")

func (l *limited) ReadAt(b []byte, at int64) (int, error) {
	if at < 0 { // so the archive says: it is damaged, and not the reader
		return 0, zip.ErrFormat
	}
	if l.left >= 0 {
		if l.left -= len(b); l.left < 0 {
			l.left = 0
			return 0, errDirectory
		}
	}
	n, err := l.r.ReadAt(b, at)
	if err != nil && !errors.Is(err, io.EOF) {
		l.err = err
	}
	return n, err
}

type onePUX struct {
	vaults  map[[2]int]string // names, by account and vault
	account int
	vault   int
	left    left
	sink    Sink
	n       *int
}

func (p *onePUX) read(ctx context.Context, data *zip.File, second bool) error {
	in, err := data.Open()
	if err != nil {
		return refuse("This ZIP archive is packed in a way that can't be read. Export it again.")
	}
	defer in.Close()
	d := newJSON(&bounded{r: stopping{ctx, in}, left: mostUnpacked})
	p.account = -1
	seen := false
	err = d.object(func(key string) error {
		if key != "accounts" {
			return d.skip()
		}
		seen = true
		return d.array(func() error {
			p.account++
			p.vault = -1
			return p.members(d, map[string]func() error{"vaults": func() error {
				return d.array(func() error {
					p.vault++
					return p.inVault(d, second)
				})
			}})
		})
	})
	var packed flate.CorruptInputError
	switch {
	case errors.As(err, &packed), errors.Is(err, zip.ErrChecksum), errors.Is(err, zip.ErrFormat), errors.Is(err, zip.ErrAlgorithm):
		return refuse("This ZIP archive is damaged. Export or upload it again.")
	case err == nil && !seen:
		err = errShape
	}
	return explained(err, onePUXExport)
}

// members reads an object of which only these are of use.
func (p *onePUX) members(d *jsonIn, those map[string]func() error) error {
	return d.object(func(key string) error {
		if read := those[key]; read != nil {
			return read()
		}
		return d.skip()
	})
}

func (p *onePUX) inVault(d *jsonIn, second bool) error {
	at := [2]int{p.account, p.vault}
	return p.members(d, map[string]func() error{
		"attrs": func() error {
			var attrs struct {
				Name string `json:"name"`
			}
			err := d.Decode(&attrs)
			p.vaults[at] = attrs.Name
			return err
		},
		"items": func() error {
			return d.array(func() error {
				if !second {
					return d.skip()
				}
				var i puxItem
				if err := d.Decode(&i); err != nil {
					return err
				}
				if i.Item != nil { // as earlier versions wrap it
					i = *i.Item
				}
				return p.entry(p.vaults[at], i)
			})
		},
	})
}
