package people

import (
	"context"
	"strconv"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/org"
	"bailiwick/internal/perm"
	"bailiwick/internal/sheet"
)

// Operations of importing users. Each row besides needs what inviting needs.
var (
	OpImportPreview = gate.Define(gate.Op{Name: "user.import.preview", Sentence: "See what an import of users would do (User: Add is needed besides)", Scope: gate.Whole, Needs: perm.ImportData})
	OpImport        = gate.Define(gate.Op{Name: "user.import", Sentence: "Import users from a CSV file (User: Add is needed besides)", Scope: gate.Whole, Needs: perm.ImportData, Write: true, Audit: true, Once: true})
)

// ImportFile is a CSV file of users with what was chosen about it. Without
// Columns they are guessed from the headings.
type ImportFile struct {
	Data                []byte
	Encoding, Separator string // "": found out
	First               sheet.First
	Columns             []Target
	OnlyGood            bool // leave out rows that can't be imported; else one of them stops all
	Message             string
}

// ImportColumn is a column of the file and what it becomes.
type ImportColumn struct {
	Label string
	To    Target
}

// ImportSample is a row as it would be imported.
type ImportSample struct {
	Row                          int
	Name, Email, Kind, LevelName string
	Clients, Groups              int
	Becomes                      string // invited, left out
}

// ImportView is what an import would do.
type ImportView struct {
	Encoding, Separator string
	Bare                bool // without headings: the first row is data
	Columns             []ImportColumn
	Rows, Invited       int
	Bad                 int             // rows that can't be imported
	Disabled            int             // rows of users who are disabled there: left out
	Problems            []sheet.Problem // the first 200
	ProblemTotal        int
	Samples             []ImportSample // the first 20
	Pending             bool           // they wait for approval
	MayRun              bool
	Site                bool // in a site, which knows fewer columns

	chosen bool // the columns were, and not guessed
}

// PreviewImport says what an import would do, and all that is wrong.
func (s *Store) PreviewImport(ctx context.Context, who gate.Actor, f ImportFile) (ImportView, error) {
	rows, view, wrong := readImport(f)
	return gate.Do(ctx, s.gate, who, OpImportPreview, gate.Nothing(), func(tx *gate.Tx) (ImportView, error) {
		if !tx.Has(perm.UserAdd) {
			return ImportView{}, errNotYours
		}
		if wrong != nil {
			return ImportView{}, wrong
		}
		st, err := ReadSettings(tx)
		if err != nil {
			return ImportView{}, err
		}
		_, err = resolve(tx, st, rows, &view)
		view.Pending, view.Site = st.ApprovalRequired, tx.Site()
		view.MayRun = view.Invited > 0 && (view.Bad == 0 || f.OnlyGood)
		return view, err
	})
}

// Import invites everybody in the file, in one transaction: all of them, or
// nobody. While approval is required they wait for it, whoever imports them.
func (s *Store) Import(ctx context.Context, who gate.Actor, f ImportFile) (int, error) {
	rows, view, wrong := readImport(f)
	return gate.Do(ctx, s.gate, who, OpImport, gate.Nothing(), func(tx *gate.Tx) (int, error) {
		switch {
		case !tx.Has(perm.UserAdd):
			return 0, errNotYours
		case wrong != nil:
			return 0, wrong
		case len(f.Message) > 2000:
			return 0, fault.Bad("message", "Use at most 2,000 characters.")
		}
		st, err := ReadSettings(tx)
		if err != nil {
			return 0, err
		}
		all, err := resolve(tx, st, rows, &view)
		switch {
		case err != nil:
			return 0, err
		case view.Bad > 0 && !f.OnlyGood:
			return 0, importProblem(view)
		case len(all) == 0:
			return 0, fault.Bad("file", "No row of the file can be imported.")
		}
		members := false
		for _, n := range all {
			members = members || n.Level != ""
		}
		if err := checked(tx, members); err != nil {
			return 0, err
		}
		stale, err := unconfirmed(tx)
		if err != nil {
			return 0, err
		}
		for _, n := range all {
			if stale[org.Fold(n.Email)] || stale[org.Looks(n.Email)] {
				if _, err := tx.Exec(sqlStale, org.Fold(n.Email), org.Looks(n.Email)); err != nil {
					return 0, err
				}
			}
			n.approved = !st.ApprovalRequired
			if _, err := s.invite(tx, st, n, f.Message); err != nil {
				return 0, err
			}
		}
		ev := tx.Event()
		ev.Kind, ev.Fields = "organization", []string{strconv.Itoa(len(all)) + " users"}
		return len(all), tx.BumpAccess()
	})
}

var sqlUnconfirmed = gate.SQL(`SELECT email_folded, email_looks FROM users WHERE org_id = $1 AND unconfirmed`)

// unconfirmed are addresses with which somebody registered who never confirmed
// it: that holds no address.
func unconfirmed(tx *gate.Tx) (map[string]bool, error) {
	all := map[string]bool{}
	return all, tx.Each(sqlUnconfirmed, func(r *gate.Rows) error {
		var folded, looks string
		err := r.Scan(&folded, &looks)
		all[folded], all[looks] = true, true
		return err
	})
}

// importProblem is the refusal of a file with bad rows: the first few of them.
func importProblem(view ImportView) error {
	var bad []fault.Field
	for _, p := range view.Problems {
		if p.Fatal && len(bad) < 20 {
			where := "Row " + strconv.Itoa(p.Row)
			if p.Column != "" {
				where += ", " + p.Column
			}
			bad = append(bad, fault.Field{Name: "file", Text: where + ": " + p.Text})
		}
	}
	return fault.BadFields(bad)
}
