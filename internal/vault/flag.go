package vault

import (
	"slices"
	"strings"
	"time"

	"bailiwick/internal/gate"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
)

// Causes of flags.
const (
	Touched  = "touched"   // somebody who had seen it lost his access
	Expired  = "expired"   // the rotation policy or the expiry date has passed
	ADChange = "ad-change" // the directory has another password
	Unshared = "unshared"  // who had it shared with them may still know it
	Weak     = "weak"      // below the organization's minimums
	Reused   = "reused"    // another present credential has the same password
	Manual   = "manual"    // somebody says so, in a note
)

// Causes lists them in the order of display.
var Causes = []string{Manual, ADChange, Touched, Unshared, Expired, Weak, Reused}

// What an expired flag is about.
const (
	ByDate   = "date"
	ByPolicy = "policy"
)

// Flag says why a password should be changed.
type Flag struct {
	Cause     string
	About     string // touched: the user's id; expired: ByDate or ByPolicy
	AboutName string // touched: the user's name
	Note      string // manual
	Set       time.Time
	SetBy     string // "" where the server set it by itself
	SetByName string
	Elsewhere bool // touched: by somebody of the organization that it is shared with

	epoch int64
	box   []byte
}

// Operations on flags. What clears a flag needs no keys: flags are open, and
// notes stay sealed.
var (
	OpFlag     = gate.Define(gate.Op{Name: "credential.flag", Shared: gate.Received, Sentence: "Flag a credential for change, with a note", Scope: gate.Single, Needs: perm.PasswordEdit, Personal: true, Tokens: true, Write: true, Audit: true, Once: true, Keys: true})
	OpUnflag   = gate.Define(gate.Op{Name: "credential.unflag", Shared: gate.Received, Sentence: "Clear flags of a credential", Scope: gate.Single, Needs: perm.PasswordClearFlags, Personal: true, Tokens: true, Write: true, Audit: true, Once: true})
	OpReflag   = gate.Define(gate.Op{Name: "credential.unflag.undo", Shared: gate.Received, Sentence: "Put back flags that one has just cleared", Scope: gate.Single, Needs: perm.PasswordClearFlags, Personal: true, Tokens: true, Write: true, Audit: true, Once: true})
	OpFlagSums = gate.Define(gate.Op{Name: "flag.count", Sentence: "Count the flagged credentials of each client, of those that one reaches", Scope: gate.Listed, Needs: perm.ClientViewList, Tokens: true, View: true})
)

// placeOfFlagNote binds a note to its flag and to when it was set, so that an
// earlier note of the same credential does not open in its place.
func placeOfFlagNote(org, credential string, epoch, set int64) seal.Place {
	return seal.Place{Org: org, Table: "flags", Row: credential, Envelope: "note_box", Epoch: epoch, Version: set}
}

const flagColumns = `f.credential_id, f.cause, f.about, f.set_at, f.set_by, f.note_epoch, f.note_box`

var (
	sqlFlagsAt = gate.SQL(`SELECT ` + flagColumns + ` FROM flags f WHERE f.org_id = $1 AND f.home = $2 AND f.cleared_at = 0`)
	sqlFlagsOf = gate.SQL(`SELECT ` + flagColumns + ` FROM flags f WHERE f.org_id = $1 AND f.credential_id = $2 AND f.cleared_at = 0`)
)

// readFlags gives flags by credential, in the order of display; notes are
// still sealed.
func readFlags(tx *gate.Tx, stmt gate.Stmt, arg string) (map[string][]Flag, error) {
	all := map[string][]Flag{}
	err := tx.Each(stmt, func(r *gate.Rows) error {
		var credential string
		var f Flag
		var set int64
		err := r.Scan(&credential, &f.Cause, &f.About, &set, &f.SetBy, &f.epoch, &f.box)
		f.Set = at(set)
		all[credential] = append(all[credential], f)
		return err
	}, arg)
	for _, flags := range all {
		slices.SortFunc(flags, func(a, b Flag) int {
			if a.Cause != b.Cause {
				return slices.Index(Causes, a.Cause) - slices.Index(Causes, b.Cause)
			}
			return a.Set.Compare(b.Set)
		})
	}
	return all, err
}

// flag puts flags on a credential that is given out: names and notes opened.
func (c *stored) flag(tx *gate.Tx, flags []Flag, names map[string]string) (err error) {
	for i := range flags {
		f := &flags[i]
		if f.Cause == Touched {
			if f.AboutName, err = nameOf(tx, names, f.About); err != nil {
				return err
			}
		}
		if strings.HasPrefix(f.SetBy, "org_") {
			f.Elsewhere, f.SetBy = true, ""
		}
		if f.SetBy != "" {
			if f.SetByName, err = nameOf(tx, names, f.SetBy); err != nil {
				return err
			}
		}
		if f.Cause != Manual {
			continue
		}
		key, err := wrapping(tx, c.ClientID, f.epoch)
		if err != nil {
			return err
		}
		plain, err := key.OpenPadded(seal.PurposeNotes, placeOfFlagNote(tx.Who().Org(), c.ID, f.epoch, millis(f.Set)), f.box)
		if err != nil {
			return c.broken("note of a flag", err)
		}
		f.Note = string(plain)
	}
	c.Flags = flags
	return nil
}

// home is the client, or the owner of the personal vault, where it lies.
func (c *stored) home() string {
	if c.ClientID != "" {
		return c.ClientID
	}
	return c.OwnerID
}

// Has reports whether one of a credential's flags has a cause.
func (c Credential) Has(cause string) bool {
	return slices.ContainsFunc(c.Flags, func(f Flag) bool { return f.Cause == cause })
}
