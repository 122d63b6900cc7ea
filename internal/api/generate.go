package api

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"bailiwick/internal/fault"
	"bailiwick/internal/password"
	"bailiwick/internal/seal"
	"bailiwick/internal/vault"
	"bailiwick/sdk"
)

func (s *Server) passwordRoutes() {
	mount(s, route{method: "POST", path: "/generate", id: "generate-password", summary: "Have a password made, which is stored nowhere", op: vault.OpPasswords, status: http.StatusOK,
		note: "The organization's minimums hold."}, s.generate)
	mount(s, route{method: "POST", path: "/strength", id: "judge-password", summary: "See how good a password is; it is neither stored nor logged", op: vault.OpPasswords}, s.judge)
	mount(s, route{method: "GET", path: "/settings/passwords", id: "get-password-settings", summary: "See the minimums of passwords and what the generator begins with", op: vault.OpPasswords}, s.passwordSettings)
	mountEmpty(s, route{method: "PUT", path: "/settings/passwords", id: "set-password-settings", summary: "Set the minimums of passwords and what the generator begins with", op: vault.OpSavePasswords,
		note: "They take the place of the present ones as a whole. What is there already is judged anew in the background."}, s.setPasswords)
}

// with puts what is given into rules.
func with(r password.Rules, g sdk.Generator) password.Rules {
	if g.Style != "" && g.Style != r.Style {
		if r = password.Usual(); g.Style == password.Passphrase {
			r = password.Rules{Words: 5, Separator: "-"}
		}
		r.Style = g.Style
	}
	if g.Length != 0 {
		r.Length = g.Length
	}
	if g.Classes != nil {
		r.Classes = g.Classes
	}
	if g.Words != 0 {
		r.Words = g.Words
	}
	given(&r.LookAlikes, g.LookAlikes)
	given(&r.Separator, g.Separator)
	given(&r.Capital, g.Capital)
	given(&r.Number, g.Number)
	return r
}

func generatorOf(r password.Rules) sdk.Generator {
	g := sdk.Generator{Style: r.Style, Length: r.Length, Classes: r.Classes, Words: r.Words}
	if r.Style == password.Passphrase {
		g.Separator, g.Capital, g.Number = &r.Separator, &r.Capital, &r.Number
	} else {
		g.LookAlikes = &r.LookAlikes
	}
	return g
}

// made is a new password for a credential type, which is named or given by its
// id.
func made(p vault.Passwords, kinds vault.Kinds, typ string, g *sdk.Generator) (string, error) {
	t, ok := kindOf(kinds, typ)
	if typ != "" && !ok {
		return "", fault.Bad("type", "There is no such credential type.")
	}
	typ = t.ID
	r := p.Rules(typ)
	if g != nil {
		r = with(r, *g)
	}
	var bad []fault.Field
	for _, field := range slices.Sorted(maps.Keys(r.Check())) {
		bad = append(bad, fault.Field{Name: field, Text: r.Check()[field]})
	}
	if len(bad) > 0 {
		return "", fault.BadFields(bad)
	}
	return password.MakeFor(p.Policy, r, seal.Random), nil
}

// kindOf finds a credential type, also one that is not offered.
func kindOf(kinds vault.Kinds, text string) (vault.Type, bool) {
	i := slices.IndexFunc(kinds.All, func(t vault.Type) bool { return t.ID == text || strings.EqualFold(t.Name, text) })
	if i < 0 {
		return vault.Type{}, false
	}
	return kinds.All[i], true
}

// settings are what a password is made by.
func (s *Server) settings(ctx context.Context, c call) (vault.Passwords, vault.Kinds, error) {
	p, err := s.app.Vault.Passwords(ctx, c.who)
	if err != nil {
		return p, vault.Kinds{}, err
	}
	kinds, err := s.app.Vault.Kinds(ctx, c.who)
	return p, kinds, err
}

// chosen is the password that was typed, or one made here, which then never
// travels at all.
func (s *Server) chosen(ctx context.Context, c call, typed sdk.Secret, typ string, length int, g *sdk.Generator) (sdk.Secret, error) {
	if length == 0 && g == nil {
		return typed, nil
	}
	if typed != "" {
		return "", fault.Bad("generate", "Give a password or have one generated, not both.")
	}
	p, kinds, err := s.settings(ctx, c)
	if err != nil {
		return "", err
	}
	if t, ok := kindOf(kinds, typ); ok {
		typ = t.ID
	}
	if g == nil {
		g = &sdk.Generator{Style: password.Characters, Length: length}
		if p.Rules(typ).Style == password.Characters {
			g.Classes = password.Usual().Classes
		}
	}
	text, err := made(p, kinds, typ, g)
	return sdk.Secret(text), err
}

func (s *Server) generate(ctx context.Context, c call, in *struct{ Body sdk.Generate }) (sdk.Generated, error) {
	p, kinds, err := s.settings(ctx, c)
	if err != nil {
		return sdk.Generated{}, err
	}
	text, err := made(p, kinds, in.Body.Type, in.Body.Rules)
	return sdk.Generated{Password: sdk.Secret(text), Strength: strengthOf(p.Policy, text)}, err
}

func strengthOf(p password.Policy, text string, about ...string) sdk.Strength {
	s := password.Judge(text, about...)
	return sdk.Strength{Score: s.Score, Crack: s.Crack, Warning: s.Warning, Advice: s.Advice, Below: p.Below(text, about...)}
}

func (s *Server) judge(ctx context.Context, c call, in *struct{ Body sdk.Judge }) (sdk.Strength, error) {
	p, err := s.app.Vault.Passwords(ctx, c.who)
	return strengthOf(p.Policy, in.Body.Password.Reveal(), in.Body.About...), err
}

func (s *Server) passwordSettings(ctx context.Context, c call, _ *struct{}) (sdk.PasswordSettings, error) {
	p, err := s.app.Vault.Passwords(ctx, c.who)
	out := sdk.PasswordSettings{Length: p.Policy.Length, Kinds: p.Policy.Kinds, Score: p.Policy.Score, Enforce: p.Policy.Enforce, Types: map[string]sdk.Generator{}, Mark: markOf(p)}
	for typ, r := range p.Types {
		out.Types[typ] = generatorOf(r)
	}
	return out, err
}

// markOf names a state of the settings, which are no secret.
func markOf(p vault.Passwords) string { return fmt.Sprintf("%x", seal.Hash([]byte(p.Text()))[:8]) }

func (s *Server) setPasswords(ctx context.Context, c call, in *struct{ Body sdk.NewPasswordSettings }) error {
	b := in.Body
	read, kinds, err := s.settings(ctx, c)
	if err != nil {
		return err
	}
	if markOf(read) != b.Mark {
		return fault.Stale("page of settings")
	}
	next := vault.Passwords{Policy: password.Policy{Length: b.Length, Kinds: b.Kinds, Score: b.Score, Enforce: b.Enforce}, Types: map[string]password.Rules{}}
	for name, g := range b.Types {
		t, ok := kindOf(kinds, name)
		if !ok {
			return fault.Bad("types", "There is no credential type %q. Nothing was saved.", name)
		}
		next.Types[t.ID] = with(password.ForType(t.ID), g)
	}
	return s.app.Vault.SavePasswords(ctx, c.who, read, next)
}
