// Package demo fills a fresh server with a believable provider: clients,
// people of every level, credentials, folders with security groups, months of
// history. The contents come from a seeded generator, so they are always the
// same; ids and keys are new each time.
//
// It goes through the same features as everybody else, and is for looking and
// trying, never for real data.
package demo

import (
	"context"
	"fmt"
	"time"

	"bailiwick/internal/app"
	"bailiwick/internal/client"
	"bailiwick/internal/clock"
	"bailiwick/internal/db"
	"bailiwick/internal/gate"
	"bailiwick/internal/org"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
	"bailiwick/internal/session"
	"bailiwick/internal/vault"
)

// Account is somebody who can sign in.
type Account struct {
	Name     string `json:"name"`
	Email    string `json:"email"`
	Password string `json:"password"`
	Level    string `json:"level"`
	// Of the users of a client's site: whose, and its own Organization Key.
	Site            string `json:"site,omitempty"`
	OrganizationKey string `json:"organization_key,omitempty"`
	// Of whoever has a second factor: the secret of the authenticator app, in
	// base32 as `oathtool --totp -b` takes it, and codes that work once each.
	TOTP          string   `json:"totp,omitempty"`
	RecoveryCodes []string `json:"recovery_codes,omitempty"`
}

// Made is what has to be known to use the demo.
type Made struct {
	OrganizationKey string    `json:"organization_key"`
	RecoveryKey     string    `json:"recovery_key"`
	Accounts        []Account `json:"accounts"`
}

// Records are cheap to open until their first sign-in makes them strong.
var cost = seal.Cost{Time: 2, MemoryKiB: 19 * 1024, Threads: 1}

type filler struct {
	*app.App
	ctx     context.Context
	clock   *clock.Fake
	dice    *dice
	start   time.Time
	now     time.Time
	admin   gate.Actor
	code    seal.Code
	made    Made
	company string
	users   map[string]string // id by name
	actors  map[string]gate.Actor
	clients []string
	items   []item
	there   []there
}

type item struct {
	id      string
	version int64
}

// Fill fills an empty database. now is where the history ends.
func Fill(ctx context.Context, d *db.DB, instance seal.Key, now time.Time) (Made, error) {
	argon, err := seal.NewArgonAt(cost, 2, 64)
	if err != nil {
		return Made{}, err
	}
	f := &filler{ctx: ctx, dice: &dice{state: 20261122}, start: now.AddDate(0, -5, 0), now: now, users: map[string]string{}, actors: map[string]gate.Actor{}}
	f.clock = clock.NewFake(f.start)
	f.App = app.New(d, instance, argon, f.clock)
	for _, step := range []func() error{f.setUp, f.people, f.fillClients, f.groups, f.bases, f.signIns, f.joinings, f.fillVaults, f.personal, f.history, f.flags, f.comings, f.sites, f.shares, f.secure} {
		if err := step(); err != nil {
			return Made{}, fmt.Errorf("filling the demo: %w", err)
		}
	}
	return f.made, nil
}

func (f *filler) setUp() error {
	f.code = seal.NewCode()
	recovery := seal.NewCode()
	f.made.OrganizationKey, f.made.RecoveryKey = f.code.Chars(), recovery.Chars()
	first := staff[0]
	made, err := f.Org.Setup(f.ctx, org.Setup{Organization: company, Name: first.name, Email: first.email(), Password: seal.NewSecret(first.password()),
		Code: f.code, Recovery: recovery}, "127.0.0.1", nil)
	if err != nil {
		return err
	}
	f.company = made.Company
	f.users[first.name] = made.User
	in, err := f.Sessions.Begin(f.ctx, made, "127.0.0.1", "demo", nil)
	if err != nil {
		return err
	}
	if f.admin, err = f.resume(in); err != nil {
		return err
	}
	if err := f.Org.SetBrand(f.ctx, f.admin, brandColour); err != nil {
		return err
	}
	return f.Org.ConfirmRecovery(f.ctx, f.admin)
}

func (f *filler) resume(in session.SignedIn) (gate.Actor, error) {
	return f.Sessions.Resume(f.ctx, in.Bearer(), "127.0.0.1", nil)
}

func (f *filler) people() error {
	help := perm.SetOf(perm.ClientViewList, perm.PasswordView, perm.VaultAccess, perm.PluginAccess, perm.ReportClientAuditLog)
	level, err := f.Access.AddLevel(f.ctx, f.admin, "Help desk - read only", help)
	if err != nil {
		return err
	}
	for i, p := range staff {
		levelID, levelName := p.level, "Guest"
		if p.level == custom {
			levelID, levelName = level, "Help desk - read only"
		} else if l, ok := perm.LevelByID(p.level); ok {
			levelName = l.Name
		}
		f.made.Accounts = append(f.made.Accounts, Account{Name: p.name, Email: p.email(), Password: p.password(), Level: levelName})
		if i == 0 {
			continue
		}
		f.clock.Advance(37 * time.Minute)
		if err := f.enrol(p, levelID); err != nil {
			return err
		}
	}
	return nil
}

func (f *filler) fillClients() error {
	for i, c := range clients {
		f.clock.Advance(3 * time.Hour)
		id, err := f.Clients.Add(f.ctx, f.admin, client.Input{Name: c.name, ShortCode: c.code, Phone: c.phone(f.dice), Address: c.address,
			Website: "https://www." + c.domain, Notes: c.notes, Tags: c.tags(i), RotationDays: c.rotation(i)})
		if err != nil {
			return err
		}
		if i%2 == 0 {
			if _, err := f.Clients.SetPanel(f.ctx, f.admin, id, 0, c.about(i)); err != nil {
				return err
			}
		}
		f.clients = append(f.clients, id)
		for _, p := range staff {
			if p.assigned(c.region) {
				if err := f.Access.Assign(f.ctx, f.admin, id, f.users[p.name], 0); err != nil {
					return err
				}
			}
		}
	}
	for _, n := range []int{0, 3, 7} {
		if err := f.Clients.Bookmark(f.ctx, f.admin, f.clients[n], true); err != nil {
			return err
		}
	}
	for _, b := range []struct {
		n  int
		in client.BannerInput
	}{
		{0, client.BannerInput{Text: "Court is in session until noon: no reboots before 12:00.", Level: "warning"}},
		{3, client.BannerInput{Text: "Warehouse power is off on Sunday, 06:00 to 10:00.\nServers are shut down by the caretaker.", Level: "danger", Until: f.now.AddDate(0, 0, 9)}},
		{7, client.BannerInput{Text: "New branch in Lacey opens this month: ask Priya before you change the VPN.", Until: f.now.AddDate(0, 1, 0)}},
	} {
		if _, err := f.Clients.SetBanner(f.ctx, f.admin, f.clients[b.n], 0, b.in); err != nil {
			return err
		}
	}
	return f.Clients.Disable(f.ctx, f.admin, f.clients[len(f.clients)-1])
}

// groups makes the security groups; guarded folders get them in fillVaults.
func (f *filler) groups() error {
	for _, g := range groups {
		var users, reach []string
		for _, name := range g.users {
			users = append(users, f.users[name])
		}
		for i, c := range clients {
			if c.region == g.region && c.region != "" {
				reach = append(reach, f.clients[i])
			}
		}
		id, err := f.Access.AddGroup(f.ctx, f.admin, g.name, users, reach)
		if err != nil {
			return err
		}
		f.users[g.name] = id
	}
	return nil
}

// signIns signs the people in whose names the history will carry.
func (f *filler) signIns() error {
	for _, name := range []string{staff[1].name, staff[5].name, staff[7].name} {
		for _, p := range staff {
			if p.name != name {
				continue
			}
			if err := f.signIn(p); err != nil {
				return err
			}
		}
	}
	return nil
}

func (f *filler) folder(place vault.Place, name, group string) (vault.Place, error) {
	id, err := f.Vault.AddFolder(f.ctx, f.admin, place, name)
	if err == nil && group != "" {
		err = f.Access.Guard(f.ctx, f.admin, id, 1, []string{f.users[group]})
	}
	place.Folder = id
	return place, err
}
