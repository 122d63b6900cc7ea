package mail_test

import (
	"regexp"
	"strings"
	"testing"

	"bailiwick/internal/apptest"
	"bailiwick/internal/db/dbtest"
	"bailiwick/internal/mail"
	"bailiwick/internal/seal"
)

var asked = regexp.MustCompile(`(?i)<script|<img|<link|<iframe|<form|<object|\son[a-z]+=|src=|@import|url\(|javascript:|style="`)

var tag = regexp.MustCompile(`<[^>]*>`)

// Every kind reads well with all it may take, and with as little as it must;
// its link is in the body alone; what people typed stays text; nothing is
// loaded from anywhere.
func TestKinds(t *testing.T) {
	if n := len(mail.Kinds()); n != 23 {
		t.Errorf("%d kinds", n)
	}
	const typed = `"><script>alert(1)</script><img src=x>`
	for _, k := range mail.Kinds() {
		full := mail.Mail{Kind: k, By: "Ada " + typed, About: "Contoso " + typed, Message: "Hello,\n" + typed, Things: []string{"Fabrikam " + typed}, Facts: []mail.Fact{{Label: "Time" + typed, Text: typed}}, Allowed: true}
		bare := mail.Mail{Kind: k}
		if k.TakesLink() {
			full.Link = seal.NewSecret(secretLink + "&a=b#zq7kanary4vx")
		}
		if k.MustLink() {
			bare.Link = full.Link
		}
		for _, m := range []mail.Mail{full, bare} {
			l, err := m.Write("Northwind IT", "", "https://vault.example")
			if err != nil {
				t.Fatalf("%s: %v", k, err)
			}
			if strings.Contains(l.Subject+l.HTML+l.Text, "no value") || strings.Contains(l.Text, "{{") || strings.Contains(l.Text, "  ") || strings.Contains(l.Text, "\n\n\n") || strings.TrimSpace(l.Subject) == "" {
				t.Errorf("%s reads badly:\n%s\n%s", k, l.Subject, l.Text)
			}
			if !strings.Contains(l.Text, "Northwind IT") || !strings.Contains(l.HTML, "Northwind IT") || !strings.Contains(l.HTML, "prefers-color-scheme: dark") {
				t.Errorf("%s: the organization's name or dark colours are missing", k)
			}
			if apptest.Leak([]byte(l.Subject)) != "" {
				t.Errorf("%s: a secret in the subject", k)
			}
			if has := apptest.Leak([]byte(l.Text)) != "" && strings.Contains(l.HTML, "https://vault.example"+strings.ReplaceAll(m.Link.Reveal(), "&", "&amp;")+`"`); has == m.Link.IsEmpty() {
				t.Errorf("%s: link in the text and the HTML: %t:\n%s", k, has, l.HTML)
			}
			_, style, _ := strings.Cut(l.HTML, "<style>")
			style, _, _ = strings.Cut(style, "</style>")
			if found := asked.FindString(strings.Join(tag.FindAllString(l.HTML, -1), " ") + style); found != "" {
				t.Errorf("%s: the HTML has %q", k, found)
			}
		}
		// A site's mails have its provider's name in the place of the product's.
		switch l, err := full.Write("Contoso", "Fabrikam IT", "https://vault.example"); {
		case err != nil:
			t.Errorf("%s: %v", k, err)
		case strings.Contains(l.Subject+l.HTML+l.Text, "Bailiwick") || !strings.Contains(l.Text, "Sent by Fabrikam IT for Contoso.") || !strings.Contains(l.HTML, "Sent by Fabrikam IT for Contoso."):
			t.Errorf("%s of a site:\n%s\n%s", k, l.Subject, l.HTML)
		}
		if k.Name() == "" {
			t.Errorf("%s has no name", k)
		}
	}
}

// Nothing that people typed begins a header, another recipient or a command.
func TestHeaderInjection(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	w.sends(listen(t, "none"), mail.Plain)
	const evil = "Eve\r\nBcc: eve@evil.example\r\n\r\nHello\u2028\u202e"
	w.exec(`UPDATE organizations SET name = $1`, evil)
	id := w.write(mail.Mail{Kind: mail.AccessRequested, To: w.AdminID, By: evil, About: evil, Message: evil, Facts: []mail.Fact{{Label: evil, Text: evil}}})
	w.is(id, mail.Sent)
	got := w.post.got()
	if len(got) != 1 || got[0].to != "ada@northwind.example" {
		t.Fatalf("%+v", got)
	}
	h := got[0].parse(t).Header
	if h.Get("Bcc") != "" || len(h["Subject"]) != 1 || len(h["From"]) != 1 || len(h["To"]) != 1 {
		t.Errorf("headers: %v", h)
	}
	for _, address := range []string{"a@b.example, eve@evil.example", "Ada <ada@northwind.example>", "ada@northwind.example\r\nBcc: eve@evil.example", "<ada@northwind.example>", "ada@northwind.example> SIZE=1", "ada", "", "a b@c.example", "\"a b\"@c.example"} {
		w.exec(`UPDATE users SET email = $1 WHERE id = $2`, address, w.AdminID)
		if _, err := w.tryWrite(reset(w.AdminID)); err == nil {
			t.Errorf("a mail to %q was taken", address)
		}
	}
}

// What a feature gets wrong is found when it writes the mail.
func TestWrongMails(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	link := seal.NewSecret("/reset?token=1")
	for name, m := range map[string]mail.Mail{
		"kind":           {Kind: "gossip", To: w.AdminID},
		"nobody":         {Kind: mail.Approved},
		"stranger":       {Kind: mail.Approved, To: "user_none"},
		"no link":        {Kind: mail.PasswordReset, To: w.AdminID},
		"link elsewhere": {Kind: mail.PasswordReset, To: w.AdminID, Link: seal.NewSecret("https://evil.example/")},
		"other host":     {Kind: mail.PasswordReset, To: w.AdminID, Link: seal.NewSecret("//evil.example/")},
		"line in link":   {Kind: mail.PasswordReset, To: w.AdminID, Link: seal.NewSecret("/a\nb")},
		"quote in link":  {Kind: mail.PasswordReset, To: w.AdminID, Link: seal.NewSecret(`/a"b`)},
		"useless link":   {Kind: mail.LockedOut, To: w.AdminID, Link: link},
		"other address":  {Kind: mail.PasswordReset, To: w.AdminID, Link: link, Address: "eve@evil.example"},
		"long message":   {Kind: mail.Invitation, To: w.AdminID, Link: link, Message: strings.Repeat("a", 4001)},
	} {
		if _, err := w.tryWrite(m); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	if n := w.number(`SELECT COUNT(*) FROM mails`); n != 0 {
		t.Errorf("%d mails were written", n)
	}
	id := w.write(mail.Mail{Kind: mail.ConfirmAddress, To: w.AdminID, Link: link, Address: "ada@new.example"})
	w.sends(listen(t, "none"), mail.Plain)
	w.is(id, mail.Sent)
	if got := w.post.got(); len(got) != 1 || got[0].to != "ada@new.example" {
		t.Errorf("%+v", got)
	}
}
