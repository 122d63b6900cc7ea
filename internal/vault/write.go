package vault

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/id"
	"bailiwick/internal/otp"
	"bailiwick/internal/seal"
)

var sqlAdd = gate.SQL(`INSERT INTO credentials (org_id, id, client_id, owner_id, folder_id, type, expires_at, created_at, changed_at, password_at, judged_by, changed_by, change_seq,
	key_id, key_epoch, key_box, overview_version, overview_box, secret_version, secret_box)
	VALUES ($1, $2, NULLIF($3, ''), NULLIF($4, ''), NULLIF($5, ''), $6, $7, $8, $8, $8, $18, $9, $10, $11, $12, $13, $14, $15, $16, $17)`)

// Add adds a credential at a place.
func (s *Store) Add(ctx context.Context, who gate.Actor, place Place, in Input) (string, error) {
	if err := in.check(); err != nil {
		return "", err
	}
	s.opened(who)
	return gate.Do(ctx, s.gate, who, OpAdd, place.target(), func(tx *gate.Tx) (string, error) {
		if in.TOTP != "" && !tx.May(OpTOTP, place.target()) {
			return "", fault.NotFound()
		}
		kinds, err := KindsAt(tx, place)
		if err != nil {
			return "", err
		}
		if err := kinds.settle(&in, ""); err != nil {
			return "", err
		}
		return add(tx, place, in, true)
	})
}

// add adds a credential. A new password must meet the minimums where they are
// enforced; one that only comes from elsewhere is marked as weak.
func add(tx *gate.Tx, place Place, in Input, fresh bool) (string, error) {
	credential, owner := id.New("cred"), ""
	if place.Own {
		owner = tx.Who().User()
	}
	v, err := judge(tx, place.Client, in, fresh)
	if err != nil {
		return "", err
	}
	it, err := newItem(tx, credential, place.Client)
	if err != nil {
		return "", err
	}
	org := tx.Who().Org()
	if err := it.sealOverview(org, 1, in.Overview); err != nil {
		return "", err
	}
	if err := it.sealSecret(org, 1, in.Secret); err != nil {
		return "", err
	}
	seq, err := tx.NextChange()
	if err != nil {
		return "", err
	}
	_, err = tx.Exec(sqlAdd, credential, place.Client, owner, place.Folder, in.Type, millis(in.Expires), tx.Millis(), tx.Who().User(), seq,
		it.keyID, it.epoch, it.keyBox, it.overviewVersion, it.overview, it.secretVersion, it.secret, v.mark)
	if err != nil {
		return "", err
	}
	if err := v.note(tx, credential, 1); err != nil {
		return "", err
	}
	// Who entered a password knows it.
	if err := saw(tx, credential, 1); err != nil {
		return "", err
	}
	e := tx.Event()
	e.Kind, e.ID, e.Owner, e.Sealed = "credential", credential, owner, it.hash()
	tx.Title(place.Client, in.Title)
	return credential, nil
}

var (
	sqlKeep = gate.SQL(`INSERT INTO credential_versions (org_id, credential_id, version, type, changed_at, changed_by, changed_fields, password_rev, expires_at,
			key_id, key_epoch, key_box, overview_version, overview_box, secret_version, secret_box)
		SELECT org_id, id, version, type, changed_at, changed_by, changed_fields, password_rev, expires_at,
			key_id, key_epoch, key_box, overview_version, overview_box, secret_version, secret_box
		FROM credentials WHERE org_id = $1 AND id = $2`)
	sqlEdit = gate.SQL(`UPDATE credentials SET type = $3, expires_at = $4, changed_at = $5, changed_by = $6, changed_fields = $7, change_seq = $8, password_rev = $9,
			key_id = $10, key_epoch = $11, key_box = $12, overview_version = $13, overview_box = $14, secret_version = $15, secret_box = $16, password_at = $18, judged_by = $19, key_stale = FALSE, version = version + 1
		WHERE org_id = $1 AND id = $2 AND version = $17`)
)

// Edit changes a credential that the actor read at a version. Somebody else's
// change in between is a conflict, and nothing is saved.
func (s *Store) Edit(ctx context.Context, who gate.Actor, credential string, version int64, in Input) (int64, error) {
	if err := in.check(); err != nil {
		return 0, err
	}
	return gate.Do(ctx, s.gate, who, OpEdit, gate.Credential(credential), func(tx *gate.Tx) (int64, error) {
		kinds, err := KindsAt(tx, Place{Client: tx.ClientID()})
		if err != nil {
			return 0, err
		}
		return edit(tx, credential, version, true, func(c *stored, _ Secret) (Input, error) { return in, kinds.settleOf(&in, c) })
	})
}

// Patch changes only the given fields; nil leaves a field as it is. It lets
// callers edit a credential without seeing its secret.
type Patch struct {
	Type, Title, Username, Password, Notes, TOTP *string
	URLs, Tags                                   *[]string
	Fields                                       *[]Field
	Expires                                      *time.Time
}

// Patch applies a Patch to a version.
func (s *Store) Patch(ctx context.Context, who gate.Actor, credential string, version int64, p Patch) (int64, error) {
	s.opened(who)
	return gate.Do(ctx, s.gate, who, OpEdit, gate.Credential(credential), func(tx *gate.Tx) (int64, error) {
		return edit(tx, credential, version, true, func(c *stored, secret Secret) (Input, error) {
			kinds, err := KindsAt(tx, Place{Client: tx.ClientID()})
			if err != nil {
				return Input{}, err
			}
			in := Input{Type: c.Type, Expires: c.Expires, Overview: c.Overview, Secret: secret}
			set(&in.Type, p.Type)
			set(&in.Title, p.Title)
			set(&in.Username, p.Username)
			set(&in.Password, p.Password)
			set(&in.Notes, p.Notes)
			set(&in.TOTP, p.TOTP)
			set(&in.Fields, p.Fields)
			set(&in.Expires, p.Expires)
			set(&in.URLs, p.URLs)
			set(&in.Tags, p.Tags)
			if err := in.check(); err != nil {
				return in, err
			}
			return in, kinds.settleOf(&in, c)
		})
	})
}

func set[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}

// edit keeps the present version in the history and writes the next one. An
// item of an earlier epoch gets a new item key first: nothing new is sealed
// under keys that somebody removed may have seen.
func edit(tx *gate.Tx, credential string, version int64, fresh bool, change func(*stored, Secret) (Input, error)) (int64, error) {
	org := tx.Who().Org()
	c, err := load(tx, credential)
	if err != nil {
		return 0, err
	}
	if c.Version != version {
		return 0, fault.Stale("credential")
	}
	old, err := c.openSecret(org)
	if err != nil {
		return 0, err
	}
	in, err := change(c, old)
	if err != nil {
		return 0, err
	}
	fields := differences(c, old, in)
	if len(fields) == 0 {
		return version, nil
	}
	if slices.Contains(fields, "totp") && !tx.May(OpTOTP, gate.At(c.lies())) {
		return 0, fault.NotFound()
	}
	n := next{stored: c, Input: in, fields: fields, version: version, rev: c.rev, since: c.passwordAt, verdict: verdict{mark: c.judged}}
	if slices.Contains(fields, "type") {
		n.mark = 0 // judged anew in the background: of a PIN less is asked
	}
	if slices.Contains(fields, "password") {
		n.rev, n.since = n.rev+1, tx.Millis()
		if n.before, err = usedBefore(tx, c, in.Password); err != nil {
			return 0, err
		}
		if len(n.before.revs) > 0 {
			n.since = n.before.since
		}
		if n.verdict, err = judge(tx, c.ClientID, in, fresh); err != nil {
			return 0, err
		}
		if err := saw(tx, credential, n.rev); err != nil {
			return 0, err
		}
	}
	if err := n.seal(tx, old); err != nil {
		return 0, err
	}
	e := tx.Event()
	e.Fields, e.Sealed = fields, n.item.hash()
	tx.Title(c.ClientID, in.Title)
	if c.got.from != "" {
		return version + 1, n.storeThere(tx)
	}
	return version + 1, n.store(tx, tx.Who().User())
}

// next is the next version of a credential.
type next struct {
	*stored
	Input
	fields              []string
	version, rev, since int64
	verdict
	before earlierUse
	item   *item
}

// seal seals what changed. Of what another organization shares it is sealed
// under the key at hand.
func (n *next) seal(tx *gate.Tx, old Secret) (err error) {
	if n.got.from == "" {
		n.item, err = reseal(tx, n.stored, n.Input, old, n.version+1)
		return err
	}
	n.item = &n.stored.item
	return n.item.sealChanged(tx.Who().Org(), n.version+1, n.stored.Overview, old, n.Input)
}

// store keeps the present version in the history, and puts the next in its
// place, in the organization whose credential it is.
func (n *next) store(tx *gate.Tx, by string) error {
	id, it := n.ID, n.item
	if _, err := tx.Exec(sqlKeep, id); err != nil {
		return err
	}
	if slices.Contains(n.fields, "expires") {
		if _, err := tx.Exec(sqlPostpone, id); err != nil {
			return err
		}
	}
	if slices.Contains(n.fields, "password") {
		if _, err := tx.Exec(sqlAnswered, id); err != nil {
			return err
		}
		if _, err := tx.Exec(sqlDateAnswered, id, tx.Millis()); err != nil {
			return err
		}
		if err := n.before.comesBack(tx, id, n.rev); err != nil {
			return err
		}
		if n.got.from == "" { // the other side judges it by its own minimums
			if err := n.note(tx, id, n.rev); err != nil {
				return err
			}
		}
	}
	seq, err := tx.NextChange()
	if err != nil {
		return err
	}
	err = orStale(tx.One(sqlEdit, id, n.Input.Type, millis(n.Input.Expires), tx.Millis(), by, strings.Join(n.fields, "\n"), seq, n.rev,
		it.keyID, it.epoch, it.keyBox, it.overviewVersion, it.overview, it.secretVersion, it.secret, n.version, n.since, n.mark))
	if err != nil || n.got.from != "" { // whose own side storeThere sees to
		return err
	}
	return n.before.comesBackThere(tx, id, n.rev)
}

// reseal seals what changed; both envelopes when the item key is new.
func reseal(tx *gate.Tx, c *stored, in Input, old Secret, version int64) (*item, error) {
	it, org := &c.item, tx.Who().Org()
	_, epoch, err := writing(tx, c.ClientID)
	if err != nil {
		return nil, err
	}
	fresh := it.epoch != epoch || c.stale
	if fresh {
		if it, err = newItem(tx, c.ID, c.ClientID); err != nil {
			return nil, err
		}
	}
	if !fresh {
		return it, it.sealChanged(org, version, c.Overview, old, in)
	}
	if err := it.sealOverview(org, version, in.Overview); err != nil {
		return nil, err
	}
	return it, it.sealSecret(org, version, in.Secret)
}

// sealChanged seals the envelopes in which something changed.
func (it *item) sealChanged(org string, version int64, was Overview, old Secret, in Input) error {
	if !reflect.DeepEqual(was, in.Overview) {
		if err := it.sealOverview(org, version, in.Overview); err != nil {
			return err
		}
	}
	if old.same(in.Secret) {
		return nil
	}
	return it.sealSecret(org, version, in.Secret)
}

// differences names the fields that differ; never their values.
func differences(c *stored, old Secret, in Input) []string {
	var fields []string
	for _, f := range []struct {
		name string
		same bool
	}{
		{"type", c.Type == in.Type}, {"expires", c.expires == millis(in.Expires)},
		{"title", c.Title == in.Title}, {"username", c.Username == in.Username},
		{"urls", slices.Equal(c.URLs, in.URLs)}, {"tags", slices.Equal(c.Tags, in.Tags)},
		{"password", same(old.Password, in.Password)}, {"notes", same(old.Notes, in.Notes)},
		{"totp", same(old.TOTP, in.TOTP)}, {"fields", sameFields(old.Fields, in.Fields)},
	} {
		if !f.same {
			fields = append(fields, f.name)
		}
	}
	return fields
}

func (s Secret) same(t Secret) bool {
	return same(s.Password, t.Password) && same(s.Notes, t.Notes) && same(s.TOTP, t.TOTP) && sameFields(s.Fields, t.Fields)
}

// same takes no less time the sooner two secrets differ.
func same(a, b string) bool { return seal.NewSecret(a).Equal(seal.NewSecret(b)) }

func sameFields(a, b []Field) bool {
	return slices.EqualFunc(a, b, func(x, y Field) bool { return x.Name == y.Name && x.Kind() == y.Kind() && same(x.Value, y.Value) })
}

// check says everything that is wrong with an input, and tidies what may be
// tidied without loss.
func (in *Input) check() error {
	var bad []fault.Field
	in.Title = strings.TrimSpace(in.Title)
	if in.Title == "" {
		bad = append(bad, fault.Field{Name: "title", Text: "Give the credential a title by which it can be found."})
	}
	if in.TOTP != "" {
		key, err := otp.Parse(in.TOTP)
		if err != nil {
			if f, ok := fault.As(err); ok {
				bad = append(bad, f.Fields...)
			}
		} else {
			in.TOTP = key.Text
		}
	}
	in.Code = in.TOTP != ""
	in.URLs, in.Tags = tidy(in.URLs), tidy(in.Tags)
	limits := []struct {
		name, value string
		limit       int
	}{{"title", in.Title, 300}, {"username", in.Username, 500}, {"password", in.Password, 10_000}, {"notes", in.Notes, 100_000},
		{"urls", strings.Join(in.URLs, "\n"), 20_000}, {"tags", strings.Join(in.Tags, "\n"), 5_000}, {"type", in.Type, 200}}
	for _, l := range limits {
		if utf8.RuneCountInString(l.value) > l.limit {
			bad = append(bad, fault.Field{Name: l.name, Text: "This is too long."})
		} else if !utf8.ValidString(l.value) {
			bad = append(bad, fault.Field{Name: l.name, Text: "This is not valid text (UTF-8)."})
		}
	}
	return fault.BadFields(append(bad, checkFields(in.Fields)...))
}

func tidy(list []string) []string {
	var out []string
	for _, s := range list {
		if s = strings.TrimSpace(s); s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}
