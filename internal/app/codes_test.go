package app_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"bailiwick/internal/apptest"
	"bailiwick/internal/audit"
	"bailiwick/internal/client"
	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/otp"
	"bailiwick/internal/perm"
	"bailiwick/internal/vault"
)

const (
	oneSecret     = "JBSWY3DPEHPK3PXP"
	anotherSecret = "otpauth://totp/Acme?secret=GEZDGNBVGY3TQOJQGEZDGNBV&algorithm=SHA512&digits=8&period=60"
)

// Codes are given out, one event each; the secret never is, and only those
// with its own permission change it, by whatever way.
func TestOneTimeCodes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w := apptest.New(t, d)
		contoso, err := w.Clients.Add(ctx, w.Admin, client.Input{Name: "Contoso"})
		w.Must(err)
		at := vault.Place{Client: contoso}
		cred, err := w.Vault.Add(ctx, w.Admin, at, vault.Input{Overview: vault.Overview{Title: "Portal"}, Secret: vault.Secret{Password: "p", TOTP: " jbsw y3dp-ehpk 3pxp "}})
		w.Must(err)
		code := func(who gate.Actor, text string) {
			t.Helper()
			key, err := otp.Parse(text)
			w.Must(err)
			want, until := key.Code(w.Clock.Now())
			got, err := w.Vault.Code(ctx, who, cred)
			if err != nil || got.Code != want || !got.Until.Equal(until) || got.Left < 1 || got.Left > got.Period || got.Period != key.Period {
				t.Errorf("code %+v, want %s until %v (%v)", got, want, until, err)
			}
		}
		code(w.Admin, oneSecret)
		hidden := func() {
			t.Helper()
			for name, get := range map[string]func() (any, error){
				"reveal":         func() (any, error) { return w.Vault.Reveal(ctx, w.Admin, cred) },
				"copy":           func() (any, error) { return w.Vault.Copy(ctx, w.Admin, cred) },
				"earlier reveal": func() (any, error) { return w.Vault.RevealVersion(ctx, w.Admin, cred, 1) },
				"history":        func() (any, error) { return w.Vault.History(ctx, w.Admin, cred) },
				"view":           func() (any, error) { return w.Vault.Get(ctx, w.Admin, cred) },
			} {
				if got, err := get(); err == nil && (strings.Contains(fmt.Sprintf("%+v", got), oneSecret) || strings.Contains(fmt.Sprintf("%+v", got), "GEZDGNBVGY3TQOJQ")) {
					t.Errorf("%s gives the TOTP secret out", name)
				}
			}
		}
		hidden()

		// Password: Edit alone neither sets nor replaces nor removes it.
		editors, err := w.Access.AddLevel(ctx, w.Admin, "Editors", perm.SetOf(perm.ClientViewList, perm.ClientDefaultAccess, perm.PasswordView, perm.PasswordEdit, perm.PasswordAdd))
		w.Must(err)
		keepers, err := w.Access.AddLevel(ctx, w.Admin, "Keepers", perm.SetOf(perm.ClientViewList, perm.ClientDefaultAccess, perm.PasswordTOTPAddRemove))
		w.Must(err)
		w.Enrol("ed", editors)
		w.Enrol("kim", keepers)
		ed, kim := w.SignIn("ed"), w.SignIn("kim")
		none, other, title := "", anotherSecret, "Portal 2"
		for name, try := range map[string]func() error{
			"set":   func() error { _, err := w.Vault.SetTOTP(ctx, ed, cred, 1, anotherSecret); return err },
			"patch": func() error { _, err := w.Vault.Patch(ctx, ed, cred, 1, vault.Patch{TOTP: &other}); return err },
			"remove": func() error {
				_, err := w.Vault.Patch(ctx, ed, cred, 1, vault.Patch{TOTP: &none, Title: &title})
				return err
			},
			"edit": func() error {
				_, err := w.Vault.Edit(ctx, ed, cred, 1, vault.Input{Overview: vault.Overview{Title: "x"}, Secret: vault.Secret{Password: "q"}})
				return err
			},
			"add": func() error {
				_, err := w.Vault.Add(ctx, ed, at, vault.Input{Overview: vault.Overview{Title: "x"}, Secret: vault.Secret{TOTP: oneSecret}})
				return err
			},
			"code by who may not view": func() error { _, err := w.Vault.Code(ctx, kim, cred); return err },
		} {
			if err := try(); !fault.Is(err, fault.Absent) {
				t.Errorf("%s: %v", name, err)
			}
		}
		code(ed, oneSecret)
		v, err := w.Vault.Patch(ctx, ed, cred, 1, vault.Patch{Title: &title}) // leaves it
		w.Must(err)
		if c, err := w.Vault.Get(ctx, ed, cred); err != nil || !c.Code || c.MayTOTP {
			t.Errorf("after an edit: %+v, %v", c, err)
		}

		// Who holds that permission needs no other to set it.
		if _, err := w.Vault.SetTOTP(ctx, kim, cred, v, "not a secret!"); !complains(err, "totp") {
			t.Errorf("nonsense: %v", err)
		}
		if _, err := w.Vault.SetTOTP(ctx, kim, cred, 1, anotherSecret); !fault.Is(err, fault.Conflict) {
			t.Errorf("stale: %v", err)
		}
		v, err = w.Vault.SetTOTP(ctx, kim, cred, v, anotherSecret)
		w.Must(err)
		code(w.Admin, anotherSecret)
		w.Clock.Advance(61 * time.Second)
		code(w.Admin, anotherSecret)
		hidden()

		// An earlier version with another secret needs it too.
		versions, err := w.Vault.History(ctx, ed, cred)
		w.Must(err)
		if !slices.Equal(versions[0].Fields, []string{"totp"}) || !versions[1].OtherCode || !versions[2].OtherCode || !versions[0].Code {
			t.Errorf("history: %+v", versions)
		}
		if _, err := w.Vault.RestoreVersion(ctx, ed, cred, v, 1); !fault.Is(err, fault.Absent) {
			t.Errorf("restored with another TOTP secret: %v", err)
		}
		v, err = w.Vault.RestoreVersion(ctx, w.Admin, cred, v, 1)
		w.Must(err)
		code(ed, oneSecret)
		v, err = w.Vault.SetTOTP(ctx, kim, cred, v, "")
		w.Must(err)
		if _, err := w.Vault.Code(ctx, ed, cred); !fault.Is(err, fault.Unacceptable) {
			t.Errorf("a code without a secret: %v", err)
		}
		if c, err := w.Vault.Get(ctx, ed, cred); err != nil || c.Code || c.Version != v {
			t.Errorf("after removing: %+v, %v", c, err)
		}

		events, _, err := w.Audit.List(ctx, w.Admin, audit.Filter{Target: cred, Limit: 100})
		w.Must(err)
		count := map[string]int{}
		for _, e := range events {
			if e.Outcome == "done" {
				count[e.Operation]++
			}
		}
		if count["credential.totp"] != 2 || count["credential.code"] != 5 {
			t.Errorf("events: %v", count)
		}
	})
}

// Custom fields keep their order and kind; hidden ones are revealed one by one
// and by version, each with its event.
func TestCustomFields(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w := apptest.New(t, d)
		contoso, err := w.Clients.Add(ctx, w.Admin, client.Input{Name: "Contoso"})
		w.Must(err)
		at := vault.Place{Client: contoso}
		fields := []vault.Field{{Name: "Rack", Value: "R1"}, {Name: "PIN", Value: "4711", Hidden: true}, {Name: "Serviced", Value: "2026-10-01", Date: true}}
		cred, err := w.Vault.Add(ctx, w.Admin, at, vault.Input{Overview: vault.Overview{Title: "Door"}, Secret: vault.Secret{Fields: fields}})
		w.Must(err)
		for text, bad := range map[string][]vault.Field{
			"no name": {{Value: "x"}}, "two kinds": {{Name: "x", Hidden: true, Date: true}}, "no date": {{Name: "x", Value: "1.10.2026", Date: true}}, "too many": make([]vault.Field, 101),
		} {
			if _, err := w.Vault.Add(ctx, w.Admin, at, vault.Input{Overview: vault.Overview{Title: "x"}, Secret: vault.Secret{Fields: bad}}); !complains(err, "fields") {
				t.Errorf("%s: %v", text, err)
			}
		}
		next := []vault.Field{fields[2], {Name: "PIN", Value: "0815", Hidden: true}, fields[0]}
		v, err := w.Vault.Patch(ctx, w.Admin, cred, 1, vault.Patch{Fields: &next})
		w.Must(err)
		secret, err := w.Vault.Reveal(ctx, w.Admin, cred)
		w.Must(err)
		if !slices.Equal(secret.Fields, next) {
			t.Errorf("stored %+v", secret.Fields)
		}
		for version, want := range map[int64]string{v: "0815", 1: "4711"} {
			f, err := w.Vault.RevealField(ctx, w.Admin, cred, version, 1)
			if err != nil || f.Value != want || !f.Hidden {
				t.Errorf("version %d: %+v, %v", version, f, err)
			}
		}
		if f, err := w.Vault.CopyField(ctx, w.Admin, cred, v, 2); err != nil || f.Value != "R1" {
			t.Errorf("copied %+v, %v", f, err)
		}
		for _, n := range []int{-1, 3} {
			if _, err := w.Vault.RevealField(ctx, w.Admin, cred, v, n); !fault.Is(err, fault.Absent) {
				t.Errorf("field %d: %v", n, err)
			}
		}
		if _, err := w.Vault.RevealField(ctx, w.Admin, cred, 9, 0); !fault.Is(err, fault.Absent) {
			t.Errorf("a version that never was: %v", err)
		}
		events, _, err := w.Audit.List(ctx, w.Admin, audit.Filter{Target: cred, Limit: 100})
		w.Must(err)
		seen := 0
		for _, e := range events {
			if e.Operation == "credential.reveal.field" && e.Outcome == "done" && e.Title == "Door: PIN" {
				seen++
			}
		}
		if seen != 2 {
			t.Errorf("%d events of revealing the field", seen)
		}
	})
}
