package demo

import (
	"errors"
	"fmt"
	"time"

	"bailiwick/internal/fault"
	"bailiwick/internal/people"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
	"bailiwick/internal/session"
)

// Those who come, wait and go: nobody of them is told as an account, since
// none of them is to be signed in as.
var (
	leaves = person{"Viktor Thorsen", perm.LevelTechnicianDefault, "", false, false} // has seen passwords, and is off-boarded
	left   = []person{{"Wanda Pietrzak", perm.LevelTechnicianAssigned, "", false, false}, {"Ulla Brandt", perm.LevelManagerAssigned, "", false, false}}
	locked = person{"Uma Patel", perm.LevelTechnicianAssigned, "south", false, false}
	waits  = []person{{"Yara Haddad", perm.LevelTechnicianAssigned, "", false, false}, {"Zoltan Kiss", "", "", false, false}}
	joined = []person{leaves, left[0], left[1], locked, waits[0], waits[1], {"Xenia Papadopoulou", "", "", false, false}}
)

func (f *filler) enrol(p person, level string) (err error) {
	f.users[p.name], err = f.People.Enrol(f.ctx, f.admin, people.NewUser{Name: p.name, Email: p.email(), Level: level, Password: seal.NewSecret(p.password()),
		RoleAccount: p.account, RoleUserAdmin: p.manager})
	return err
}

// joinings are before the history; two of them leave soon after.
func (f *filler) joinings() error {
	for _, p := range joined {
		f.clock.Advance(3 * time.Hour)
		if err := f.enrol(p, p.level); err != nil {
			return err
		}
	}
	if err := f.signIn(leaves); err != nil {
		return err
	}
	for _, p := range left {
		if err := f.People.Disable(f.ctx, f.admin, f.users[p.name]); err != nil {
			return err
		}
	}
	return nil
}

// signIn lets somebody open the vault as people do in the morning.
func (f *filler) signIn(p person) error {
	in, err := f.Sessions.SignIn(f.ctx, session.SignIn{Email: p.email(), Password: seal.NewSecret(p.password()), Code: f.code, IP: "127.0.0.1", Agent: "demo"})
	if err == nil {
		f.actors[p.name], err = f.resume(in)
	}
	return err
}

// comings are the last things that happened: a technician was disabled whose
// off-boarding is still open, two people wait for approval, three are invited,
// one is locked out.
func (f *filler) comings() error {
	f.clock.Advance(f.now.Sub(f.clock.Now()) - 54*time.Minute)
	if err := f.outside(); err != nil {
		return err
	}
	if err := f.leave(); err != nil {
		return err
	}
	f.clock.Advance(20 * time.Minute)
	for _, p := range waits {
		if err := f.People.Unapprove(f.ctx, f.admin, f.users[p.name]); err != nil {
			return err
		}
	}
	_, err := f.People.Invite(f.ctx, f.admin, []people.Invitee{{Name: "Svea Lund", Email: "svea.lund@" + domain, Level: perm.LevelTechnicianAssigned, Clients: f.clients[:3]},
		{Email: "t.aziz@" + domain, Level: perm.LevelTechnicianDefault}, {Name: "Beatriz Almeida", Email: "beatriz@accounting.example"}}, "Welcome aboard. Ask Ada for your hardware key.")
	if err != nil {
		return err
	}
	return f.lockOut()
}

// leave lets Viktor see some passwords, and leave.
func (f *filler) leave() error {
	if err := f.signIn(leaves); err != nil {
		return err
	}
	seen := 0
	for i := 0; seen < 9 && i < len(f.items); i += 7 {
		_, err := f.Vault.Reveal(f.ctx, f.actors[leaves.name], f.items[i].id)
		if err != nil && !fault.Is(err, fault.Absent) && !fault.Is(err, fault.Unacceptable) {
			return err
		}
		if err == nil {
			seen++
		}
	}
	return f.People.Disable(f.ctx, f.admin, f.users[leaves.name])
}

// lockOut makes lockouts of this provider last a day, and tries in vain.
func (f *filler) lockOut() error {
	read, err := f.People.Settings(f.ctx, f.admin)
	if err != nil {
		return err
	}
	next := read
	next.LockoutMinutes = 24 * 60
	if err := f.People.SaveSettings(f.ctx, f.admin, read, next); err != nil {
		return err
	}
	for range next.LockoutTries {
		if _, err := f.Sessions.SignIn(f.ctx, session.SignIn{Email: locked.email(), Password: seal.NewSecret("not the password of Uma"), IP: "203.0.113.24", Agent: "demo"}); err == nil {
			return errors.New("a wrong password let somebody in")
		}
	}
	list, err := f.People.Lockouts(f.ctx, f.admin)
	if err == nil && len(list) != 1 {
		err = fmt.Errorf("%d lockouts", len(list))
	}
	return err
}
