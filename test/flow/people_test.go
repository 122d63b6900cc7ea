package flow

import (
	"fmt"
	"net/url"
	"sync"
	"testing"
	"time"

	"bailiwick/internal/apptest"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/mail"
	"bailiwick/internal/people"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
)

// newest reads the latest mail of a kind to an address, as an administrator
// does where no mail server is set, and gives the link in it.
func (s *scene) newest(kind mail.Kind, address string) people.Link {
	s.T.Helper()
	list, _, err := s.Mail.Outbox(ctx, s.Admin, mail.Filter{Limit: 200})
	s.Must(err)
	for _, m := range list {
		if m.Kind == kind && m.Address == address {
			return s.linkIn(m.ID)
		}
	}
	s.T.Fatalf("no mail of kind %s to %s", kind, address)
	return people.Link{}
}

// linkIn is the link in one mail.
func (s *scene) linkIn(id string) people.Link {
	s.T.Helper()
	letter, err := s.Mail.Show(ctx, s.Admin, id)
	s.Must(err)
	at, err := url.Parse(letter.Link)
	s.Must(err)
	l, err := people.ParseLink(at.Query().Get("token"))
	s.Must(err)
	return l
}

func (s *scene) mails(kind mail.Kind) int {
	return s.count("SELECT COUNT(*) FROM mails WHERE kind = $1", string(kind))
}

// invite adds one person.
func (s *scene) invite(who gate.Actor, p people.Invitee) string {
	s.T.Helper()
	added, err := s.People.Invite(ctx, who, []people.Invitee{p}, "")
	s.Must(err)
	return added[0].ID
}

func (s *scene) accept(l people.Link, name, ip string) (people.Entry, error) {
	return s.People.Accept(ctx, people.Acceptance{Link: l, Name: name, Password: seal.NewSecret(apptest.Password), IP: ip})
}

// parallel runs something 200 times at once, each from its own address, and
// counts what succeeded.
func parallel(fn func(ip string) error) (good int, other []error) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	for i := range 200 {
		wg.Go(func() {
			err := fn(fmt.Sprintf("10.1.%d.%d", i/250, i%250+1))
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				good++
			} else if !fault.Is(err, fault.Unacceptable) && !fault.Is(err, fault.Unavailable) {
				other = append(other, err)
			}
		})
	}
	wg.Wait()
	return good, other
}

// An administrator invites Nina; of 200 who open her link at once one becomes
// her, and she comes into the vault with the Organization Key.
func TestInvitation(t *testing.T) {
	both(t, func(s *scene) {
		nina := people.Invitee{Email: "Nina@northwind.example", Level: perm.LevelTechnicianAssigned, Clients: []string{s.contoso}}
		_, err := s.People.Invite(ctx, s.Admin, []people.Invitee{nina}, "")
		s.refused(err, fault.Unacceptable) // nobody has checked the Recovery key's printout
		s.Must(s.Org.ConfirmRecovery(ctx, s.Admin))
		user := s.invite(s.Admin, nina)
		first := s.newest(mail.Invitation, "Nina@northwind.example")
		if _, err := s.People.Resend(ctx, s.Admin, user, "Please."); err != nil {
			t.Fatal(err)
		}
		if _, err := s.accept(first, "Nina", "10.0.0.1"); !fault.Is(err, fault.Unacceptable) {
			t.Errorf("the earlier link: %v", err)
		}
		l := s.newest(mail.Invitation, "Nina@northwind.example")
		if _, err := s.People.Accept(ctx, people.Acceptance{Link: l, Name: " ", Password: seal.NewSecret("short"), IP: "10.0.0.1"}); !fault.Is(err, fault.Invalid) {
			t.Errorf("a bad password: %v", err)
		}
		shown, err := s.People.Invitation(ctx, l, "10.0.0.1", nil)
		if err != nil || shown.Email != "Nina@northwind.example" || shown.OrgName != "Northwind IT" {
			t.Errorf("%+v, %v", shown, err)
		}
		var entry people.Entry
		good, other := parallel(func(ip string) error {
			e, err := s.accept(l, "Nina", ip)
			if err == nil {
				entry = e
			}
			return err
		})
		if good != 1 || len(other) > 0 || entry.User != user {
			t.Fatalf("%d acceptances of one link, %v", good, other)
		}
		in, err := s.Sessions.BeginSealed(ctx, entry.Org, entry.User, entry.P, "10.0.0.1", "test", nil)
		if err != nil || in.Open {
			t.Fatal(err, in.Open)
		}
		s.open(false, "nina", apptest.Password)
		_, who := s.open(true, "nina", apptest.Password, withCode(s.Code))
		s.reveals(who, s.cred, secret)

		// Links die with time.
		s.invite(s.Admin, people.Invitee{Email: "late@northwind.example"})
		late := s.newest(mail.Invitation, "late@northwind.example")
		s.Clock.Advance(8 * 24 * time.Hour)
		if _, err := s.accept(late, "Late", "10.0.0.1"); !fault.Is(err, fault.Unacceptable) {
			t.Errorf("an expired link: %v", err)
		}
	})
}

// An address that only reads like another's makes no second account.
func TestAddressesThatLookAlike(t *testing.T) {
	both(t, func(s *scene) {
		s.Must(s.Org.ConfirmRecovery(ctx, s.Admin))
		s.invite(s.Admin, people.Invitee{Email: "scope@northwind.example"})
		for _, like := range []string{"SCOPE@Northwind.example", " scope@northwind.example ", "ｓｃｏｐｅ@northwind.example", "ѕсоре@northwind.example", "scоpe@northwind.example",
			"sc0pe@northwind.example", "scope@n0rthwind.example", "scope@northwind.example.", "sco\u00adpe@northwind.example", "scope@nοrthwind.example", "scope\u200b@northwind.example"} {
			if _, err := s.People.Invite(ctx, s.Admin, []people.Invitee{{Email: like}}, ""); !fault.Is(err, fault.Invalid) {
				t.Errorf("%q: %v", like, err)
			}
		}
		for _, fine := range []string{"scoped@northwind.example", "scope@southwind.example", "иван@почта.example", "josé@northwind.example"} {
			if _, err := s.People.Invite(ctx, s.Admin, []people.Invitee{{Email: fine}}, ""); err != nil {
				t.Errorf("%q: %v", fine, err)
			}
		}
		s.Must(s.People.Forgot(ctx, people.Forgotten{Email: "АDA@northwind.example", IP: "10.0.0.1"})) // with a Cyrillic А
		s.People.Settle()
		if n := s.mails(mail.PasswordReset); n != 0 {
			t.Errorf("%d mails for an address that is nobody's", n)
		}
	})
}

// A pasted text becomes people, and what is wrong is said at each.
func TestPastedAddresses(t *testing.T) {
	both(t, func(s *scene) {
		a, err := s.People.Check(ctx, s.Admin, "a@x.example, b@x.example;c@x.example\td@x.example\n\"Doe, Jane\" <jane@x.example>\nBob Baker <bob@x.example>, nonsense A@X.example ada@northwind.example")
		s.Must(err)
		got := map[string]string{}
		for _, c := range a.Candidates {
			got[c.Email] = c.Name
			if bad := c.Email == "nonsense" || c.Email == "A@X.example" || c.Email == "ada@northwind.example"; bad != (c.Problem != "") {
				t.Errorf("%s: %q", c.Email, c.Problem)
			}
		}
		if len(got) != 9 || got["jane@x.example"] != "Doe, Jane" || got["bob@x.example"] != "Bob Baker" {
			t.Errorf("%v", got)
		}
	})
}

// Whoever accepts while new keys are made gets a record under the present ones.
func TestAcceptingWhileKeysAreMade(t *testing.T) {
	both(t, func(s *scene) {
		s.Must(s.Org.ConfirmRecovery(ctx, s.Admin))
		var leavers []string
		links := map[string]people.Link{}
		for i := range 4 {
			leavers = append(leavers, s.Enrol(fmt.Sprintf("leaver%d", i), perm.LevelTechnicianAssigned))
			name := fmt.Sprintf("comer%d", i)
			s.invite(s.Admin, people.Invitee{Email: name + "@northwind.example", Level: perm.LevelTechnicianAssigned})
			links[name] = s.newest(mail.Invitation, name+"@northwind.example")
		}
		var wg sync.WaitGroup
		for name, l := range links {
			wg.Go(func() {
				for {
					_, err := s.accept(l, name, "10.0.0.1")
					if !fault.Is(err, fault.Unavailable) {
						if err != nil {
							t.Error(err)
						}
						return
					}
				}
			})
		}
		for _, user := range leavers {
			s.Must(s.People.Disable(ctx, s.Admin, user))
		}
		wg.Wait()
		for name := range links {
			s.open(true, name, apptest.Password, withCode(s.Code))
		}
	})
}
