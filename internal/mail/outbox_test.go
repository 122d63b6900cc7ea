package mail_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"bailiwick/internal/app"
	"bailiwick/internal/apptest"
	"bailiwick/internal/audit"
	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
	"bailiwick/internal/fault"
	"bailiwick/internal/mail"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
)

func keyLink(to string) mail.Mail {
	return mail.Mail{Kind: mail.KeyLink, To: to, Link: seal.NewSecret("/key#zq7kanary4vx"), By: "Ada Admin"}
}

// another is a second server on the same database.
func (w *world) another() *app.App {
	argon, err := seal.NewArgonAt(apptest.Cheap, 2, 32)
	w.Must(err)
	a := app.New(w.db, w.Instance, argon, w.Clock)
	w.T.Cleanup(a.Close)
	return a
}

// A link that opens the vault is sent from memory, retries included, and is
// never in the database; it ends with its server.
func TestKeyLinkIsNeverStored(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		p := listen(t, "none")
		p.answer(nil, say(450, 4, 2, 0), nil)
		w.sends(p, mail.Plain)
		id := w.write(keyLink(w.AdminID))
		w.is(id, mail.Waiting)
		if n := w.number(`SELECT COUNT(*) FROM mails WHERE body_box IS NOT NULL`); n != 0 {
			t.Error("it has a body in the database")
		}
		other := w.another()
		other.Mail.ServeAt("https://vault.example")
		for range 4 { // while its server lives, no other touches it
			w.Clock.Advance(2 * time.Minute)
			w.Must(other.Mail.Sweep(ctx))
			other.Mail.Idle()
			w.later(0)
		}
		if i := w.is(id, mail.Waiting); !i.Held || i.Tries != 4 {
			t.Errorf("%+v", i)
		}
		p.answer(nil, nil, nil)
		w.later(10 * time.Minute)
		w.is(id, mail.Sent)
		if got := p.got(); len(got) != 1 || !strings.Contains(string(got[0].raw), "zq7kanary4vx") {
			t.Errorf("%d letters", len(got))
		}

		p.answer(nil, say(450, 4, 2, 0), nil)
		id = w.write(keyLink(w.AdminID))
		w.is(id, mail.Waiting)
		w.Clock.Advance(6 * time.Minute) // its server is silent
		w.Must(other.Mail.Sweep(ctx))
		if i := w.is(id, mail.Failed); i.Problem != "Not sent: the server was restarted. Send it again." {
			t.Error(i.Problem)
		}
		id = w.write(keyLink(w.AdminID))
		w.is(id, mail.Waiting)
		w.Mail.Close() // an orderly end says so at once
		if i := w.is(id, mail.Failed); !strings.Contains(i.Problem, "restarted") {
			t.Error(i.Problem)
		}
		w.nothingSecret()
	})
}

// Without a mail server, an administrator reads the links and passes them on.
func TestShow(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		bob := w.Enrol("bob", perm.LevelManagerDefault)
		stored, held := w.write(reset(bob)), w.write(keyLink(bob))
		for id, link := range map[string]string{stored: "https://vault.example" + secretLink, held: "https://vault.example/key#zq7kanary4vx"} {
			if i := w.item(id); !i.MayShow || i.Name != "bob" || i.Address != "bob@northwind.example" {
				t.Errorf("%+v", i)
			}
			shown, err := w.Mail.Show(ctx, w.Admin, id)
			w.Must(err)
			if shown.Link != link || !strings.Contains(shown.Text, link) {
				t.Errorf("%q, not %q", shown.Link, link)
			}
		}
		events, _, err := w.Audit.List(ctx, w.Admin, audit.Filter{Operations: []string{"mail.show"}})
		w.Must(err)
		if len(events) != 2 || events[0].Name != "bob" || events[0].ActorID != w.AdminID {
			t.Errorf("events: %+v", events)
		}
		if _, err := w.another().Mail.Show(ctx, w.Admin, held); err == nil {
			t.Error("another server shows what only this one holds")
		}
		manager := w.SignIn("bob")
		for what, err := range map[string]error{"show": second(w.Mail.Show(ctx, manager, stored)), "drop": w.Mail.Drop(ctx, manager, stored), "find": second(w.Mail.Find(ctx, manager, stored)),
			"settings": second(w.Mail.Settings(ctx, manager)), "test": second(w.Mail.Test(ctx, manager)), "save": w.Mail.Save(ctx, manager, seal.NewSecret(apptest.Password), mail.Settings{})} {
			if !fault.Is(err, fault.Absent) {
				t.Errorf("%s by a manager: %v", what, err)
			}
		}
		w.Must(w.Mail.Drop(ctx, w.Admin, held))
		w.is(held, mail.Dropped)
		if _, err := w.Mail.Show(ctx, w.Admin, held); !fault.Is(err, fault.Unacceptable) {
			t.Errorf("shown after it was dropped: %v", err)
		}
		w.nothingSecret()

		p := listen(t, "none") // with a mail server nobody reads it, waiting or not
		p.answer(nil, say(450, 4, 2, 0), nil)
		w.sends(p, mail.Plain)
		if i := w.is(stored, mail.Waiting); i.MayShow {
			t.Error("it may be shown")
		}
		if _, err := w.Mail.Show(ctx, w.Admin, stored); !fault.Is(err, fault.Unacceptable) {
			t.Errorf("shown with a mail server: %v", err)
		}
	})
}

func second[T any](_ T, err error) error { return err }

// What was never sent is erased when its link has expired, and forgotten after
// 90 days.
func TestExpiry(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	m := reset(w.AdminID)
	m.Expires = w.Clock.Now().Add(24 * time.Hour)
	id, held, notice := w.write(m), w.write(keyLink(w.AdminID)), w.write(mail.Mail{Kind: mail.LockedOut, To: w.AdminID})
	w.later(24*time.Hour - time.Millisecond)
	w.is(id, mail.Waiting)
	w.later(time.Millisecond)
	if i := w.is(id, mail.Failed); !strings.Contains(i.Problem, "Not sent in time") {
		t.Error(i.Problem)
	}
	w.is(notice, mail.Waiting)
	w.later(24 * time.Hour)
	w.is(notice, mail.Failed)
	w.is(held, mail.Failed)
	w.later(91 * 24 * time.Hour)
	if n := w.number(`SELECT COUNT(*) FROM mails`); n != 0 {
		t.Errorf("%d rows are left", n)
	}
}

func TestOutboxIsPaged(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	want := map[string]bool{}
	for range 7 {
		want[w.write(reset(w.AdminID))] = true
	}
	f, last := mail.Filter{State: mail.Waiting, Limit: 3}, "~"
	for pages := 1; ; pages++ {
		list, more, err := w.Mail.Outbox(ctx, w.Admin, f)
		w.Must(err)
		for _, i := range list {
			if i.ID >= last || !want[i.ID] {
				t.Errorf("%s after %s", i.ID, last)
			}
			delete(want, i.ID)
			last = i.ID
		}
		if f.Before = last; !more {
			if pages != 3 || len(want) != 0 {
				t.Errorf("%d pages, %d left out", pages, len(want))
			}
			break
		}
	}
	if list, _, err := w.Mail.Outbox(ctx, w.Admin, mail.Filter{State: mail.Sent}); err != nil || len(list) != 0 {
		t.Errorf("%d sent, %v", len(list), err)
	}
}

func TestSettings(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		own := seal.NewSecret(apptest.Password)
		good := mail.Settings{Public: "https://safe.northwind.example/", Host: " mail.northwind.example ", Port: 587, Security: mail.StartTLS, User: "post", Password: seal.NewSecret("zq7kanary4vx p"), Name: "Northwind", Address: "vault@northwind.example"}
		for field, spoil := range map[string]func(*mail.Settings){
			"public":        func(s *mail.Settings) { s.Public = "http://vault.example" },
			"public ":       func(s *mail.Settings) { s.Public = "https://user@vault.example" },
			"public  ":      func(s *mail.Settings) { s.Public = "https://vault.example/a?b" },
			"host":          func(s *mail.Settings) { s.Host = "mail.example\r\nQUIT" },
			"port":          func(s *mail.Settings) { s.Port = 0 },
			"security":      func(s *mail.Settings) { s.Security = "hope" },
			"security ":     func(s *mail.Settings) { s.Security = mail.Plain },
			"security  ":    func(s *mail.Settings) { s.Security, s.Host = mail.Plain, "10.0.0.1" },
			"sender_email":  func(s *mail.Settings) { s.Address = "a@b.example, c@d.example" },
			"sender_name":   func(s *mail.Settings) { s.Name = "a\r\nBcc: x" },
			"user":          func(s *mail.Settings) { s.User = "a\r\nb" },
			"mail_password": func(s *mail.Settings) { s.Password = seal.Secret{} },
		} {
			in := good
			spoil(&in)
			f, ok := fault.As(w.Mail.Save(ctx, w.Admin, own, in))
			if !ok || len(f.Fields) != 1 || f.Fields[0].Name != strings.TrimSpace(field) {
				t.Errorf("%s: %v", field, f)
			}
		}
		if err := w.Mail.Save(ctx, w.Admin, seal.NewSecret("wrong"), good); !fault.Is(err, fault.Invalid) {
			t.Errorf("with a wrong password of one's own: %v", err)
		}
		w.Must(w.Mail.Save(ctx, w.Admin, own, good))
		v, err := w.Mail.Settings(ctx, w.Admin)
		w.Must(err)
		if v.Host != "mail.northwind.example" || v.Public != "https://safe.northwind.example" || !v.HasPassword || !v.Password.IsEmpty() || v.Server != "https://vault.example" || strings.Contains(fmt.Sprintf("%+v", v), "zq7") {
			t.Errorf("%+v", v)
		}
		// The stored password goes to no other server.
		for _, other := range []func(*mail.Settings){func(s *mail.Settings) { s.Host = "evil.example" }, func(s *mail.Settings) { s.Port = 2525 }, func(s *mail.Settings) { s.User = "eve" }, func(s *mail.Settings) { s.Security = mail.TLS }} {
			in := good
			in.Password = seal.Secret{}
			w.Must(w.Mail.Save(ctx, w.Admin, own, in)) // the same: it is kept
			other(&in)
			if f, ok := fault.As(w.Mail.Save(ctx, w.Admin, own, in)); !ok || f.Fields[0].Name != "mail_password" {
				t.Errorf("the password was kept for %+v", in)
			}
		}
		w.nothingSecret()
		if n := w.number(`SELECT COUNT(*) FROM settings WHERE value LIKE '%northwind%'`); n != 0 {
			t.Error("the settings can be read in the database")
		}
		// Settings that were changed from outside, or are of another instance
		// key, send nothing and show nothing.
		id := w.write(reset(w.AdminID))
		w.exec(`UPDATE settings SET value = 'B' || SUBSTR(value, 2) WHERE name = 'mail'`)
		if v, err = w.Mail.Settings(ctx, w.Admin); err != nil || !v.Damaged || v.Waiting != 1 {
			t.Errorf("%+v %v", v, err)
		}
		w.later(time.Minute)
		if i := w.is(id, mail.Waiting); i.MayShow {
			t.Error("a mail may be shown")
		}
		if _, err := w.Mail.Show(ctx, w.Admin, id); !fault.Is(err, fault.Unacceptable) {
			t.Errorf("shown: %v", err)
		}
		w.Must(w.Mail.Save(ctx, w.Admin, own, mail.Settings{}))
		if v, err = w.Mail.Settings(ctx, w.Admin); err != nil || v.Damaged || v.Sends() {
			t.Errorf("%+v %v", v, err)
		}
	})
}

func TestTestMail(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	w.sends(listen(t, "starttls"), mail.StartTLS)
	id, err := w.Mail.Test(ctx, w.Admin)
	w.Must(err)
	w.is(id, mail.Sent)
	if got := w.post.got(); len(got) != 1 || got[0].parse(t).Header.Get("Subject") != "Test mail of Northwind IT" {
		t.Errorf("%d letters", len(got))
	}
	if i, err := w.Mail.Find(context.Background(), w.Admin, id); err != nil || i.State != mail.Sent || i.Kind != mail.Test {
		t.Errorf("%+v %v", i, err)
	}
}
