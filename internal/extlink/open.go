package extlink

import (
	"context"
	"errors"
	"fmt"
	"time"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/mail"
	"bailiwick/internal/org"
	"bailiwick/internal/seal"
)

// Opened is one view of a link. Box is what the key behind the # opens, at the
// place of the copy in the organization's table of links.
type Opened struct {
	Org, Organization, Sender string
	Box                       []byte
	View, Most                int64
	Expires                   time.Time
}

var (
	sqlRow = gate.SQL(`SELECT credential_id, made_by, fields, made_at, expires_at, most_views, guarded, outer_epoch, passphrase_record, copy_box FROM external_links
		WHERE org_id = $1 AND id = $2 AND ended_at = 0 AND expires_at > $3 AND credential_id IN (SELECT id FROM credentials WHERE org_id = $1 AND archived_at = 0)`)
	sqlView = gate.SQL(`UPDATE external_links SET views = views + 1, viewed_at = $3, tries = tries - $4
		WHERE org_id = $1 AND id = $2 AND ended_at = 0 AND expires_at > $3 AND views < most_views RETURNING views`)
	sqlLog   = gate.SQL(`INSERT INTO external_link_views (org_id, link_id, number, at, ip) VALUES ($1, $2, $3, $4, $5)`)
	sqlNames = gate.SQL(`SELECT o.name, COALESCE(NULLIF(u.name, ''), u.email), c.name FROM organizations o JOIN users u ON u.org_id = o.id JOIN clients c ON c.org_id = o.id WHERE o.id = $1 AND u.id = $2 AND c.id = $3`)
	sqlTry   = gate.SQL(`UPDATE external_links SET tries = tries + 1 WHERE org_id = $1 AND id = $2 AND guarded AND tries < $4 AND ended_at = 0 AND expires_at > $3 RETURNING tries, outer_epoch, passphrase_record`)
	sqlBack  = gate.SQL(`UPDATE external_links SET tries = tries - 1 WHERE org_id = $1 AND id = $2 AND tries > 0`)
)

// Open is one view of the actor's link. Whatever is over, and whatever the
// sender may not share any more, is absent. A missing or wrong passphrase is
// invalid, and uses no view.
func (s *Store) Open(ctx context.Context, who gate.Actor, passphrase seal.Secret) (Opened, error) {
	var p seal.Key
	if !passphrase.IsEmpty() {
		var err error
		if p, err = s.try(ctx, who, passphrase); err != nil {
			return Opened{}, s.lost(ctx, who, err)
		}
	}
	o, err := gate.Do(ctx, s.gate, who, OpOpen, gate.Credential(who.About()), func(tx *gate.Tx) (Opened, error) {
		return s.open(tx, p)
	})
	return o, s.lost(ctx, who, err)
}

func (s *Store) open(tx *gate.Tx, p seal.Key) (o Opened, err error) {
	who := tx.Who()
	r, err := read(tx, who.Session())
	if err != nil {
		return o, err
	}
	if r.guarded && !p.Valid() {
		return o, fault.Bad("passphrase", "The sender protected this link with a passphrase. Enter it; it was told to you by another way.")
	}
	outer, err := s.org.Outer(tx, r.epoch)
	if err != nil {
		return o, err
	}
	o = Opened{Org: who.Org(), Most: r.most, Expires: at(r.expires)}
	if o.Box, err = seal.OpenLink(p, outer, placeOfCopy(o.Org, r.id, r.terms(), r.epoch), r.copy); err != nil {
		return o, fmt.Errorf("copy of %s does not open: the database was changed from outside, or is damaged: %w", r.id, err)
	}
	tried := 0
	if r.guarded {
		tried = 1 // this one was right
	}
	if err = tx.Row(sqlView, r.id, tx.Millis(), tried).Scan(&o.View); err != nil {
		return o, err
	}
	if _, err = tx.Exec(sqlLog, r.id, o.View, tx.Millis(), who.IP()); err != nil {
		return o, err
	}
	if o.View == r.most {
		if err = end(tx, r.id, Used); err != nil {
			return o, err
		}
	}
	tx.Event().Fields = []string{"fields: " + r.fields, fmt.Sprintf("view %d of %d", o.View, o.Most)}
	var client string
	if err = tx.Row(sqlNames, r.by, tx.ClientID()).Scan(&o.Organization, &o.Sender, &client); err != nil {
		return o, err
	}
	return o, s.tell(tx, mail.LinkOpened, r, client, fmt.Sprintf("%d of %d", o.View, o.Most))
}

// tell mails the sender. The mail names the client and no more: titles are
// sealed.
func (s *Store) tell(tx *gate.Tx, kind mail.Kind, r row, client, count string) error {
	_, err := s.mail.Enqueue(tx, mail.Mail{Kind: kind, To: r.by, About: client, Link: seal.NewSecret("/links"), Facts: []mail.Fact{
		{Label: "Time", Text: mail.Stamp(tx.Now())}, {Label: "Address", Text: tx.Who().IP()}, {Label: "View", Text: count},
		{Label: "Link made", Text: mail.Stamp(at(r.made))}, {Label: "Link expires", Text: mail.Stamp(at(r.expires))}}})
	return err
}

func read(tx *gate.Tx, link string) (r row, err error) {
	r.id = link
	err = tx.Row(sqlRow, link, tx.Millis()).Scan(&r.credential, &r.by, &r.fields, &r.made, &r.expires, &r.most, &r.guarded, &r.epoch, &r.record, &r.copy)
	return r, err
}

// tried is a try that was counted before it is checked, so that parallel ones
// get no more than the allowed number.
type tried struct {
	outer  seal.Key
	record []byte
	n      int64
	epoch  int64
}

// try checks a passphrase and gives its P; no key for a link that has none.
func (s *Store) try(ctx context.Context, who gate.Actor, passphrase seal.Secret) (seal.Key, error) {
	t, err := gate.Do(ctx, s.gate, who, OpTry, gate.Credential(who.About()), func(tx *gate.Tx) (t tried, err error) {
		if r, err := read(tx, who.Session()); err != nil || !r.guarded {
			return t, errors.Join(err, map[bool]error{true: errNoPassphrase}[err == nil])
		}
		if err = tx.Row(sqlTry, who.Session(), tx.Millis(), Tries).Scan(&t.n, &t.epoch, &t.record); err != nil {
			return t, err
		}
		tx.Event().Fields = []string{fmt.Sprintf("passphrase, try %d of %d", t.n, Tries)}
		t.outer, err = s.org.Outer(tx, t.epoch)
		return t, err
	})
	if errors.Is(err, errNoPassphrase) {
		return seal.Key{}, nil
	}
	if err != nil {
		return seal.Key{}, err
	}
	p, _, err := s.org.Argon().Open(ctx, passphrase, t.outer, placeOfPassphrase(who.Org(), who.Session(), t.epoch), t.record)
	switch {
	case err == nil:
		return p, nil
	case !errors.Is(err, seal.ErrOpen) && !errors.Is(err, seal.ErrCost):
		_, failed := gate.Do(context.WithoutCancel(ctx), s.gate, gate.Stranger(who.Org(), who.IP(), nil), opGiveBack, gate.Nothing(), func(tx *gate.Tx) (int64, error) {
			return tx.Exec(sqlBack, who.Session())
		})
		return seal.Key{}, errors.Join(org.Waiting(err), failed)
	case t.n >= Tries:
		return seal.Key{}, s.over(ctx, who, Guessed)
	}
	left := "tries are"
	if Tries-t.n == 1 {
		left = "try is"
	}
	return seal.Key{}, fault.Bad("passphrase", "This is not the passphrase. %d more %s left; then the link is over. No view was used.", Tries-t.n, left)
}

var errNoPassphrase = errors.New("this link asks for no passphrase")

// lost ends a link whose sender may not share the credential any more, so that
// it does not come back with his access.
func (s *Store) lost(ctx context.Context, who gate.Actor, err error) error {
	if !fault.Is(err, fault.Absent) {
		return err
	}
	if failed := s.over(ctx, who, NoAccess); !fault.Is(failed, fault.Absent) {
		return failed
	}
	return err
}

// over ends the actor's link and answers as for one that never was.
func (s *Store) over(ctx context.Context, who gate.Actor, why string) error {
	_, err := gate.Do(context.WithoutCancel(ctx), s.gate, gate.Stranger(who.Org(), who.IP(), nil), opEnded, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		r, err := read(tx, who.Session())
		if errors.Is(err, gate.ErrNoRows) {
			return false, fault.NotFound()
		}
		if err != nil {
			return false, err
		}
		if why == NoAccess { // or it is only the tries that are used up
			if holds, err := tx.LinkHolds(OpOpen, r.by, r.credential); err != nil || holds {
				return false, errors.Join(err, fault.NotFound())
			}
		}
		e := tx.Event()
		e.Kind, e.ID, e.Fields = string(gate.KindCredential), r.credential, []string{why}
		if err := tx.Row(sqlClientOf, r.credential).Scan(&e.Client); err != nil {
			return false, err
		}
		if err := end(tx, r.id, why); err != nil || why != Guessed {
			return true, err
		}
		var provider, sender, client string
		if err := tx.Row(sqlNames, r.by, e.Client).Scan(&provider, &sender, &client); err != nil {
			return false, err
		}
		return true, s.tell(tx, mail.LinkGuessed, r, client, "none")
	})
	if err != nil {
		return err
	}
	return fault.NotFound()
}
