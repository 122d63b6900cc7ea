package mail

import (
	"encoding/json"
	"fmt"
	netmail "net/mail"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"bailiwick/internal/gate"
	"bailiwick/internal/id"
	"bailiwick/internal/seal"
)

// Mail is one mail to one user. What a kind has no use for stays empty.
type Mail struct {
	Kind Kind   `json:"kind"`
	To   string `json:"-"` // id of the user; the mail goes to the stored address
	// Address is another address of the same user: the new one that he is to
	// confirm, or the former one that is told of the change.
	Address string `json:"-"`
	// Link is a path of this server: "/invitation?token=…". It may be a secret.
	Link    seal.Secret `json:"-"`
	Expires time.Time   `json:"expires,omitzero"` // of the link
	By      string      `json:"by,omitempty"`     // name of whoever caused it
	About   string      `json:"about,omitempty"`  // name of what, or of whom, it is about
	Allowed bool        `json:"allowed,omitempty"`
	Message string      `json:"message,omitempty"` // typed by whoever caused it
	Things  []string    `json:"things,omitempty"`  // names of what was given or shared
	Facts   []Fact      `json:"facts,omitempty"`
	// Lookup finds the one-time link of a user that the mail carries, KeyLink
	// the organization-key link: a mail whose link leads nowhere is not sent.
	Lookup  []byte `json:"-"`
	KeyLink string `json:"-"`
}

// body is what is sealed of a mail.
type body struct {
	Mail
	Link string `json:"link,omitempty"`
}

// Fact is a line such as "Time: 2 November 2026, 09:00 UTC".
type Fact struct {
	Label string `json:"label"`
	Text  string `json:"text"`
}

var (
	sqlUser = gate.SQL(`SELECT email FROM users WHERE org_id = $1 AND id = $2`)
	sqlAdd  = gate.SQL(`INSERT INTO mails (org_id, id, kind, user_id, address, state, created_at, next_at, expires_at, held_by, held_until, body_box, link_lookup, key_link)
		VALUES ($1, $2, $3, $4, $5, 'waiting', $6, $6, $7, $8, $9, $10, $11, $12)`)
)

// Enqueue writes a mail to the outbox in the caller's transaction: it is sent
// if, and only after, that is committed. It gives the mail's id.
func (s *Store) Enqueue(tx *gate.Tx, m Mail) (string, error) {
	k, ok := kinds[m.Kind]
	if !ok {
		return "", fmt.Errorf("no kind of mail is called %q", m.Kind)
	}
	if err := m.check(k); err != nil {
		return "", fmt.Errorf("mail of kind %q: %w", m.Kind, err)
	}
	var stored string
	if err := tx.Row(sqlUser, m.To).Scan(&stored); err != nil {
		return "", err
	}
	if m.Address == "" {
		m.Address = stored
	}
	if err := checkAddress(m.Address); err != nil {
		return "", fmt.Errorf("mail to %s: %w", m.To, err)
	}
	expires := m.Expires
	if expires.IsZero() {
		expires = tx.Now().Add(useful)
	}
	org, made := tx.Who().Org(), id.New("mail")
	var box []byte
	heldBy, heldUntil := "", int64(0)
	if k.held {
		heldBy, heldUntil = s.node, tx.Now().Add(holding).UnixMilli()
	} else {
		plain, err := json.Marshal(body{m, m.Link.Reveal()})
		if err != nil {
			return "", err
		}
		box = s.instance.SealPadded(seal.PurposeServerSecret, placeOfBody(org, made, m.Kind, m.To, m.Address), plain)
	}
	_, err := tx.Exec(sqlAdd, made, string(m.Kind), m.To, m.Address, tx.Millis(), expires.UnixMilli(), heldBy, heldUntil, box, m.Lookup, m.KeyLink)
	tx.After(func() {
		if k.held {
			s.hold(org, made, m)
		}
		s.wake(org)
	})
	return made, err
}

func (s *Store) hold(org, id string, m Mail) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.held[id], s.heldOrg[id] = m, org
}

func (s *Store) release(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.held, id)
	delete(s.heldOrg, id)
}

func (s *Store) holds(id string) (Mail, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, ok := s.held[id]
	return m, ok
}

func (m Mail) check(k kind) error {
	switch {
	case m.To == "":
		return fmt.Errorf("it goes to nobody")
	case k.link == "" && !m.Link.IsEmpty(), k.must && m.Link.IsEmpty():
		return fmt.Errorf("a link is missing, or has no place in it")
	case !m.Link.IsEmpty() && !ourPath(m.Link.Reveal()):
		return fmt.Errorf("its link must be a path of this server")
	case m.Address != "" && !k.elsewhere:
		return fmt.Errorf("it goes to the stored address only")
	case len(m.Message) > 4000 || len(m.By) > 400 || len(m.About) > 400 || len(m.Things) > 2000 || len(m.Facts) > 20:
		return fmt.Errorf("it is too long")
	}
	return nil
}

func ourPath(p string) bool {
	return strings.HasPrefix(p, "/") && !strings.HasPrefix(p, "//") && !strings.ContainsFunc(p, notInLink)
}

func notInLink(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune(`"<>\^{|}`, r) }

// checkAddress takes one plain address and nothing that could begin a header,
// a second recipient or a command of SMTP.
func checkAddress(address string) error {
	a, err := netmail.ParseAddress(address)
	if err != nil || a.Address != address || a.Name != "" || strings.ContainsFunc(address, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) || r == '<' || r == '>' }) {
		return fmt.Errorf("the stored address is not one that a mail can be sent to")
	}
	return nil
}

// oneLine makes a text fit for a header: one line, of a bearable length.
func oneLine(s string, most int) string {
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return unicode.IsControl(r) || unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || r == utf8.RuneError
	}), " ")
	if r := []rune(s); len(r) > most {
		s = string(r[:most-1]) + "…"
	}
	return s
}
