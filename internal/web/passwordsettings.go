package web

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strconv"

	"bailiwick/internal/fault"
	"bailiwick/internal/password"
	"bailiwick/internal/perm"
	"bailiwick/internal/vault"
	"bailiwick/internal/web/ui"
)

const passwordSettingsPath = "/settings/passwords"

func (s *Server) passwordSettingsRoutes() {
	s.signed("GET "+passwordSettingsPath, showPasswordSettings)
	s.signed("POST "+passwordSettingsPath, savePasswordSettings)
}

// passwordSettings is the page. read is what it was made from, and goes back
// with it; typed are the numbers as they were typed.
type passwordSettings struct {
	frame      ui.FrameParams
	types      []vault.Type
	read, next vault.Passwords
	typed, bad map[string]string
	stale      bool
}

// least is a minimum of the page.
type least struct {
	name, label, hint string
	at                func(*password.Policy) *int
	most              int
}

var leasts = []least{
	{"length", "Least characters", "0 to 64; 0, the default, asks for nothing.", func(p *password.Policy) *int { return &p.Length }, password.MostLength},
	{"kinds", "Least kinds of characters", "0 to 4, of A–Z, a–z, 0–9 and all others; 0, the default, asks for nothing.", func(p *password.Policy) *int { return &p.Kinds }, password.MostKinds},
}

var scoreOptions = []ui.Option{{Value: "0", Label: "0: asks for nothing"}, {Value: "1", Label: "1: more than seconds to guess"}, {Value: "2", Label: "2: more than hours"},
	{Value: "3", Label: "3: more than days (default)"}, {Value: "4", Label: "4: years and more"}}

// presets are what the generator can begin with for a credential type.
var presets = []struct {
	value, label string
	rules        password.Rules
}{
	{"", "As usual", password.Rules{}},
	{"characters", "20 characters", password.Usual()},
	{"long", "32 characters", password.Rules{Style: password.Characters, Length: 32, Classes: password.Classes}},
	{"plain", "24 letters and digits", password.Rules{Style: password.Characters, Length: 24, Classes: []string{"lower", "upper", "digit"}}},
	{"pin", "6 digits", password.Rules{Style: password.Characters, Length: 6, Classes: []string{"digit"}, LookAlikes: true}},
	{"spoken", "14 that can be said", password.Rules{Style: password.Pronounceable, Length: 14, Classes: []string{"lower", "upper", "digit"}}},
	{"words", "5 words", password.Rules{Style: password.Passphrase, Words: 5, Separator: "-"}},
	{"phrase", "6 words, capitals, a number", password.Rules{Style: password.Passphrase, Words: 6, Separator: "-", Capital: true, Number: true}},
}

const otherRules = "other" // set by the API: kept as they are

func (f passwordSettings) preset(typ string) string {
	r, ok := f.next.Types[typ]
	if !ok {
		return ""
	}
	for _, p := range presets {
		if p.rules.Text() == r.Text() {
			return p.value
		}
	}
	return otherRules
}

// options of a type say what is usual for it.
func (f passwordSettings) options(typ string) []ui.Option {
	var all []ui.Option
	usual := password.ForType(typ).Text()
	for _, p := range presets {
		label := p.label
		if p.rules.Text() == usual {
			label += " (usual)"
		}
		all = append(all, ui.Option{Value: p.value, Label: label})
	}
	if f.preset(typ) == otherRules {
		all = append(all, ui.Option{Value: otherRules, Label: "As set by the API"})
	}
	return all
}

func (f passwordSettings) number(l least) string {
	if text, ok := f.typed[l.name]; ok {
		return text
	}
	return strconv.Itoa(*l.at(&f.next.Policy))
}

func (f passwordSettings) wrong() []ui.FieldParams {
	var all []ui.FieldParams
	for _, l := range leasts {
		all = append(all, ui.FieldParams{Name: l.name, Label: l.label, Error: f.bad[l.name]})
	}
	return wrong(all...)
}

// text keeps the settings as they were read in the form.
func (f passwordSettings) text() string {
	b, err := json.Marshal(f.read)
	if err != nil {
		panic(err) // texts and numbers
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

func showPasswordSettings(v *visit) error {
	if err := v.offers(false, perm.OrganizationAdmin); err != nil {
		return err
	}
	p, err := v.app.Vault.Passwords(v.ctx(), v.who)
	if err != nil {
		return err
	}
	return v.showPasswordSettings(http.StatusOK, passwordSettings{read: p, next: p})
}

func (v *visit) showPasswordSettings(status int, f passwordSettings) (err error) {
	kinds, err := v.app.Vault.Kinds(v.ctx(), v.who)
	if err != nil {
		return err
	}
	f.types = kinds.Offered()
	if f.frame, err = v.frame("Passwords"); err != nil {
		return err
	}
	return v.renderAs(status, passwordSettingsPage(f))
}

func savePasswordSettings(v *visit) error {
	f := passwordSettings{typed: map[string]string{}, bad: map[string]string{}, next: vault.Passwords{Types: map[string]password.Rules{}}}
	if b, err := base64.RawURLEncoding.DecodeString(v.text("read")); err != nil || json.Unmarshal(b, &f.read) != nil {
		f.read = vault.Passwords{} // answered as a conflict
	}
	for _, l := range leasts {
		n, err := strconv.Atoi(v.text(l.name))
		if err != nil || n < 0 || n > l.most {
			f.bad[l.name], n = "Type a number between 0 and "+strconv.Itoa(l.most)+".", 0
		}
		f.typed[l.name], *l.at(&f.next.Policy) = v.text(l.name), n
	}
	f.next.Policy.Score, _ = strconv.Atoi(v.text("score"))
	f.next.Policy.Enforce = v.text("enforce") != ""
	for typ, r := range f.read.Types { // of types that are not on the page
		f.next.Types[typ] = r
	}
	kinds, err := v.app.Vault.Kinds(v.ctx(), v.who)
	if err != nil {
		return err
	}
	for _, t := range kinds.All {
		if !v.r.PostForm.Has("type-" + t.ID) {
			continue
		}
		typ := t.ID
		switch chosen := v.text("type-" + typ); chosen {
		case "":
			delete(f.next.Types, typ)
		case otherRules:
		default:
			for _, p := range presets {
				if p.value == chosen {
					f.next.Types[typ] = p.rules
				}
			}
		}
	}
	if len(f.bad) > 0 {
		if err := v.offers(false, perm.OrganizationAdmin); err != nil {
			return err
		}
		return v.showPasswordSettings(http.StatusUnprocessableEntity, f)
	}
	err = v.app.Vault.SavePasswords(v.ctx(), v.who, f.read, f.next)
	switch {
	case err == nil:
		v.flash("The settings of passwords are saved.", "")
		return v.goTo(passwordSettingsPath)
	case fault.Is(err, fault.Conflict):
		now, failed := v.app.Vault.Passwords(v.ctx(), v.who)
		if failed != nil {
			return failed
		}
		f.read, f.stale = now, true
		return v.showPasswordSettings(http.StatusConflict, f)
	}
	return err
}

// generator begins as the credential type does, above the minimums.
func (v *visit) generator() (*ui.GeneratorParams, error) {
	set, err := v.app.Vault.Passwords(v.ctx(), v.who)
	if err != nil {
		return nil, err
	}
	rules := map[string]password.Rules{"": password.Usual()}
	for _, typ := range vault.Types {
		if r := set.Rules(typ); r.Text() != password.Usual().Text() {
			rules[typ] = r
		}
	}
	for typ, r := range set.Types {
		rules[typ] = r
	}
	types, err := json.Marshal(rules)
	return &ui.GeneratorParams{Length: 20, Least: set.Policy.Length, Kinds: set.Policy.Kinds, Types: string(types)}, err
}
