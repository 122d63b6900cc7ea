package extlink

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/id"
	"bailiwick/internal/org"
	"bailiwick/internal/seal"
)

// NewLink asks for a link.
type NewLink struct {
	Fields     []string
	Views      int           // 0: one
	Life       time.Duration // 0: Lifetime
	Passphrase seal.Secret   // empty: none
	Note       seal.Secret   // for the recipient
}

// Made is a link that was made just now. Address ends with what opens it, behind
// the #, and is shown this once.
type Made struct {
	Credential string
	ID         string
	Address    seal.Secret
	Token      seal.Token
	Expires    time.Time
}

// row is a link as it is stored.
type row struct {
	id, credential, by string
	fields             string
	made, expires      int64
	most               int64
	guarded            bool
	epoch              int64
	record, copy       []byte
}

// terms are what the outer layer of the copy is bound to.
func (r row) terms() []byte {
	return seal.Hash([]byte(r.credential), []byte(r.by), []byte(r.fields), fmt.Append(nil, r.made), fmt.Append(nil, r.expires), fmt.Append(nil, r.most), fmt.Append(nil, r.guarded))
}

var sqlAdd = gate.SQL(`INSERT INTO external_links (org_id, id, credential_id, password_rev, fields, made_by, made_at, expires_at, most_views, guarded, outer_epoch, proof, passphrase_record, copy_box)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`)

// Add makes a link to a credential.
func (s *Store) Add(ctx context.Context, who gate.Actor, credential string, in NewLink) (Made, error) {
	made, err := s.AddAll(ctx, who, []string{credential}, in)
	if err != nil {
		return Made{}, err
	}
	return made[0], nil
}

// draft is a link before its transaction.
type draft struct {
	credential, id string
	token          seal.Token
	guard          guard
}

// AddAll makes a link to each of several credentials, to all or to none. Each
// is decided on by itself and is an event of its own.
func (s *Store) AddAll(ctx context.Context, who gate.Actor, credentials []string, in NewLink) ([]Made, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	switch {
	case len(credentials) == 0:
		return nil, fault.Bad("credentials", "Choose at least one credential.")
	case len(credentials) > MostAtOnce:
		return nil, fault.Cannot("At most %d links can be made at a time. Nothing was made. Choose fewer credentials.", MostAtOnce)
	}
	drafts := make([]draft, len(credentials))
	for i, c := range credentials {
		drafts[i] = draft{credential: c, id: id.New("xlink"), token: seal.NewToken()}
		var err error
		if drafts[i].guard, err = s.guard(ctx, who, c, drafts[i].id, in.Passphrase); err != nil {
			return nil, err
		}
	}
	kept, err := gate.Do(ctx, s.gate, who, OpAdd, gate.Credential(credentials[0]), func(tx *gate.Tx) (answer, error) { return s.addAll(tx, drafts, in) })
	if err == nil && kept.ID != drafts[0].id {
		err = fault.Cannot("This link was made already, and its address is shown only once. Nothing more was made. Revoke it if the address is lost, and make another.")
	}
	if err != nil {
		return nil, err
	}
	all := make([]Made, len(drafts))
	for i, d := range drafts {
		all[i] = Made{d.credential, d.id, seal.NewSecret(kept.Base + "/link/" + d.id + "#" + d.token.Reveal()), d.token, at(kept.Expires)}
	}
	return all, nil
}

// answer is what may be kept for a repeated request.
type answer struct {
	ID, Base string // of the first
	Expires  int64
}

func (s *Store) addAll(tx *gate.Tx, drafts []draft, in NewLink) (first answer, err error) {
	var event gate.Event
	named := map[string]bool{}
	for i, d := range drafts {
		if named[d.credential] {
			return answer{}, fault.NotFound() // whoever names it twice meets an absence
		}
		named[d.credential] = true
		if i == 0 {
			if first, _, err = s.add(tx, d, in); err != nil {
				return answer{}, err
			}
			event = *tx.Event()
			continue
		}
		err := tx.Also(OpAdd, gate.Credential(d.credential), func() error {
			*tx.Event() = gate.Event{Operation: OpAdd.Name, Kind: string(gate.KindCredential), ID: d.credential}
			_, from, err := s.add(tx, d, in)
			if err == nil {
				tx.Event().Client = from.Client
				tx.Note(*tx.Event(), from.Title)
			}
			return err
		})
		if err != nil {
			return answer{}, err
		}
	}
	*tx.Event() = event
	return first, nil
}

func (s *Store) add(tx *gate.Tx, d draft, in NewLink) (answer, Original, error) {
	credential, link, token, g := d.credential, d.id, d.token, d.guard
	if g.p.Valid() && g.epoch != tx.KeyEpoch() {
		return answer{}, Original{}, fault.Busy("The vault's keys were renewed just now. Nothing was made. Try again.", time.Second, fmt.Errorf("epoch %d became %d", g.epoch, tx.KeyEpoch()))
	}
	from, err := s.vault.ForCopy(tx, credential, slices.ContainsFunc(in.Fields, Secret))
	if err != nil {
		return answer{}, from, err
	}
	if from.Archived {
		return answer{}, Original{}, fault.Cannot("This credential is archived. Restore it before you share it.")
	}
	plain, err := json.Marshal(from.only(in.Fields, in.Note))
	if err != nil {
		return answer{}, from, err
	}
	defer clear(plain)
	outer, err := s.org.Outer(tx, tx.KeyEpoch())
	if err != nil {
		return answer{}, from, err
	}
	provider, expires := tx.Who().Org(), tx.Now().Add(in.Life)
	r := row{id: link, credential: credential, by: tx.Who().User(), fields: strings.Join(in.Fields, " "), made: tx.Millis(), expires: expires.UnixMilli(),
		most: int64(in.Views), guarded: g.p.Valid(), epoch: tx.KeyEpoch(), record: g.record}
	r.copy = seal.SealLink(token, g.p, outer, placeOfCopy(provider, link, r.terms(), r.epoch), plain)
	_, err = tx.Exec(sqlAdd, r.id, r.credential, from.Rev, r.fields, r.by, r.made, r.expires, r.most, r.guarded, r.epoch, seal.HashProof(token.Proof()), r.record, r.copy)
	e := tx.Event()
	e.Fields, e.Sealed = in.words(expires), seal.Hash(r.copy)
	tx.Title(from.Client, from.Title)
	if err != nil {
		return answer{}, from, err
	}
	base, err := s.mail.Address(tx)
	return answer{link, base, r.expires}, from, err
}

// words say in the audit log what somebody outside is given.
func (in NewLink) words(expires time.Time) []string {
	all := []string{"fields: " + strings.Join(in.Fields, ", "), fmt.Sprintf("views: %d", in.Views), "until " + expires.UTC().Format("2006-01-02 15:04 MST")}
	if !in.Passphrase.IsEmpty() {
		all = append(all, "with a passphrase")
	}
	return all
}

// only leaves what was chosen.
func (o Original) only(fields []string, note seal.Secret) Copy {
	c := Copy{Note: note.Reveal()}
	for _, f := range fields {
		switch f {
		case Title:
			c.Title = o.Title
		case Username:
			c.Username = o.Username
		case Password:
			c.Password = o.Password
		case URLs:
			c.URLs = o.URLs
		case Notes:
			c.Notes = o.Notes
		case Fields:
			c.Fields = o.Fields
		}
	}
	return c
}

// guard is a passphrase's record, and the P that it opens.
type guard struct {
	record []byte
	p      seal.Key
	epoch  int64
}

// guard makes the record outside of the transaction that makes the link, as it
// takes an Argon2id.
func (s *Store) guard(ctx context.Context, who gate.Actor, credential, link string, passphrase seal.Secret) (g guard, err error) {
	g.record = []byte{}
	if passphrase.IsEmpty() {
		return g, nil
	}
	outer, err := gate.Do(ctx, s.gate, who, OpOf, gate.Credential(credential), func(tx *gate.Tx) (seal.Key, error) {
		g.epoch = tx.KeyEpoch()
		return s.org.Outer(tx, g.epoch)
	})
	if err != nil {
		return g, err
	}
	g.record, g.p, err = s.org.Argon().Enrol(ctx, passphrase, outer, placeOfPassphrase(who.Org(), link, g.epoch))
	return g, org.Waiting(err)
}

func (in *NewLink) check() error {
	var bad []fault.Field
	say := func(field, text string) { bad = append(bad, fault.Field{Name: field, Text: text}) }
	if in.Views == 0 {
		in.Views = 1
	}
	if in.Life == 0 {
		in.Life = Lifetime
	}
	for _, f := range in.Fields {
		if !slices.Contains(AllFields, f) {
			say("fields", "A link can hold "+strings.Join(AllFields, ", ")+", and nothing else.")
			break
		}
	}
	if len(in.Fields) == 0 {
		say("fields", "Choose at least one field that the recipient is to see.")
	}
	in.Fields = slices.DeleteFunc(slices.Clone(AllFields), func(f string) bool { return !slices.Contains(in.Fields, f) })
	if in.Views < 1 || in.Views > MostViews {
		say("views", fmt.Sprintf("A link can be opened between 1 and %d times.", MostViews))
	}
	if in.Life < Shortest || in.Life > Longest {
		say("life", "A link lives between 10 minutes and 30 days.")
	}
	if n := utf8.RuneCountInString(in.Passphrase.Reveal()); n > 0 && (n < leastPhrase || n > mostPhrase) {
		say("passphrase", fmt.Sprintf("Use at least %d characters and at most %d, or no passphrase.", leastPhrase, mostPhrase))
	}
	note := in.Note.Reveal()
	if utf8.RuneCountInString(note) > mostNote {
		say("note", fmt.Sprintf("Write at most %d characters.", mostNote))
	} else if !utf8.ValidString(note) {
		say("note", "This is not valid text (UTF-8).")
	}
	return fault.BadFields(bad)
}
