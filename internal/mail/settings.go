package mail

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"strings"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/seal"
)

// Security is how the connection to the mail server is protected.
type Security string

const (
	// StartTLS begins in the clear and demands TLS before anything is said.
	StartTLS Security = "starttls"
	// TLS is TLS from the first byte.
	TLS Security = "tls"
	// Plain is no protection: to this machine only.
	Plain Security = "none"
)

// Settings are an organization's. An empty Host means that no mail is sent.
type Settings struct {
	Public   string      `json:"public"` // address of this server in links; "": the server's own
	Host     string      `json:"host"`
	Port     int         `json:"port"`
	Security Security    `json:"security"`
	User     string      `json:"user"` // "": the server asks for none
	Password seal.Secret `json:"-"`
	Name     string      `json:"name"` // of the sender; "": the organization's
	Address  string      `json:"address"`
	// Rest is what becomes of the mails that wait when a mail server is set:
	// RestSend or RestDrop. It must be said, for their links may have been
	// passed on by hand.
	Rest string `json:"-"`
}

// What becomes of the mails that wait.
const (
	RestSend = "send"
	RestDrop = "drop"
)

// Sends reports whether a mail server is set.
func (s Settings) Sends() bool { return s.Host != "" }

// View is what administrators see of the settings; the password is not shown.
type View struct {
	Settings
	HasPassword bool
	Server      string // the server's own address, in use where Public is empty
	Damaged     bool   // what is stored does not open: it has to be typed again
	Waiting     int    // mails
}

// stored is what is sealed of the settings: all, so that nobody who can only
// write to the database leads mails, or the password, to a server of his own.
type stored struct {
	Settings
	Password string `json:"password"`
}

var (
	sqlSettings = gate.SQL(`SELECT value FROM settings WHERE org_id = $1 AND name = 'mail'`)
	sqlSave     = gate.SQL(`INSERT INTO settings (org_id, name, value) VALUES ($1, 'mail', $2) ON CONFLICT (org_id, name) DO UPDATE SET value = excluded.value`)
	sqlAtOnce   = gate.SQL(`UPDATE mails SET next_at = $2 WHERE org_id = $1 AND state = 'waiting' AND next_at > $2`)
	sqlCount    = gate.SQL(`SELECT COUNT(*) FROM mails WHERE org_id = $1 AND state = 'waiting' AND expires_at > $2 AND NOT (` + void + `)`)
	sqlDropAll  = gate.SQL(`UPDATE mails SET state = 'dropped', ended_at = $2, body_box = NULL WHERE org_id = $1 AND state = 'waiting' AND claimed_until <= $2 RETURNING id`)
)

var errDamaged = errors.New("the settings of mail don't open: another instance key, or the row was changed from outside")

var sqlProvider = gate.SQL(`SELECT COALESCE(provider_id, '') FROM organizations WHERE id = $1`)

// load opens the settings by which mails of the organization go: its own, or
// those of its provider where a site has set no mail server.
func (s *Store) load(tx *gate.Tx) (Settings, error) {
	in, err := s.own(tx)
	if err != nil || in.Sends() {
		return in, err
	}
	var provider string
	if err := tx.Row(sqlProvider).Scan(&provider); err != nil || provider == "" {
		return in, ignoreAbsent(err)
	}
	public := in.Public
	err = tx.Beside(provider, func(b *gate.Tx) (err error) {
		in, err = s.own(b)
		return err
	})
	if public != "" {
		in.Public = public
	}
	return in, err
}

func ignoreAbsent(err error) error {
	if errors.Is(err, gate.ErrNoRows) {
		return nil
	}
	return err
}

// own opens the organization's own settings; without any it gives empty ones.
func (s *Store) own(tx *gate.Tx) (Settings, error) {
	var value string
	err := tx.Row(sqlSettings).Scan(&value)
	if errors.Is(err, gate.ErrNoRows) {
		return Settings{}, nil
	}
	if err != nil {
		return Settings{}, err
	}
	box, err := base64.StdEncoding.DecodeString(value)
	if err != nil {
		return Settings{}, errDamaged
	}
	plain, err := s.instance.OpenPadded(seal.PurposeServerSecret, placeOfSettings(tx.Who().Org()), box)
	if err != nil {
		return Settings{}, errDamaged
	}
	var in stored
	if err := json.Unmarshal(plain, &in); err != nil {
		return Settings{}, errDamaged
	}
	in.Settings.Password = seal.NewSecret(in.Password)
	return in.Settings, nil
}

// Address is this server's address in links, such as https://vault.example,
// for whoever shows a link instead of mailing it.
func (s *Store) Address(tx *gate.Tx) (string, error) {
	in, err := s.load(tx)
	if errors.Is(err, errDamaged) {
		err = nil
	}
	return strings.TrimSuffix(s.address(in), "/"), err
}

// Settings shows the settings.
func (s *Store) Settings(ctx context.Context, who gate.Actor) (View, error) {
	return gate.Do(ctx, s.gate, who, OpSettings, gate.Nothing(), func(tx *gate.Tx) (View, error) {
		in, err := s.own(tx)
		v := View{Settings: in, HasPassword: !in.Password.IsEmpty(), Server: s.public, Damaged: errors.Is(err, errDamaged)}
		v.Password = seal.Secret{}
		if err != nil && !v.Damaged {
			return v, err
		}
		return v, tx.Row(sqlCount, tx.Millis()).Scan(&v.Waiting)
	})
}

// Save changes the settings, after the actor's own password was checked: who
// sets the mail server reads every link. An empty mail password keeps the
// present one, but only for the same server and user.
func (s *Store) Save(ctx context.Context, who gate.Actor, own seal.Secret, in Settings) error {
	in, bad := in.tidy()
	if err := s.confirm(ctx, who, own); err != nil {
		return err
	}
	_, err := gate.Do(ctx, s.gate, who, OpSave, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		was, err := s.own(tx)
		if err != nil && !errors.Is(err, errDamaged) {
			return false, err
		}
		if in.User != "" && in.Password.IsEmpty() {
			if in.Password = was.Password; in.Password.IsEmpty() || was.Host != in.Host || was.Port != in.Port || was.Security != in.Security || was.User != in.User {
				bad = append(bad, fault.Field{Name: "mail_password", Text: "Type the password of the mail server: it is kept for the same server and user only."})
			}
		}
		begins := in.Sends() && !was.Sends()
		if begins {
			waiting := 0
			if err := tx.Row(sqlCount, tx.Millis()).Scan(&waiting); err != nil {
				return false, err
			}
			if waiting > 0 && in.Rest != RestSend && in.Rest != RestDrop {
				bad = append(bad, fault.Field{Name: "rest", Text: fmt.Sprintf("Mails wait in the outbox (%d), and their links may have been passed on by hand. Choose whether they are sent now or taken out.", waiting)})
			}
		}
		if err := fault.BadFields(bad); err != nil {
			return false, err
		}
		plain, err := json.Marshal(stored{in, in.Password.Reveal()})
		if err != nil {
			return false, err
		}
		box := s.instance.SealPadded(seal.PurposeServerSecret, placeOfSettings(tx.Who().Org()), plain)
		if _, err := tx.Exec(sqlSave, base64.StdEncoding.EncodeToString(box)); err != nil {
			return false, err
		}
		if _, err := tx.Exec(sqlAtOnce, tx.Millis()); err != nil {
			return false, err
		}
		if err := s.end(tx, sqlVoid, tx.Millis(), leadsNowhere); err != nil {
			return false, err
		}
		if begins && in.Rest == RestDrop {
			if err := s.end(tx, sqlDropAll, tx.Millis()); err != nil {
				return false, err
			}
		}
		ev := tx.Event()
		ev.Kind, ev.ID, ev.Fields = "settings", "mail", was.differences(in)
		tx.After(func() { s.wake(who.Org()) })
		return true, nil
	})
	return err
}

func (s Settings) differences(next Settings) (names []string) {
	for _, d := range []struct {
		name string
		same bool
	}{{"address in links", s.Public == next.Public}, {"mail server", s.Host == next.Host && s.Port == next.Port}, {"security", s.Security == next.Security}, {"user", s.User == next.User},
		{"mail password", s.Password.Equal(next.Password)}, {"sender", s.Name == next.Name && s.Address == next.Address}} {
		if !d.same {
			names = append(names, d.name)
		}
	}
	return names
}

var hostName = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9._-]{0,251}[A-Za-z0-9])?$`)

// tidy gives the settings as they are kept, and says what is wrong with them.
func (s Settings) tidy() (Settings, []fault.Field) {
	var bad []fault.Field
	wrong := func(field, format string, args ...any) {
		bad = append(bad, fault.Field{Name: field, Text: fmt.Sprintf(format, args...)})
	}
	for _, t := range []*string{&s.Public, &s.Host, &s.User, &s.Name, &s.Address} {
		*t = strings.TrimSpace(*t)
	}
	s.Public = strings.TrimSuffix(s.Public, "/")
	if s.Public != "" {
		if err := CheckPublic(s.Public); err != nil {
			wrong("public", "%s", sentence(err))
		}
	}
	if s.Host == "" {
		return Settings{Public: s.Public}, bad
	}
	s.Host = strings.Trim(s.Host, "[]")
	if net.ParseIP(s.Host) == nil && !hostName.MatchString(s.Host) {
		wrong("host", "This is not the name of a server. It should look like mail.example.com.")
	}
	if s.Port < 1 || s.Port > 65535 {
		wrong("port", "Ports go from 1 to 65535; mail servers mostly take 587 (STARTTLS) or 465 (TLS).")
	}
	switch s.Security {
	case StartTLS, TLS:
	case Plain:
		if ip := net.ParseIP(s.Host); !strings.EqualFold(s.Host, "localhost") && (ip == nil || !ip.IsLoopback()) {
			wrong("security", "Without encryption only a mail server on this machine may be used, such as 127.0.0.1.")
		}
	default:
		wrong("security", "Choose STARTTLS, TLS or none.")
	}
	if strings.ContainsFunc(s.User+s.Password.Reveal(), func(r rune) bool { return r < ' ' || r == 0x7f }) || len(s.User) > 300 || len(s.Password.Reveal()) > 1000 {
		wrong("user", "The user or the password has a character that no mail server takes.")
	}
	if s.User == "" {
		s.Password = seal.Secret{}
	}
	if checkAddress(s.Address) != nil || len(s.Address) > 254 {
		wrong("sender_email", "This is not an email address. It should look like name@example.com.")
	}
	if oneLine(s.Name, 100) != s.Name {
		wrong("sender_name", "Use one line of at most 100 characters.")
	}
	return s, bad
}

func sentence(err error) string {
	t := err.Error()
	return strings.ToUpper(t[:1]) + t[1:] + "."
}

// CheckPublic says what is wrong with an address of this server, such as
// https://vault.example. Plain http is for this machine only.
func CheckPublic(address string) error {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "" || u.Hostname() == "" || u.User != nil || (u.Path != "" && u.Path != "/") || u.RawQuery != "" || u.Fragment != "" || strings.ContainsFunc(address, notInLink):
		return fmt.Errorf("the address should look like https://vault.example.com, without anything after it")
	case u.Scheme == "https":
		return nil
	case u.Scheme == "http" && (u.Hostname() == "localhost" || net.ParseIP(u.Hostname()).IsLoopback()):
		return nil
	}
	return fmt.Errorf("the address must begin with https://; http is for this machine only")
}

// address is the server's address in links.
func (s *Store) address(in Settings) string {
	if in.Public != "" {
		return in.Public
	}
	return s.public
}
