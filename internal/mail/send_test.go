package mail_test

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"strings"
	"testing"
	"time"

	"bailiwick/internal/app"
	"bailiwick/internal/apptest"
	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
	"bailiwick/internal/gate"
	"bailiwick/internal/mail"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
)

// parts are the text and the HTML of a letter.
func parts(t *testing.T, l letter) (text, html string) {
	t.Helper()
	m := l.parse(t)
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("%s: %v", kind, err)
	}
	r := multipart.NewReader(m.Body, params["boundary"])
	for _, to := range []*string{&text, &html} {
		p, err := r.NextRawPart()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(quotedprintable.NewReader(p))
		if err != nil {
			t.Fatal(err)
		}
		*to = strings.ReplaceAll(string(b), "\r\n", "\n")
	}
	return text, html
}

func TestSend(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		bob := w.Enrol("bob", perm.LevelTechnicianDefault)
		for _, security := range []mail.Security{mail.StartTLS, mail.TLS, mail.Plain} {
			p := listen(t, string(security))
			w.sends(p, security)
			m := reset(bob)
			m.Expires = w.Clock.Now().Add(24 * time.Hour)
			id := w.write(m)
			w.is(id, mail.Sent)
			w.later(time.Hour) // each mail once
			got := p.got()
			if len(got) != 1 || got[0].tls != (security != mail.Plain) || got[0].from != "vault@northwind.example" || got[0].to != "bob@northwind.example" {
				t.Fatalf("%s: %+v", security, got)
			}
			h := got[0].parse(t).Header
			for name, want := range map[string]string{"From": `"Northwind IT" <vault@northwind.example>`, "To": "<bob@northwind.example>", "Subject": "Set a new password at Northwind IT",
				"Message-Id": "<" + id + "@northwind.example>", "Auto-Submitted": "auto-generated"} {
				if h.Get(name) != want {
					t.Errorf("%s: %s is %q, want %q", security, name, h.Get(name), want)
				}
			}
			text, html := parts(t, got[0])
			for _, words := range []string{"https://vault.example" + secretLink, "Northwind IT", m.Expires.Format("2 January 2006, 15:04") + " UTC"} {
				if !strings.Contains(text, words) || !strings.Contains(html, words) {
					t.Errorf("%s: %q is missing in the text or the HTML:\n%s\n%s", security, words, text, html)
				}
			}
		}
		w.nothingSecret()
	})
}

// A mail of what did not happen is not sent.
func TestNothingIsSentOfWhatIsRolledBack(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	w.sends(listen(t, "starttls"), mail.StartTLS)
	sorry := errors.New("sorry")
	_, err := gate.Do(ctx, w.Gate, gate.Stranger(w.OrgID, "", nil), opCause, gate.Nothing(), func(tx *gate.Tx) (string, error) {
		_, err := w.Mail.Enqueue(tx, mail.Mail{Kind: mail.KeyLink, To: w.AdminID, Link: seal.NewSecret("/key#zq7kanary4vx")})
		return "", errors.Join(err, sorry)
	})
	if !errors.Is(err, sorry) {
		t.Fatal(err)
	}
	w.later(time.Hour)
	if got := w.post.got(); len(got) != 0 {
		t.Errorf("%d mails were sent", len(got))
	}
}

// Two servers on one database send each mail once.
func TestTwoServersSendEachOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		argon, err := seal.NewArgonAt(apptest.Cheap, 2, 32)
		w.Must(err)
		other := app.New(d, w.Instance, argon, w.Clock)
		t.Cleanup(other.Close)
		other.Mail.ServeAt("https://vault.example")
		for range 40 {
			w.write(reset(w.AdminID))
		}
		p := listen(t, "none")
		w.sends(p, mail.Plain)
		w.Must(errors.Join(other.Mail.Sweep(ctx), w.Mail.Sweep(ctx)))
		w.Mail.Idle()
		other.Mail.Idle()
		seen := map[string]int{}
		for _, l := range p.got() {
			seen[l.parse(t).Header.Get("Message-Id")]++
		}
		if len(seen) != 40 || len(p.got()) != 40 {
			t.Errorf("%d letters of %d mails", len(p.got()), len(seen))
		}
	})
}

// A mail server that holds on holds nobody up: what causes mails goes on.
func TestSlowServerHoldsNobodyUp(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	p := listen(t, "none")
	w.sends(p, mail.Plain)
	release := make(chan struct{})
	p.answer(nil, nil, func() error { <-release; return nil })
	var ids []string
	for range 6 {
		ids = append(ids, w.write(reset(w.AdminID)))
	}
	w.Must(w.Mail.Sweep(ctx))
	if _, err := w.Mail.Settings(ctx, w.Admin); err != nil {
		t.Error(err)
	}
	close(release)
	for _, id := range ids {
		w.is(id, mail.Sent)
	}
}

// What answers badly, or not at all, is tried again later.
func TestBadServers(t *testing.T) {
	listener := func(talk func(net.Conn)) *post {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { l.Close() })
		go func() {
			for {
				c, err := l.Accept()
				if err != nil {
					return
				}
				t.Cleanup(func() { c.Close() })
				go talk(c)
			}
		}()
		return &post{t: t, port: l.Addr().(*net.TCPAddr).Port, user: "u", password: "zq7kanary4vx p"}
	}
	closed := listener(func(net.Conn) {})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.port = l.Addr().(*net.TCPAddr).Port
	l.Close()
	for name, c := range map[string]struct {
		post     *post
		security mail.Security
		says     string
	}{
		"black hole":        {listener(func(net.Conn) {}), mail.StartTLS, "did not answer in time"},
		"black hole, tls":   {listener(func(net.Conn) {}), mail.TLS, "did not answer in time"},
		"nobody":            {closed, mail.StartTLS, "Nothing listens"},
		"closes":            {listener(func(c net.Conn) { c.Close() }), mail.StartTLS, "closed the connection"},
		"another protocol":  {listener(func(c net.Conn) { io.WriteString(c, "+OK zq7kanary4vx ready\r\n") }), mail.StartTLS, "does not speak SMTP"},
		"unwilling":         {listener(func(c net.Conn) { io.WriteString(c, "554 zq7kanary4vx\r\n") }), mail.StartTLS, "does not let us in (554)"},
		"endless greeting":  {listener(drip), mail.StartTLS, "did not answer in time"},
		"no STARTTLS":       {listen(t, "none"), mail.StartTLS, "does not offer STARTTLS"},
		"TLS meant":         {listen(t, "none"), mail.TLS, "does not speak TLS"},
		"not trusted":       {listenWith(t, "starttls", strange), mail.StartTLS, "certificate is not to be trusted"},
		"not trusted, tls":  {listenWith(t, "tls", strange), mail.TLS, "certificate is not to be trusted"},
		"wrong credentials": {wrong(listen(t, "starttls")), mail.StartTLS, "refused the user or the password (535)"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, dbtest.SQLite(t))
			w.Mail.Hurry(200*time.Millisecond, 400*time.Millisecond)
			if strings.Contains(c.says, "certificate") || strings.Contains(c.says, "refused") {
				w.Mail.Hurry(10*time.Second, 30*time.Second)
			}
			w.sends(c.post, c.security)
			first, second := w.write(reset(w.AdminID)), w.write(reset(w.AdminID))
			i, j := w.is(first, mail.Waiting), w.is(second, mail.Waiting)
			if !strings.Contains(i.Problem+j.Problem, c.says) || i.Next.Equal(i.Made) && j.Next.Equal(j.Made) {
				t.Errorf("%q and %q, next at %s; want %q", i.Problem, j.Problem, i.Next, c.says)
			}
			c.post.mu.Lock()
			defer c.post.mu.Unlock()
			if len(c.post.letters) > 0 || (name != "wrong credentials" && len(c.post.seen) > 0) {
				t.Error("something was sent")
			}
			w.nothingSecret()
		})
	}
}

// One mail finds out that the mail server is of no use; the others wait.
func TestUselessServerIsTriedOnceAMinute(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	for range 5 {
		w.write(reset(w.AdminID))
	}
	w.sends(wrong(listen(t, "none")), mail.Plain)
	for minute := int64(1); minute < 4; minute++ {
		if n := w.number(`SELECT SUM(tries) FROM mails`); n != minute {
			t.Errorf("%d tries in minute %d", n, minute)
		}
		w.later(time.Minute)
	}
}

func wrong(p *post) *post {
	p.user = "somebody else"
	return &post{t: p.t, port: p.port, user: "u", password: "zq7kanary4vx p"}
}

// drip greets for ever, one line after the other.
func drip(c net.Conn) {
	for {
		if _, err := io.WriteString(c, "220-wait\r\n"); err != nil {
			return
		}
	}
}

func TestRefusals(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		bob := w.Enrol("bob", perm.LevelTechnicianDefault)
		p := listen(t, "none")
		w.sends(p, mail.Plain)
		for _, c := range []struct {
			name, state, says string
			from, rcpt, data  func() error
			failing           bool
		}{
			{"sender", mail.Waiting, "refused the sender's address (550 5.7.1)", say(550, 5, 7, 1), nil, nil, false},
			{"greylisted", mail.Waiting, "does not take mail for the address now (450 4.2.0)", nil, say(450, 4, 2, 0), nil, false},
			{"no such user", mail.Failed, "refused the address (550 5.1.1)", nil, say(550, 5, 1, 1), nil, true},
			{"good again", mail.Sent, "", nil, nil, nil, false},
			{"full", mail.Waiting, "does not take the mail now (452 4.3.1)", nil, nil, say(452, 4, 3, 1), false},
			{"spam", mail.Failed, "refused the mail (554 5.7.1)", nil, nil, say(554, 5, 7, 1), false},
		} {
			p.answer(c.from, c.rcpt, c.data)
			id := w.write(reset(bob))
			i := w.is(id, c.state)
			if !strings.Contains(i.Problem, c.says) || w.failing(bob) != c.failing || i.Tries != 1 {
				t.Errorf("%s: %q after %d tries, address failing: %t", c.name, i.Problem, i.Tries, w.failing(bob))
			}
			if c.state == mail.Waiting {
				w.Must(w.Mail.Drop(ctx, w.Admin, id))
				w.is(id, mail.Dropped)
			}
		}
		w.nothingSecret()
	})
}

// Retries come after 1, 2, 4 minutes and so on, then every 6 hours, and end
// after 2 days.
func TestRetries(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	p := listen(t, "none")
	w.sends(p, mail.Plain)
	p.answer(nil, say(450, 4, 2, 0), nil)
	m := reset(w.AdminID)
	m.Expires = w.Clock.Now().Add(7 * 24 * time.Hour)
	id := w.write(m)
	var waits []time.Duration
	for i := w.item(id); i.State == mail.Waiting; i = w.item(id) {
		w.later(i.Next.Sub(w.Clock.Now()) - time.Millisecond)
		if again := w.item(id); again.Tries != i.Tries {
			t.Fatalf("tried too early, the %dth time", again.Tries)
		}
		waits = append(waits, i.Next.Sub(w.Clock.Now())+time.Minute)
		w.later(time.Millisecond)
		if len(waits) > 30 {
			t.Fatal("no end")
		}
	}
	i := w.is(id, mail.Failed)
	if took := i.Ended.Sub(i.Made); took > 48*time.Hour || took < 41*time.Hour || !strings.Contains(i.Problem, "Given up after 2 days") || i.Tries != 16 {
		t.Errorf("%d tries in %s: %s", i.Tries, took, i.Problem)
	}
}

// A crash between the server's yes and our noting it sends a mail twice, with
// the same Message-ID.
func TestDuplicateHasTheSameMessageID(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	p := listen(t, "none")
	w.sends(p, mail.Plain)
	p.answer(nil, nil, func() error { return errGone })
	id := w.write(reset(w.AdminID))
	if i := w.is(id, mail.Waiting); !strings.Contains(i.Problem, "broke while the mail was sent") {
		t.Errorf("%s", i.Problem)
	}
	p.answer(nil, nil, nil)
	w.later(time.Minute)
	w.is(id, mail.Sent)
	got := p.got()
	if len(got) != 2 || got[0].parse(t).Header.Get("Message-Id") != got[1].parse(t).Header.Get("Message-Id") {
		t.Errorf("%d letters", len(got))
	}
}

// Whoever died with a claim keeps it for the length of a lease, and what it
// notes afterwards changes nothing.
func TestClaimOfADeadServerIsTakenOver(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	id := w.write(reset(w.AdminID))
	w.exec(`UPDATE mails SET claimed_by = 'run_dead', claimed_until = $1`, w.Clock.Now().Add(time.Minute).UnixMilli())
	w.sends(listen(t, "none"), mail.Plain)
	w.later(59 * time.Second)
	w.is(id, mail.Waiting)
	w.later(time.Second)
	w.is(id, mail.Sent)
}

// A link is of no use without the address of this server; it never comes from
// a request.
func TestAddressOfThisServer(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	w.Mail.ServeAt("")
	p := listen(t, "none")
	w.sends(p, mail.Plain)
	id := w.write(reset(w.AdminID))
	if i := w.is(id, mail.Waiting); !strings.Contains(i.Problem, "The address of this server is not set") || len(p.got()) > 0 {
		t.Errorf("%d letters: %s", len(p.got()), i.Problem)
	}
	in := w.settings(mail.Plain)
	in.Public = "https://own.northwind.example"
	w.Must(w.Mail.Save(ctx, w.Admin, seal.NewSecret(apptest.Password), in)) // what waits is tried at once
	w.is(id, mail.Sent)
	if text, _ := parts(t, p.got()[0]); !strings.Contains(text, "https://own.northwind.example"+secretLink) {
		t.Error(text)
	}
}

// Without encryption only this machine is talked to, whatever a name says.
func TestPlainStaysOnThisMachine(t *testing.T) {
	for _, at := range []string{"192.0.2.1:25", "[2001:db8::1]:25", "10.0.0.1:25"} {
		if c, err := mail.OnThisMachine(t.Context(), "tcp", at); err == nil || !strings.Contains(err.Error(), "only this machine") {
			t.Errorf("%s: %v %v", at, c, err)
		}
	}
}

func TestChangedRowsAreNotSent(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	eve := w.Enrol("eve", perm.LevelTechnicianDefault)
	var ids []string
	for _, change := range []string{`address = 'eve@northwind.example'`, `user_id = '` + eve + `'`, `kind = 'invitation'`, `kind = 'nonsense'`, `body_box = substr(body_box, 2)`, `body_box = NULL`,
		`body_box = (SELECT body_box FROM mails m ORDER BY m.id LIMIT 1)`} {
		id := w.write(reset(w.AdminID))
		if len(ids) > 0 || !strings.Contains(change, "SELECT") {
			w.exec(`UPDATE mails SET `+change+` WHERE id = $1`, id)
		}
		ids = append(ids, id)
	}
	w.sends(listen(t, "none"), mail.Plain)
	for _, id := range ids {
		if i := w.is(id, mail.Failed); !strings.Contains(i.Problem, "does not open") {
			t.Errorf("%s: %s", id, i.Problem)
		}
	}
	if got := w.post.got(); len(got) > 0 {
		t.Errorf("%d letters were sent: %s", len(got), bytes.TrimSpace(got[0].raw))
	}
}
