package cli

import (
	"fmt"
	"io"
	"strings"

	"bailiwick/sdk"
)

// ClientsAdd adds a client.
type ClientsAdd struct {
	Format     `embed:""`
	Name       string   `arg:"" help:"Name of the client."`
	Code       string   `help:"Short code."`
	Phone      string   `help:"Phone number."`
	Address    string   `help:"Address."`
	Website    string   `help:"Website."`
	Tag        []string `help:"Tag; may be given several times."`
	Rotation   int      `help:"Rotation policy: passwords are due after so many days."`
	Type       []string `help:"Offer only this credential type in the client; may be repeated."`
	NotesStdin bool     `help:"Read the notes from the standard input."`
}

// Run adds it.
func (c *ClientsAdd) Run(e *Env) error {
	in := sdk.NewClient{Name: c.Name, ShortCode: c.Code, Phone: c.Phone, Address: c.Address, Website: c.Website, Tags: c.Tag, Rotation: c.Rotation, Types: c.Type}
	var err error
	if c.NotesStdin {
		if in.Notes, err = e.rest(); err != nil {
			return err
		}
	}
	return e.opened(func(api *sdk.API) error {
		made, err := api.AddClient(e.Context, in)
		if err != nil {
			return err
		}
		return c.done(e, made, "Added %s: %s", c.Name, made.ID)
	})
}

// rest is all that comes by the standard input.
func (e *Env) rest() (string, error) {
	text, err := io.ReadAll(io.LimitReader(e.In, 1<<20))
	return strings.TrimSpace(string(text)), err
}

// ClientsEdit changes a client.
type ClientsEdit struct {
	Format     `embed:""`
	Client     string    `arg:"" help:"Name, short code or id of the client."`
	Name       *string   `help:"New name."`
	Code       *string   `help:"New short code."`
	Phone      *string   `help:"New phone number."`
	Address    *string   `help:"New address."`
	Website    *string   `help:"New website."`
	Tag        *[]string `help:"New tags, with commas between them, instead of all present ones."`
	Rotation   *int      `help:"Rotation policy in days; 0 for none."`
	Type       *[]string `help:"Offer only these credential types, with commas between them, in the place of those that are forced. An empty one offers all."`
	NotesStdin bool      `help:"Read new notes from the standard input."`
	Version    int64     `help:"Change only this version; a conflict if it is not the present one. Otherwise the version that is found."`
}

// Run changes it.
func (c *ClientsEdit) Run(e *Env) error {
	in := sdk.ClientChange{Name: c.Name, ShortCode: c.Code, Phone: c.Phone, Address: c.Address, Website: c.Website, Tags: c.Tag, Rotation: c.Rotation, Types: c.Type}
	for _, list := range []*[]string{in.Tags, in.Types} { // an empty one takes all away
		if list != nil && *list == nil {
			*list = []string{}
		}
	}
	if c.NotesStdin {
		notes, err := e.rest()
		if err != nil {
			return err
		}
		in.Notes = &notes
	} else if c.Name == nil && c.Code == nil && c.Phone == nil && c.Address == nil && c.Website == nil && c.Tag == nil && c.Rotation == nil && c.Type == nil {
		return fail(ExitUsage, "Say what to change, for example --phone. See: bailiwick clients edit --help")
	}
	return e.opened(func(api *sdk.API) error {
		found, err := e.clientAmong(api, c.Client, true)
		if err != nil {
			return err
		}
		if in.Version = c.Version; in.Version == 0 {
			in.Version = found.Version
		}
		made, err := api.EditClient(e.Context, found.ID, in)
		if err != nil {
			return err
		}
		return c.done(e, made, "Changed %s. It is now version %d.", found.Name, made.Version)
	})
}

// ClientsBookmark sets or removes a bookmark.
type ClientsBookmark struct {
	Client string `arg:"" help:"Name, short code or id of the client."`
	Remove bool   `help:"Take the bookmark away."`
}

// Run sets it.
func (c *ClientsBookmark) Run(e *Env) error {
	return e.onClient(c.Client, func(api *sdk.API, found sdk.Client) (string, error) {
		if c.Remove {
			return "The bookmark is gone.", api.Unbookmark(e.Context, found.ID)
		}
		return found.Name + " is bookmarked.", api.Bookmark(e.Context, found.ID)
	})
}

// onClient does something with one client, and says what was done.
func (e *Env) onClient(text string, act func(*sdk.API, sdk.Client) (string, error)) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	found, err := e.clientAmong(api, text, true)
	if err != nil {
		return err
	}
	words, err := act(api, found)
	if err == nil {
		_, err = fmt.Fprintln(e.Err, clean(words))
	}
	return err
}

// ClientsDisable disables a client.
type ClientsDisable struct {
	Client string `arg:"" help:"Name, short code or id of the client."`
}

// Run disables it.
func (c *ClientsDisable) Run(e *Env) error {
	return e.onClient(c.Client, func(api *sdk.API, found sdk.Client) (string, error) {
		words := fmt.Sprintf("Disabled %s with %d credentials", found.Name, found.Credentials)
		if token := strings.HasPrefix(e.Getenv("BAILIWICK_TOKEN"), "bwt_"); !token { // which sees no site
			if site, err := api.Site(e.Context, found.ID); err == nil && site.Users+site.Sessions > 0 {
				words += fmt.Sprintf(", %d users of its site, and ended %d sessions", site.Users, site.Sessions)
			}
		}
		return words + ". Bring it back with: bailiwick clients enable " + found.ID, api.DisableClient(e.Context, found.ID)
	})
}

// ClientsEnable enables a client.
type ClientsEnable struct {
	Client string `arg:"" help:"Name, short code or id of the client."`
}

// Run enables it.
func (c *ClientsEnable) Run(e *Env) error {
	return e.onClient(c.Client, func(api *sdk.API, found sdk.Client) (string, error) {
		return "Enabled " + found.Name + ".", api.EnableClient(e.Context, found.ID)
	})
}

// ClientsDelete deletes a client for good.
type ClientsDelete struct {
	Client string `arg:"" help:"Name, short code or id of the client."`
	Name   string `help:"Its name, just as it is written, to confirm; asked for otherwise."`
}

// Run says what goes, and deletes it.
func (c *ClientsDelete) Run(e *Env) error {
	return e.onClient(c.Client, func(api *sdk.API, found sdk.Client) (string, error) {
		if site, err := api.Site(e.Context, found.ID); err == nil && site.ID != "" {
			return "", fail(ExitError, "%s has a site, an organization of its own, so it can't be deleted. Disabled it stays out of everybody's way.", found.Name)
		}
		o, err := api.ClientOverview(e.Context, found.ID)
		if err != nil {
			return "", err
		}
		name := c.Name
		if name == "" {
			fmt.Fprintf(e.Err, "This deletes %s for good, with %d credentials, %d archived ones and %d folders. Nobody can take it back.\n",
				clean(found.Name), o.Counts.Credentials, o.Counts.Archived, o.Counts.Folders)
			if name, err = e.ask("Type the client's name to confirm", ""); err != nil {
				return "", err
			}
		}
		return "Deleted " + found.Name + " for good.", api.DeleteClient(e.Context, found.ID, name)
	})
}
