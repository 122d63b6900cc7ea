package web

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"bailiwick/internal/client"
	"bailiwick/internal/door"
	"bailiwick/internal/fault"
	"bailiwick/internal/importer"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
	"bailiwick/internal/web/ui"
)

// mostUpload is a little more than the largest file, for what stands around it.
const mostUpload = importer.MaxBytes + 1<<20

func (s *Server) importRoutes() {
	s.signed("GET /import", showImports)
	s.upload("POST /import", mostUpload, upload)
	s.signed("GET /import/template.csv", importTemplate)
	s.signed("GET /import/clients", showClientImport)
	s.signed("GET /import/clients-template.csv", importClientTemplate)
	s.signed("GET /import/{id}", showImport)
	s.signed("POST /import/{id}", chooseImport)
	s.signed("GET /import/{id}/progress", importProgress)
	s.signed("POST /import/{id}/cancel", cancelImport)
	s.upload("POST /import/{id}/unlock", importer.MostKeyFile+1<<16, unlockImport)
	s.signed("POST /import/{id}/undo", undoImport)
	s.signed("GET /import/{id}/problems.csv", importProblems)
	s.signed("GET /import/{id}/left-out.csv", importLeftOut)
}

// importList is one's own imports, and the way to a new one.
type importList struct {
	jobs    []importer.Job
	clients []ui.Option
	client  string
	format  string
	may     bool   // clients may be imported, too
	users   bool   // so may users
	err     string // of the upload
	now     time.Time
}

// byColumn stands for "each row names its client" where a client is chosen.
const byColumn = "column"

func showImports(v *visit) error {
	return v.showImports(http.StatusOK, v.r.URL.Query().Get("client"), "", "")
}

func (v *visit) showImports(status int, chosen, format, problem string) error {
	l := importList{client: chosen, format: format, may: v.importsClients() == nil, users: v.me.Has(perm.UserAdd), err: problem, now: v.app.Clock.Now()}
	var err error
	if l.jobs, err = v.app.Imports.List(v.ctx(), v.who); err != nil {
		return err
	}
	if _, err = v.app.Imports.Continue(v.ctx(), v.who); err != nil {
		return err
	}
	if l.clients, err = v.importClients(ui.Option{Label: "Choose later"}); err != nil {
		return err
	}
	f, err := v.frame("Import")
	if err != nil {
		return err
	}
	return v.renderAs(status, importsPage(f, l))
}

// importsClients refuses whoever could neither add nor change a client.
func (v *visit) importsClients() error {
	if v.me.Site || !v.me.Has(perm.ImportData) || !v.me.Has(perm.ClientAdd) && !v.me.Has(perm.ClientEdit) {
		return fault.NotFound()
	}
	return nil
}

func showClientImport(v *visit) error { return v.showClientImport(http.StatusOK, "") }

func (v *visit) showClientImport(status int, problem string) error {
	if err := v.importsClients(); err != nil {
		return err
	}
	f, err := v.frame("Import clients", ui.Crumb{Label: "Import", Href: "/import"})
	if err != nil {
		return err
	}
	return v.renderAs(status, importClientsPage(f, importList{err: problem}))
}

func importClientTemplate(v *visit) error {
	if err := v.importsClients(); err != nil {
		return err
	}
	v.attach("bailiwick-clients-template.csv")
	_, err := v.w.Write(importer.ClientTemplate())
	return v.sent(err)
}

func (v *visit) importClients(first ui.Option) ([]ui.Option, error) {
	if v.me.Site { // it has one
		at, err := v.company()
		return []ui.Option{{Value: at.Client, Label: "Company vault"}}, err
	}
	options := []ui.Option{first, {Value: byColumn, Label: "The column that names the client"}}
	if !v.me.Has(perm.ClientViewList) {
		return options, nil
	}
	all, _, err := v.app.Clients.List(v.ctx(), v.who, client.Filter{})
	for _, c := range all {
		options = append(options, ui.Option{Value: c.ID, Label: c.Name})
	}
	return options, err
}

// upload reads the form part by part as it comes in: a file is never held in
// memory whole, nor written anywhere unsealed.
func upload(v *visit) error {
	parts, err := v.r.MultipartReader()
	if err != nil {
		return fault.Cannot("Choose a file to upload. Nothing was imported.")
	}
	var to uploadTo
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return v.noUpload(to, "Choose a file.")
		}
		if err != nil {
			return fault.Cannot("The file did not arrive whole. Nothing of it was kept; upload it again.")
		}
		short := func() string {
			b, _ := io.ReadAll(io.LimitReader(part, 100))
			return string(b)
		}
		switch part.FormName() {
		case "of":
			to.of = importer.Of(short())
		case "client":
			to.client = short()
		case "format":
			to.format = short()
		case "file":
			if part.FileName() == "" {
				return v.noUpload(to, "Choose a file.")
			}
			return v.keepUpload(part.FileName(), to, part)
		}
	}
}

// uploadTo is what the form says before its file.
type uploadTo struct {
	of             importer.Of
	client, format string
}

func (v *visit) noUpload(to uploadTo, problem string) error {
	if to.of == importer.OfClients {
		return v.showClientImport(http.StatusUnprocessableEntity, problem)
	}
	return v.showImports(http.StatusUnprocessableEntity, to.client, to.format, problem)
}

func (v *visit) keepUpload(name string, to uploadTo, r io.Reader) error {
	id, err := v.app.Imports.Upload(v.ctx(), v.who, name, importer.Choices{Of: to.of, Format: to.format}, r)
	if by, ok := fieldErrors(err); ok {
		return v.noUpload(to, by["file"]+by["format"]+by["of"])
	}
	if err != nil {
		return err
	}
	if to.client != "" && to.of == importer.OfCredentials {
		c := importer.Choices{Format: to.format, To: importer.Destination{Client: to.client}, Duplicates: importer.Skip}
		if to.client == byColumn {
			c.To = importer.Destination{ByColumn: true, AddClients: v.me.Has(perm.ClientAdd)}
		}
		if err := v.app.Imports.Choose(v.ctx(), v.who, id, c); err != nil && !fault.Is(err, fault.Invalid) {
			return err
		}
	}
	return v.goTo("/import/" + id)
}

// unlockImport takes what opens a KeePass database.
func unlockImport(v *visit) error {
	parts, err := v.r.MultipartReader()
	if err != nil {
		return fault.Cannot("Enter the passphrase of the database.")
	}
	var passphrase, file []byte
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			switch part.FormName() {
			case "passphrase":
				passphrase, err = io.ReadAll(io.LimitReader(part, 1<<15))
			case "key-file":
				file, err = io.ReadAll(io.LimitReader(part, importer.MostKeyFile+1))
			}
		}
		if err != nil {
			return fault.Cannot("The form did not arrive whole. Send it again.")
		}
	}
	id := v.r.PathValue("id")
	err = v.app.Imports.Unlock(v.ctx(), v.who, id, seal.NewSecret(string(passphrase)), file)
	clear(passphrase)
	if by, ok := fieldErrors(err); ok {
		for _, field := range []string{"file", "key_file", "passphrase"} {
			if by[field] != "" {
				return v.showImport(http.StatusUnprocessableEntity, by[field])
			}
		}
	}
	if err != nil {
		return err
	}
	return v.goTo("/import/" + id)
}

func importTemplate(v *visit) error {
	if !v.me.Has(perm.ImportData) {
		return fault.NotFound()
	}
	v.attach("bailiwick-import.csv")
	_, err := v.w.Write(importer.Template())
	return v.sent(err)
}

func importProblems(v *visit) error {
	return v.download("import-problems.csv", func(w io.Writer) error {
		return v.app.Imports.WriteProblems(v.ctx(), v.who, v.r.PathValue("id"), w)
	})
}

func importLeftOut(v *visit) error {
	return v.download("import-left-out.csv", func(w io.Writer) error {
		return v.app.Imports.WriteLeftOut(v.ctx(), v.who, v.r.PathValue("id"), w)
	})
}

// download sends a list; what is refused before its first byte is an error as
// everywhere else.
func (v *visit) download(name string, write func(io.Writer) error) error {
	var b bytes.Buffer
	if err := write(&b); err != nil {
		return err
	}
	v.attach(name)
	_, err := v.w.Write(b.Bytes())
	return v.sent(err)
}

func (v *visit) attach(name string) {
	v.w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	v.w.Header().Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", name))
}

// sent notes that the browser went away; there is nobody to be told.
func (v *visit) sent(err error) error {
	if err != nil {
		v.log.Info("the answer was not read to its end", "request", door.Of(v.r).ID, "error", err)
	}
	return nil
}

func cancelImport(v *visit) error {
	id := v.r.PathValue("id")
	j, err := v.app.Imports.View(v.ctx(), v.who, id)
	if err != nil {
		return err
	}
	if err := v.app.Imports.Cancel(v.ctx(), v.who, id); err != nil {
		return err
	}
	if j.Started.IsZero() {
		v.flash("File discarded. Nothing of it was imported.", "")
		return v.goTo("/import") // where it is no more
	}
	v.flash("Import cancelled. Nothing of it was imported.", "")
	return v.finish("/import/" + id)
}

func undoImport(v *visit) error {
	id := v.r.PathValue("id")
	j, err := v.app.Imports.View(v.ctx(), v.who, id)
	if err != nil {
		return err
	}
	out, err := v.app.Imports.Undo(v.ctx(), v.who, id)
	if err != nil {
		return err
	}
	words := []string{counted(out.Archived, "credential", "credentials") + " archived"}
	if j.Of == importer.OfClients {
		words = []string{counted(out.Archived, "client", "clients") + " removed"}
	}
	if out.Restored > 0 {
		words = append(words, number(out.Restored)+" as they were before")
	}
	if out.Kept > 0 {
		words = append(words, number(out.Kept)+" left, because they were changed since")
	}
	v.flash("Import undone: "+strings.Join(words, ", ")+".", "")
	return v.finish("/import/" + id)
}
