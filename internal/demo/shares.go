package demo

import (
	"time"

	"bailiwick/internal/gate"
	"bailiwick/internal/vault"
)

// there is an activated site of a client.
type there struct {
	client, domain string
	company        string // its own client
	admin          gate.Actor
	users          []string // ids, the administrator first
}

// kept is what the sites keep themselves.
var kept = []struct{ folder, title, username, typ string }{
	{"Front desk", "Appointments calendar", "frontdesk", "Website"},
	{"Front desk", "Card terminal", "supervisor", "Other"},
	{"Office", "Payroll portal", "payroll", "Website"},
	{"Office", "Bank, business account", "office", "Bank"},
	{"Office", "Tax office online", "office", "Website"},
	{"", "Building alarm, master code", "", "Alarm code"},
	{"", "Guest Wi-Fi", "", "Wi-Fi"},
}

// shares fills the activated sites and shares in both directions, with
// different rights; one share has ended.
func (f *filler) shares() error {
	for i, s := range f.there {
		own, office, err := f.keep(s)
		if err != nil {
			return err
		}
		// From the provider: one of each of some types.
		mine, _, err := f.Vault.List(f.ctx, f.admin, vault.Listing{Place: vault.Place{Client: s.client}})
		if err != nil {
			return err
		}
		of := map[string]string{}
		for _, c := range mine {
			if of[c.TypeName] == "" {
				of[c.TypeName] = c.ID
			}
		}
		second := s.users[1:2]
		for _, g := range []struct {
			who  gate.Actor
			id   string
			how  vault.Sharing
			ends bool
		}{
			{f.admin, of["Wi-Fi"], vault.Sharing{Everyone: true}, false},
			{f.admin, of["Microsoft 365"], vault.Sharing{Everyone: true, Writes: true, History: true}, false},
			{f.admin, of["Door controller"], vault.Sharing{Users: second, Writes: true}, false},
			{f.admin, of["Alarm code"], vault.Sharing{Everyone: true, History: true}, false},
			{f.admin, of["Website"], vault.Sharing{Everyone: true}, i == 0},
			{s.admin, own["Guest Wi-Fi"], vault.Sharing{Everyone: true}, false},
			{s.admin, own["Building alarm, master code"], vault.Sharing{Everyone: true, Writes: true, History: true}, false},
			{s.admin, own["Card terminal"], vault.Sharing{Users: []string{f.users[staff[0].name], f.users[staff[1].name]}}, false},
		} {
			if g.id == "" {
				continue
			}
			f.clock.Advance(time.Minute)
			if err := f.Vault.Share(f.ctx, g.who, g.id, g.how); err != nil {
				return err
			}
			if g.ends {
				if err := f.Vault.Unshare(f.ctx, g.who, g.id, true); err != nil {
					return err
				}
			}
		}
		if err := f.takeUp(s, of["Microsoft 365"], office); err != nil {
			return err
		}
		if len(s.users) > 2 { // the limited user
			if err := f.Vault.Choose(f.ctx, s.admin, s.users[2], []string{own["Front desk"]}, []string{own["Guest Wi-Fi"]}); err != nil {
				return err
			}
		}
	}
	return nil
}

// keep puts a site's own credentials into its vault, and gives ids by name.
func (f *filler) keep(s there) (ids map[string]string, office vault.Place, err error) {
	ids = map[string]string{}
	root := vault.Place{Client: s.company}
	for _, name := range []string{"Front desk", "Office"} {
		if ids[name], err = f.Vault.AddFolder(f.ctx, s.admin, root, name); err != nil {
			return nil, root, err
		}
	}
	for _, k := range kept {
		f.clock.Advance(20 * time.Second)
		in := vault.Input{Type: k.typ, Overview: vault.Overview{Title: k.title, Username: k.username}, Secret: vault.Secret{Password: f.dice.password()}}
		if k.typ == "Website" {
			in.URLs = []string{"https://" + k.username + "." + s.domain}
		}
		if ids[k.title], err = f.Vault.Add(f.ctx, s.admin, vault.Place{Client: s.company, Folder: ids[k.folder]}, in); err != nil {
			return nil, root, err
		}
	}
	return ids, vault.Place{Client: s.company, Folder: ids["Office"]}, nil
}

// takeUp has both sides open their vaults, so that they have what is shared
// with them, and the site file one thing where it wants it.
func (f *filler) takeUp(s there, id string, to vault.Place) error {
	for _, who := range []gate.Actor{s.admin, f.admin} {
		if _, err := f.Vault.Shares(f.ctx, who, ""); err != nil {
			return err
		}
	}
	_, err := f.Vault.MoveAll(f.ctx, s.admin, []vault.Moving{{Chosen: vault.Chosen{ID: id}, To: to}})
	return err
}
