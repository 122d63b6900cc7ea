package web

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"bailiwick/internal/door"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/kb"
	"bailiwick/internal/kb/bundle"
)

func (s *Server) kbImportRoutes() {
	s.signed("GET "+kbPath+"/{base}/import", showKBImport)
	s.upload("POST "+kbPath+"/{base}/import", bundle.MaxBytes+1<<20, importKB)
	s.signed("GET "+kbPath+"/{base}/export", showKBExport)
	s.signed("POST "+kbPath+"/{base}/export", exportKB)
}

// kbImport is the page of an import, and of what it did.
type kbImport struct {
	kbFrame
	in     kb.Importing
	failed string
	done   *kb.Imported
}

func (v *visit) kbImport(status int, i kbImport) (err error) {
	if i.kbFrame, err = v.kbFrame("Import", "Articles", gate.Editor); err != nil {
		return err
	}
	return v.renderAs(status, kbImportPage(i))
}

func showKBImport(v *visit) error { return v.kbImport(http.StatusOK, kbImport{}) }

func importKB(v *visit) error {
	k, err := v.kbFrame("Import", "Articles", gate.Editor)
	if err != nil {
		return err
	}
	fields, data, err := v.archive()
	i := kbImport{in: kb.Importing{Category: fields["category"], Publish: fields["publish"] != ""}}
	if err == nil {
		var done kb.Imported
		done, err = v.app.Bases.Import(v.ctx(), v.who, k.base.ID, bytes.NewReader(data), int64(len(data)), i.in)
		i.done = &done
	}
	if f, ok := fault.As(err); ok && (f.Kind == fault.Unacceptable || f.Kind == fault.Invalid) {
		i.failed, i.done = f.Text, nil
		for _, field := range f.Fields {
			i.failed = field.Text
		}
		return v.kbImport(door.Status(err), i)
	}
	if err != nil {
		return err
	}
	return v.kbImport(http.StatusOK, i)
}

// archive reads the upload of an import, and the fields beside it.
func (v *visit) archive() (fields map[string]string, data []byte, err error) {
	parts, err := v.r.MultipartReader()
	if err != nil {
		return nil, nil, fault.Bad("file", "Choose a ZIP archive.")
	}
	fields = map[string]string{}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fields, nil, err
		}
		switch name := part.FormName(); name {
		case "publish", "category":
			b, err := io.ReadAll(io.LimitReader(part, 100))
			if err != nil {
				return fields, nil, err
			}
			fields[name] = string(b)
		case "file":
			if data, err = io.ReadAll(part); err != nil {
				var large *http.MaxBytesError
				if errors.As(err, &large) {
					return fields, nil, fault.Bad("file", "The archive is larger than %d MB. Split it.", bundle.MaxBytes/1_000_000)
				}
				return fields, nil, err
			}
		}
	}
	if len(data) == 0 {
		return fields, nil, fault.Bad("file", "Choose a ZIP archive.")
	}
	return fields, data, nil
}

func showKBExport(v *visit) error {
	k, err := v.kbFrame("Export", "Articles", gate.Editor)
	if err != nil {
		return err
	}
	return v.render(kbExportPage(k))
}

// exportKB sends the archive while it is made. An error within it cuts the
// answer off, so that no half archive looks like a whole one.
func exportKB(v *visit) error {
	k, err := v.kbFrame("Export", "Articles", gate.Editor)
	if err != nil {
		return err
	}
	x, err := v.app.Bases.Export(v.ctx(), v.who, k.base.ID)
	if err != nil {
		return err
	}
	out := &begun{v: v, name: strings.TrimSuffix(x.Name, ".zip") + "-" + v.app.Clock.Now().UTC().Format(time.DateOnly) + ".zip"}
	err = x.WriteTo(v.ctx(), out)
	if err != nil && out.sent {
		v.log.Error("an export of a knowledge base broke off", "request", door.Of(v.r).ID, "error", err)
		panic(http.ErrAbortHandler)
	}
	return err
}

// begun sets the headers of a download with its first bytes.
type begun struct {
	v    *visit
	name string
	sent bool
}

func (b *begun) Write(p []byte) (int, error) {
	if !b.sent {
		b.sent = true
		h := b.v.w.Header()
		h.Set("Content-Type", "application/zip")
		h.Set("Content-Disposition", `attachment; filename="`+b.name+`"`)
	}
	return b.v.w.Write(p)
}
