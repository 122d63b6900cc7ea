package org

import (
	"context"
	"fmt"
	"strings"
	"unicode"

	"bailiwick/internal/fault"
	"bailiwick/internal/find"
	"bailiwick/internal/gate"
	"bailiwick/internal/id"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"

	"golang.org/x/text/cases"
)

// Setup is what the wizard asks for.
type Setup struct {
	Organization string
	Name, Email  string
	Password     seal.Secret
	Code         seal.Code // the Organization Key
	Recovery     seal.Code // the Recovery key
}

// Made is the outcome of set-up: the first administrator's keys, for his
// first session.
type Made struct {
	Org, User, Company string
	Member             Member
	Vault              seal.Key
	Epoch              int64
}

var (
	sqlAddOrg = gate.SQL(`INSERT INTO organizations (id, kind, name, slug, created_at, sign_public) VALUES ($1, $2, $3, $4, $5, $6)`)
	sqlFirst  = gate.SQL(`INSERT INTO users (org_id, id, email, email_folded, email_looks, name, name_folded, kind, level_id, created_at) VALUES ($1, $2, $3, $4, $8, $5, $9, 'administrator', $6, $7)`)
	sqlVault  = gate.SQL(`INSERT INTO clients (org_id, id, company, name, name_folded, created_at, changed_at) VALUES ($1, $2, TRUE, $3, $4, $5, $5)`)
)

// Setup makes the first organization: its keys at epoch 1, its administrator,
// its company vault. It is refused once there is an organization.
func (s *Store) Setup(ctx context.Context, in Setup, ip string, trace *gate.Trace) (Made, error) {
	if err := in.check(); err != nil {
		return Made{}, err
	}
	org, user := id.New("org"), id.New("user")
	made, e, err := s.founding(ctx, org, user, in.Password, in.Code, in.Recovery)
	if err != nil {
		return Made{}, err
	}
	return gate.Do(ctx, s.gate, gate.Stranger(org, ip, trace), OpSetup, gate.Nothing(), func(tx *gate.Tx) (Made, error) {
		return made, s.setUp(tx, in, e, made)
	})
}

// founding makes the keys of an organization and of its first administrator,
// outside of any transaction.
func (s *Store) founding(ctx context.Context, org, user string, password seal.Secret, code, recovery seal.Code) (Made, *Epoch, error) {
	e := &Epoch{Org: org, N: 1, Vault: seal.NewKey(), Outer: seal.NewKey(), Sign: seal.NewSignKey()}
	member, err := s.NewMember(ctx, org, user, password, e.Outer, 1)
	if err != nil {
		return Made{}, nil, Waiting(err)
	}
	e.Roster = seal.Roster{Org: org, Epoch: 1, KeyCheck: e.Vault.Check(org, 1), Holders: []seal.Holder{
		{Kind: seal.HolderOrganizationKey, ID: org, Public: code.Key().Identity("organization key").Public()},
		{Kind: seal.HolderRecoveryKey, ID: org, Public: recovery.Key().Identity("recovery key").Public()},
	}}
	return Made{Org: org, User: user, Company: id.New("client"), Member: member, Vault: e.Vault, Epoch: 1}, e, nil
}

// found stores the first epoch of an organization, whose row and whose
// administrator's are there, its company vault, and the administrator's keys.
func (s *Store) found(tx *gate.Tx, e *Epoch, made Made, why string) error {
	if err := s.store(tx, e, why, seal.Key{}); err != nil {
		return err
	}
	if err := s.Join(tx, e, made.Member); err != nil {
		return err
	}
	if _, err := tx.Exec(sqlVault, made.Company, "Company vault", Fold("Company vault"), tx.Millis()); err != nil {
		return err
	}
	if err := newClientKey(tx, e, made.Company, seal.NewKey()); err != nil {
		return err
	}
	_, err := tx.Exec(sqlSetEpoch, e.N)
	return err
}

func (s *Store) setUp(tx *gate.Tx, in Setup, e *Epoch, made Made) error {
	n := 0
	if err := tx.Everywhere(sqlCount, func(r *gate.Rows) error { return r.Scan(&n) }); err != nil {
		return err
	}
	if n > 0 {
		return fault.Cannot("This server is set up already. Sign in instead.")
	}
	name := strings.TrimSpace(in.Organization)
	if _, err := tx.Exec(sqlAddOrg, "provider", name, Slug(name), tx.Millis(), e.Sign.Public()); err != nil {
		return err
	}
	email := strings.TrimSpace(in.Email)
	if _, err := tx.Exec(sqlFirst, made.User, email, Fold(email), strings.TrimSpace(in.Name), perm.LevelAdmin, tx.Millis(), Looks(email), find.Plain(in.Name)); err != nil {
		return err
	}
	if err := s.found(tx, e, made, "set-up"); err != nil {
		return err
	}
	ev := tx.Event()
	ev.Kind, ev.ID, ev.Name, ev.Actor = "organization", made.Org, name, made.User
	return nil
}

func (in Setup) check() error {
	var bad []fault.Field
	if n := strings.TrimSpace(in.Organization); n == "" || len(n) > 200 {
		bad = append(bad, fault.Field{Name: "organization", Text: "Give the organization a name of at most 200 characters."})
	}
	if n := strings.TrimSpace(in.Name); n == "" || len(n) > 200 {
		bad = append(bad, fault.Field{Name: "name", Text: "Give your name, at most 200 characters."})
	}
	if text := CheckEmail(in.Email); text != "" {
		bad = append(bad, fault.Field{Name: "email", Text: text})
	}
	if text := CheckPassword(in.Password, in.Email, in.Name, in.Organization); text != "" {
		bad = append(bad, fault.Field{Name: "password", Text: text})
	}
	if !in.Code.Valid() || !in.Recovery.Valid() {
		return fmt.Errorf("set-up without keys")
	}
	return fault.BadFields(bad)
}

// CheckSetup says what is wrong with the first page of the wizard, before keys
// are made.
func CheckSetup(in Setup) error {
	in.Code, in.Recovery = seal.NewCode(), seal.NewCode()
	return in.check()
}

// Fold gives a text as it is compared: trimmed and case folded (Unicode).
func Fold(s string) string { return cases.Fold().String(strings.TrimSpace(s)) }

// Slug makes an organization's address part of its name.
func Slug(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		switch {
		case r < 128 && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	s := strings.Trim(b.String(), "-")
	if len(s) > 40 {
		s = strings.Trim(s[:40], "-")
	}
	if s == "" {
		s = "organization"
	}
	return s
}
