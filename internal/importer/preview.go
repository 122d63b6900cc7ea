package importer

import (
	"bufio"
	"context"
	"encoding/csv"
	"io"
	"slices"
	"strconv"
	"strings"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/sheet"
	"bailiwick/internal/vault"
)

const (
	samples      = 20
	mostProblems = 200
	mostTwins    = 100
	mostNames    = 100
)

// Sample is a row as it would be imported, without its secrets.
type Sample struct {
	Row                                        int
	Title, Username, Host, Client, Folder      string
	Type, Icon                                 string
	HasPassword, HasNotes, HasTOTP, HasExpires bool
	Fields                                     []string // names of custom fields
	Becomes                                    string   // "added", "updated", "skipped", "left out"
}

// Twin is a row that repeats a credential that is there, or an earlier row.
type Twin struct {
	Row                     int
	Title, Username, Client string
	Credential              string // id; "" when it repeats an earlier row only
	Earlier                 int    // row; 0 when there is none
	Becomes                 string
}

// Preview is what an import would do.
type Preview struct {
	ID, File, Encoding, Separator string
	Bare                          bool // without headings: the first row is data
	Format                        Format
	Locked                        bool // a KeePass database whose passphrase is needed first
	Table                         bool // CSV, with columns
	Bytes                         int64
	Choices                       Choices
	Remarks                       []string // about the file and the guesses
	Counts                        Counts
	Samples                       []Sample        // the first 20 rows
	Clients                       []ClientSample  // the same, of a file of clients
	Problems                      []sheet.Problem // the first 200
	ProblemTotal                  int
	Twins                         []Twin // the first 100
	TwinTotal                     int
	NewClients                    []string // the first 100
	MayRun                        bool     // rows that can't be imported don't stand in the way
	MayAddClients                 bool
	blocked                       string // what stands in the way of all rows
}

// Preview reads one's own draft through and says what its import would do.
func (s *Store) Preview(ctx context.Context, who gate.Actor, id string) (Preview, error) {
	j, err := s.draft(ctx, unkeyed(who), id)
	if err != nil {
		return Preview{}, err
	}
	p := Preview{ID: id, Format: j.plan.format(), Locked: j.plan.Locked, Table: j.plan.Kind == "", File: j.plan.File, Encoding: j.plan.Found, Separator: j.plan.Separates, Bare: j.plan.Bare, Bytes: j.plan.Size, Choices: j.plan.Choices}
	p.Remarks = slices.Clone(j.plan.Mapping.Remarks)
	if p.Locked {
		return p, nil
	}
	if j.plan.Of == OfClients {
		err = s.surveyClients(ctx, who, j, &p, func(sheet.Problem) error { return nil })
		p.MayRun = p.refusal(j.plan.OnlyGood) == nil
		return p, err
	}
	if j.plan.To == (Destination{}) {
		p.blocked = "No place is chosen yet."
		p.Remarks = append(p.Remarks, p.blocked+" Choose where the credentials belong.")
	} else if c := p.column(sheet.ToClient); c != "" && !j.plan.To.ByColumn {
		p.Remarks = append(p.Remarks, "The column “"+c+"” names clients, but all rows go to the client that was chosen.")
	}
	err = s.survey(ctx, who, j, &p, true, func(sheet.Problem) error { return nil })
	p.MayRun = p.refusal(j.plan.OnlyGood) == nil
	return p, err
}

// refusal says why the import can't be started as it is.
func (p *Preview) refusal(onlyGood bool) error {
	switch c := p.Counts; {
	case p.blocked != "":
		return fault.Cannot("Nothing was imported. %s", p.blocked)
	case c.LeftOut == 0 && c.Rows > 0:
		return nil
	case c.LeftOut == c.Rows:
		return fault.Cannot("Nothing was imported: no row can be imported as it is. Mend what the problems name.")
	case onlyGood:
		return nil
	}
	return fault.Cannot("Nothing was imported: %d of %d rows can't be imported as they are. Mend them and upload the file again, or choose to import only the good rows.", p.Counts.LeftOut, p.Counts.Rows)
}

func (p *Preview) column(t sheet.Target) string {
	for _, c := range p.Choices.Mapping.Columns {
		if c.To == t {
			return c.Label
		}
	}
	return ""
}

// survey decides on every row and changes nothing.
func (s *Store) survey(ctx context.Context, who gate.Actor, j *job, p *Preview, twins bool, each func(sheet.Problem) error) error {
	if j.plan.Of == OfClients {
		return s.surveyClients(ctx, who, j, p, each)
	}
	pl, err := s.planner(ctx, unkeyed(who), j.plan.Choices)
	if err != nil {
		return err
	}
	pl.all, pl.twins = twins, twins || j.plan.Duplicates == Update
	p.MayAddClients = pl.clients.mayAdd
	sh, src, err := s.table(ctx, pl.who, j)
	if err != nil {
		return err
	}
	for _, problem := range append(sh.Problems(), sh.Check(j.plan.Mapping)...) {
		p.add(problem)
		if problem.Fatal {
			p.blocked = problem.Text
		}
		if err := each(problem); err != nil {
			return err
		}
	}
	for rec, ps := range sh.Rows(j.plan.Mapping) {
		if src.err != nil {
			return src.err
		}
		v, err := pl.decide(rec, ps)
		if err != nil {
			return err
		}
		p.take(v, pl.clients.kinds)
		for _, problem := range v.ps {
			if err := each(problem); err != nil {
				return err
			}
		}
	}
	for _, d := range pl.clients.byID {
		p.Counts.Folders += len(d.freshFolders())
	}
	for _, d := range pl.clients.added() {
		p.Counts.Clients++
		p.Counts.Folders += len(d.freshFolders())
		if len(p.NewClients) < mostNames {
			p.NewClients = append(p.NewClients, d.name)
		}
	}
	return ctx.Err()
}

func (p *Preview) add(problem sheet.Problem) {
	if p.ProblemTotal++; len(p.Problems) < mostProblems {
		problem.Column = strings.Clone(problem.Column)
		p.Problems = append(p.Problems, problem)
	}
}

var becomes = [...]string{adding: "added", updating: "updated", skipping: "skipped", leaving: "left out", undecided: "no place yet"}

func (p *Preview) take(v *verdict, kinds vault.Kinds) {
	p.Counts.Rows++
	switch v.do {
	case adding:
		p.Counts.Added++
	case updating:
		p.Counts.Updated++
	case skipping:
		p.Counts.Skipped++
	case leaving:
		p.Counts.LeftOut++
	}
	for _, problem := range v.ps {
		p.add(problem)
		if problem.Ends {
			p.blocked = problem.Text // what comes after it was not even looked at
		}
	}
	client := v.rec.Client
	if v.dest != nil {
		client = v.dest.name
	}
	if len(p.Samples) < samples && !v.ends {
		typ := kinds.Of(v.in.Type)
		s := Sample{Row: v.rec.Row, Title: v.in.Title, Username: v.in.Username, Host: v.in.Host(), Client: client, Folder: v.rec.Folder, Type: typ.Name, Icon: typ.Icon,
			HasPassword: v.in.Password != "", HasNotes: v.in.Notes != "", HasTOTP: v.in.TOTP != "", HasExpires: !v.in.Expires.IsZero(), Becomes: becomes[v.do]}
		for _, f := range v.in.Fields {
			s.Fields = append(s.Fields, f.Name)
		}
		p.Samples = append(p.Samples, s)
	}
	if !v.repeats {
		return
	}
	if p.TwinTotal++; len(p.Twins) < mostTwins {
		t := Twin{Row: v.rec.Row, Title: strings.Clone(v.in.Title), Username: strings.Clone(v.in.Username), Client: client, Earlier: v.row, Becomes: becomes[v.do]}
		if v.twin != nil {
			t.Credential = v.twin.id
		}
		p.Twins = append(p.Twins, t)
	}
}

// WriteProblems writes every problem of one's own draft as CSV: row, column,
// problem. It has no values of the file but headings.
func (s *Store) WriteProblems(ctx context.Context, who gate.Actor, id string, w io.Writer) error {
	j, err := s.draft(ctx, unkeyed(who), id)
	if err != nil {
		return err
	}
	out := newList(w)
	var p Preview
	if err := s.survey(ctx, who, j, &p, true, out.add); err != nil {
		return err
	}
	return out.flush()
}

// list writes problems as CSV that Excel opens well.
type list struct {
	buf *bufio.Writer
	csv *csv.Writer
}

const listHead = "\ufeffRow,Column,Problem\r\n"

func newList(w io.Writer) *list {
	l := &list{buf: bufio.NewWriter(w)}
	l.buf.WriteString(listHead)
	l.csv = csv.NewWriter(l.buf)
	l.csv.UseCRLF = true
	return l
}

func (l *list) add(p sheet.Problem) error {
	row := "whole file"
	if p.Entry != "" {
		row = harmless(p.Entry)
	} else if p.Row > 0 {
		row = strconv.Itoa(p.Row)
	}
	return l.csv.Write([]string{row, harmless(p.Column), p.Text})
}

func (l *list) flush() error {
	if l.csv.Flush(); l.csv.Error() != nil {
		return l.csv.Error()
	}
	return l.buf.Flush()
}

// harmless keeps a heading from being a formula in a spreadsheet.
func harmless(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}

// Choose keeps the choices for one's own draft. A Mapping without columns is
// guessed anew, as it must be after another encoding or separator was chosen.
func (s *Store) Choose(ctx context.Context, who gate.Actor, id string, c Choices) error {
	who = unkeyed(who)
	j, err := s.draft(ctx, who, id)
	if err != nil {
		return err
	}
	version, remarks := j.version, j.plan.Mapping.Remarks
	c.Of = j.plan.Of
	j.plan.Choices = c
	if j.plan.Kind != "" {
		j.plan.Mapping.Remarks = remarks // of the file, not of columns
	}
	if err := s.checkChoices(ctx, who, j); err != nil {
		return err
	}
	_, err = gate.Do(ctx, s.gate, who, OpChoose, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		// A folder that the actor does not reach is as one that is not there.
		if to := j.plan.To; to.Client != "" && !tx.Sees(gate.Lies{Client: to.Client, Folder: to.Folder}) {
			return false, fault.Bad("client", "The client or folder is not there, or not yours to see. Choose another one.")
		}
		j.version = version
		return true, j.savePlan(tx, StateDraft)
	})
	return err
}

func (s *Store) checkChoices(ctx context.Context, who gate.Actor, j *job) error {
	c := &j.plan.Choices
	if c.Duplicates == "" {
		c.Duplicates = Skip
	}
	if c.Of == OfClients {
		return s.checkClientChoices(ctx, who, j)
	}
	if c.Duplicates != Skip && c.Duplicates != Update && c.Duplicates != Add {
		return fault.Bad("duplicates", "Choose skip, update or add.")
	}
	if c.To.Client == "" && !c.To.ByColumn {
		return fault.Bad("client", "Choose the client that the credentials belong to.")
	}
	if c.To.Folder != "" && (c.To.Client == "" || c.To.ByColumn) {
		return fault.Bad("folder", "A folder can be chosen where all rows go to one client.")
	}
	f, err := format(c.Format)
	if err != nil {
		return err
	}
	if f.ID != "" && f.kind != j.plan.Kind {
		return fault.Bad("format", "The file is of another kind. Upload it again to have it read in another way.")
	}
	if j.plan.Kind != "" { // locked or not
		remarks := c.Mapping.Remarks
		c.Mapping = sheet.Mapping{Remarks: remarks}
		return nil
	}
	sh, src, err := s.sheet(ctx, who, j)
	if err != nil {
		return err
	}
	j.plan.found(sh)
	if order := c.Mapping.DateOrder; len(c.Mapping.Columns) == 0 {
		c.Mapping = sh.Guess()
		c.Mapping.DateOrder = order
		return src.err
	}
	return orFault(src.err, mappingProblems(sh.Check(c.Mapping)))
}

func mappingProblems(ps []sheet.Problem) error {
	var bad []fault.Field
	for _, p := range ps {
		if p.Fatal {
			text := p.Text
			if p.Column != "" {
				text = p.Column + ": " + text
			}
			bad = append(bad, fault.Field{Name: "mapping", Text: text})
		}
	}
	return fault.BadFields(bad)
}

func orFault(a, b error) error {
	if a != nil {
		return a
	}
	return b
}
