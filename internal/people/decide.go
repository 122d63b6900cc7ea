package people

import (
	"context"
	"strings"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/mail"
	"bailiwick/internal/org"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
)

// Decide flags or waives rows. When none is open any more, off-boarding is done.
func (s *Store) Decide(ctx context.Context, who gate.Actor, user string, in Decisions) error {
	_, err := gate.Do(ctx, s.gate, who, OpDecide, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		return true, s.on(tx, user, Offboard, func(p *Person) error { return s.decide(tx, p, in) })
	})
	return err
}

func (d Decision) problem() string {
	switch {
	case d.Action != Flagged && d.Action != Waived:
		return "Choose: flagged for change, or waived."
	case d.Action == Waived && strings.TrimSpace(d.Reason) == "":
		return "Say why this password need not be changed."
	case len(d.Reason) > 500:
		return "Use at most 500 characters."
	}
	return ""
}

func (s *Store) decide(tx *gate.Tx, p *Person, in Decisions) error {
	chosen := map[string]Decision{}
	var bad []fault.Field
	for _, d := range in.Rows {
		if text := d.problem(); text != "" {
			bad = append(bad, fault.Field{Name: d.Credential, Text: text})
		}
		chosen[d.Credential] = d
	}
	if in.Rest.Action != "" {
		if text := in.Rest.problem(); text != "" {
			bad = append(bad, fault.Field{Name: "rest", Text: text})
		}
	}
	if err := fault.BadFields(bad); err != nil {
		return err
	}
	rows, err := known(tx, p.ID)
	if err != nil {
		return err
	}
	open, hidden, found := 0, 0, 0
	for _, k := range rows {
		d, picked := chosen[k.Credential]
		if picked && k.reached {
			found++
		} else if in.Rest.Action != "" && k.Action == "" {
			if d = in.Rest; !k.reached {
				d = Decision{Action: Flagged}
				hidden++
			}
		} else {
			if k.Action == "" {
				open++
			}
			continue
		}
		if err := store(tx, p.ID, k.Known, d); err != nil {
			return err
		}
	}
	if found != len(chosen) {
		return errNotYours
	}
	if err := org.TouchedThere(tx); err != nil {
		return err
	}
	if hidden > 0 {
		if err := s.tellHidden(tx, p, hidden); err != nil {
			return err
		}
	}
	if open == 0 {
		_, err = tx.Exec(sqlOffDone, p.ID, tx.Millis())
	}
	return err
}

func store(tx *gate.Tx, user string, k Known, d Decision) error {
	if _, err := tx.Exec(sqlDecide, user, k.Credential, k.Rev, d.Action, strings.TrimSpace(d.Reason), tx.Who().User(), tx.Millis()); err != nil {
		return err
	}
	tx.Note(gate.Event{Operation: "credential." + d.Action, Kind: "credential", ID: k.Credential, Client: k.Client}, "")
	if d.Action == Flagged {
		return tx.One(sqlFlag, k.Credential, k.Rev, user, tx.Millis(), tx.Who().User())
	}
	if _, err := tx.Exec(sqlUnflag, k.Credential, user); err != nil {
		return err
	}
	return org.UntouchedThere(tx, k.Credential, user)
}

// tellHidden mails the administrators about passwords that were flagged though
// whoever did it does not reach them.
func (s *Store) tellHidden(tx *gate.Tx, p *Person, n int) error {
	admins, err := holders(tx, perm.OrganizationAdmin)
	if err != nil {
		return err
	}
	for _, to := range admins {
		m := mail.Mail{Kind: mail.Offboarded, To: to, By: tx.Name(), About: p.shownName(), Link: seal.NewSecret("/users/" + p.ID + "/off-boarding"),
			Facts: []mail.Fact{{Label: "Passwords out of their reach", Text: numberOf(n)}}}
		if _, err := s.mail.Enqueue(tx, m); err != nil {
			return err
		}
	}
	return nil
}
