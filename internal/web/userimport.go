package web

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"

	"bailiwick/internal/fault"
	"bailiwick/internal/people"
	"bailiwick/internal/perm"
	csv "bailiwick/internal/sheet"
	"bailiwick/internal/web/ui"
)

const userImportPath = "/users/import"

// mostUserForm holds the largest file as it goes along with the form.
const mostUserForm = 2*people.MostImport + 1<<20

func (s *Server) userImportRoutes() {
	s.signed("GET "+userImportPath, showUserImport)
	s.signed("GET "+userImportPath+"/template.csv", userImportTemplate)
	s.upload("POST "+userImportPath, people.MostImport+1<<20, uploadUsers)
	s.upload("POST "+userImportPath+"/run", mostUserForm, runUserImport)
}

// userImport is the page of a file of users. The file goes along with the
// form: the server keeps nothing of it before it is imported.
type userImport struct {
	frame  ui.FrameParams
	file   people.ImportFile
	view   people.ImportView
	packed string
	err    string
}

// readAs stands for how the file is read: the columns belong to it.
func (p userImport) readAs() string {
	return p.file.Encoding + " " + p.file.Separator + " " + string(p.file.First)
}

var targetLabels = map[people.Target]string{people.ToNothing: "Leave out", people.ToName: "Name", people.ToEmail: "Email", people.ToKind: "Kind",
	people.ToLevel: "Permission level", people.ToRoles: "Account roles", people.ToEnabled: "Enabled", people.ToPhone: "Phone",
	people.ToTimeZone: "Time zone", people.ToGroups: "Security groups", people.ToClients: "Clients"}

func userTargets(site bool) (options []ui.Option) {
	for _, t := range people.TargetsIn(site) {
		options = append(options, ui.Option{Value: string(t), Label: targetLabels[t]})
	}
	return options
}

func (v *visit) importsUsers() error {
	if !v.me.Has(perm.ImportData) || !v.me.Has(perm.UserAdd) {
		return fault.NotFound()
	}
	return nil
}

func showUserImport(v *visit) error {
	if err := v.importsUsers(); err != nil {
		return err
	}
	return v.userUploadPage(http.StatusOK, "")
}

func (v *visit) userUploadPage(status int, problem string) error {
	f, err := v.frame("Import users", ui.Crumb{Label: "Users", Href: "/users"})
	if err != nil {
		return err
	}
	return v.renderAs(status, userUploadPage(f, problem, v.me.Site))
}

func userImportTemplate(v *visit) error {
	if err := v.importsUsers(); err != nil {
		return err
	}
	v.attach("bailiwick-users.csv")
	var headings []string
	for _, t := range people.TargetsIn(v.me.Site) {
		if t != people.ToNothing && t != people.ToEnabled {
			headings = append(headings, targetLabels[t])
		}
	}
	_, err := io.WriteString(v.w, "\ufeff"+strings.Join(headings, ",")+"\r\n")
	return v.sent(err)
}

// uploadUsers reads the file, and shows what would be done with it.
func uploadUsers(v *visit) error {
	parts, err := v.r.MultipartReader()
	if err != nil {
		return fault.Cannot("Choose a file to upload. Nothing was imported.")
	}
	for {
		part, err := parts.NextPart()
		switch {
		case errors.Is(err, io.EOF):
			return v.noUserFile("Choose a file.")
		case err != nil:
			return fault.Cannot("The file did not arrive whole. Nothing of it was kept; upload it again.")
		case part.FormName() != "file":
			continue
		case part.FileName() == "":
			return v.noUserFile("Choose a file.")
		}
		data, err := io.ReadAll(io.LimitReader(part, people.MostImport+1))
		if err != nil {
			return fault.Cannot("The file did not arrive whole. Nothing of it was kept; upload it again.")
		}
		return v.previewUsers(http.StatusOK, people.ImportFile{Data: data}, "")
	}
}

func (v *visit) noUserFile(problem string) error {
	if err := v.importsUsers(); err != nil {
		return err
	}
	return v.userUploadPage(http.StatusUnprocessableEntity, problem)
}

func (v *visit) previewUsers(status int, f people.ImportFile, problem string) error {
	view, err := v.app.People.PreviewImport(v.ctx(), v.who, f)
	if bad, ok := fieldErrors(err); ok && bad["columns"] != "" && f.Columns != nil {
		f.Columns, problem = nil, bad["columns"] // as guessed at first
		return v.previewUsers(http.StatusUnprocessableEntity, f, problem)
	} else if ok {
		return v.userUploadPage(http.StatusUnprocessableEntity, bad["file"])
	}
	if err != nil {
		return err
	}
	p := userImport{file: f, view: view, err: problem}
	if p.packed, err = pack(f.Data); err != nil {
		return err
	}
	if p.frame, err = v.frame("Check the file", ui.Crumb{Label: "Users", Href: "/users"}, ui.Crumb{Label: "Import users", Href: userImportPath}); err != nil {
		return err
	}
	return v.renderAs(status, userImportPage(p))
}

// runUserImport takes the choices; with act "run" it imports.
func runUserImport(v *visit) error {
	data, err := unpack(v.r.PostForm.Get("file"))
	if err != nil {
		return v.noUserFile("The file did not come back whole. Upload it again.")
	}
	f := people.ImportFile{Data: data, Encoding: v.text("encoding"), Separator: v.r.PostForm.Get("separator"), First: csv.First(v.text("first")), OnlyGood: v.text("only-good") != "", Message: v.lines("message")}
	for n := 0; v.r.PostForm.Has("column-" + strconv.Itoa(n)); n++ {
		f.Columns = append(f.Columns, people.Target(v.text("column-"+strconv.Itoa(n))))
	}
	if v.r.PostForm.Get("read-as") != (userImport{file: f}).readAs() {
		f.Columns = nil // what the columns are must be guessed anew
	}
	if v.text("act") != "run" {
		return v.previewUsers(http.StatusOK, f, "")
	}
	n, err := v.app.People.Import(v.ctx(), v.who, f)
	is, ok := fault.As(err)
	switch {
	case err == nil:
		return v.importedUsers(n)
	case ok && (is.Kind == fault.Invalid || is.Kind == fault.Unacceptable):
		text := is.Text
		for _, field := range is.Fields {
			text = field.Text
			break
		}
		return v.previewUsers(http.StatusUnprocessableEntity, f, text)
	}
	return err
}

func (v *visit) importedUsers(n int) error {
	v.flash(counted(n, "person", "people")+" invited. Whoever waits for approval is listed here.", "")
	if v.me.Has(perm.UserEdit) {
		return v.goTo("/users?pending=1")
	}
	return v.goTo("/users")
}

// pack makes a file short enough to go along with a form.
func pack(data []byte) (string, error) {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(data); err != nil {
		return "", err
	}
	err := w.Close()
	return base64.RawURLEncoding.EncodeToString(b.Bytes()), err
}

// unpack reads no more than the largest file: what is small can unpack to much.
func unpack(packed string) ([]byte, error) {
	b, err := base64.RawURLEncoding.DecodeString(packed)
	if err != nil {
		return nil, err
	}
	r, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(r, people.MostImport+1))
}
