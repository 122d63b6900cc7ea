package web

import (
	"net/http"

	"bailiwick/internal/client"
	"bailiwick/internal/door"
	"bailiwick/internal/exporter"
	"bailiwick/internal/fault"
	"bailiwick/internal/perm"
	"bailiwick/internal/vault"
	"bailiwick/internal/web/ui"
)

const exportPath = "/export"

func (s *Server) exportRoutes() {
	s.signed("GET "+exportPath, vaultOnly(showExport))
	s.signed("POST "+exportPath, export)
}

// exporting is the form that asks what is to be taken out, and how.
type exporting struct {
	frame                ui.FrameParams
	clients              []client.Client
	chosen               map[string]bool
	may, own             bool // export of clients; has a personal vault
	what, format         string
	formulas             bool
	password, passphrase ui.FieldParams
	email                string
	bad                  map[string]string
	site                 bool
}

var exportFormats = []ui.Option{{Value: string(exporter.CSV), Label: "CSV, for spreadsheets and other programs"}, {Value: string(exporter.KDBX), Label: "KeePass (KDBX 4), encrypted"}, {Value: string(exporter.Bitwarden), Label: "Bitwarden (JSON)"}}

func (v *visit) exporting(bad map[string]string) (exporting, error) {
	e := exporting{bad: bad, may: v.me.Has(perm.AdminExportData), own: v.me.Has(perm.VaultAccess), what: v.text("what"), format: v.text("format"), formulas: v.text("formulas") != "", chosen: map[string]bool{}, email: v.me.Email, site: v.me.Site}
	if !e.may && !e.own || v.me.Looking {
		return e, fault.NotFound()
	}
	if e.what == "" || e.what == "clients" && !e.may {
		e.what = map[bool]string{true: "clients", false: "own"}[e.may]
	}
	for _, c := range v.r.Form["client"] {
		e.chosen[c] = true
	}
	var err error
	if e.may && v.me.Has(perm.ClientViewList) && !e.site {
		if e.clients, _, err = v.app.Clients.List(v.ctx(), v.who, client.Filter{}); err != nil {
			return e, err
		}
	}
	e.password = ui.FieldParams{Name: "password", Label: "Your password", Autocomplete: "current-password", Required: true, Error: bad["password"]}
	e.passphrase = ui.FieldParams{Name: "passphrase", Label: "Passphrase of the KeePass file", Optional: true, Autocomplete: "new-password", Error: bad["passphrase"], Hint: "For KeePass only, at least 12 characters. It is all that protects the file."}
	e.frame, err = v.frame("Export")
	return e, err
}

func (e exporting) wrong() []ui.FieldParams {
	return wrong(ui.FieldParams{Name: "clients", Label: "Clients", Error: e.bad["clients"]}, ui.FieldParams{Name: "format", Label: "Format", Error: e.bad["format"]}, e.passphrase, e.password)
}

func showExport(v *visit) error {
	e, err := v.exporting(nil)
	if err != nil {
		return err
	}
	return v.render(exportPage(e))
}

// export answers with the file. Once its first byte is on the way, an error
// can only be told by breaking off: a browser then says that the download failed.
func export(v *visit) error {
	in := exporter.Choice{Format: exporter.Format(v.text("format")), Own: v.text("what") == "own", Password: v.secret("password"), Passphrase: v.secret("passphrase"), Formulas: v.text("formulas") != ""}
	var chosen []vault.Chosen
	switch {
	case v.text("what") == "chosen":
		in.Own = v.text("own") != ""
		chosen = v.chosen()
		for _, c := range chosen {
			in.Chosen = append(in.Chosen, c.ID)
		}
		if len(chosen) == 0 {
			return fault.Cannot("No credential is chosen. Nothing was exported. Go back and choose some.")
		}
	case !in.Own:
		in.Clients = v.r.PostForm["client"]
	}
	if v.text("what") == "list" {
		return exportClients(v, in)
	}
	begun, err := v.app.Exports.Begin(v.ctx(), v.who, in)
	if bad, ok := fieldErrors(err); ok {
		if chosen != nil {
			return v.showExportChosen(door.Status(err), chosen, bad)
		}
		e, failed := v.exporting(bad)
		if failed != nil {
			return failed
		}
		return v.renderAs(door.Status(err), exportPage(e))
	}
	if err != nil {
		return err
	}
	v.attach(begun.Name())
	v.w.Header().Set("Content-Type", begun.Media())
	if _, err := begun.Write(v.ctx(), v.w); err != nil {
		v.log.Warn("an export was broken off", "request", door.Of(v.r).ID, "error", err)
		panic(http.ErrAbortHandler)
	}
	return nil
}

// exportClients is the list of clients, without a secret but their notes.
func exportClients(v *visit, in exporter.Choice) error {
	err := v.app.Org.Confirm(v.ctx(), v.who, in.Password)
	if bad, ok := fieldErrors(err); ok {
		e, failed := v.exporting(bad)
		if failed != nil {
			return failed
		}
		return v.renderAs(door.Status(err), exportPage(e))
	}
	if err != nil {
		return err
	}
	file, err := v.app.Clients.Export(v.ctx(), v.who, in.Formulas)
	if err != nil {
		return err
	}
	v.attach("bailiwick-clients.csv")
	_, err = v.w.Write(file)
	return v.sent(err)
}
