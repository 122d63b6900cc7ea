package extlink_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"bailiwick/internal/audit"
	"bailiwick/internal/db"
	"bailiwick/internal/extlink"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/mail"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
	"bailiwick/internal/vault"

	"github.com/google/go-cmp/cmp"
)

// A recipient sees what was chosen, as often as was chosen; the sender is told,
// the log has it, and then nothing is left.
func TestOpen(t *testing.T) {
	both(t, func(t *testing.T, s *scene) {
		h := s.add(s.Admin, extlink.NewLink{Views: 2, Note: seal.NewSecret("Mind the gap")})
		want := extlink.Copy{Title: "Edge firewall", Username: "root", Password: "s3cret", URLs: []string{"https://fw.example"}, Notes: "in the rack",
			Fields: []extlink.Field{{Name: "PIN", Value: "4711", Hidden: true}}, Note: "Mind the gap"}
		for range 2 {
			got, err := s.open(h, "")
			s.Must(err)
			if d := cmp.Diff(want, got); d != "" {
				t.Error(d)
			}
		}
		s.dead(h, extlink.Used)
		if n := s.mails(mail.LinkOpened); n != 2 {
			t.Errorf("%d mails", n)
		}
		list, err := s.Links.List(ctx, s.Admin)
		s.Must(err)
		if len(list) != 1 || list[0].Title != "Edge firewall" || list[0].ClientName != "Contoso" || list[0].Views != 2 || len(list[0].Seen) != 2 || list[0].Seen[0].IP != "203.0.113.9" || list[0].MayRevoke {
			t.Errorf("the list is %+v", list)
		}
		events, _, err := s.Audit.List(ctx, s.Admin, audit.Filter{})
		s.Must(err)
		var made, opened int
		for _, e := range events {
			switch {
			case e.Operation == "link.add":
				made++
				if d := cmp.Diff([]string{"fields: title, username, password, urls, notes, fields", "views: 2", "until 2026-11-05 09:00 UTC"}, e.Fields); d != "" || e.Title != "Edge firewall" {
					t.Error(d, e.Title)
				}
			case e.Operation == "link.open":
				opened++
				if e.ActorKind != "link" || e.ActorID != "" || e.IP != "203.0.113.9" || e.Session != h.id || e.ID != s.credential || e.Client != s.contoso {
					t.Errorf("the event is %+v", e)
				}
			}
		}
		if made != 1 || opened != 2 {
			t.Errorf("%d links made, %d times opened, says the log", made, opened)
		}
	})
}

// Only what was chosen is in the copy, and never one-time codes.
func TestFields(t *testing.T) {
	both(t, func(t *testing.T, s *scene) {
		c, err := s.open(s.add(s.Admin, extlink.NewLink{Fields: []string{extlink.Username, extlink.URLs}}), "")
		s.Must(err)
		if d := cmp.Diff(extlink.Copy{Username: "root", URLs: []string{"https://fw.example"}}, c); d != "" {
			t.Error(d)
		}
		if _, err := s.Links.Add(ctx, s.Admin, s.credential, extlink.NewLink{Fields: []string{"totp"}}); !fault.Is(err, fault.Invalid) {
			t.Errorf("a link with one-time codes: %v", err)
		}
	})
}

// Of 200 who open at once, exactly the allowed number see it.
func TestParallelOpens(t *testing.T) {
	both(t, func(t *testing.T, s *scene) {
		h := s.add(s.Admin, extlink.NewLink{Views: 20})
		var mu sync.Mutex
		var views []int64
		var all sync.WaitGroup
		for range 200 {
			all.Go(func() {
				who, ok, err := s.Sessions.Link(ctx, h.id, h.token.Proof(), "203.0.113.9", nil)
				if err != nil || !ok {
					if err != nil {
						t.Error(err)
					}
					return
				}
				o, err := s.Links.Open(ctx, who, seal.Secret{})
				if err != nil && !fault.Is(err, fault.Absent) {
					t.Error(err)
				}
				if err == nil {
					mu.Lock()
					views = append(views, o.View)
					mu.Unlock()
				}
			})
		}
		all.Wait()
		slices.Sort(views)
		if len(views) != 20 || len(slices.Compact(views)) != 20 || views[19] != 20 {
			t.Errorf("views %v", views)
		}
		if n := s.mails(mail.LinkOpened); n != 20 {
			t.Errorf("%d mails", n)
		}
		if n := s.count(`SELECT COUNT(*) FROM external_link_views`); n != 20 {
			t.Errorf("%d views are logged", n)
		}
		s.dead(h, extlink.Used)
	})
}

// A passphrase that is missing or wrong uses no view; the tenth wrong one ends
// the link.
func TestPassphrase(t *testing.T) {
	both(t, func(t *testing.T, s *scene) {
		h := s.add(s.Admin, extlink.NewLink{Views: 3, Passphrase: seal.NewSecret("open sesame")})
		_, err := s.open(h, "")
		s.refused(err, fault.Invalid)
		_, err = s.open(h, "open sesame street")
		s.refused(err, fault.Invalid)
		s.opens(h, "open sesame")
		if n := s.count(`SELECT tries FROM external_links WHERE id = $1`, h.id); n != 1 {
			t.Errorf("%d tries are counted", n)
		}
		for range extlink.Tries - 2 {
			_, err = s.open(h, "wrong again")
			s.refused(err, fault.Invalid)
		}
		s.opens(h, "open sesame") // the last one may still be right
		_, err = s.open(h, "wrong again")
		s.refused(err, fault.Absent)
		s.dead(h, extlink.Guessed)
		if n := s.mails(mail.LinkGuessed); n != 1 {
			t.Errorf("%d mails", n)
		}

		h = s.add(s.Admin, extlink.NewLink{Views: 3, Passphrase: seal.NewSecret("open sesame")})
		var wrong int
		var mu sync.Mutex
		var all sync.WaitGroup
		for range 30 {
			all.Go(func() {
				_, err := s.open(h, "guessing")
				mu.Lock()
				defer mu.Unlock()
				if fault.Is(err, fault.Invalid) {
					wrong++
				} else if !fault.Is(err, fault.Absent) {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if wrong != extlink.Tries-1 {
			t.Errorf("%d of 30 parallel guesses were judged, and one more", wrong)
		}
		s.dead(h, extlink.Guessed)
	})
}

// A link without a passphrase does not mind one.
func TestNoPassphrase(t *testing.T) {
	both(t, func(t *testing.T, s *scene) {
		s.opens(s.add(s.Admin, extlink.NewLink{}), "typed all the same")
	})
}

// Whatever takes the sender's right to share takes the link, for good.
func TestEnds(t *testing.T) {
	both(t, func(t *testing.T, s *scene) {
		var n int
		sender := func(level string) (string, gate.Actor) {
			n++
			name := fmt.Sprintf("tim%d", n)
			id := s.Enrol(name, level)
			return id, s.SignIn(name)
		}
		_, who := sender(perm.LevelTechnicianDefault)
		h := s.add(who, extlink.NewLink{})
		s.Must(s.Links.Revoke(ctx, who, h.id))
		s.dead(h, extlink.Revoked)

		_, who = sender(perm.LevelTechnicianDefault)
		_, other := sender(perm.LevelManagerDefault)
		h = s.add(who, extlink.NewLink{})
		s.refused(s.Links.Revoke(ctx, other, h.id), fault.Absent)
		s.opensLater(h)
		h = s.add(who, extlink.NewLink{})
		s.Must(s.Links.Revoke(ctx, s.Admin, h.id)) // anybody's, for an administrator
		s.dead(h, extlink.Revoked)

		id, who := sender(perm.LevelTechnicianDefault)
		h = s.add(who, extlink.NewLink{})
		s.Must(s.People.Disable(ctx, s.Admin, id))
		s.dead(h, extlink.NoSender)
		s.Must(s.People.Enable(ctx, s.Admin, id))
		s.dead(h, extlink.NoSender)

		id, who = sender(perm.LevelTechnicianAssigned)
		s.Must(s.Access.Assign(ctx, s.Admin, s.contoso, id, 0))
		h, swept := s.add(who, extlink.NewLink{}), s.add(who, extlink.NewLink{})
		s.Must(s.Access.Unassign(ctx, s.Admin, s.contoso, id))
		_, err := s.open(h, "")
		s.refused(err, fault.Absent)
		s.dead(h, extlink.NoAccess)
		s.Must(s.Links.Sweep(ctx))
		s.dead(swept, extlink.NoAccess)
		s.Must(s.Access.Assign(ctx, s.Admin, s.contoso, id, 0))
		s.dead(h, extlink.NoAccess)

		h, swept = s.add(s.Admin, extlink.NewLink{Life: time.Hour}), s.add(s.Admin, extlink.NewLink{Life: 2 * time.Hour})
		s.Clock.Advance(time.Hour)
		_, err = s.open(h, "")
		s.refused(err, fault.Absent)
		s.Must(s.Links.Sweep(ctx))
		s.dead(h, extlink.Expired)
		s.opens(swept, "")

		h = s.add(s.Resumed(), extlink.NewLink{})
		s.Must(s.Vault.Archive(ctx, s.Resumed(), s.credential))
		s.dead(h, extlink.Archived)
		s.Must(s.Vault.Restore(ctx, s.Resumed(), s.credential))
		s.dead(h, extlink.Archived)

		s.Clock.Advance(91 * 24 * time.Hour)
		s.Must(s.Links.Sweep(ctx))
		if left := s.count(`SELECT COUNT(*) FROM external_links`); left != 0 {
			t.Errorf("%d links are remembered after 91 days", left)
		}
	})
}

// opensLater shows that a refused revocation changed nothing.
func (s *scene) opensLater(h held) {
	s.T.Helper()
	s.opens(h, "")
	s.dead(h, extlink.Used)
}

// Resumed is the administrator in a fresh session: hours have passed.
func (s *scene) Resumed() gate.Actor { return s.SignIn("ada") }

// Who may not look at the secret may not copy it for others either; nothing
// personal goes outside, nothing archived, and no token makes a link.
func TestMayNotMake(t *testing.T) {
	both(t, func(t *testing.T, s *scene) {
		try := func(who gate.Actor, credential string) error {
			_, err := s.Links.Add(ctx, who, credential, extlink.NewLink{Fields: extlink.AllFields})
			return err
		}
		own, err := s.Vault.Add(ctx, s.Admin, vault.Place{Own: true}, vault.Input{Overview: vault.Overview{Title: "Mine"}})
		s.Must(err)
		s.refused(try(s.Admin, own), fault.Absent)
		s.refused(try(s.Admin, "cred_01h455vb4pex5vsknk084sn02q"), fault.Absent)
		s.Must(s.Vault.Archive(ctx, s.Admin, s.credential))
		s.refused(try(s.Admin, s.credential), fault.Unacceptable)
	})
}

func TestCheck(t *testing.T) {
	both(t, func(t *testing.T, s *scene) {
		for field, in := range map[string]extlink.NewLink{
			"fields":     {Fields: []string{}},
			"views":      {Views: 21},
			"life":       {Life: 9 * time.Minute},
			"passphrase": {Passphrase: seal.NewSecret("short")},
			"note":       {Note: seal.NewSecret(strings.Repeat("n", 2001))},
		} {
			if field != "fields" {
				in.Fields = []string{extlink.Title}
			}
			_, err := s.Links.Add(ctx, s.Admin, s.credential, in)
			f, ok := fault.As(err)
			if !ok || f.Kind != fault.Invalid || len(f.Fields) != 1 || f.Fields[0].Name != field {
				t.Errorf("%s: %v", field, err)
			}
		}
		_, err := s.Links.Add(ctx, s.Admin, s.credential, extlink.NewLink{Fields: []string{extlink.Title}, Life: 31 * 24 * time.Hour})
		s.refused(err, fault.Invalid)
	})
}

// A request that comes again makes no second link, and can't be given the
// address again.
func TestRepeated(t *testing.T) {
	both(t, func(t *testing.T, s *scene) {
		who := s.Admin.Once("key", []byte("request"))
		h := s.add(who, extlink.NewLink{})
		_, err := s.Links.Add(ctx, who, s.credential, extlink.NewLink{Fields: extlink.AllFields})
		s.refused(err, fault.Unacceptable)
		if n := s.count(`SELECT COUNT(*) FROM external_links`); n != 1 {
			t.Errorf("%d links", n)
		}
		if n := s.count(`SELECT COUNT(*) FROM idempotency WHERE answer LIKE '%' || $1 || '%'`, h.token.Reveal()); n != 0 {
			t.Error("the answer that was kept has the key")
		}
	})
}

// A row that was changed in the database lets nothing more in.
func TestChangedRow(t *testing.T) {
	both(t, func(t *testing.T, s *scene) {
		other := s.add(s.Admin, extlink.NewLink{Passphrase: seal.NewSecret("open sesame")})
		for what, change := range map[string]string{
			"more views":     `UPDATE external_links SET most_views = 20 WHERE id = $1`,
			"a longer life":  `UPDATE external_links SET expires_at = expires_at + 1000000 WHERE id = $1`,
			"no passphrase":  `UPDATE external_links SET guarded = FALSE WHERE id = $1`,
			"another sender": `UPDATE external_links SET made_by = (SELECT id FROM users WHERE email LIKE 'kim@%') WHERE id = $1`,
			"another copy":   `UPDATE external_links SET copy_box = (SELECT copy_box FROM external_links WHERE id = '` + other.id + `') WHERE id = $1`,
			"other words":    `UPDATE external_links SET fields = 'title' WHERE id = $1`,
		} {
			if what == "another sender" {
				s.Enrol("kim", perm.LevelManagerDefault)
			}
			h := s.add(s.Admin, extlink.NewLink{Passphrase: seal.NewSecret("open sesame")})
			s.exec(change, h.id)
			if c, err := s.open(h, "open sesame"); err == nil {
				t.Errorf("%s: it gives %+v", what, c)
			}
			if n := s.count(`SELECT views FROM external_links WHERE id = $1`, h.id); n != 0 {
				t.Errorf("%s: a view was used", what)
			}
		}
		s.opens(other, "open sesame")
	})
}

// Without the proof nobody is the link's bearer, whatever else he knows of it.
func TestProof(t *testing.T) {
	both(t, func(t *testing.T, s *scene) {
		h := s.add(s.Admin, extlink.NewLink{})
		for _, proof := range [][]byte{nil, {}, make([]byte, 32), h.token.Lookup(), seal.HashProof(h.token.Proof())} {
			if _, ok, err := s.Sessions.Link(ctx, h.id, proof, "203.0.113.9", nil); ok || err != nil {
				t.Errorf("let in with %x, %v", proof, err)
			}
		}
		if _, ok, err := s.Sessions.Link(ctx, "xlink_01h455vb4pex5vsknk084sn02q", h.token.Proof(), "203.0.113.9", nil); ok || err != nil {
			t.Errorf("let in to another link, %v", err)
		}
		s.opens(h, "")
	})
}

// Every byte of what is sealed counts.
func TestChangedBytes(t *testing.T) {
	both(t, func(t *testing.T, s *scene) {
		for _, column := range []string{"copy_box", "passphrase_record"} {
			h := s.add(s.Admin, extlink.NewLink{Passphrase: seal.NewSecret("open sesame")})
			var value []byte
			s.Must(s.db.Read(ctx, func(tx *db.Tx) error {
				return tx.Row(ctx, `SELECT `+column+` FROM external_links WHERE id = $1`, h.id).Scan(&value)
			}))
			for _, at := range []int{0, 1, 33, 45, len(value) / 2, len(value) - 1} {
				changed := bytes.Clone(value)
				changed[at] ^= 1
				s.exec(`UPDATE external_links SET `+column+` = $2, tries = 0 WHERE id = $1`, h.id, changed)
				if c, err := s.open(h, "open sesame"); err == nil {
					t.Errorf("byte %d of %s changed: it gives %+v", at, column, c)
				}
			}
			s.exec(`UPDATE external_links SET `+column+` = $2 WHERE id = $1`, h.id, value[:len(value)-1])
			if c, err := s.open(h, "open sesame"); err == nil {
				t.Errorf("%s cut: it gives %+v", column, c)
			}
			s.exec(`UPDATE external_links SET `+column+` = $2, tries = 0 WHERE id = $1`, h.id, value)
			s.opens(h, "open sesame")
		}
	})
}
