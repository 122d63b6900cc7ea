package vault

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/perm"
)

// Field is a custom field. Hidden ones are revealed one by one.
type Field struct {
	Name   string `json:"name"`
	Value  string `json:"value"`
	Hidden bool   `json:"hidden,omitempty"`
	Date   bool   `json:"date,omitempty"` // the value is a date such as 2027-03-31, or nothing
}

// Kinds of custom fields.
const (
	FieldText   = "text"
	FieldHidden = "hidden"
	FieldDate   = "date"
)

// Kind is the field's kind.
func (f Field) Kind() string {
	switch {
	case f.Hidden:
		return FieldHidden
	case f.Date:
		return FieldDate
	}
	return FieldText
}

const mostFields = 100

// checkFields says what is wrong with custom fields.
func checkFields(fields []Field) (bad []fault.Field) {
	complain := func(text string) { bad = append(bad, fault.Field{Name: "fields", Text: text}) }
	if len(fields) > mostFields {
		complain("A credential has at most 100 custom fields.")
	}
	for i := range fields {
		f := &fields[i]
		f.Name = strings.TrimSpace(f.Name)
		switch {
		case f.Name == "":
			complain("Give each custom field a name.")
		case utf8.RuneCountInString(f.Name) > 300 || utf8.RuneCountInString(f.Value) > 20_000:
			complain("The custom field is too long: its name may have 300 characters, its value 20000.")
		case !utf8.ValidString(f.Name) || !utf8.ValidString(f.Value):
			complain("This is not valid text (UTF-8).")
		case f.Hidden && f.Date:
			complain("A custom field is a text, hidden, or a date: only one of them.")
		case f.Date && f.Value != "":
			if _, err := time.Parse(time.DateOnly, f.Value); err != nil {
				complain("The custom field for a date holds something else. Write it like 2027-03-31.")
			}
		}
	}
	return bad
}

// Operations on one custom field.
var (
	OpRevealField = gate.Define(gate.Op{Name: "credential.reveal.field", Sentence: "See a hidden custom field", Shared: gate.Received, Scope: gate.Single, Needs: perm.PasswordView, Personal: true, Tokens: true, Write: true, Audit: true, Keys: true})
	OpCopyField   = gate.Define(gate.Op{Name: "credential.copy.field", Sentence: "Copy a custom field without showing it", Shared: gate.Received, Scope: gate.Single, Needs: perm.PasswordView, Personal: true, Tokens: true, Write: true, Audit: true, Keys: true})
)

// RevealField gives one custom field of a version, by its number from 0. It is
// an event of its own, like Reveal.
func (s *Store) RevealField(ctx context.Context, who gate.Actor, credential string, version int64, number int) (Field, error) {
	return s.field(ctx, who, OpRevealField, credential, version, number)
}

// CopyField gives one custom field to be put on the clipboard.
func (s *Store) CopyField(ctx context.Context, who gate.Actor, credential string, version int64, number int) (Field, error) {
	return s.field(ctx, who, OpCopyField, credential, version, number)
}

func (s *Store) field(ctx context.Context, who gate.Actor, op *gate.Op, credential string, version int64, number int) (Field, error) {
	return gate.Do(ctx, s.gate, who, op, gate.Credential(credential), func(tx *gate.Tx) (Field, error) {
		c, err := load(tx, credential)
		if err != nil {
			return Field{}, err
		}
		var secret Secret
		rev := c.rev
		if c.Version == version {
			secret, err = c.openSecret(who.Org())
		} else {
			var v *oldVersion
			if _, v, secret, err = earlier(tx, credential, version); err == nil {
				rev = v.rev
			}
		}
		if err != nil {
			return Field{}, err
		}
		if number < 0 || number >= len(secret.Fields) {
			return Field{}, fault.NotFound()
		}
		f := secret.Fields[number]
		tx.Event().Fields = []string{"fields"}
		tx.Title(c.ClientID, c.Title+": "+f.Name) // sealed, as the title is
		if c.Version == version || c.got.from != "" {
			if err := c.toldThere(tx); err != nil {
				return Field{}, err
			}
		}
		return f, saw(tx, credential, rev)
	})
}
