package web

import (
	"strings"
	"testing"
	"time"

	"bailiwick/internal/apptest"
	"bailiwick/internal/perm"
	"bailiwick/internal/session"
)

func TestChangeOrganizationKey(t *testing.T) {
	s := newSite(t)
	b := s.surfer(t).signIn(ada)
	b.get("/organization/keys").says(200, "Epoch", "Set-up")
	b.get("/organization/keys/new").leads("/organization/keys")
	b.get("/organization/keys/change").says(200, "The present key stops working")
	b.post("/organization/keys/change", "password", "wrong horse battery staple").says(422, "The password is not right").lacks("wrong horse")
	b.post("/organization/keys/change", "password", apptest.Password).leads("/organization/keys/new")
	shown := b.get("/organization/keys/new").says(200, "Print the new Organization Key")
	fresh := strings.Join(groupsOf(shown), "-")
	if before := s.epoch(t); before != 1 {
		t.Fatalf("epoch %d before the new key was confirmed", before)
	}
	b.post("/organization/keys/new", "first", "AAAAA", "second", "AAAAA").says(422, "This is not group")
	b.prove("/organization/keys/new").leads("/organization/keys")
	b.get("/organization/keys").says(200, "The Organization Key is changed", "The Organization Key was changed")
	b.post("/organization/keys/new", "first", "A", "second", "B").leads("/organization/keys")

	other := s.surfer(t)
	other.post("/sign-in", "email", ada, "password", apptest.Password).leads("/open?next=%2F")
	other.post("/open", "organization_key", s.Code.Chars()).says(422, "not the Organization Key of this organization")
	other.post("/open", "organization_key", fresh).leads("/me/recovery-code?next=%2F")
}

func TestNewKeyDoesNotSurviveSealing(t *testing.T) {
	s := newSite(t)
	b := s.surfer(t).signIn(ada)
	b.post("/organization/keys/change", "password", apptest.Password).leads("/organization/keys/new")
	b.post("/close").leads("/")
	b.get("/organization/keys/new").leads("/open?next=%2Forganization%2Fkeys%2Fnew")
	b.post("/open", "password", apptest.Password)
	b.get("/organization/keys/new").leads("/organization/keys")
}

func TestConfirmRecoveryKey(t *testing.T) {
	s := newSite(t)
	b := s.surfer(t).signIn(ada)
	b.get("/organization/keys").says(200, "The Recovery key is not confirmed yet")
	b.post("/organization/keys/recovery", "recovery_key", s.Code.Chars()).says(422, "This is not the Recovery key")
	b.post("/organization/keys/recovery", "recovery_key", "12345").says(422, "too short")
	b.get("/organization/keys").says(200, "Not confirmed")
	b.post("/organization/keys/recovery", "recovery_key", strings.ToLower(s.Recovery.Chars())).leads("/organization/keys")
	b.get("/organization/keys").says(200, "printout is confirmed").lacks("Not confirmed")
	// It still fits after the vault's keys were renewed.
	forget := linkWith(b.get("/me/sessions"), `/me/devices/device_[a-z0-9]+/forget`)
	b.post(forget).leads("/me/sessions")
	b.post("/organization/keys/recovery", "recovery_key", s.Recovery.Chars()).leads("/organization/keys")
}

func TestKeysAreForAdministrators(t *testing.T) {
	s := newSite(t)
	s.Enrol("manny", perm.LevelManagerDefault)
	b := s.surfer(t).signIn("manny@northwind.example")
	for _, path := range []string{"/organization/keys", "/organization/keys/change", "/organization/keys/recovery"} {
		b.get(path).says(404)
	}
	b.post("/organization/keys/change", "password", apptest.Password).says(404)
	b.post("/organization/keys/recovery", "recovery_key", s.Recovery.Chars()).says(404)
	b.get("/organization/keys/new").leads("/organization/keys")
}

func TestDueEpochIsShown(t *testing.T) {
	s := newSite(t)
	s.Enrol("tom", perm.LevelTechnicianDefault)
	tom := s.surfer(t).signIn("tom@northwind.example")
	forget := linkWith(tom.get("/me/sessions"), `/me/devices/device_[a-z0-9]+/forget`)
	s.Clock.Advance(session.Idle + time.Second)
	ada2 := s.surfer(t)
	ada2.post("/sign-in", "email", ada, "password", apptest.Password)
	tom.post(forget).leads("/me/sessions")
	tom.get("/me/sessions").says(200, "when somebody next opens it")
	ada2.get("/organization/keys").says(200, "New vault keys are due since", "a device was forgotten")
	ada2.post("/open", "organization_key", s.Code.Chars()).leads("/me/recovery-code?next=%2F")
	ada2.get("/organization/keys").says(200, "A device was forgotten").lacks("are due since")
}
