package cli

import (
	"strings"

	"bailiwick/sdk"
)

// Profile shows one's own profile, or changes it.
type Profile struct {
	Format   `embed:""`
	Name     *string `help:"Change the name."`
	Email    *string `help:"Change the address: it counts when it is confirmed from there. Your password is asked for."`
	Phone    *string `help:"Change the phone."`
	TimeZone *string `help:"Change the time zone, such as Europe/London."`
	Mail     *bool   `negatable:"" help:"Whether you are mailed when a client is given to you."`
}

// Run shows it, after the change.
func (c *Profile) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	p, err := api.Profile(e.Context)
	if err != nil {
		return err
	}
	if c.Name != nil || c.Email != nil || c.Phone != nil || c.TimeZone != nil || c.Mail != nil {
		in := sdk.NewProfile{Version: p.Version, Name: or(c.Name, p.Name), Email: or(c.Email, p.Email), Phone: or(c.Phone, p.Phone), TimeZone: or(c.TimeZone, p.TimeZone), MailGiven: or(c.Mail, p.MailGiven)}
		if in.Email != p.Email {
			if in.Password, err = e.askSecret("Your password"); err != nil {
				return err
			}
		}
		if err := api.SetProfile(e.Context, in); err != nil {
			return err
		}
		if p, err = api.Profile(e.Context); err != nil {
			return err
		}
	}
	return c.show(e, p, "NAME|EMAIL|NOT CONFIRMED YET|PHONE|TIME ZONE|MAIL", [][]string{{p.Name, p.Email, p.PendingEmail, p.Phone, p.TimeZone, yes(p.MailGiven, "when a client is given")}})
}

func or[T any](given *T, is T) T {
	if given != nil {
		return *given
	}
	return is
}

// Sessions is one's own sessions, and the browsers and machines that open the
// vault with the password alone.
type Sessions struct {
	List SessionsList `cmd:"" default:"withargs" help:"List one's own sessions and known browsers."`
	End  SessionsEnd  `cmd:"" help:"End a session, or make a known browser unknown."`
}

// SessionsList lists them.
type SessionsList struct {
	Format `embed:""`
}

// Run lists them.
func (c *SessionsList) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	all, err := api.Sessions(e.Context)
	if err != nil {
		return err
	}
	var rows [][]string
	for _, s := range all.Sessions {
		rows = append(rows, []string{strings.TrimSpace("session " + yes(s.Current, "(this one)")), s.Agent, s.IP, shown(s.LastUsedAt), yes(s.Open, "open"), s.ID})
	}
	for _, d := range all.Devices {
		rows = append(rows, []string{"known browser", d.Label, "", shown(d.LastUsedAt), "", d.ID})
	}
	return c.show(e, all, "WHAT|PROGRAM|IP ADDRESS|LAST USED|VAULT|ID", rows)
}

// SessionsEnd ends one.
type SessionsEnd struct {
	ID string `arg:"" help:"Id, as the list gives it."`
}

// Run ends it.
func (c *SessionsEnd) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	if strings.HasPrefix(c.ID, "device_") {
		if err := api.ForgetDevice(e.Context, c.ID); err != nil {
			return err
		}
		return Format{}.done(e, nil, "The browser is not known any more.")
	}
	if err := api.EndSession(e.Context, c.ID); err != nil {
		return err
	}
	return Format{}.done(e, nil, "The session has ended.")
}

// UsersViewAs looks at the product as another user would see it.
type UsersViewAs struct {
	User string `arg:"" optional:"" help:"Address or id; none: return to the own session."`
}

// Run begins or ends it.
func (c *UsersViewAs) Run(e *Env) error {
	if c.User != "" {
		return e.actOn(c.User, "You see what this user sees, and change nothing. Return with: bailiwick users view-as", func(a *sdk.API, id string) error { return a.BeginPerspective(e.Context, id) })
	}
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	if err := api.EndPerspective(e.Context); err != nil {
		return err
	}
	return Format{}.done(e, nil, "You are back in your own session.")
}
