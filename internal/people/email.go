package people

import (
	"context"
	"time"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/mail"
	"bailiwick/internal/org"
)

// OpAddress is for anyone: the link, which went to the new address alone, is
// the proof, and is used up inside the transaction.
var OpAddress = gate.Define(gate.Op{Name: "user.address.confirm", Sentence: "Confirm a new address by its one-time link", Scope: gate.Anyone, Write: true, Audit: true})

const addressLife = 48 * time.Hour

// askAddress mails the new address; until it is confirmed the present one
// counts, also for mails.
func (s *Store) askAddress(tx *gate.Tx, user, address string) error {
	l, err := link(tx, user, linkAddress, address, addressLife)
	if err != nil {
		return err
	}
	_, err = s.mail.Enqueue(tx, l.in(mail.Mail{Kind: mail.ConfirmAddress, To: user, Address: address}))
	return err
}

// NewAddress is what the page of a link that confirms an address shows.
type NewAddress struct {
	OrgName, Address string
	Expires          time.Time
}

var (
	sqlOrgName    = gate.SQL(`SELECT name FROM organizations WHERE id = $1`)
	sqlAddressOf  = gate.SQL(`SELECT email, name FROM users WHERE org_id = $1 AND id = $2 AND enabled`)
	sqlSetAddress = gate.SQL(`UPDATE users SET email = $3, email_folded = $4, email_looks = $5, mail_failed_at = 0, version = version + 1 WHERE org_id = $1 AND id = $2`)
)

// Address shows the page of a link, and does not use it.
func (s *Store) Address(ctx context.Context, l Link, ip string, trace *gate.Trace) (NewAddress, error) {
	if err := s.browsers.Throttle(ip); err != nil {
		return NewAddress{}, err
	}
	return gate.Do(ctx, s.gate, gate.Stranger(l.org, ip, trace), opSeeLink, gate.Nothing(), func(tx *gate.Tx) (n NewAddress, err error) {
		if _, n.Address, n.Expires, err = l.see(tx, linkAddress); err != nil {
			return n, err
		}
		s.browsers.GiveBack(ip)
		return n, tx.Row(sqlOrgName).Scan(&n.OrgName)
	})
}

// ConfirmAddress makes the new address the user's, and tells the former one.
func (s *Store) ConfirmAddress(ctx context.Context, l Link, ip string, trace *gate.Trace) error {
	if err := s.browsers.Throttle(ip); err != nil {
		return err
	}
	_, err := gate.Do(ctx, s.gate, gate.Stranger(l.org, ip, trace), OpAddress, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		user, address, err := l.use(tx, linkAddress)
		if err != nil {
			return false, err
		}
		var was, name string
		if err := tx.Row(sqlAddressOf, user).Scan(&was, &name); err != nil {
			return false, orUsed(err)
		}
		if text, err := taken(tx, address, user); err != nil || text != "" {
			if err == nil {
				err = fault.Cannot("Somebody else has this address by now. Nothing was changed.")
			}
			return false, err
		}
		if err := tx.One(sqlSetAddress, user, address, org.Fold(address), org.Looks(address)); err != nil {
			return false, err
		}
		ev := tx.Event()
		ev.Kind, ev.ID, ev.Name, ev.Actor, ev.Fields = "user", user, name, user, []string{"email"}
		if _, err := s.mail.Enqueue(tx, mail.Mail{Kind: mail.AddressChanged, To: user, Address: was}); err != nil {
			return false, err
		}
		return true, tx.BumpAccess()
	})
	if err == nil {
		s.browsers.GiveBack(ip)
	}
	return err
}
