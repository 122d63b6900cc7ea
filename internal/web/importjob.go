package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"bailiwick/internal/fault"
	"bailiwick/internal/importer"
	csv "bailiwick/internal/sheet"
	"bailiwick/internal/vault"
	"bailiwick/internal/web/ui"
)

// importDraft is the page on which an uploaded file is mapped and checked.
type importDraft struct {
	importer.Preview
	clients, folders []ui.Option
	once             string
	err              string
}

// importJob is the page of an import that was started.
type importJob struct {
	importer.Job
	now   time.Time
	vault string // where what was imported lies
}

// targets are where a column may go, as they are offered.
var targets = []struct {
	to    csv.Target
	label string
}{
	{csv.Ignore, "Leave out"}, {csv.ToTitle, "Title"}, {csv.ToUsername, "Username"}, {csv.ToPassword, "Password"}, {csv.ToURL, "Address"},
	{csv.ToNotes, "Notes"}, {csv.ToTOTP, "One-time code"}, {csv.ToFolder, "Folder"}, {csv.ToClient, "Client"}, {csv.ToType, "Type"},
	{csv.ToTags, "Tags"}, {csv.ToExpires, "Expiry date"}, {csv.ToCustom, "Custom field"}, {csv.ToFieldList, "Custom fields of Bitwarden"},
	{csv.ToKindList, "Custom fields with their kinds"},
	{csv.ToPairs, "Custom fields in pairs"},
}

func targetOptions() []ui.Option {
	var options []ui.Option
	for _, t := range targets {
		options = append(options, ui.Option{Value: t.to.String(), Label: t.label})
	}
	return options
}

// formatOptions offers all kinds of file, or with layouts those of CSV only.
func formatOptions(first string, layouts bool) []ui.Option {
	options := []ui.Option{{Label: first}}
	for _, f := range importer.Formats {
		if !layouts || f.Table() {
			_, name, _ := strings.Cut(f.Name, " ")
			options = append(options, ui.Option{Value: f.ID, Label: strings.ToUpper(name[:1]) + name[1:]})
		}
	}
	return options
}

func (d importDraft) sub() string {
	if d.Table {
		return number(d.Counts.Rows) + " rows, " + d.Encoding + ", separated by " + separatorName(d.Separator)
	}
	return counted(d.Counts.Rows, "entry", "entries")
}

func showImport(v *visit) error { return v.showImport(http.StatusOK, "") }

func (v *visit) showImport(status int, problem string) error {
	j, err := v.app.Imports.View(v.ctx(), v.who, v.r.PathValue("id"))
	if err != nil {
		return err
	}
	if j.State == importer.StateDraft && j.Mine {
		return v.showDraft(status, j.ID, problem)
	}
	if _, err := v.app.Imports.Continue(v.ctx(), v.who); err != nil {
		return err
	}
	name := fileOf(j)
	f, err := v.frame(name, ui.Crumb{Label: "Import", Href: "/import"})
	if err != nil {
		return err
	}
	if working(j) {
		f.Page.Refresh = 2
	}
	to, err := v.toTheVault()
	if err != nil {
		return err
	}
	return v.renderAs(status, importJobPage(f, importJob{j, v.app.Clock.Now(), to.Href}))
}

func fileOf(j importer.Job) string {
	if j.File != "" {
		return j.File
	}
	return "Import of " + day(j.Created)
}

// working reports whether something still happens by itself.
func working(j importer.Job) bool {
	return slices.Contains([]string{importer.StateReady, importer.StateRunning, importer.StateWaiting}, j.State)
}

func (v *visit) showDraft(status int, id, problem string) error {
	p, err := v.app.Imports.Preview(v.ctx(), v.who, id)
	if err != nil {
		return err
	}
	d := importDraft{Preview: p, once: once(), err: problem}
	if d.clients, err = v.importClients(ui.Option{Label: "Choose"}); err != nil {
		return err
	}
	d.folders = []ui.Option{{Label: "No folder"}}
	if to := p.Choices.To; to.Client != "" && !to.ByColumn {
		all, err := v.app.Vault.Folders(v.ctx(), v.who, vault.Place{Client: to.Client})
		if err != nil && !fault.Is(err, fault.Absent) {
			return err
		}
		d.folders = folderOptions(all, "No folder", nil)
	}
	f, err := v.frame(p.File, ui.Crumb{Label: "Import", Href: "/import"})
	if err != nil {
		return err
	}
	switch {
	case p.Locked:
		return v.renderAs(status, importLockedPage(f, d))
	case p.Choices.Of == importer.OfClients:
		return v.renderAs(status, importClientsDraftPage(f, d))
	}
	return v.renderAs(status, importDraftPage(f, d))
}

// chooseImport keeps the choices; with act "run" it starts the import.
func chooseImport(v *visit) error {
	id := v.r.PathValue("id")
	old, err := v.app.Imports.Preview(v.ctx(), v.who, id)
	if err != nil {
		return err
	}
	c := v.choices(old)
	err = v.app.Imports.Choose(v.ctx(), v.who, id, c)
	if err == nil && v.text("act") == "run" {
		err = v.app.Imports.Run(v.ctx(), v.who, id)
	}
	if f, is := fault.As(err); is && (f.Kind == fault.Invalid || f.Kind == fault.Unacceptable) {
		text := f.Text
		for _, field := range f.Fields {
			text = field.Text
		}
		return v.showImport(http.StatusUnprocessableEntity, text)
	}
	if err != nil {
		return err
	}
	return v.goTo("/import/" + id)
}

func (v *visit) choices(old importer.Preview) importer.Choices {
	c := importer.Choices{Format: v.text("format"), Encoding: v.text("encoding"), Separator: v.r.FormValue("separator"), First: csv.First(v.text("first")), Mapping: old.Choices.Mapping,
		Duplicates: importer.Duplicates(v.text("duplicates")), OnlyGood: v.text("only-good") != ""}
	switch to := v.text("to"); to {
	case "":
	case byColumn:
		c.To = importer.Destination{ByColumn: true, AddClients: v.text("add-clients") != ""}
	default:
		c.To = importer.Destination{Client: to}
		if to == old.Choices.To.Client {
			c.To.Folder = v.text("folder")
		}
	}
	c.Mapping.Columns = slices.Clone(c.Mapping.Columns)
	for i := range c.Mapping.Columns {
		col := &c.Mapping.Columns[i]
		n := strconv.Itoa(col.Index)
		var to csv.Target
		if to.UnmarshalText([]byte(v.text("column-"+n))) != nil {
			continue
		}
		was := col.To
		col.To, col.Known = to, true
		switch {
		case old.Choices.Of == importer.OfClients:
		case to != csv.ToCustom:
			col.Name, col.Hidden = "", false
		case was != to: // the form had no box for it: it may be a secret
			col.Name, col.Hidden = col.Label, true
		default:
			col.Hidden = v.text("hidden-"+n) != ""
		}
	}
	c.Mapping.DateOrder = csv.DateOrder(v.text("dates"))
	if c.Encoding != old.Choices.Encoding || c.Separator != old.Choices.Separator || c.First != old.Choices.First || c.Format != old.Choices.Format {
		c.Mapping.Columns = nil // what the columns are must be guessed anew
	}
	return c
}

func importProgress(v *visit) error {
	j, err := v.app.Imports.View(v.ctx(), v.who, v.r.PathValue("id"))
	if err != nil {
		return err
	}
	if !working(j) {
		v.w.Header().Set("HX-Refresh", "true") // the result is more than a bar
	}
	return v.render(ui.Progress(progressOf(j, v.app.Clock.Now())))
}

// progressOf is an import as a bar with numbers and the time left.
func progressOf(j importer.Job, now time.Time) ui.ProgressParams {
	p := ui.ProgressParams{ID: "job-" + j.ID, Label: fileOf(j), Done: j.Done, Total: j.Total, DoneText: number(j.Done) + " of " + counted(j.Total, "row", "rows")}
	if j.MayCancel {
		p.CancelURL = "/import/" + j.ID + "/cancel"
	}
	switch j.State {
	case importer.StateDone:
		p.Finished, p.Done, p.Left = true, j.Total, "done "+ago(j.Ended, now)
	case importer.StateUndone:
		p.Finished, p.Left = true, "undone"
	case importer.StateFailed:
		p.Failed = "Nothing was imported. " + j.Say
	case importer.StateCancelled:
		p.Failed = "Cancelled. Nothing was imported."
	case importer.StateWaiting:
		p.Left = "waits until the session of whoever started it is open again"
	case importer.StateReady:
		p.Left = "waits for its turn"
	default:
		p.Left = left(j, now)
	}
	if working(j) {
		p.URL = "/import/" + j.ID + "/progress"
	}
	return p
}

func left(j importer.Job, now time.Time) string {
	switch spent := now.Sub(j.Started); {
	case j.Finishing:
		return "putting everything in place"
	case j.Done == 0 || spent < time.Second:
		return "just begun"
	default:
		rest := time.Duration(float64(spent) / float64(j.Done) * float64(j.Total-j.Done))
		if rest < time.Minute {
			return "about " + counted(int(rest.Seconds())+1, "second", "seconds") + " left"
		}
		return "about " + counted(int(rest.Minutes())+1, "minute", "minutes") + " left"
	}
}
