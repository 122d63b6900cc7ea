package extlink_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"bailiwick/internal/apptest"
	"bailiwick/internal/client"
	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
	"bailiwick/internal/extlink"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/mail"
	"bailiwick/internal/seal"
	"bailiwick/internal/vault"
)

var ctx = context.Background()

// scene is a provider with one credential that has every field.
type scene struct {
	*apptest.World
	db         *db.DB
	contoso    string
	credential string
}

func both(t *testing.T, fn func(*testing.T, *scene)) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := &scene{World: apptest.New(t, d), db: d}
		s.Mail.ServeAt("https://vault.example")
		var err error
		s.contoso, err = s.Clients.Add(ctx, s.Admin, client.Input{Name: "Contoso"})
		s.Must(err)
		s.credential, err = s.Vault.Add(ctx, s.Admin, vault.Place{Client: s.contoso}, vault.Input{Type: "Firewall",
			Overview: vault.Overview{Title: "Edge firewall", Username: "root", URLs: []string{"https://fw.example"}},
			Secret:   vault.Secret{Password: "s3cret", Notes: "in the rack", TOTP: "JBSWY3DPEHPK3PXP", Fields: []vault.Field{{Name: "PIN", Value: "4711", Hidden: true}}}})
		s.Must(err)
		fn(t, s)
	})
}

// held is a link as its recipient has it.
type held struct {
	id    string
	token seal.Token
}

func (s *scene) add(who gate.Actor, in extlink.NewLink) held {
	s.T.Helper()
	if in.Fields == nil {
		in.Fields = extlink.AllFields
	}
	made, err := s.Links.Add(ctx, who, s.credential, in)
	s.Must(err)
	path, secret, _ := strings.Cut(made.Address.Reveal(), "#")
	if path != "https://vault.example/link/"+made.ID {
		s.T.Errorf("the address is %s", path)
	}
	token, err := seal.ParseToken(secret)
	s.Must(err)
	return held{made.ID, token}
}

// open is what a recipient does: the proof to the server, the key to its answer.
func (s *scene) open(h held, passphrase string) (extlink.Copy, error) {
	who, ok, err := s.Sessions.Link(ctx, h.id, h.token.Proof(), "203.0.113.9", nil)
	if err != nil {
		return extlink.Copy{}, err
	}
	if !ok {
		return extlink.Copy{}, fault.NotFound()
	}
	o, err := s.Links.Open(ctx, who, seal.NewSecret(passphrase))
	if err != nil {
		return extlink.Copy{}, err
	}
	plain, err := seal.OpenLinkInner(h.token, seal.Place{Org: o.Org, Table: "external_links", Row: h.id, Envelope: "copy_box"}, o.Box)
	s.Must(err)
	var c extlink.Copy
	s.Must(json.Unmarshal(plain, &c))
	return c, nil
}

func (s *scene) opens(h held, passphrase string) {
	s.T.Helper()
	if c, err := s.open(h, passphrase); err != nil || c.Password != "s3cret" {
		s.T.Errorf("the link gives %+v, %v", c, err)
	}
}

func (s *scene) refused(err error, kind fault.Kind) {
	s.T.Helper()
	if !fault.Is(err, kind) {
		s.T.Errorf("%v, want %s", err, kind)
	}
}

// dead: nothing tells the link from one that never was, and its row holds
// nothing that could be opened.
func (s *scene) dead(h held, why string) {
	s.T.Helper()
	_, err := s.open(h, "")
	s.refused(err, fault.Absent)
	if _, ok, err := s.Sessions.Link(ctx, h.id, h.token.Proof(), "203.0.113.9", nil); ok || err != nil {
		s.T.Errorf("its bearer is still somebody: %v", err)
	}
	var got string
	var proof, record, box []byte
	s.Must(s.db.Read(ctx, func(tx *db.Tx) error {
		return tx.Row(ctx, `SELECT ended_why, proof, passphrase_record, copy_box FROM external_links WHERE id = $1`, h.id).Scan(&got, &proof, &record, &box)
	}))
	if got != why || len(proof)+len(record)+len(box) > 0 {
		s.T.Errorf("ended because of %q, want %q; %d, %d and %d bytes are left", got, why, len(proof), len(record), len(box))
	}
}

func (s *scene) exec(text string, args ...any) {
	s.T.Helper()
	s.Must(s.db.Write(ctx, "", func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, text, args...)
		if err == nil && n != 1 {
			s.T.Errorf("%d rows by %s", n, text)
		}
		return err
	}))
}

func (s *scene) count(text string, args ...any) (n int) {
	s.T.Helper()
	s.Must(s.db.Read(ctx, func(tx *db.Tx) error { return tx.Row(ctx, text, args...).Scan(&n) }))
	return n
}

func (s *scene) mails(kind mail.Kind) int {
	return s.count(`SELECT COUNT(*) FROM mails WHERE kind = $1`, string(kind))
}
