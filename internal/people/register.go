package people

import (
	"context"
	"strings"
	"time"

	"bailiwick/internal/fault"
	"bailiwick/internal/find"
	"bailiwick/internal/gate"
	"bailiwick/internal/id"
	"bailiwick/internal/kb"
	"bailiwick/internal/mail"
	"bailiwick/internal/org"
)

// Registration is somebody who registers himself at an organization.
type Registration struct {
	Org   string // id
	Base  string // path of the knowledge base where he does it; "" elsewhere
	Email string
	IP    string
	Trace *gate.Trace
}

var (
	opRegister = gate.Define(gate.Op{Name: "user.register", Sentence: "Register oneself as a guest, where that is switched on", Scope: gate.Anyone, Write: true, Audit: true})
	opOpen     = gate.Define(gate.Op{Name: "user.register.open", Sentence: "Find out whether self-registration is switched on", Scope: gate.Anyone})
	opForget   = gate.Define(gate.Op{Name: "user.sweep", Sentence: "Drop registrations that were never confirmed, and end what was left running", Scope: gate.Anyone, Write: true})

	sqlAddGuest = gate.SQL(`INSERT INTO users (org_id, id, email, email_folded, email_looks, name, name_folded, kind, approved, invited, unconfirmed, created_at)
		VALUES ($1, $2, $3, $4, $5, '', $6, 'guest', $7, TRUE, TRUE, $8)`)
	sqlAsked = gate.SQL(`SELECT COUNT(*) FROM users u JOIN user_links l ON l.org_id = u.org_id AND l.user_id = u.id AND l.kind = $4 WHERE u.org_id = $1 AND u.email_folded = $2 AND l.made_at > $3`)
	sqlNoted = gate.SQL(`UPDATE organizations SET failed_tries = failed_tries + 1 WHERE id = $1`)
)

// pause is how long nobody gets another mail of the same kind that a stranger
// asked for: mails must not become a way to flood somebody.
const pause = 2 * time.Minute

// RegistrationOpen reports whether an organization lets people register, at a
// knowledge base, whose name it gives, or, where base is "", at its own address.
func (s *Store) RegistrationOpen(ctx context.Context, orgID, base, ip string, trace *gate.Trace) (name string, open bool, err error) {
	open, err = gate.Do(ctx, s.gate, gate.Stranger(orgID, ip, trace), opOpen, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		at, _, open, err := registers(tx, base)
		if open {
			name = at.Name
		}
		return open, err
	})
	return name, open, err
}

// registers gives the knowledge base of a path, and whether people register
// there.
func registers(tx *gate.Tx, base string) (at kb.Named, st Settings, open bool, err error) {
	if st, err = ReadSettings(tx); err != nil || !st.SelfRegistration || base == "" {
		return at, st, st.SelfRegistration, err
	}
	at, open, err = kb.Registers(tx, base)
	return at, st, open, err
}

// Register mails a link that confirms the address and leads to the page where
// name and password are set; whoever follows it is a guest, and waits for
// approval where that is required. The answer is the same whether the address
// is known or not: what follows from it is done after the answer.
func (s *Store) Register(ctx context.Context, in Registration) error {
	if err := s.browsers.Throttle(in.IP); err != nil {
		return err
	}
	in.Email = strings.TrimSpace(in.Email)
	if text := addressProblem(in.Email); text != "" {
		return fault.Bad("email", "%s", text)
	}
	_, open, err := s.RegistrationOpen(ctx, in.Org, in.Base, in.IP, in.Trace)
	if err != nil {
		return err
	}
	if !open {
		return errNotYours
	}
	return s.aside.do(func(ctx context.Context) { _ = s.register(ctx, in) })
}

func (s *Store) register(ctx context.Context, in Registration) error {
	_, err := gate.Do(ctx, s.gate, gate.Stranger(in.Org, in.IP, nil), opRegister, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		at, st, open, err := registers(tx, in.Base)
		if err != nil || !open {
			return false, err
		}
		asked := 0
		if err := tx.Row(sqlAsked, org.Fold(in.Email), tx.Now().Add(-pause).UnixMilli(), string(linkInvitation)).Scan(&asked); err != nil {
			return false, err
		}
		problem, err := "", error(nil)
		if asked == 0 {
			problem, err = takenByVariant(tx, in.Email)
		}
		if err != nil || asked > 0 || problem != "" {
			_, err = tx.Exec(sqlNoted)
			return false, err
		}
		user := id.New("user")
		if _, err := tx.Exec(sqlAddGuest, user, in.Email, org.Fold(in.Email), org.Looks(in.Email), find.Plain(in.Email), !st.ApprovalRequired, tx.Millis()); err != nil {
			return false, err
		}
		if at.ID != "" { // never more than Reader, and nothing before he is approved
			if err := kb.Give(tx, at.ID, user, gate.Reader); err != nil {
				return false, err
			}
		}
		l, err := link(tx, user, linkInvitation, "", 24*time.Hour)
		if err != nil {
			return false, err
		}
		ev := tx.Event()
		ev.Kind, ev.ID, ev.Name = "user", user, in.Email
		_, err = s.mail.Enqueue(tx, l.in(mail.Mail{Kind: mail.Registration, To: user, About: at.Name}))
		return true, err
	})
	return err
}
