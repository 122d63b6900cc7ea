package cli

import (
	"fmt"
	"strings"

	"bailiwick/sdk"
)

// end does what can't be taken back, after it has said what ends and was told
// to go on.
func (c *Ending) end(e *Env, question, besides, done string, do func(*sdk.API, string) error) error {
	if !c.Yes && !e.terminal() {
		return fail(ExitUsage, "Nothing was done. Without a terminal it takes --yes.")
	}
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	id, err := e.user(api, c.User)
	if err != nil {
		return err
	}
	if !c.Yes {
		u, err := api.User(e.Context, id)
		if err != nil {
			return err
		}
		answer, err := e.ask(fmt.Sprintf(question, clean(u.Name+" <"+u.Email+">"))+"? This ends: "+ends(u, besides)+". (y/N)", "")
		if err != nil {
			return err
		}
		if answer != "y" && answer != "yes" {
			return fail(ExitError, "Nothing was done.")
		}
	}
	if err := do(api, id); err != nil {
		return err
	}
	fmt.Fprintln(e.Err, done)
	return nil
}

// ends names what ends of a user.
func ends(u sdk.UserDetails, besides string) string {
	all := []string{countOf(u.Sessions, "session"), countOf(u.Devices, "known device")}
	if besides != "" {
		all = append(all, countOf(u.Tokens, "API token"), besides)
	}
	return strings.Join(all, ", ")
}

func countOf(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return fmt.Sprintf("%d %s", n, what)
}
