package cli

import (
	"strconv"

	"bailiwick/sdk"
)

// Folders are the folders of a client or of one's own passwords.
type Folders struct {
	List   FoldersList   `cmd:"" default:"withargs" help:"List them."`
	Add    FoldersAdd    `cmd:"" help:"Add one."`
	Rename FoldersRename `cmd:"" help:"Rename one."`
	Move   FoldersMove   `cmd:"" help:"Put one, with all that is in it, into another of the same client."`
	Delete FoldersDelete `cmd:"" help:"Delete one, and say what becomes of its content."`
}

// FolderPlace names whose folders are meant.
type FolderPlace struct {
	Format `embed:""`
	Client string `arg:"" optional:"" help:"Name, short code or id of the client."`
	Mine   bool   `help:"Those of your own passwords instead of a client's."`
}

// FoldersList lists folders.
type FoldersList struct {
	FolderPlace `embed:""`
}

// Run lists them.
func (c *FoldersList) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	place, _, err := e.place(api, c.Client, c.Mine)
	if err != nil {
		return err
	}
	found, err := api.Folders(e.Context, place)
	if err != nil {
		return err
	}
	paths, err := e.folders(api, place)
	if err != nil {
		return err
	}
	var rows [][]string
	for _, f := range found.Folders {
		rows = append(rows, []string{paths[f.ID], strconv.Itoa(f.Depth), yes(f.Guarded, "guarded"), f.ID})
	}
	return c.show(e, found.Folders, "FOLDER|DEPTH|GUARD|ID", rows)
}

// FoldersAdd adds a folder.
type FoldersAdd struct {
	FolderPlace `embed:""`
	Name        string `required:"" help:"Its name."`
	In          string `help:"Path or id of the folder to put it into; the root otherwise."`
}

// Run adds it.
func (c *FoldersAdd) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	place, _, err := e.place(api, c.Client, c.Mine)
	if err != nil {
		return err
	}
	in, err := e.folder(api, place, c.In)
	if err != nil {
		return err
	}
	made, err := api.AddFolder(e.Context, sdk.NewFolder{Client: place.Client, Personal: place.Personal, Folder: in, Name: c.Name})
	if err != nil {
		return err
	}
	return c.done(e, made, "Added the folder %s: %s", c.Name, made.ID)
}

// OneFolder names a folder of a place.
type OneFolder struct {
	FolderPlace `embed:""`
	Folder      string `required:"" help:"Path or id of the folder."`
	Version     int64  `help:"Change only this version; a conflict if it is not the present one. Otherwise the version that is found."`
}

func (c *OneFolder) find(e *Env) (api *sdk.API, place sdk.Place, f sdk.Folder, err error) {
	if api, _, err = e.connect(); err != nil {
		return api, place, f, err
	}
	if place, _, err = e.place(api, c.Client, c.Mine); err != nil {
		return api, place, f, err
	}
	id, err := e.folder(api, place, c.Folder)
	if err != nil {
		return api, place, f, err
	}
	all, err := api.Folders(e.Context, place)
	for _, one := range all.Folders {
		if one.ID == id {
			if f = one; c.Version != 0 {
				f.Version = c.Version
			}
			return api, place, f, err
		}
	}
	if err == nil {
		err = fail(ExitAbsent, "There is no folder %q there that you reach.", c.Folder)
	}
	return api, place, f, err
}

// FoldersRename renames a folder.
type FoldersRename struct {
	OneFolder `embed:""`
	Name      string `required:"" help:"Its new name."`
}

// Run renames it.
func (c *FoldersRename) Run(e *Env) error {
	api, _, f, err := c.find(e)
	if err != nil {
		return err
	}
	made, err := api.RenameFolder(e.Context, f.ID, sdk.FolderChange{Version: f.Version, Name: c.Name})
	if err != nil {
		return err
	}
	return c.done(e, made, "Renamed the folder %s to %s.", f.Name, c.Name)
}

// FoldersMove moves a folder.
type FoldersMove struct {
	OneFolder `embed:""`
	In        string `help:"Path or id of the folder to put it into; the root otherwise."`
}

// Run moves it.
func (c *FoldersMove) Run(e *Env) error {
	api, place, f, err := c.find(e)
	if err != nil {
		return err
	}
	in, err := e.folder(api, place, c.In)
	if err != nil {
		return err
	}
	made, err := api.MoveFolder(e.Context, f.ID, sdk.FolderMove{Version: f.Version, Folder: in})
	if err != nil {
		return err
	}
	return c.done(e, made, "Moved the folder %s.", f.Name)
}

// FoldersDelete deletes a folder.
type FoldersDelete struct {
	OneFolder `embed:""`
	Content   string `help:"What becomes of its content: up (into the folder above) or archive. An empty folder needs neither."`
}

// Run deletes it.
func (c *FoldersDelete) Run(e *Env) error {
	api, _, f, err := c.find(e)
	if err != nil {
		return err
	}
	if err := api.DeleteFolder(e.Context, f.ID, f.Version, c.Content); err != nil {
		return err
	}
	what := map[string]string{"up": " What was in it moved up.", "archive": " What was in it is archived."}[c.Content]
	return c.done(e, sdk.Done{ID: f.ID}, "Deleted the folder %s.%s", f.Name, what)
}
