package cli

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"bailiwick/sdk"
)

// Import imports a file: all of it or nothing.
type Import struct {
	Format     `embed:""`
	File       string `arg:"" optional:"" type:"existingfile" help:"The file: CSV, or what Bitwarden, 1Password and KeePass export or keep."`
	Client     string `help:"Client that the rows go to: its name, short code or id."`
	Folder     string `help:"Path or id of the folder there."`
	ByColumn   bool   `help:"Rows name their client in a column."`
	AddClients bool   `help:"Add clients that are not there."`
	Duplicates string `default:"skip" enum:"skip,update,add" help:"What becomes of rows that are there already: skip, update or add."`
	Kind       string `name:"format" enum:"found,csv,bailiwick-csv,bitwarden-csv,bitwarden-json,1password-csv,1pux,kdbx,keepassxc-csv,lastpass-csv,chrome-csv,firefox-csv,itglue-csv,hudu-csv,keeper-csv" default:"found" help:"Kind of file; found out unless told: ${enum}."`
	KeyFile    string `type:"existingfile" placeholder:"FILE" help:"Key file of a KeePass database. Its passphrase is asked for; without a terminal it is the next line of the standard input."`
	Reading    `embed:""`
	OnlyGood   bool   `help:"Leave out rows that can't be imported."`
	Preview    bool   `help:"Only say what would be done."`
	Yes        bool   `short:"y" help:"Do not ask before importing."`
	Follow     string `placeholder:"ID" help:"Instead: wait for the end of the import with this id, which goes on if it waited for you."`
	Undo       string `placeholder:"ID" help:"Take the import with this id back instead."`
}

// Run uploads, shows what would be done, asks, imports and waits for the end.
func (c *Import) Run(e *Env) error {
	if c.Undo != "" {
		return c.undo(e)
	}
	if c.Follow != "" {
		return e.opened(func(api *sdk.API) error { return c.wait(e, api, c.Follow) })
	}
	if c.File == "" || (c.Client == "" && !c.ByColumn) {
		return fail(ExitUsage, "Name a file, and a client with --client or --by-column. See: bailiwick import --help")
	}
	return e.opened(func(api *sdk.API) error {
		choices, err := c.choices(e, api)
		if err != nil {
			return err
		}
		id, err := c.upload(e, api)
		if err != nil {
			return err
		}
		if err := c.check(e, api, id, choices); err != nil || c.Preview {
			_ = api.CancelImport(context.WithoutCancel(e.Context), id) // nothing of it is to stay
			return err
		}
		if err := api.RunImport(e.Context, id); err != nil {
			return err
		}
		return c.wait(e, api, id)
	})
}

// check shows what would be done, and asks.
func (c *Import) check(e *Env, api *sdk.API, id string, choices sdk.ImportChoices) error {
	if err := c.unlock(e, api, id); err != nil {
		return err
	}
	p, err := c.choose(e, api, id, choices)
	if err != nil {
		return err
	}
	if c.Preview && c.JSON {
		return c.show(e, p, "", nil)
	}
	c.tell(e, p)
	switch {
	case c.Preview:
		return nil
	case !p.MayRun:
		return fail(ExitError, "Nothing was imported. Mend the file, or leave out what can't be imported with --only-good.")
	}
	return c.confirm(e)
}

// unlock asks for what opens a KeePass database.
func (c *Import) unlock(e *Env, api *sdk.API, id string) error {
	p, err := api.PreviewImport(e.Context, id)
	if err != nil || !p.Locked {
		return err
	}
	var key sdk.ImportKey
	if c.KeyFile != "" {
		if key.KeyFile, err = os.ReadFile(c.KeyFile); err != nil {
			return fail(ExitUsage, "%s", err)
		}
	}
	passphrase, err := e.Secret("Passphrase of the database")
	if err != nil {
		return err
	}
	key.Passphrase = sdk.Secret(passphrase)
	return api.UnlockImport(e.Context, id, key)
}

func (c *Import) choices(e *Env, api *sdk.API) (sdk.ImportChoices, error) {
	out := sdk.ImportChoices{ByColumn: c.ByColumn, AddClients: c.AddClients, Duplicates: c.Duplicates, OnlyGood: c.OnlyGood}
	if c.Client == "" {
		return out, nil
	}
	found, err := e.client(api, c.Client)
	if err != nil {
		return out, err
	}
	out.Client = found.ID
	out.Folder, err = e.folder(api, sdk.Place{Client: found.ID}, c.Folder)
	return out, err
}

// found leaves a choice to the server.
func found(choice string) string {
	if choice == "found" {
		return ""
	}
	return choice
}

func (c *Import) upload(e *Env, api *sdk.API) (string, error) {
	f, err := os.Open(c.File)
	if err != nil {
		return "", fail(ExitUsage, "%s", err)
	}
	defer f.Close()
	made, err := api.UploadImportAs(e.Context, filepath.Base(c.File), found(c.Kind), f)
	return made.ID, err
}

func (c *Import) tell(e *Env, p sdk.ImportPreview) {
	for _, r := range p.Remarks {
		fmt.Fprintln(e.Err, clean(r))
	}
	for _, x := range p.Problems {
		where := fmt.Sprintf("row %d", x.Row)
		if x.Row == 0 {
			where = "the file"
		}
		if x.Entry != "" {
			where = x.Entry
		}
		if x.Column != "" {
			where += ", " + x.Column
		}
		fmt.Fprintln(e.Err, clean(where+": "+x.Text))
	}
	if more := p.ProblemTotal - len(p.Problems); more > 0 {
		fmt.Fprintf(e.Err, "… and %d more problems.\n", more)
	}
	n := p.Counts
	fmt.Fprintf(e.Err, "Of %d rows %d are added, %d updated, %d skipped as duplicates, %d left out; %d folders and %d clients are made.\n",
		n.Rows, n.Added, n.Updated, n.Skipped+n.Unchanged, n.LeftOut, n.Folders, n.Clients)
}

func (c *Import) confirm(e *Env) error {
	if c.Yes {
		return nil
	}
	if !e.terminal() {
		return fail(ExitUsage, "Nothing was imported. Without a terminal it takes --yes.")
	}
	answer, err := e.ask("Import (y/N)", "")
	if err == nil && answer != "y" && answer != "yes" {
		err = fail(ExitError, "Nothing was imported.")
	}
	return err
}

// wait looks after the import until it has ended.
func (c *Import) wait(e *Env, api *sdk.API, id string) error {
	tick := time.NewTicker(300 * time.Millisecond)
	defer tick.Stop()
	for {
		j, err := api.Import(e.Context, id)
		if err != nil {
			return err
		}
		switch j.State {
		case "done":
			return c.done(e, j, "Imported: %d added, %d updated. Take it back within 7 days with: bailiwick import --undo %s", j.Counts.Added, j.Counts.Updated, j.ID)
		case "failed", "cancelled":
			return fail(ExitError, "Nothing was imported. %s", clean(j.Say))
		case "waiting":
			if me, err := api.Me(e.Context); err != nil || !me.Open {
				return fail(ExitSignIn, "The import %s waits until your vault is open again. Go on with: bailiwick import --follow %s", j.ID, j.ID)
			}
		}
		select {
		case <-e.Context.Done():
			return fail(ExitError, "The import %s goes on without this command.", id)
		case <-tick.C:
		}
	}
}

func (c *Import) undo(e *Env) error {
	return e.opened(func(api *sdk.API) error {
		n, err := api.UndoImport(e.Context, c.Undo)
		if err != nil {
			return err
		}
		if j, err := api.Import(e.Context, c.Undo); err == nil && j.Of == "clients" {
			return c.done(e, n, "Taken back: %d removed, %d as they were before; %d were changed or filled since and stay.", n.Archived, n.Restored, n.Kept)
		}
		return c.done(e, n, "Taken back: %d archived, %d as they were before; %d were changed since and stay.", n.Archived, n.Restored, n.Kept)
	})
}
