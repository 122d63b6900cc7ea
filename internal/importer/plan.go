package importer

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/sheet"
	"bailiwick/internal/vault"
)

type action uint8

const (
	adding action = iota
	updating
	skipping
	leaving
	undecided // until a client is chosen
)

// verdict is what becomes of a row.
type verdict struct {
	do      action
	rec     sheet.Record
	in      vault.Input
	typed   bool // the row names a type that there is
	dest    *dest
	at      *folder
	repeats bool // a credential that is there (twin) or an earlier row
	twin    *twin
	row     int
	ps      []sheet.Problem
	fatal   bool
	ends    bool
	entry   string // folder and title, where there are no rows
}

// planner decides on row after row. It reads the database as clients come up,
// never inside a transaction of its caller.
type planner struct {
	ctx     context.Context
	store   *Store
	who     gate.Actor
	choices Choices
	label   map[sheet.Target]string
	clients *clients
	twins   bool // duplicates matter
	all     bool // show duplicates even where they don't matter
	entries bool // the file has no rows but entries
}

func (s *Store) planner(ctx context.Context, who gate.Actor, c Choices) (*planner, error) {
	p := &planner{ctx: ctx, store: s, who: who, choices: c, label: map[sheet.Target]string{}, twins: c.Duplicates != Add}
	for _, col := range c.Mapping.Columns {
		if p.label[col.To] == "" {
			p.label[col.To] = col.Label
		}
	}
	if p.entries = len(c.Mapping.Columns) == 0; p.entries {
		p.label = map[sheet.Target]string{sheet.ToClient: "Client", sheet.ToFolder: "Folder", sheet.ToType: "Type", sheet.ToTOTP: "One-time code"}
	}
	var err error
	p.clients, err = gate.Do(ctx, s.gate, who, OpPreview, gate.Nothing(), readClients)
	return p, err
}

func (p *planner) load(d *dest) error {
	if d.loaded {
		return nil
	}
	_, err := gate.Do(p.ctx, p.store.gate, p.who, OpPreview, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		return true, d.load(tx, p.twins)
	})
	return err
}

func (v *verdict) problem(column, text string, fatal bool) {
	v.ps = append(v.ps, sheet.Problem{Row: v.rec.Row, Entry: v.entry, Column: column, Text: text, Fatal: fatal})
}

// decide says what becomes of a row. An error is of the database, not the row.
func (p *planner) decide(rec sheet.Record, ps []sheet.Problem) (*verdict, error) {
	v := &verdict{rec: rec, ps: ps}
	if p.entries {
		v.entry = strings.TrimPrefix(rec.Folder+"/"+rec.Title, "/")
	}
	for _, problem := range ps {
		v.fatal, v.ends = v.fatal || problem.Fatal, v.ends || problem.Ends
	}
	if v.ends {
		v.do = leaving
		return v, nil
	}
	if err := p.place(v); err != nil { // the place says which types there are
		return nil, err
	}
	placing := slices.Clone(v.ps[len(ps):])
	v.ps = v.ps[:len(ps):len(ps)]
	p.input(v)
	if v.in.TOTP != "" && !p.clients.codes {
		v.problem(p.label[sheet.ToTOTP], "You may not set one-time codes: that needs Password: TOTP Add/Remove. Leave them out, or ask an administrator.", true)
	}
	v.ps = append(v.ps, placing...)
	for _, problem := range v.ps {
		v.fatal = v.fatal || problem.Fatal
	}
	if v.fatal {
		v.do = leaving
		return v, nil
	}
	if v.dest == nil {
		v.do = undecided
		return v, nil
	}
	p.duplicate(v)
	if v.do == adding {
		v.dest.use(v.at)
	}
	return v, nil
}

func (p *planner) place(v *verdict) error {
	to, base := p.choices.To, p.choices.To.Folder
	if to == (Destination{}) {
		return nil
	}
	d := p.clients.byID[to.Client]
	if to.ByColumn {
		base = ""
		column := p.label[sheet.ToClient]
		switch {
		case v.rec.Client != "":
			var why string
			if d, why = p.clients.find(v.rec.Client, to.AddClients); d == nil {
				v.problem(column, why, true)
				return nil
			}
		case d == nil:
			v.problem(column, "The row names no client. Fill the cell, or choose a client for such rows.", true)
			return nil
		}
	}
	if d == nil {
		v.problem("", "The client that was chosen is not there any more. Choose another one.", true)
		return nil
	}
	if err := p.load(d); err != nil {
		return err
	}
	at, why := d.find(base, v.rec.Folder)
	if at == nil {
		v.problem(p.label[sheet.ToFolder], why, true)
	}
	v.dest, v.at = d, at
	return nil
}

// wasThere is said of a skipped row: its password may be another.
const wasThere = "A credential with this title and username is there already, so the row was skipped. Whether the rest of it is the same was not compared."

// duplicate decides between adding, updating and skipping. A row that is the
// same as an earlier one throughout is skipped; one that differs from it is
// added, as what it has besides would be lost. Either is told.
func (p *planner) duplicate(v *verdict) {
	if !p.twins && !p.all {
		return
	}
	key, content := twinOf(v.in.Title, v.in.Username), contentOf(v.rec)
	there := v.dest.twins[key]
	before, repeated := v.dest.rows[key]
	if !repeated {
		v.dest.rows[key] = earlier{int32(v.rec.Row), content}
	}
	if there == nil && !repeated {
		return
	}
	v.repeats, v.twin, v.row = true, there, int(before.row)
	switch {
	case p.choices.Duplicates != Add && repeated && before.content == content:
		v.do, v.twin = skipping, nil // nothing is lost with it
		v.problem("", "It is the same as "+p.nth(before.row)+" throughout, so it is skipped.", false)
	case p.choices.Duplicates == Skip && there != nil:
		v.do = skipping
	case p.choices.Duplicates == Update && there != nil && !there.taken:
		if there.folder == nil || !there.folder.mayEdit {
			v.problem("", "The credential is there already, and you may not change it.", true)
			v.do, v.fatal = leaving, true
			return
		}
		v.do, there.taken = updating, true
	case p.choices.Duplicates != Add && repeated:
		v.problem("", "It has the title and username of "+p.nth(before.row)+", but not all else, so both are imported and nothing is lost.", false)
	}
}

// nth names an earlier row.
func (p *planner) nth(row int32) string {
	if p.entries {
		return fmt.Sprintf("entry %d", row)
	}
	return fmt.Sprintf("row %d", row)
}

// input makes a credential of the row.
func (p *planner) input(v *verdict) {
	r := v.rec
	in := vault.Input{Type: r.Type, Overview: vault.Overview{Title: r.Title, Username: r.Username, URLs: r.URLs, Tags: r.Tags},
		Secret: vault.Secret{Password: r.Password, Notes: r.Notes, TOTP: r.TOTP}}
	if r.Expires != nil {
		in.Expires = *r.Expires
	}
	for _, f := range r.Fields {
		in.Fields = append(in.Fields, vault.Field{Name: f.Name, Value: f.Value, Hidden: f.Hidden, Date: f.Date})
	}
	kinds := p.clients.kinds
	if v.dest != nil {
		kinds = v.dest.kinds
	}
	if r.Type != "" {
		if known, ok := kinds.Find(r.Type); ok {
			in.Type, v.typed = known.ID, true
		} else {
			in.Type, in.Tags = kinds.Usual().ID, append(slices.Clone(in.Tags), r.Type)
			v.problem(p.label[sheet.ToType], fmt.Sprintf("There is no credential type of this name, or it is not offered here. The type becomes “%s”, and the name a tag.", kinds.Usual().Name), false)
		}
	} else {
		in.Type = kinds.Usual().ID
	}
	if err := in.Check(); err != nil && !slices.ContainsFunc(v.ps, func(p sheet.Problem) bool { return p.Fatal }) {
		if f, ok := fault.As(err); ok {
			for _, field := range f.Fields {
				v.problem("", fmt.Sprintf("%s: %s", strings.ToUpper(field.Name[:1])+field.Name[1:], field.Text), true)
			}
		} else {
			v.problem("", "The row can't become a credential.", true)
		}
	}
	v.in = in
}
