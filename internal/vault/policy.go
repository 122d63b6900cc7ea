package vault

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"maps"
	"slices"
	"strconv"
	"strings"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/password"
	"bailiwick/internal/perm"
)

// Passwords are an organization's settings about passwords: the minimums, and
// what the generator begins with. This is the one place to read them.
type Passwords struct {
	Policy password.Policy
	Types  map[string]password.Rules // by credential type; what is not here is password.ForType's
}

// Rules is what the generator begins with for a credential type.
func (p Passwords) Rules(typ string) password.Rules {
	if r, ok := p.Types[typ]; ok {
		return r
	}
	return password.ForType(typ)
}

// Below says what is wrong with a password of a credential type. What is typed on
// a keypad is not judged by its strength: digits are all that there is.
func (p Passwords) Below(typ, text string, about ...string) []string {
	if r := p.Rules(typ); r.PIN() && len(text) >= r.Length && strings.Trim(text, "0123456789") == "" {
		return nil
	}
	return p.Policy.Below(text, about...)
}

// mark differs where two settings judge differently.
func (p Passwords) mark() int64 {
	pins := fnv.New32a()
	for _, typ := range slices.Sorted(maps.Keys(p.Types)) {
		if r := p.Types[typ]; r.PIN() || password.ForType(typ).PIN() {
			fmt.Fprintln(pins, typ, r.PIN(), r.Length)
		}
	}
	return p.Policy.Mark() + 100_000*int64(pins.Sum32())
}

// Text writes the settings, equal ones alike.
func (p Passwords) Text() string {
	var all []string
	for _, s := range passwordSettings {
		all = append(all, s.get(p))
	}
	return strings.Join(all, "\n")
}

// Operations on the settings. Whoever types a password must know the minimums.
var (
	OpPasswords     = gate.Define(gate.Op{Name: "passwords.settings.view", Sentence: "See the minimums of passwords and what the generator begins with, and generate", Scope: gate.Listed, Tokens: true, View: true})
	OpSavePasswords = gate.Define(gate.Op{Name: "passwords.settings.save", Sentence: "Change the minimums of passwords and what the generator begins with", Scope: gate.Whole, Needs: perm.OrganizationAdmin, Write: true, Audit: true, Once: true})
)

// setting is one row of the settings.
type setting struct {
	name string
	get  func(Passwords) string
	set  func(*Passwords, string)
}

func figure(name string, at func(*Passwords) *int) setting {
	return setting{name, func(p Passwords) string { return strconv.Itoa(*at(&p)) }, func(p *Passwords, v string) {
		if n, err := strconv.Atoi(v); err == nil {
			*at(p) = n
		}
	}}
}

var passwordSettings = []setting{
	figure("password-length", func(p *Passwords) *int { return &p.Policy.Length }),
	figure("password-kinds", func(p *Passwords) *int { return &p.Policy.Kinds }),
	figure("password-score", func(p *Passwords) *int { return &p.Policy.Score }),
	{"password-enforce", func(p Passwords) string { return strconv.FormatBool(p.Policy.Enforce) }, func(p *Passwords, v string) { p.Policy.Enforce = v == "true" }},
	{"password-types", func(p Passwords) string {
		types := p.Types
		if types == nil {
			types = map[string]password.Rules{}
		}
		b, err := json.Marshal(types) // keys in order
		if err != nil {
			panic(err) // texts and numbers
		}
		return string(b)
	}, func(p *Passwords, v string) {
		var types map[string]password.Rules
		if json.Unmarshal([]byte(v), &types) == nil {
			p.Types = types
		}
	}},
}

var (
	sqlPasswords   = gate.SQL(`SELECT name, value FROM settings WHERE org_id = $1 AND name LIKE 'password-%'`)
	sqlSetPassword = gate.SQL(`INSERT INTO settings (org_id, name, value) VALUES ($1, $2, $3) ON CONFLICT (org_id, name) DO UPDATE SET value = $3`)
)

// readPasswords gives the settings within a transaction.
func readPasswords(tx *gate.Tx) (Passwords, error) {
	p := Passwords{Policy: password.Standard()}
	err := tx.Each(sqlPasswords, func(r *gate.Rows) error {
		var name, value string
		err := r.Scan(&name, &value)
		for _, s := range passwordSettings {
			if s.name == name {
				s.set(&p, value)
			}
		}
		return err
	})
	return p, err
}

// Passwords shows the settings to anybody who may have passwords here.
func (s *Store) Passwords(ctx context.Context, who gate.Actor) (Passwords, error) {
	return gate.Do(ctx, s.gate, who, OpPasswords, gate.Nothing(), readPasswords)
}

// SavePasswords takes the place of the settings as they were read: a change by
// somebody else in between is a conflict.
func (s *Store) SavePasswords(ctx context.Context, who gate.Actor, read, next Passwords) error {
	if err := next.check(); err != nil {
		return err
	}
	_, err := gate.Do(ctx, s.gate, who, OpSavePasswords, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		was, err := readPasswords(tx)
		if err != nil {
			return false, err
		}
		if was.Text() != read.Text() {
			return false, fault.Stale("page of settings")
		}
		e := tx.Event()
		e.Kind = "organization"
		for _, i := range passwordSettings {
			if i.get(was) != i.get(next) {
				e.Fields = append(e.Fields, i.name)
				if _, err := tx.Exec(sqlSetPassword, i.name, i.get(next)); err != nil {
					return false, err
				}
			}
		}
		return true, nil
	})
	return err
}

func (p Passwords) check() error {
	var bad []fault.Field
	for _, b := range []struct {
		name     string
		is, most int
	}{{"length", p.Policy.Length, password.MostLength}, {"kinds", p.Policy.Kinds, password.MostKinds}, {"score", p.Policy.Score, password.MostScore}} {
		if b.is < 0 || b.is > b.most {
			bad = append(bad, fault.Field{Name: b.name, Text: "A number between 0 and " + strconv.Itoa(b.most) + "; 0 asks for nothing."})
		}
	}
	for _, typ := range slices.Sorted(maps.Keys(p.Types)) {
		if len(typ) > 100 {
			bad = append(bad, fault.Field{Name: "types", Text: "There is no credential type of this name."})
		}
		for _, text := range p.Types[typ].Check() {
			bad = append(bad, fault.Field{Name: "types", Text: typ + ": " + text})
		}
	}
	return fault.BadFields(bad)
}

// below is the error for a password that the policy refuses.
func below(rules []string) error {
	return fault.Bad("password", "Your organization asks for %s.", strings.Join(rules, ", and for "))
}
