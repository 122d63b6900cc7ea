package cli

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"bailiwick/sdk"
)

// lifetime is a duration that may be given in days: 10m, 8h, 3d.
type lifetime time.Duration

// UnmarshalText reads one.
func (l *lifetime) UnmarshalText(text []byte) error {
	if days, ok := strings.CutSuffix(string(text), "d"); ok {
		n, err := strconv.ParseUint(days, 10, 16)
		*l = lifetime(time.Duration(n) * 24 * time.Hour)
		if err == nil {
			return nil
		}
	} else if d, err := time.ParseDuration(string(text)); err == nil {
		*l = lifetime(d)
		return nil
	}
	return fmt.Errorf("%q is no time such as 10m, 8h or 3d", text)
}

func (l lifetime) minutes() int { return int(time.Duration(l).Minutes()) }

func linkFits(views int, l lifetime) error {
	if d := time.Duration(l); views < 1 || views > 20 || d < 10*time.Minute || d > 30*24*time.Hour {
		return fail(ExitUsage, "A link can be opened 1 to 20 times, and lives 10m to 30d.")
	}
	return nil
}

// Share makes a link for somebody outside.
type Share struct {
	Format     `embed:""`
	Query      []string `arg:"" help:"Words to search for, or the credential's id."`
	Fields     []string `placeholder:"FIELD,…" default:"title,username,password,urls" help:"What the recipient sees: title, username, password, urls, notes, fields (custom ones). Never one-time codes."`
	Views      int      `default:"1" help:"How often it can be opened, 1 to 20."`
	For        lifetime `default:"3d" help:"How long it lives, 10m to 30d."`
	Passphrase bool     `help:"Ask for a passphrase that the recipient needs besides."`
	Note       bool     `help:"Read a note to the recipient from the standard input: one line."`
}

// Run makes it.
func (c *Share) Run(e *Env) error {
	in := sdk.NewExternalLink{Fields: c.Fields, Views: c.Views, Minutes: c.For.minutes()}
	if err := linkFits(c.Views, c.For); err != nil {
		return err
	}
	return e.opened(func(api *sdk.API) error {
		found, err := e.credential(api, c.Query)
		if err != nil {
			return err
		}
		if c.Passphrase {
			typed, err := e.Secret("Passphrase for the recipient")
			if err != nil {
				return err
			}
			in.Passphrase = sdk.Secret(typed)
		}
		if c.Note {
			note, err := e.ask("Note to the recipient", "")
			if err != nil {
				return err
			}
			in.Note = sdk.Secret(note)
		}
		made, err := api.ShareByLink(e.Context, found.ID, in)
		if err != nil {
			return err
		}
		if c.JSON {
			return c.show(e, made, "", nil)
		}
		if err := c.done(e, made, "Made a link to %s. It can be opened %s, until %s. It is shown only now:", found.Title, times(c.Views), shown(made.ExpiresAt)); err != nil {
			return err
		}
		_, err = fmt.Fprintln(e.Out, made.Address.Reveal())
		return err
	})
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

// Links lists and revokes external links.
type Links struct {
	List   LinksList   `cmd:"" default:"withargs" help:"List your external links; everybody's if you are an administrator."`
	Revoke LinksRevoke `cmd:"" help:"End an external link."`
}

// LinksList lists them.
type LinksList struct {
	Format `embed:""`
	Query  []string `arg:"" optional:"" help:"Only the links to this credential: words to search for, or its id."`
	Over   bool     `help:"Also those that are over."`
}

// Run lists them.
func (c *LinksList) Run(e *Env) error {
	return e.opened(func(api *sdk.API) error {
		var found sdk.ExternalLinks
		var err error
		if len(c.Query) > 0 {
			var of sdk.Credential
			if of, err = e.credential(api, c.Query); err == nil {
				found, err = api.LinksOf(e.Context, of.ID)
			}
		} else {
			found, err = api.ExternalLinks(e.Context)
		}
		if err != nil {
			return err
		}
		var rows [][]string
		open := sdk.ExternalLinks{Links: []sdk.ExternalLink{}}
		for _, l := range found.Links {
			if l.Ended != "" && !c.Over {
				continue
			}
			open.Links = append(open.Links, l)
			end := "until " + shown(l.ExpiresAt)
			if l.Ended != "" {
				end = "over: " + l.Ended
			}
			rows = append(rows, []string{l.Title, l.ClientName, strings.Join(l.Shared, ","), l.MadeByName, fmt.Sprintf("%d/%d", l.Views, l.MostViews), end, yes(l.Passphrase, "passphrase"), l.ID})
		}
		return c.show(e, open, "CREDENTIAL|CLIENT|SHARED|BY|OPENED|ENDS|ASKS FOR|ID", rows)
	})
}

// LinksRevoke ends one.
type LinksRevoke struct {
	Format `embed:""`
	ID     string `arg:"" help:"Id of the link, as bailiwick links shows it."`
}

// Run ends it.
func (c *LinksRevoke) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	if err := api.RevokeLink(e.Context, c.ID); err != nil {
		return err
	}
	return c.done(e, sdk.Done{ID: c.ID}, "Revoked %s. It opens nothing any more.", c.ID)
}
