package cli

import (
	"fmt"
	"os"
	"path/filepath"

	"bailiwick/sdk"
)

// UsersImport imports users from a CSV file: all of them, or nobody.
type UsersImport struct {
	Format   `embed:""`
	File     string `arg:"" type:"existingfile" help:"The CSV file, such as users export writes."`
	FirstRow string `enum:"found,headings,data" default:"found" help:"What the first row is: headings, data, or found out."`
	OnlyGood bool   `help:"Leave out rows that can't be invited."`
	Message  string `help:"Goes into each invitation."`
	Preview  bool   `help:"Only say what would be done."`
	Yes      bool   `short:"y" help:"Do not ask before inviting."`
}

// Run shows what would be done, asks, and invites.
func (c *UsersImport) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	data, err := os.ReadFile(c.File)
	if err != nil {
		return fail(ExitUsage, "%s", err)
	}
	in := sdk.UserFile{File: data, OnlyGood: c.OnlyGood, FirstRow: found(c.FirstRow), Message: c.Message}
	p, err := api.PreviewUserImport(e.Context, in)
	if err != nil {
		return err
	}
	if c.Preview && c.JSON {
		return c.show(e, p, "", nil)
	}
	c.tell(e, p)
	if c.Preview {
		return nil
	}
	if !p.MayRun {
		return fail(ExitError, "Nobody was invited. Mend the file, or leave out what can't be invited with --only-good.")
	}
	if err := c.confirm(e); err != nil {
		return err
	}
	done, err := api.ImportUsers(e.Context, in)
	if err != nil {
		return err
	}
	return c.done(e, done, "Invited: %d.", done.Invited)
}

func (c *UsersImport) tell(e *Env, p sdk.UserFilePreview) {
	if p.FirstRow == "data" && c.FirstRow == "found" {
		fmt.Fprintln(e.Err, "The first row looks like data, so it is imported too. If it holds headings, say so with --first-row headings.")
	}
	for _, col := range p.Columns {
		if col.To == "ignore" {
			fmt.Fprintf(e.Err, "The column %s is left out.\n", clean(col.Label))
		}
	}
	for _, x := range p.Problems {
		where := fmt.Sprintf("row %d", x.Row)
		if x.Column != "" {
			where += ", " + x.Column
		}
		fmt.Fprintln(e.Err, clean(where+": "+x.Text))
	}
	if more := p.ProblemTotal - len(p.Problems); more > 0 {
		fmt.Fprintf(e.Err, "… and %d more remarks.\n", more)
	}
	fmt.Fprintf(e.Err, "%s: of %d rows %d are invited, %d can't be, %d are disabled there and left out.\n", clean(filepath.Base(c.File)), p.Rows, p.Invited, p.Bad, p.Disabled)
	if p.Pending {
		fmt.Fprintln(e.Err, "They wait for approval.")
	}
}

func (c *UsersImport) confirm(e *Env) error {
	if c.Yes {
		return nil
	}
	if !e.terminal() {
		return fail(ExitUsage, "Nobody was invited. Without a terminal it takes --yes.")
	}
	answer, err := e.ask("Invite them (y/N)", "")
	if err == nil && answer != "y" && answer != "yes" {
		err = fail(ExitError, "Nobody was invited.")
	}
	return err
}
