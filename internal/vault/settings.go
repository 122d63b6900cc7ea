package vault

import (
	"context"
	"slices"
	"strconv"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/perm"
)

// Settings are an organization's settings about credentials.
type Settings struct {
	HideBuiltin   bool // built-in credential types are not offered
	RevealSeconds int  // how long a page shows a secret
}

const (
	leastSeconds, mostSeconds = 5, 300
	usualSeconds              = 30
	setHidden, setSeconds     = "hide-built-in-types", "reveal-seconds"
)

// Operations on settings about credentials.
var (
	OpSettings     = gate.Define(gate.Op{Name: "credential.settings.view", Sentence: "See the settings about credentials", Scope: gate.Whole, Needs: perm.OrganizationAdmin, View: true})
	OpSaveSettings = gate.Define(gate.Op{Name: "credential.settings.save", Sentence: "Change the settings about credentials", Scope: gate.Whole, Needs: perm.OrganizationAdmin, Write: true, Audit: true, Once: true})
)

var (
	sqlSettings   = gate.SQL(`SELECT name, value FROM settings WHERE org_id = $1 AND name IN ('hide-built-in-types', 'reveal-seconds')`)
	sqlSetSetting = gate.SQL(`INSERT INTO settings (org_id, name, value) VALUES ($1, $2, $3) ON CONFLICT (org_id, name) DO UPDATE SET value = $3`)
)

// SettingsIn reads the settings within a transaction.
func SettingsIn(tx *gate.Tx) (Settings, error) {
	s := Settings{RevealSeconds: usualSeconds}
	err := tx.Each(sqlSettings, func(r *gate.Rows) error {
		var name, value string
		err := r.Scan(&name, &value)
		switch name {
		case setHidden:
			s.HideBuiltin = value == "on"
		case setSeconds:
			if n, err := strconv.Atoi(value); err == nil && n >= leastSeconds && n <= mostSeconds {
				s.RevealSeconds = n
			}
		}
		return err
	})
	return s, err
}

// Settings shows the settings.
func (s *Store) Settings(ctx context.Context, who gate.Actor) (Settings, error) {
	return gate.Do(ctx, s.gate, who, OpSettings, gate.Nothing(), SettingsIn)
}

// SaveSettings takes the place of the settings as they were read: a change by
// somebody else in between is a conflict.
func (s *Store) SaveSettings(ctx context.Context, who gate.Actor, read, next Settings) error {
	_, err := gate.Do(ctx, s.gate, who, OpSaveSettings, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		was, err := SettingsIn(tx)
		if err != nil {
			return false, err
		}
		if was != read {
			return false, fault.Stale("page of settings")
		}
		var bad []fault.Field
		if next.RevealSeconds < leastSeconds || next.RevealSeconds > mostSeconds {
			bad = append(bad, fault.Field{Name: setSeconds, Text: "Show a secret for 5 to 300 seconds."})
		}
		k, err := KindsIn(tx)
		if err != nil {
			return false, err
		}
		if next.HideBuiltin && !slices.ContainsFunc(k.All, func(t Type) bool { return t.Custom }) {
			bad = append(bad, fault.Field{Name: setHidden, Text: "Add a custom credential type first: without any, no credential could be added."})
		}
		if err := fault.BadFields(bad); err != nil {
			return false, err
		}
		e := tx.Event()
		e.Kind = "organization"
		for _, v := range []struct{ name, was, next string }{
			{setHidden, onOff(was.HideBuiltin), onOff(next.HideBuiltin)},
			{setSeconds, strconv.Itoa(was.RevealSeconds), strconv.Itoa(next.RevealSeconds)},
		} {
			if v.was != v.next {
				e.Fields = append(e.Fields, v.name)
				if _, err := tx.Exec(sqlSetSetting, v.name, v.next); err != nil {
					return false, err
				}
			}
		}
		return true, nil
	})
	return err
}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}
