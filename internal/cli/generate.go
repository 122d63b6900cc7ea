package cli

import (
	"fmt"
	"strconv"

	"bailiwick/sdk"
)

// Making is how a password is to be made.
type Making struct {
	Length     int      `default:"0" help:"How many characters (4 to 128)."`
	Classes    []string `enum:"lower,upper,digit,symbol" help:"Kinds of characters: lower,upper,digit,symbol."`
	LookAlikes bool     `help:"Also what is taken for something else, such as 0 and O."`
	Say        bool     `xor:"style" name:"pronounceable" help:"One that can be said."`
	Words      int      `xor:"style" help:"A passphrase of so many words (3 to 12)."`
	Separator  string   `default:"-" help:"Between the words."`
	Capital    bool     `help:"The words begin with a capital."`
	Number     bool     `help:"A digit at one of the words."`
}

// rules are what was asked for; nil where nothing was.
func (m Making) rules() *sdk.Generator {
	g := &sdk.Generator{Length: m.Length, Classes: m.Classes}
	if m.LookAlikes {
		g.LookAlikes = &m.LookAlikes
	}
	switch {
	case m.Words != 0:
		return &sdk.Generator{Style: "passphrase", Words: m.Words, Separator: &m.Separator, Capital: &m.Capital, Number: &m.Number}
	case m.Say:
		g.Style = "pronounceable"
	case m.Length == 0 && m.Classes == nil && !m.LookAlikes:
		return nil
	default:
		g.Style = "characters"
	}
	return g
}

// Generate has a password made and prints it. It is stored nowhere.
type Generate struct {
	Format `embed:""`
	Making `embed:""`
	Type   string `help:"Credential type, which says how to begin."`
}

// Run makes it.
func (c *Generate) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	made, err := api.Generate(e.Context, sdk.Generate{Type: c.Type, Rules: c.rules()})
	if err != nil {
		return err
	}
	if c.JSON {
		return c.show(e, made, "", nil)
	}
	_, err = fmt.Fprintln(e.Out, made.Password.Reveal())
	return err
}

// Passwords is the organization's minimums of passwords.
type Passwords struct {
	Show PasswordsShow `cmd:"" default:"1" help:"Show the minimums of passwords."`
	Set  PasswordsSet  `cmd:"" help:"Set them; what is not given stays."`
}

// PasswordsShow shows them.
type PasswordsShow struct {
	Format `embed:""`
}

// Run shows them.
func (c *PasswordsShow) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	s, err := api.PasswordSettings(e.Context)
	if err != nil {
		return err
	}
	return c.show(e, s, "MINIMUM|VALUE", [][]string{{"length", strconv.Itoa(s.Length)}, {"kinds of characters", strconv.Itoa(s.Kinds)},
		{"strength", strconv.Itoa(s.Score) + " of 4"}, {"refuses weaker ones", yes(s.Enforce, "yes") + yes(!s.Enforce, "no, flags them")}})
}

// PasswordsSet changes them.
type PasswordsSet struct {
	Format  `embed:""`
	Length  *int  `help:"Least characters, 0 to 64."`
	Kinds   *int  `help:"Least kinds of characters, 0 to 4."`
	Score   *int  `help:"Least strength, 0 to 4; 3 at the start."`
	Enforce *bool `negatable:"" help:"Refuse new and changed passwords of clients below the minimums."`
}

// Run changes them.
func (c *PasswordsSet) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	s, err := api.PasswordSettings(e.Context)
	if err != nil {
		return err
	}
	next := sdk.NewPasswordSettings(s)
	put(&next.Length, c.Length)
	put(&next.Kinds, c.Kinds)
	put(&next.Score, c.Score)
	put(&next.Enforce, c.Enforce)
	if err := api.SetPasswords(e.Context, next); err != nil {
		return err
	}
	return c.done(e, next, "The minimums of passwords are saved. What is there already is judged anew while somebody has the vault open.")
}

func put[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}
