package browser

import (
	"io"
	"net"
	"strconv"
	"strings"
	"testing"

	"github.com/emersion/go-smtp"

	"bailiwick/test/browser/chrome"
)

// letterbox is a mail server on loopback that takes everything.
type letterbox chan string

func (l letterbox) NewSession(*smtp.Conn) (smtp.Session, error) { return l, nil }
func (l letterbox) Mail(string, *smtp.MailOptions) error        { return nil }
func (l letterbox) Rcpt(string, *smtp.RcptOptions) error        { return nil }
func (l letterbox) Reset()                                      {}
func (l letterbox) Logout() error                               { return nil }

func (l letterbox) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	l <- string(b)
	return err
}

func openLetterbox(t *testing.T) (letterbox, string) {
	t.Helper()
	at, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	box := make(letterbox, 8)
	s := smtp.NewServer(box)
	go s.Serve(at)
	t.Cleanup(func() { s.Close() })
	return box, strconv.Itoa(at.Addr().(*net.TCPAddr).Port)
}

// Mail from the first day on: without a server a link is copied, then a wrong
// server says so, then a right one takes the mail.
func TestMail(t *testing.T) {
	t.Parallel()
	box, port := openLetterbox(t)
	s, printed := startEmpty(t)
	p := chromium.Profile(t, s.Address).MayUseClipboard()
	at := func(name string) { t.Helper(); inspectAs(t, p, "mail-"+name) }
	p.Go(printed)
	fillOrganization(p)
	key := readKey(p)
	p.Follow("I have it: confirm")
	confirm(p, key, "")
	p.Follow("Confirm and go on").Follow("Finish, and confirm it later").Sees("Dashboard")

	p.Follow("Mail").Sees("No mail server is set.")
	at("1-settings")
	p.Follow("Send test mail").Sees("The test mail waits in the outbox.")
	at("2-test-waits")
	p.Follow("See it").Sees("Show what it says").SeesNot("This is the test mail")
	at("3-mail")
	p.Follow("Show what it says").Press("Copy link").Sees("copied.")
	if got := p.Clipboard(); !strings.HasSuffix(got, "/organization/mail") {
		t.Errorf("%q was copied", got)
	}
	at("4-shown")
	p.Follow("Outbox")
	at("5-outbox")

	p.Go("/organization/mail").Type("Server", "mail.first.example").Choose("Encryption", "None: a mail server on this machine only").Type("Port", port).Type("Sender's address", "nobody")
	p.Type("Your password", "a long walk by the river").Follow("Save").Sees("Nothing was saved.", "Without encryption only a mail server on this machine may be used")
	at("6-wrong")
	save := func(port string) {
		p.Type("Server", "127.0.0.1").Choose("Encryption", "None: a mail server on this machine only").Type("Port", port).Type("Sender's address", "vault@first.example").Type("Address of this server", "https://vault.first.example")
		p.Type("Your password", "a long walk by the river").Follow("Save").Sees("The settings of mail are saved.")
	}
	chrome.Ask[bool](p, `(document.getElementById("rest-send").click(), true)`) // a test mail waits
	save("1")
	p.Follow("Send test mail").Sees("The test mail was not sent.", "Nothing listens at the mail server's port.")
	at("7-not-sent")
	save(port)
	p.Follow("Send test mail").Sees("The mail server took the test mail.")
	at("8-sent")
	if letter := <-box; !strings.Contains(letter, "Test mail of First Provider") || !strings.Contains(letter, "To: <sam@first.example>") {
		t.Errorf("the letter: %s", letter)
	}
	p.Follow("Outbox").Sees("Sent")
	at("9-outbox-sent")
}
