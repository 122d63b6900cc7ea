package web

import (
	"strconv"

	"bailiwick/internal/door"
	"bailiwick/internal/mail"
	"bailiwick/internal/web/ui"
	"bailiwick/internal/web/ui/icon"
)

const (
	mailPath   = "/organization/mail"
	outboxPath = mailPath + "/outbox"
)

var mailCrumb = ui.Crumb{Label: "Mail", Href: mailPath}

func (s *Server) mailRoutes() {
	s.signed("GET "+mailPath, showMail)
	s.signed("POST "+mailPath, saveMail)
	s.signed("POST "+mailPath+"/test", testMail)
	s.signed("GET "+mailPath+"/test/{id}", showTestMail)
	s.signed("GET "+outboxPath, showOutbox)
	s.signed("GET "+outboxPath+"/{id}", showMailItem)
	s.signed("POST "+outboxPath+"/{id}/show", readMail)
	s.signed("GET "+outboxPath+"/{id}/drop", askDropMail)
	s.signed("POST "+outboxPath+"/{id}/drop", dropMail)
}

// mailTabs are the two pages of mail.
func mailTabs(outbox bool, waiting int) []ui.Tab {
	tabs := []ui.Tab{{Label: "Settings", Href: mailPath, Icon: icon.Settings, Current: !outbox}, {Label: "Outbox", Href: outboxPath, Icon: icon.Mail, Current: outbox}}
	if waiting > 0 {
		tabs[1].Count = number(waiting)
	}
	return tabs
}

// mailForm is the page of the settings.
type mailForm struct {
	frame                                         ui.FrameParams
	view                                          mail.View
	security                                      ui.SelectParams
	host, port, user, secret, name, address, link ui.FieldParams
	own                                           ui.FieldParams
	rest                                          string
	badRest                                       string
	test                                          *testResult
}

func (f mailForm) wrong() []ui.FieldParams {
	return wrong(f.host, f.port, ui.FieldParams{Name: f.security.Name, Label: f.security.Label, Error: f.security.Error}, f.user, f.secret, f.name, f.address, f.link, ui.FieldParams{Name: "rest", ID: "rest", Label: "Mails that wait", Error: f.badRest}, f.own)
}

var securities = []ui.Option{{Value: string(mail.StartTLS), Label: "STARTTLS, required (port 587)"}, {Value: string(mail.TLS), Label: "TLS from the start (port 465)"},
	{Value: string(mail.Plain), Label: "None: a mail server on this machine only"}}

func (v *visit) mailForm(in mail.Settings, port string, bad map[string]string) (mailForm, error) {
	view, err := v.app.Mail.Settings(v.ctx(), v.who)
	if err != nil {
		return mailForm{}, err
	}
	frame, err := v.frame("Mail")
	if err != nil {
		return mailForm{}, err
	}
	f := mailForm{frame: frame, view: view, rest: in.Rest, badRest: bad["rest"]}
	if in.Security == "" {
		in.Security = mail.StartTLS
	}
	f.host = ui.FieldParams{Name: "host", Label: "Server", Value: in.Host, Mono: true, MaxLength: 253, Placeholder: "smtp.example.com", Error: bad["host"], Hint: "Empty: no mails are sent, and links are shown in the outbox."}
	f.port = ui.FieldParams{Name: "port", Label: "Port", Value: port, Type: "number", InputMode: "numeric", Error: bad["port"], Attrs: map[string]any{"min": "1", "max": "65535"}}
	f.security = ui.SelectParams{Name: "security", Label: "Encryption", Value: string(in.Security), Options: securities, Error: bad["security"]}
	f.user = ui.FieldParams{Name: "user", Label: "User", Value: in.User, Mono: true, Optional: true, MaxLength: 300, Error: bad["user"], Hint: "Empty where the server asks for none."}
	f.secret = ui.FieldParams{Name: "mail_password", Label: "Password of the mail server", Optional: true, Autocomplete: "new-password", Error: bad["mail_password"]}
	if view.HasPassword {
		f.secret.Hint = "Empty keeps the present one, for the same server and user."
	}
	f.name = ui.FieldParams{Name: "sender_name", Label: "Sender's name", Value: in.Name, Optional: true, MaxLength: 100, Placeholder: v.me.Organization, Error: bad["sender_name"]}
	f.address = ui.FieldParams{Name: "sender_email", Label: "Sender's address", Value: in.Address, InputMode: "email", Mono: true, MaxLength: 254, Placeholder: "vault@example.com", Error: bad["sender_email"],
		Hint: "The mail server must be allowed to send for its domain (SPF, DKIM)."}
	f.link = ui.FieldParams{Name: "public", Label: "Address of this server", Value: in.Public, InputMode: "url", Mono: true, Optional: true, MaxLength: 253, Placeholder: view.Server, Error: bad["public"],
		Hint: "As people reach it from outside, such as https://vault.example.com."}
	f.own = ui.FieldParams{Name: "password", Label: "Your password", Autocomplete: "current-password", Required: true, Error: bad["password"]}
	return f, nil
}

func showMail(v *visit) error {
	view, err := v.app.Mail.Settings(v.ctx(), v.who)
	if err != nil {
		return err
	}
	port := "587"
	if view.Port > 0 {
		port = strconv.Itoa(view.Port)
	}
	f, err := v.mailForm(view.Settings, port, nil)
	if err != nil {
		return err
	}
	if id := v.text("test"); id != "" {
		if f.test, err = v.testResult(id); err != nil {
			return err
		}
	}
	return v.render(mailPage(f))
}

func saveMail(v *visit) error {
	in := mail.Settings{Public: v.text("public"), Host: v.text("host"), Security: mail.Security(v.text("security")), User: v.text("user"),
		Password: v.secret("mail_password"), Name: v.text("sender_name"), Address: v.text("sender_email"), Rest: v.text("rest")}
	in.Port, _ = strconv.Atoi(v.text("port"))
	err := v.app.Mail.Save(v.ctx(), v.who, v.secret("password"), in)
	if bad, ok := fieldErrors(err); ok {
		f, failed := v.mailForm(in, v.text("port"), bad)
		if failed != nil {
			return failed
		}
		return v.renderAs(door.Status(err), mailPage(f))
	}
	if err != nil {
		return err
	}
	if in.Host == "" {
		v.flash("The settings of mail are saved. No mails are sent.", "")
	} else {
		v.flash("The settings of mail are saved. Send a test mail to see whether they work.", "")
	}
	return v.goTo(mailPath)
}

// testResult is how far the test mail is.
type testResult struct {
	mail.Item
	sends bool
}

// running: the page asks again, until there is something to say.
func (r testResult) running() bool {
	return r.sends && r.State == mail.Waiting && r.Problem == ""
}

func (v *visit) testResult(id string) (*testResult, error) {
	view, err := v.app.Mail.Settings(v.ctx(), v.who)
	if err != nil {
		return nil, err
	}
	i, err := v.app.Mail.Find(v.ctx(), v.who, id)
	return &testResult{i, view.Sends()}, err
}

func testMail(v *visit) error {
	id, err := v.app.Mail.Test(v.ctx(), v.who)
	if err != nil {
		return err
	}
	return v.goTo(mailPath + "?test=" + id)
}

func showTestMail(v *visit) error {
	r, err := v.testResult(v.r.PathValue("id"))
	if err != nil {
		return err
	}
	if !v.partial() {
		return v.goTo(mailPath + "?test=" + r.ID)
	}
	return v.render(testMailResult(*r))
}
