package importer

import (
	"context"
	"strings"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/sheet"
)

// Of is what the rows of a file are.
type Of string

// What can be imported here. Users are imported elsewhere, as they are invited.
const (
	OfCredentials Of = ""
	OfClients     Of = "clients"
)

// ClientSample is a row of a file of clients as it would be imported.
type ClientSample struct {
	Row                             int
	Name, ShortCode, Phone, Website string
	Tags                            []string
	RotationDays                    int
	Types                           int // how many credential types are offered in it; 0: all
	HasNotes, HasAddress            bool
	Becomes                         string // as of a Sample; "unchanged" besides
}

// ClientTemplate is Template for clients.
func ClientTemplate() []byte {
	return []byte("\ufeff" +
		"Name,Short code,Phone,Address,Website,Notes,Tags,Rotation days,Credential types\r\n" +
		"Contoso,CON,+44 20 7946 0123,\"1 High Street, London\",https://contoso.example,\"Ask for Ms Adams\r\nClosed on Fridays\",\"retail, 24x7\",180,Firewall;Switch;Wi-Fi\r\n" +
		"Fabrikam,,,,,,,,\r\n")
}

// inspectClients guesses where the columns of a file of clients go.
func (s *Store) inspectClients(ctx context.Context, who gate.Actor, j *job) error {
	if j.plan.Kind != "" {
		return fault.Bad("file", "This is no CSV file. Clients are imported from CSV: from a spreadsheet, or the template.")
	}
	if j.plan.Size > mostClientBytes {
		return fault.Bad("file", "A file of clients may have %d MB. Split it into several files.", mostClientBytes/1_000_000)
	}
	sh, _, err := s.sheet(ctx, who, j)
	if err != nil {
		return err
	}
	if err := readable(sh); err != nil {
		return err
	}
	j.plan.Mapping = sh.GuessClients()
	j.plan.found(sh)
	for line, ps := range sh.Lines() {
		switch {
		case len(ps) > 0 && ps[0].Ends:
			return fault.Bad("file", "%s", ps[0].Text)
		case line.Row > 0:
			j.plan.Rows++
		}
	}
	if j.plan.Rows > mostClients {
		return fault.Bad("file", "The file has more than %d rows. Split it into several files.", mostClients)
	}
	return ctx.Err()
}

// surveyClients decides on every row and changes nothing.
func (s *Store) surveyClients(ctx context.Context, who gate.Actor, j *job, p *Preview, each func(sheet.Problem) error) error {
	rows, problems, err := s.clientRows(ctx, unkeyed(who), j)
	if err != nil {
		return err
	}
	for _, problem := range problems {
		if p.add(problem); problem.Fatal {
			p.blocked = problem.Text
		}
		if err := each(problem); err != nil {
			return err
		}
	}
	_, err = gate.Do(ctx, s.gate, unkeyed(who), OpPreview, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		return true, decideClients(tx, rows, j.plan.Choices)
	})
	if err != nil {
		return err
	}
	for _, r := range rows {
		p.takeClient(r)
		for _, problem := range r.ps {
			if err := each(problem); err != nil {
				return err
			}
		}
	}
	return nil
}

func (p *Preview) takeClient(r *clientRow) {
	p.Counts.count(r)
	if r.repeats {
		p.TwinTotal++
	}
	for _, problem := range r.ps {
		p.add(problem)
	}
	if len(p.Clients) < samples {
		in := r.in
		if r.do == updating {
			in = r.becomes
		}
		s := ClientSample{Row: r.row, Name: in.Name, ShortCode: in.ShortCode, Phone: in.Phone, Website: in.Website, Tags: in.Tags, RotationDays: max(in.RotationDays, 0), Types: len(in.Types),
			HasNotes: strings.TrimSpace(in.Notes) != "", HasAddress: in.Address != "", Becomes: becomes[r.do]}
		if r.unchanged() {
			s.Becomes = "unchanged"
		}
		p.Clients = append(p.Clients, s)
	}
}

func (c *Counts) count(r *clientRow) {
	c.Rows++
	switch {
	case r.unchanged():
		c.Unchanged++
	case r.do == adding:
		c.Added++
	case r.do == updating:
		c.Updated++
	case r.do == skipping:
		c.Skipped++
	default:
		c.LeftOut++
	}
}

// checkClientChoices is checkChoices for a file of clients.
func (s *Store) checkClientChoices(ctx context.Context, who gate.Actor, j *job) error {
	c := &j.plan.Choices
	if c.Duplicates != Skip && c.Duplicates != Update {
		return fault.Bad("duplicates", "Choose skip or update: no two clients that you see can have the same name.")
	}
	if c.To != (Destination{}) {
		return fault.Bad("client", "A file of clients goes to no client.")
	}
	sh, src, err := s.sheet(ctx, who, j)
	if err != nil {
		return err
	}
	j.plan.found(sh)
	if len(c.Mapping.Columns) == 0 {
		c.Mapping = sh.GuessClients()
		return src.err
	}
	return orFault(src.err, mappingProblems(sh.CheckClients(c.Mapping)))
}
