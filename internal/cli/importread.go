package cli

import (
	"strings"

	"bailiwick/sdk"
)

// Reading is how a CSV file is read, and what its columns become.
type Reading struct {
	FirstRow  string   `enum:"found,headings,data" default:"found" help:"What the first row is: headings, data, or found out."`
	Encoding  string   `placeholder:"NAME" help:"Encoding of a CSV file, such as UTF-8, Windows-1252 or CP850; found out otherwise."`
	Separator string   `placeholder:"SIGN" help:"What stands between the columns of a CSV file: one sign, or tab; found out otherwise."`
	Column    []string `sep:"none" placeholder:"HEADING=FIELD" help:"What a column becomes; for several columns give it several times. Fields are those that --preview --json names: title, username, password, url, notes, totp, folder, client, type, tags, expires, ignore; custom is a hidden field of that name, text one that is shown. Of clients: name, short code, phone, address, website, notes, tags, ignore."`
	DateOrder string   `enum:"found,day first,month first" default:"found" help:"How dates such as 03/04/2026 are read: day first or month first; found out otherwise."`
}

// choose sends the choices. Columns can be named once it is known how the file
// is read.
func (r *Reading) choose(e *Env, api *sdk.API, id string, choices sdk.ImportChoices) (p sdk.ImportPreview, err error) {
	choices.FirstRow, choices.Encoding, choices.Separator = found(r.FirstRow), r.Encoding, r.Separator
	if strings.EqualFold(r.Separator, "tab") {
		choices.Separator = "\t"
	}
	if err := api.ChooseImport(e.Context, id, choices); err != nil {
		return p, err
	}
	p, err = api.PreviewImport(e.Context, id)
	if err != nil || len(r.Column) == 0 && found(r.DateOrder) == "" {
		return p, err
	}
	choices.DateOrder = p.Choices.DateOrder
	if found(r.DateOrder) != "" {
		choices.DateOrder = r.DateOrder
	}
	if choices.Columns, err = r.columns(p.Choices.Columns); err != nil {
		return p, err
	}
	if err := api.ChooseImport(e.Context, id, choices); err != nil {
		return p, err
	}
	return api.PreviewImport(e.Context, id)
}

// columns lays what was said over what was guessed.
func (r *Reading) columns(all []sdk.ImportColumn) ([]sdk.ImportColumn, error) {
	for _, said := range r.Column {
		at := strings.LastIndex(said, "=")
		if at < 1 {
			return nil, fail(ExitUsage, "--column takes HEADING=FIELD, such as --column \"Web page=url\".")
		}
		n, err := columnNamed(all, said[:at])
		if err != nil {
			return nil, err
		}
		col := &all[n]
		switch col.To = said[at+1:]; col.To {
		case "custom":
			col.Name, col.Hidden = col.Label, true
		case "text":
			col.To, col.Name, col.Hidden = "custom", col.Label, false
		default:
			col.Name, col.Hidden = "", false
		}
	}
	return all, nil
}

func columnNamed(all []sdk.ImportColumn, heading string) (int, error) {
	var fits []int
	var labels []string
	for i, col := range all {
		if strings.EqualFold(strings.TrimSpace(col.Label), strings.TrimSpace(heading)) {
			fits = append(fits, i)
		}
		labels = append(labels, col.Label)
	}
	switch len(fits) {
	case 0:
		return 0, fail(ExitUsage, "The file has no column %q. It has: %s", heading, clean(strings.Join(labels, ", ")))
	case 1:
		return fits[0], nil
	}
	return 0, fail(ExitUsage, "The file has %d columns %q. Give them headings of their own.", len(fits), heading)
}
