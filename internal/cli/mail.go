package cli

import (
	"fmt"
	"strconv"
	"time"

	"bailiwick/sdk"
)

// Mail is the outbox and the settings of mail, for administrators.
type Mail struct {
	Outbox   MailOutbox   `cmd:"" help:"List mails that wait, were sent, or were not."`
	Show     MailShow     `cmd:"" help:"Read a mail that waits, while no mail server is set."`
	Drop     MailDrop     `cmd:"" help:"Take a mail that waits out of the outbox."`
	Test     MailTest     `cmd:"" help:"Send a test mail to oneself, and say what came of it."`
	Settings MailSettings `cmd:"" help:"Show how mails are sent."`
	Set      MailSet      `cmd:"" help:"Set how mails are sent. Passwords are asked for."`
}

// MailOutbox lists mails.
type MailOutbox struct {
	Format `embed:""`
	State  string `enum:"waiting,sent,failed,dropped," default:"" help:"Only these: waiting, sent, failed or dropped."`
	Limit  int    `default:"50" help:"How many, the newest first."`
}

// Run lists them.
func (c *MailOutbox) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	all, after := []sdk.Mail{}, ""
	for len(all) < c.Limit {
		part, err := api.Outbox(e.Context, c.State, after, min(c.Limit-len(all), 200))
		if err != nil {
			return err
		}
		all = append(all, part.Mails...)
		if after = part.Next; after == "" {
			break
		}
	}
	var rows [][]string
	for _, m := range all {
		rows = append(rows, []string{m.ID, m.Kind, m.Name, m.Email, m.State, strconv.FormatInt(m.Tries, 10), shown(m.CreatedAt), m.Problem})
	}
	return c.show(e, all, "ID|KIND|NAME|EMAIL|STATE|TRIES|WRITTEN|PROBLEM", rows)
}

// MailShow reads one mail.
type MailShow struct {
	ID string `arg:"" help:"Id of the mail."`
}

// Run writes what it says to the standard output.
func (c *MailShow) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	l, err := api.ShowMail(e.Context, c.ID)
	if err == nil {
		fmt.Fprintf(e.Out, "%s\n\n%s", clean(l.Subject), cleanLines(string(l.Text)))
	}
	return err
}

// MailDrop takes one mail out.
type MailDrop struct {
	ID string `arg:"" help:"Id of the mail."`
}

// Run takes it out.
func (c *MailDrop) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	if err := api.DropMail(e.Context, c.ID); err != nil {
		return err
	}
	fmt.Fprintln(e.Err, "The mail is taken out of the outbox, and what it said is erased.")
	return nil
}

// MailTest sends a test mail.
type MailTest struct{}

// Run waits for what comes of it: a try takes 30 seconds at most.
func (c *MailTest) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	set, err := api.MailSettings(e.Context)
	if err != nil {
		return err
	}
	made, err := api.TestMail(e.Context)
	if err != nil {
		return err
	}
	if set.Host == "" {
		fmt.Fprintln(e.Err, "No mail server is set. The test mail waits in the outbox; read it with: bailiwick mail show "+made.ID)
		return nil
	}
	again := time.NewTicker(time.Second)
	defer again.Stop()
	for range 60 {
		m, err := api.Mail(e.Context, made.ID)
		switch {
		case err != nil:
			return err
		case m.State == "sent":
			fmt.Fprintln(e.Err, "The mail server took the test mail to "+clean(m.Email)+".")
			return nil
		case m.Problem != "":
			return fail(ExitError, "The test mail was not sent. %s", clean(m.Problem))
		}
		select {
		case <-e.Context.Done():
			return e.Context.Err()
		case <-again.C:
		}
	}
	return fail(ExitError, "The test mail is not sent yet. See: bailiwick mail outbox")
}

// MailSettings shows the settings.
type MailSettings struct {
	Format `embed:""`
}

// Run shows them.
func (c *MailSettings) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	s, err := api.MailSettings(e.Context)
	if err != nil {
		return err
	}
	host := s.Host
	if host != "" {
		host += ":" + strconv.Itoa(s.Port)
	}
	public := s.Public
	if public == "" {
		public = s.Server
	}
	return c.show(e, s, "SERVER|ENCRYPTION|USER|SENDER|NAME|LINKS|WAITING", [][]string{{host, s.Security, s.User, s.SenderEmail, s.SenderName, public, strconv.Itoa(s.Waiting)}})
}

// MailSet sets them as a whole.
type MailSet struct {
	Host       string `arg:"" optional:"" help:"The mail server; none: no mail is sent."`
	Port       int    `default:"587" help:"Its port."`
	Security   string `enum:"starttls,tls,none" default:"starttls" help:"starttls (required), tls, or none (a mail server on the same machine only)."`
	User       string `help:"Where the mail server asks for one; its password is asked for."`
	Sender     string `help:"The sender's address."`
	SenderName string `help:"The sender's name; the organization's otherwise."`
	Waiting    string `enum:"send,drop," default:"" help:"What becomes of the mails that wait, where no mail server was set before: send or drop. Their links may have been passed on by hand."`
	Public     string `help:"Address of the vault in links, such as https://vault.example.com; the server's own otherwise."`
}

// Run asks for the passwords and sets them.
func (c *MailSet) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	in := sdk.NewMailSettings{Public: c.Public, Host: c.Host, SenderName: c.SenderName, SenderEmail: c.Sender, User: c.User, Rest: c.Waiting}
	if c.Host != "" {
		in.Port, in.Security = c.Port, c.Security
		if c.User != "" {
			if in.MailPassword, err = e.askSecret("Password of the mail server (empty keeps the present one)"); err != nil {
				return err
			}
		}
	}
	if in.Password, err = e.askSecret("Your password"); err != nil {
		return err
	}
	if err := api.SetMail(e.Context, in); err != nil {
		return err
	}
	fmt.Fprintln(e.Err, "The settings of mail are saved.")
	return nil
}
