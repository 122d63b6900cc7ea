package web

import (
	"errors"
	"io"
	"net/http"
	"strings"

	"bailiwick/internal/fault"
	"bailiwick/internal/kb"
)

// attachFile takes a picture or attachment. The script, which sends what was
// pasted or dropped, gets the Markdown to put into the text; a form leads back
// to the editor.
func attachFile(v *visit) error {
	name, data, err := v.oneFile()
	if err != nil {
		return err
	}
	f, err := v.app.Bases.Attach(v.ctx(), v.who, v.r.PathValue("article"), name, data)
	if err != nil {
		return err
	}
	if partial(v.r) {
		v.w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, err := io.WriteString(v.w, markdownFor(f))
		return err
	}
	v.flash("File added.", "")
	return v.goTo(articlePath(v.r.PathValue("base"), v.r.PathValue("article")) + "#files")
}

// oneFile reads the field "file" of an upload.
func (v *visit) oneFile() (name string, data []byte, err error) {
	parts, err := v.r.MultipartReader()
	if err != nil {
		return "", nil, fault.Bad("file", "Choose a file.")
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return "", nil, fault.Bad("file", "Choose a file.")
		}
		if err != nil {
			return "", nil, err
		}
		if part.FormName() != "file" || part.FileName() == "" {
			continue
		}
		data, err := io.ReadAll(part)
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return "", nil, fault.Bad("file", "A file has at most %d MB.", kb.LargestFile>>20)
		}
		return part.FileName(), data, err
	}
}

// markdownFor is how a text mentions a file.
func markdownFor(f kb.File) string {
	label := strings.NewReplacer("[", "", "]", "", `\`, "").Replace(f.Name)
	if f.Picture {
		if i := strings.LastIndex(label, "."); i > 0 {
			label = label[:i]
		}
		return "![" + label + "](" + f.Address() + ")"
	}
	return "[" + label + "](" + f.Address() + ")"
}

func detachFile(v *visit) error {
	if err := v.app.Bases.Detach(v.ctx(), v.who, v.r.PathValue("file")); err != nil {
		return err
	}
	v.flash("File deleted.", "")
	return v.goTo(articlePath(v.r.PathValue("base"), v.r.PathValue("article")) + "#files")
}
