package demo

import (
	"strings"

	"bailiwick/internal/people"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
)

// The clients with organizations of their own, by their place in the list of
// clients. The last one has not been activated yet.
var sited = []struct {
	client int
	users  []person
}{
	{1, []person{{"Paula Reyes", perm.LevelSiteAdministrator, "", false, false}, {"Quentin Moss", perm.LevelSiteUser, "", false, false}, {"Rosa Delgado", perm.LevelSiteUserLimited, "", false, false}}},
	{4, []person{{"Sven Aalto", perm.LevelSiteAdministrator, "", false, false}, {"Tessa Blum", perm.LevelSiteUser, "", false, false}}},
	{6, []person{{"Ines Walker", perm.LevelSiteAdministrator, "", false, false}}},
}

// sites opens the sites of some clients, and has two of them activated.
func (f *filler) sites() error {
	for i, s := range sited {
		c := clients[s.client]
		if err := f.Clients.OpenSite(f.ctx, f.admin, f.clients[s.client]); err != nil {
			return err
		}
		visitor, err := f.People.In(f.ctx, f.admin, f.clients[s.client])
		if err != nil {
			return err
		}
		at := func(p person) string { return strings.ToLower(strings.ReplaceAll(p.name, " ", ".")) + "@" + c.domain }
		first := s.users[0]
		added, err := f.People.Invite(f.ctx, visitor, []people.Invitee{{Name: first.name, Email: at(first), Level: first.level}}, "")
		if err != nil {
			return err
		}
		if i == len(sited)-1 {
			return nil
		}
		code := seal.NewCode()
		path, proof, _ := strings.Cut(added[0].Link.Reveal(), "#")
		_, token, _ := strings.Cut(path, "token=")
		in := people.Activating{Acceptance: people.Acceptance{Name: first.name, Password: seal.NewSecret(first.password()), IP: "127.0.0.1"}, Code: code, Recovery: seal.NewCode()}
		if in.Link, err = people.ParseLink(token); err != nil {
			return err
		}
		if in.Proof, err = seal.ParseActivation(proof); err != nil {
			return err
		}
		made, err := f.People.Activate(f.ctx, in)
		if err != nil {
			return err
		}
		begun, err := f.Sessions.Begin(f.ctx, made, "127.0.0.1", "demo", nil)
		if err != nil {
			return err
		}
		admin, err := f.resume(begun)
		if err == nil {
			err = f.Org.ConfirmRecovery(f.ctx, admin)
		}
		if err != nil {
			return err
		}
		open := there{client: f.clients[s.client], domain: c.domain, company: made.Company, admin: admin, users: []string{made.User}}
		for n, p := range s.users {
			if n > 0 {
				id, err := f.People.Enrol(f.ctx, admin, people.NewUser{Name: p.name, Email: at(p), Level: p.level, Password: seal.NewSecret(p.password())})
				if err != nil {
					return err
				}
				open.users = append(open.users, id)
			}
			l, _ := perm.LevelByID(p.level)
			f.made.Accounts = append(f.made.Accounts, Account{Name: p.name, Email: at(p), Password: p.password(), Level: l.Name, Site: c.name, OrganizationKey: code.Chars()})
		}
		f.there = append(f.there, open)
	}
	return nil
}
