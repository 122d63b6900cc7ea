package foreign

import (
	"encoding/json"

	"bailiwick/internal/sheet"
)

type puxItem struct {
	Item     *puxItem `json:"item"`
	State    string   `json:"state"`
	Trashed  bool     `json:"trashed"`
	Category string   `json:"categoryUuid"`
	Overview struct {
		Title string `json:"title"`
		URL   string `json:"url"`
		URLs  []struct {
			URL string `json:"url"`
		} `json:"urls"`
		Tags []string `json:"tags"`
	} `json:"overview"`
	Details struct {
		Login []struct {
			Value       string `json:"value"`
			Name        string `json:"name"`
			Type        string `json:"fieldType"`
			Designation string `json:"designation"`
		} `json:"loginFields"`
		Notes    string            `json:"notesPlain"`
		Password string            `json:"password"`
		History  []json.RawMessage `json:"passwordHistory"`
		Sections []struct {
			Title  string     `json:"title"`
			Fields []puxField `json:"fields"`
		} `json:"sections"`
	} `json:"details"`
}

type puxField struct {
	Title string                     `json:"title"`
	ID    string                     `json:"id"`
	Value map[string]json.RawMessage `json:"value"`
}

// puxTypes are the categories that have a credential type of their own.
var puxTypes = map[string]string{"001": "", "005": "", "002": "Bank", "100": "Software licence", "101": "Bank", "102": "SQL server", "109": "Wi-Fi",
	"110": "Server", "111": "Email", "112": "API key", "114": "SSH key"}

func (p *onePUX) entry(vault string, i puxItem) error {
	if i.Trashed || i.State == "trashed" || i.State == "deleted" {
		p.left.trashed++
		return nil
	}
	p.left.histories += len(i.Details.History)
	e := sheet.NewBuilder(*p.n+1, pathOf(i.Overview.Title, vault))
	e.Title(i.Overview.Title)
	e.Folder(vault)
	e.Tags(i.Overview.Tags...)
	kind, known := puxTypes[i.Category]
	if !known {
		kind = "Other"
	}
	e.Type(kind)
	if i.State == "archived" {
		e.Tags("archived")
		e.Remark("", "The entry is archived in the other program. Here it will be among the others, with the tag “archived”.")
	}
	for _, f := range i.Details.Login {
		hidden := f.Type == "P"
		switch {
		case f.Designation == "username":
			e.Username("Username", f.Value)
		case f.Designation == "password":
			e.Password("Password", f.Value)
		case f.Name != "" && f.Value != "" && f.Type != "B" && f.Type != "I": // not buttons
			e.Field(f.Name, f.Value, hidden)
		}
	}
	e.Password("Password", i.Details.Password)
	e.URL("Website", i.Overview.URL)
	for _, u := range i.Overview.URLs {
		e.URL("Website", u.URL)
	}
	e.Notes("Notes", i.Details.Notes)
	for _, s := range i.Details.Sections {
		for _, f := range s.Fields {
			p.field(e, f)
		}
	}
	return p.sink(e.Done())
}
