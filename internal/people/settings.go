package people

import (
	"context"
	"strconv"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/perm"
)

// Settings are an organization's settings about people. This is the one typed
// place to read them.
type Settings struct {
	ApprovalRequired  bool   // who was not added by somebody who may approve waits for approval
	DefaultLevel      string // of new members where nobody chooses
	InvitationHours   int    // 1 to 720
	ResetHours        int    // 1 to 168
	LockoutTries      int    // 3 to 50 wrong passwords in a row
	LockoutMinutes    int    // 0: until unlocked, but never for administrators
	IdleMinutes       int    // 1 to 1440: an open vault closes after that without a request
	SelfRegistration  bool
	ForceSecondFactor bool
	LetSessionsEnd    bool // running sessions of a disabled user end by themselves
	ShowUnassigned    bool // clients and guarded folders that one does not reach show by name
	CompanyByDefault  bool // Client: Default Access reaches the company vault too
	NamesToPartners   bool // a provider's sites, or a site's provider, read the names of users who act on what both see
	KeyLinkDigits     bool // an organization-key link along with an invitation asks for six digits
}

// Default is how an organization begins.
func Default() Settings {
	return Settings{ApprovalRequired: true, DefaultLevel: perm.LevelTechnicianAssigned, InvitationHours: 168, ResetHours: 24,
		LockoutTries: 10, LockoutMinutes: 15, IdleMinutes: 15, KeyLinkDigits: true}
}

// Operations on settings.
var (
	OpSettings     = gate.Define(gate.Op{Name: "people.settings.view", Sentence: "See the settings about people", Scope: gate.Whole, Needs: perm.OrganizationAdmin, View: true})
	OpSaveSettings = gate.Define(gate.Op{Name: "people.settings.save", Sentence: "Change the settings about people", Scope: gate.Whole, Needs: perm.OrganizationAdmin, Write: true, Audit: true, Once: true})
)

// stored is one setting as its row has it.
type stored struct {
	name  string
	get   func(Settings) string
	set   func(*Settings, string)
	check func(Settings) string // what is wrong with it, or ""
}

func onOff(name string, at func(*Settings) *bool) stored {
	return stored{name: name, set: func(s *Settings, v string) { *at(s) = v == "on" },
		get: func(s Settings) string {
			if *at(&s) {
				return "on"
			}
			return "off"
		}}
}

func number(name string, at func(*Settings) *int, least, most int, text string) stored {
	return stored{name: name, get: func(s Settings) string { return strconv.Itoa(*at(&s)) },
		set: func(s *Settings, v string) {
			if n, err := strconv.Atoi(v); err == nil {
				*at(s) = n
			}
		},
		check: func(s Settings) string {
			if n := *at(&s); n < least || n > most {
				return text
			}
			return ""
		}}
}

var settings = []stored{
	onOff("approval-required", func(s *Settings) *bool { return &s.ApprovalRequired }),
	{name: "default-level", get: func(s Settings) string { return s.DefaultLevel }, set: func(s *Settings, v string) { s.DefaultLevel = v }},
	number("invitation-hours", func(s *Settings) *int { return &s.InvitationHours }, 1, 720, "An invitation lives between 1 and 720 hours."),
	number("reset-hours", func(s *Settings) *int { return &s.ResetHours }, 1, 168, "A password-reset link lives between 1 and 168 hours."),
	number("lockout-tries", func(s *Settings) *int { return &s.LockoutTries }, 3, 50, "Lock an account out after 3 to 50 wrong passwords."),
	number("lockout-minutes", func(s *Settings) *int { return &s.LockoutMinutes }, 0, 10080, "A lockout lasts up to 10080 minutes (7 days); 0 is until unlocked."),
	number("idle-minutes", func(s *Settings) *int { return &s.IdleMinutes }, 1, 1440, "An open vault closes after 1 to 1440 minutes without a request."),
	onOff("self-registration", func(s *Settings) *bool { return &s.SelfRegistration }),
	onOff("force-second-factor", func(s *Settings) *bool { return &s.ForceSecondFactor }),
	onOff("let-sessions-end", func(s *Settings) *bool { return &s.LetSessionsEnd }),
	onOff("show-unassigned", func(s *Settings) *bool { return &s.ShowUnassigned }),
	onOff("company-vault-by-default-access", func(s *Settings) *bool { return &s.CompanyByDefault }),
	onOff(gate.NamesToPartners, func(s *Settings) *bool { return &s.NamesToPartners }),
	onOff("key-link-digits", func(s *Settings) *bool { return &s.KeyLinkDigits }),
}

var (
	sqlReadSettings = gate.SQL(`SELECT name, value FROM settings WHERE org_id = $1 AND name <> 'mail'`)
	sqlSetSetting   = gate.SQL(`INSERT INTO settings (org_id, name, value) VALUES ($1, $2, $3) ON CONFLICT (org_id, name) DO UPDATE SET value = $3`)
)

// ReadSettings gives the organization's settings within a transaction.
func ReadSettings(tx *gate.Tx) (Settings, error) {
	s := Default()
	if tx.Site() {
		s.DefaultLevel = perm.LevelSiteUser
	}
	err := tx.Each(sqlReadSettings, func(r *gate.Rows) error {
		var name, value string
		err := r.Scan(&name, &value)
		for _, i := range settings {
			if i.name == name {
				i.set(&s, value)
			}
		}
		return err
	})
	return s, err
}

// Settings shows the settings.
func (s *Store) Settings(ctx context.Context, who gate.Actor) (Settings, error) {
	return gate.Do(ctx, s.gate, who, OpSettings, gate.Nothing(), ReadSettings)
}

// SaveSettings takes the place of the settings as they were read: a change by
// somebody else in between is a conflict.
func (s *Store) SaveSettings(ctx context.Context, who gate.Actor, read, next Settings) error {
	_, err := gate.Do(ctx, s.gate, who, OpSaveSettings, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		was, err := ReadSettings(tx)
		if err != nil {
			return false, err
		}
		if was != read {
			return false, fault.Stale("page of settings")
		}
		var bad []fault.Field
		for _, i := range settings {
			if i.check != nil {
				if text := i.check(next); text != "" {
					bad = append(bad, fault.Field{Name: i.name, Text: text})
				}
			}
		}
		if next.SelfRegistration && tx.Site() {
			bad = append(bad, fault.Field{Name: "self-registration", Text: "Who registers becomes a guest, and a site has none."})
		}
		if next.DefaultLevel == top(tx) {
			bad = append(bad, fault.Field{Name: "default-level", Text: "Nobody becomes an administrator by default. Choose another level."})
		} else if _, err := levelSet(tx, next.DefaultLevel); err != nil {
			if !fault.Is(err, fault.Invalid) {
				return false, err
			}
			bad = append(bad, fault.Field{Name: "default-level", Text: noLevel})
		}
		if err := fault.BadFields(bad); err != nil {
			return false, err
		}
		ev := tx.Event()
		ev.Kind = "organization"
		for _, i := range settings {
			if i.get(was) != i.get(next) {
				ev.Fields = append(ev.Fields, i.name)
				if _, err := tx.Exec(sqlSetSetting, i.name, i.get(next)); err != nil {
					return false, err
				}
			}
		}
		return true, tx.BumpAccess()
	})
	return err
}
