package people

import (
	"context"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/keylink"
	"bailiwick/internal/org"
	"bailiwick/internal/perm"
)

// Adding is what the dialog for adding people offers.
type Adding struct {
	Candidates      []Candidate
	Levels          []Level // those with May can be given
	DefaultLevel    string
	LevelProblem    string // why not even the default level can be given, or ""
	Clients, Groups []Choice
	Services        []ServiceChoice
	MayAccount      bool
	MayUserManager  bool
	MaySendKey      bool // from a session that has the vault open
	KeyDigits       bool // a link that comes with an invitation asks for six digits
	Site            bool // they become users of a site, which has no guests
	Waits           bool // which waits for activation
	First           bool // and nobody who could do that is there or invited
	Approved        bool // whether who is invited now needs no approval
	New             bool // of a knowledge base's own dialog: somebody becomes a guest
}

// Choice is something that can be given to a user.
type Choice struct {
	ID, Name string
	In       bool
	May      bool
}

// Check takes a pasted text apart into addresses and says what can be given.
// Whether somebody with an address is there already is told too: whoever may
// add people sees the list of users.
func (s *Store) Check(ctx context.Context, who gate.Actor, text string) (Adding, error) {
	all, err := candidates(text)
	if err != nil {
		return Adding{}, err
	}
	return gate.Do(ctx, s.gate, who, OpCheck, gate.Nothing(), func(tx *gate.Tx) (Adding, error) {
		out := Adding{Candidates: all}
		st, err := ReadSettings(tx)
		if err != nil {
			return out, err
		}
		for i := range out.Candidates {
			if c := &out.Candidates[i]; c.Problem == "" {
				if c.Problem, err = there(tx, c.Email); err != nil {
					return out, err
				}
			}
		}
		if out.Levels, err = levels(tx, st.DefaultLevel); err != nil {
			return out, err
		}
		is, err := org.StandingOf(tx)
		if err != nil {
			return out, err
		}
		out.Site, out.Waits = is.Site, is.Waits
		if out.First, err = nobodyActivates(tx, is.Waits); err != nil {
			return out, err
		}
		out.DefaultLevel, out.Approved = st.DefaultLevel, approves(tx, st)
		if out.LevelProblem, err = giveable(tx, st.DefaultLevel, st.DefaultLevel); err != nil {
			return out, err
		}
		if out.MayAccount, out.MayUserManager, err = givesRoles(tx); err != nil {
			return out, err
		}
		out.MaySendKey, out.KeyDigits = tx.May(keylink.OpSend, gate.Nothing()), st.KeyLinkDigits
		if out.Services, err = serviceChoices(tx); err != nil {
			return out, err
		}
		if out.Clients, _, err = clientChoices(tx, ""); err == nil {
			out.Groups, err = groupChoices(tx, "")
		}
		return out, err
	})
}

// candidates are the addresses of a pasted text, unless it is too long.
func candidates(text string) ([]Candidate, error) {
	if len(text) > 100_000 {
		return nil, fault.Bad("addresses", "Paste at most 100,000 characters at once.")
	}
	all := parse(text)
	if len(all) > most {
		return nil, fault.Bad("addresses", "Add at most %d people at once; this has %d addresses.", most, len(all))
	}
	return all, nil
}

var sqlActivators = gate.SQL(`SELECT COUNT(*) FROM users WHERE org_id = $1 AND level_id = $2 AND enabled`)

func nobodyActivates(tx *gate.Tx, waits bool) (bool, error) {
	n := 0
	err := tx.Row(sqlActivators, perm.LevelSiteAdministrator).Scan(&n)
	return waits && n == 0, err
}

func approves(tx *gate.Tx, st Settings) bool { return !st.ApprovalRequired || tx.Has(perm.UserEdit) }

var sqlThere = gate.SQL(`SELECT COUNT(*) FROM users WHERE org_id = $1 AND (email_folded = $2 OR email_looks = $3) AND NOT unconfirmed`)

func there(tx *gate.Tx, email string) (string, error) {
	n := 0
	err := tx.Row(sqlThere, org.Fold(email), org.Looks(email)).Scan(&n)
	if err == nil && n > 0 {
		return "There is a user with this address, or with one that looks the same, already.", nil
	}
	return "", err
}
