package web

import (
	"testing"

	"bailiwick/internal/apptest"
	"bailiwick/internal/perm"
)

func TestMailSettings(t *testing.T) {
	s := newSite(t)
	s.secrets = append(s.secrets, "the mail password")
	b := s.surfer(t).signIn(ada)
	b.get("/organization/mail").says(200, "No mail server is set")
	good := []string{"host", "mail.example.com", "port", "587", "security", "starttls", "user", "post", "mail_password", "the mail password", "sender_email", "vault@example.com", "public", "https://vault.example.com"}
	b.post("/organization/mail", append(good, "password", "wrong horse")...).says(422, "Nothing was saved.", "The password is not right").lacks("the mail password", "wrong horse")
	b.post("/organization/mail", "host", "mail.example.com", "port", "0", "security", "none", "sender_email", "nobody", "public", "http://vault.example", "password", apptest.Password).
		says(422, "Ports go from 1", "on this machine may be used", "not an email address", "must begin with https://")
	b.post("/organization/mail", append(good, "password", apptest.Password)...).leads("/organization/mail")
	page := b.get("/organization/mail").says(200, "The settings of mail are saved", "Empty keeps the present one").lacks("No mail server is set", "the mail password")
	if page.value("host") != "mail.example.com" || page.value("public") != "https://vault.example.com" || page.value("mail_password") != "" {
		t.Error("the settings are not shown as they were saved")
	}
	b.get("/audit").says(200, "Changed the settings of mail").lacks("the mail password")
}

// Without a mail server the test mail waits, is shown, and taken out.
func TestOutbox(t *testing.T) {
	s := newSite(t)
	s.App.Mail.ServeAt("https://vault.example")
	b := s.surfer(t).signIn(ada)
	b.get("/organization/mail/outbox").says(200, "No mails here")
	to := b.post("/organization/mail/test").Header().Get("Location")
	b.get(to).says(200, "The test mail waits in the outbox")
	item := linkWith(b.get("/organization/mail/outbox").says(200, "Test mail", "Ada Admin", "Waiting"), `/organization/mail/outbox/mail_[a-z0-9]+`)
	b.get(item).says(200, "Show what it says").lacks("https://vault.example/organization/mail", "This is the test mail")
	shown := b.post(item+"/show").says(200, "This is the test mail")
	if shown.value("link") != "https://vault.example/organization/mail" {
		t.Errorf("the link is %q", shown.value("link"))
	}
	b.get("/audit").says(200, "Read a mail that waits for Ada Admin")
	b.get(item+"/drop").says(200, "Take this mail out of the outbox?")
	b.post(item + "/drop").leads("/organization/mail/outbox")
	b.get("/organization/mail/outbox?state=dropped").says(200, "Taken out", "Test mail")
	b.get(item).says(200, "What it said is erased").lacks("Show what it says")
	b.post(item+"/show").says(422, "waits no more")
	b.get("/organization/mail/outbox/mail_00000000000000000000000000").says(404)
}

func TestMailIsForAdministrators(t *testing.T) {
	s := newSite(t)
	s.Enrol("manny", perm.LevelManagerDefault)
	item := "/organization/mail/outbox/mail_00000000000000000000000000"
	b := s.surfer(t).signIn("manny@northwind.example")
	b.get("/").lacks(`href="/organization/mail"`)
	for _, path := range []string{"/organization/mail", "/organization/mail/outbox", item, item + "/drop", "/organization/mail/test/mail_1"} {
		b.get(path).says(404)
	}
	for _, path := range []string{"/organization/mail/test", item + "/show", item + "/drop"} {
		b.post(path).says(404)
	}
	b.post("/organization/mail", "password", apptest.Password).says(404)
}
