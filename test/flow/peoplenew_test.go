package flow

import (
	"testing"

	"bailiwick/internal/apptest"
	"bailiwick/internal/fault"
	"bailiwick/internal/mail"
	"bailiwick/internal/people"
	"bailiwick/internal/perm"
)

// A new address counts when it is confirmed, by a link that went there.
func TestNewAddress(t *testing.T) {
	both(t, func(s *scene) {
		tim := s.Enrol("tim", perm.LevelTechnicianAssigned)
		e, err := s.People.View(ctx, s.Admin, tim)
		s.Must(err)
		s.Must(s.People.Save(ctx, s.Admin, tim, people.Changes{Version: e.Version, Email: ptr("timothy@northwind.example")}))
		if _, err := s.try("tim", apptest.Password); err != nil {
			t.Errorf("the present address: %v", err)
		}
		if e, err := s.People.View(ctx, s.Admin, tim); err != nil || e.PendingEmail != "timothy@northwind.example" {
			t.Errorf("%+v, %v", e, err)
		}
		l := s.newest(mail.ConfirmAddress, "timothy@northwind.example")
		good, other := parallel(func(ip string) error { return s.People.ConfirmAddress(ctx, l, ip, nil) })
		if good != 1 || len(other) > 0 {
			t.Errorf("%d confirmations, %v", good, other)
		}
		if _, err := s.try("timothy", apptest.Password); err != nil {
			t.Errorf("the new address: %v", err)
		}
		if _, err := s.try("tim", apptest.Password); err == nil {
			t.Error("the earlier address is still there")
		}
		if n := s.count("SELECT COUNT(*) FROM mails WHERE kind = 'address-changed' AND address = 'tim@northwind.example'"); n != 1 {
			t.Errorf("%d mails to the former address", n)
		}
	})
}

// Somebody registers himself, confirms, and waits until he is approved.
func TestRegistration(t *testing.T) {
	both(t, func(s *scene) {
		in := people.Registration{Org: s.OrgID, Email: "guest@elsewhere.example", IP: "10.0.0.1"}
		s.refused(s.People.Register(ctx, in), fault.Absent)
		st, err := s.People.Settings(ctx, s.Admin)
		s.Must(err)
		next := st
		next.SelfRegistration = true
		s.Must(s.People.SaveSettings(ctx, s.Admin, st, next))
		known := in
		known.Email = "ADA@northwind.example"
		like := in
		like.Email = "ada@n0rthwind.example"
		variant := in
		variant.Email = "ada+x@northwind.example"
		for range 2 {
			s.Must(s.People.Register(ctx, in))
			s.Must(s.People.Register(ctx, known))
			s.Must(s.People.Register(ctx, like))
			s.Must(s.People.Register(ctx, variant))
			s.People.Settle()
		}
		if n := s.mails(mail.Registration); n != 1 {
			t.Errorf("%d mails", n)
		}
		l, err := s.People.List(ctx, s.Admin, people.Filter{})
		if err != nil || len(l.People) != 1 {
			t.Errorf("an unconfirmed guest is listed: %v, %v", l.People, err)
		}
		entry, err := s.accept(s.newest(mail.Registration, in.Email), "Gus Guest", "10.0.0.1")
		if err != nil || entry.Approved {
			t.Fatalf("%+v, %v", entry, err)
		}
		s.waits(entry)
		l, err = s.People.List(ctx, s.Admin, people.Filter{Pending: true})
		if err != nil || l.Pending != 1 || len(l.People) != 1 || l.People[0].Kind != "guest" || l.People[0].State != people.Pending || !l.People[0].May[people.Approve] {
			t.Fatalf("%+v, %v", l, err)
		}
		s.Must(s.People.Approve(ctx, s.Admin, entry.User))
		if n := s.mails(mail.Approved); n != 1 {
			t.Errorf("%d mails of the approval", n)
		}
		in2, err := s.Sessions.BeginSealed(ctx, entry.Org, entry.User, entry.P, "10.0.0.1", "test", nil)
		s.Must(err)
		s.Must(s.People.Unapprove(ctx, s.Admin, entry.User))
		if _, err := s.actor(in2); err == nil {
			t.Error("his session goes on")
		}

		// What is never confirmed goes away.
		in.Email = "never@elsewhere.example"
		s.Must(s.People.Register(ctx, in))
		s.People.Settle()
		s.Clock.Advance(49 * 60 * 60 * 1e9)
		s.Must(s.Sweep())
		if n := s.count("SELECT COUNT(*) FROM users WHERE unconfirmed"); n != 0 {
			t.Errorf("%d registrations are left", n)
		}
	})
}
