package importer

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"bailiwick/internal/client"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/org"
	"bailiwick/internal/sheet"
	"bailiwick/internal/vault"
)

// A file of clients is small: it is read whole, and put in place in one
// transaction without anything being set aside.
const (
	mostClientBytes = 20_000_000
	mostClients     = 10_000
)

// clientRow is a row of a file of clients.
type clientRow struct {
	row     int
	in      client.Input
	rotates bool   // the row says something of the rotation policy
	types   string // as the cell has them
	off     bool   // disabled there
	ps      []sheet.Problem
	do      action
	there   client.Client // that the row names; without an id there is none
	becomes client.Input  // of an update: what is there with what the row has
	repeats bool
}

func (r *clientRow) fatal() bool {
	return slices.ContainsFunc(r.ps, func(p sheet.Problem) bool { return p.Fatal })
}

// clientRows reads the rows of a file of clients.
func (s *Store) clientRows(ctx context.Context, who gate.Actor, j *job) ([]*clientRow, []sheet.Problem, error) {
	sh, src, err := s.sheet(ctx, who, j)
	if err != nil {
		return nil, nil, err
	}
	ps := append(sh.Problems(), sh.CheckClients(j.plan.Mapping)...)
	if slices.ContainsFunc(ps, func(p sheet.Problem) bool { return p.Fatal }) {
		return nil, ps, nil
	}
	labels := clientLabels(j.plan.Mapping)
	var rows []*clientRow
	for line, problems := range sh.Lines() {
		if src.err != nil {
			return nil, nil, src.err
		}
		if rows = append(rows, clientOf(line, problems, j.plan.Mapping, labels)); len(rows) > mostClients {
			return nil, nil, fault.Bad("file", "The file has more than %d rows. Split it into several files.", mostClients)
		}
	}
	return rows, ps, orFault(src.err, ctx.Err())
}

// clientLabels are the columns of the file by what they become.
func clientLabels(m sheet.Mapping) map[sheet.Target]string {
	labels := map[sheet.Target]string{}
	for _, c := range m.Columns {
		if labels[c.To] == "" {
			labels[c.To] = c.Label
		}
	}
	return labels
}

// clientOf makes a client of a row, and notes what is wrong with it. Cells of
// several columns that become the same are put together.
func clientOf(line sheet.Line, ps []sheet.Problem, m sheet.Mapping, labels map[sheet.Target]string) *clientRow {
	r := &clientRow{row: line.Row, ps: ps}
	var notes, address []string
	for _, c := range m.Columns {
		cell := sheet.Plain(line.Cells[c.Index])
		if cell == "" {
			continue
		}
		switch c.To {
		case sheet.ToName:
			r.in.Name = cell
		case sheet.ToShortCode:
			r.in.ShortCode = cell
		case sheet.ToPhone:
			r.in.Phone = cell
		case sheet.ToAddress:
			address = append(address, strings.ReplaceAll(cell, "\r\n", "\n"))
		case sheet.ToWebsite:
			r.in.Website = cell
		case sheet.ToNotes:
			notes = append(notes, strings.ReplaceAll(cell, "\r\n", "\n"))
		case sheet.ToTags:
			if !strings.Contains(cell, ",") {
				cell = strings.ReplaceAll(cell, ";", ",")
			}
			r.in.Tags = append(r.in.Tags, cell)
		case sheet.ToRotation:
			r.rotates = true
			if n, err := strconv.Atoi(cell); err == nil {
				r.in.RotationDays = n
			} else {
				r.in.RotationDays = -1
			}
		case sheet.ToTypes:
			r.types = cell
		case sheet.ToEnabled:
			r.off = slices.Contains(noWords, org.Fold(cell))
		}
	}
	r.in.Notes, r.in.Address = strings.Join(notes, "\n\n"), strings.Join(address, ", ")
	r.problems(r.in.Check(), labels)
	return r
}

var noWords = []string{"no", "false", "0", "off", "disabled", "inactive", "nein", "inaktiv", "non", "nee"}

var clientFields = map[string]sheet.Target{"name": sheet.ToName, "short_code": sheet.ToShortCode, "phone": sheet.ToPhone, "address": sheet.ToAddress,
	"website": sheet.ToWebsite, "notes": sheet.ToNotes, "tags": sheet.ToTags, "rotation_days": sheet.ToRotation, "types": sheet.ToTypes}

func (r *clientRow) problems(err error, labels map[sheet.Target]string) {
	f, ok := fault.As(err)
	if !ok {
		return
	}
	for _, field := range f.Fields {
		r.wrong(labels[clientFields[field.Name]], field.Text)
	}
}

func (r *clientRow) wrong(column, text string) {
	r.ps = append(r.ps, sheet.Problem{Row: r.row, Column: column, Text: text, Fatal: true})
}

var sqlAllClients = gate.SQL(`SELECT id, name FROM clients WHERE org_id = $1`)

// decideClients says what becomes of the rows. It changes nothing.
func decideClients(tx *gate.Tx, rows []*clientRow, c Choices) error {
	known := map[string][]string{}
	err := tx.Each(sqlAllClients, func(r *gate.Rows) error {
		var id, name string
		err := r.Scan(&id, &name)
		if err == nil && tx.SeesClient(id) {
			known[org.Fold(name)] = append(known[org.Fold(name)], id)
		}
		return err
	})
	if err != nil {
		return err
	}
	kinds, err := vault.KindsIn(tx)
	if err != nil {
		return err
	}
	labels := clientLabels(c.Mapping)
	earlier := map[string]int{}
	mayAdd := tx.May(client.OpAdd, gate.Nothing())
	for _, r := range rows {
		var unknown string
		if r.in.Types, unknown = typesOf(kinds, r.types); unknown != "" {
			r.wrong(labels[sheet.ToTypes], fmt.Sprintf("There is no credential type of this name: %s. Names of several are separated by semicolons.", unknown))
		}
		key := org.Fold(r.in.Name)
		there, before := known[key], earlier[key]
		switch {
		case r.fatal():
		case r.off:
			r.do, r.ps = skipping, append(r.ps, sheet.Problem{Row: r.row, Column: labels[sheet.ToEnabled], Text: "This client is disabled there, and is left out."})
			continue
		case before > 0:
			r.wrong(labels[sheet.ToName], fmt.Sprintf("This name stands in row %d, too.", before))
		case len(there) == 0 && !mayAdd:
			r.wrong("", "There is no client of this name that you see, and you may not add clients.")
		case len(there) == 0:
			r.do = adding
		case c.Duplicates == Update:
			if err := r.update(tx, there, labels[sheet.ToName]); err != nil {
				return err
			}
		default:
			r.do, r.repeats = skipping, true
			r.ps = append(r.ps, sheet.Problem{Row: r.row, Text: "A client of this name is there already, so the row was skipped. Whether the rest of it is the same was not compared."})
		}
		if earlier[key] == 0 && key != "" {
			earlier[key] = r.row
		}
		if r.fatal() {
			r.do = leaving
		}
	}
	return nil
}

// update decides on a row whose client is there: what the row has replaces,
// what it leaves empty stays, tags come together.
func (r *clientRow) update(tx *gate.Tx, there []string, column string) (err error) {
	r.repeats = true
	switch {
	case len(there) > 1:
		r.wrong(column, "Several clients have this name. Rename one of them, or leave the row out.")
		return nil
	case !tx.May(client.OpEdit, gate.Client(there[0])):
		r.wrong("", "The client is there already, and you may not change it.")
		return nil
	}
	if r.there, err = client.Read(tx, there[0]); err != nil {
		return err
	}
	old, in := r.there.Input(), r.in
	r.becomes = client.Input{Name: in.Name, ShortCode: keep(in.ShortCode, old.ShortCode), Phone: keep(in.Phone, old.Phone), Address: keep(in.Address, old.Address),
		Website: keep(in.Website, old.Website), Notes: keep(in.Notes, old.Notes), Tags: slices.Concat(old.Tags, in.Tags), RotationDays: old.RotationDays, Types: old.Types}
	if r.rotates {
		r.becomes.RotationDays = in.RotationDays
	}
	if len(in.Types) > 0 {
		r.becomes.Types = in.Types
	}
	if err := r.becomes.Check(); err != nil {
		r.wrong("", "Together with the tags that are there, these are too many.")
		return nil
	}
	r.do = updating
	return nil
}

func (r *clientRow) unchanged() bool {
	return r.do == updating && len(client.Differences(r.there.Input(), r.becomes)) == 0
}

// typesOf gives the ids of the credential types that a cell names, and one that
// there is not. The longest name comes first: one may have a semicolon itself.
func typesOf(kinds vault.Kinds, cell string) (ids []string, unknown string) {
	var all []string
	for line := range strings.Lines(cell) {
		parts := strings.Split(line, ";")
		for len(parts) > 0 {
			n := len(parts)
			for ; n > 1; n-- {
				if _, none := kinds.Forced([]string{strings.Join(parts[:n], ";")}); none == "" {
					break
				}
			}
			if name := strings.TrimSpace(strings.Join(parts[:n], ";")); name != "" {
				all = append(all, name)
			}
			parts = parts[n:]
		}
	}
	return kinds.Forced(all)
}
