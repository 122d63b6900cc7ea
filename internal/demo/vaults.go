package demo

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"bailiwick/internal/vault"
)

type kind struct {
	title, username, url, typ string // %s: the client's domain, %d: a number
	tags                      []string
}

type shelf struct {
	name, group string
	kinds       []kind
}

var shelves = []shelf{
	{"Network", "", []kind{
		{"FW-%02d FortiGate 60F", "admin", "https://fw%d.%s:8443", "Firewall", []string{"edge"}},
		{"SW-%02d Aruba 2930F", "manager", "https://sw%d.%s", "Switch", nil},
		{"AP controller %d", "unifi-admin", "https://unifi%d.%s:8443", "Wi-Fi", nil},
		{"RTR-%02d uplink", "netops", "ssh://rtr%d.%s", "Router", []string{"isp"}},
		{"SNMP v3 poller %d", "snmp-ro", "", "SNMP", nil},
		{"Guest Wi-Fi floor %d", "", "", "Wi-Fi", []string{"guest"}},
	}},
	{"Servers", "Domain administrators", []kind{
		{"DC-%02d Administrator", "administrator@%s", "rdp://dc%d.%s", "Domain administrator", []string{"tier 0"}},
		{"SQL-%02d sa", "sa", "", "SQL server", []string{"erp"}},
		{"FS-%02d local admin", ".\\sysop", "rdp://fs%d.%s", "Local administrator", nil},
		{"ESX-%02d root", "root", "https://esx%d.%s/ui", "Server", []string{"vmware"}},
		{"Backup server %d", "backup-svc", "https://bkp%d.%s:9419", "Server", []string{"backup"}},
	}},
	{"Microsoft 365", "", []kind{
		{"Tenant admin %d", "admin%d@%s", "https://admin.microsoft.com", "Microsoft 365", []string{"mfa"}},
		{"Break-glass account %d", "breakglass%d@%s", "https://portal.azure.com", "Microsoft 365", []string{"sealed envelope"}},
		{"Shared mailbox reception %d", "reception@%s", "https://outlook.office.com", "Email", nil},
		{"Scan to mail %d", "scanner@%s", "", "Email", nil},
	}},
	{"Web and domains", "", []kind{
		{"Registrar account %d", "domains@%s", "https://registrar.example/login", "Website", []string{"dns"}},
		{"WordPress admin %d", "webmaster", "https://www.%s/wp-admin", "Website", nil},
		{"cPanel hosting %d", "cpuser%d", "https://cpanel.%s:2083", "Website", nil},
		{"DNS API token %d", "", "https://api.dns.example", "API key", nil},
		{"SSL VPN portal %d", "vpn-admin", "https://vpn.%s", "VPN", nil},
	}},
	{"Finance", "Finance", []kind{
		{"Online banking %d", "treasury", "https://bank.example", "Bank", []string{"dual control"}},
		{"Payroll portal %d", "payroll@%s", "https://payroll.example", "Website", nil},
		{"Accounting licence %d", "", "", "Software licence", nil},
	}},
	{"Building", "", []kind{
		{"Alarm code entrance %d", "", "", "Alarm code", nil},
		{"Door controller %d", "facility", "https://door%d.%s", "Door controller", nil},
		{"NVR cameras %d", "viewer", "https://nvr%d.%s", "Video surveillance", nil},
	}},
}

// ownTypes are custom credential types.
var ownTypes = []vault.TypeInput{
	{Name: "Door controller", Icon: "door-closed", Fields: []vault.Field{{Name: "Master PIN", Hidden: true}, {Name: "Location"}, {Name: "Serviced on", Date: true}}},
	{Name: "Video surveillance", Icon: "camera", Fields: []vault.Field{{Name: "Recorder serial"}, {Name: "Warranty until", Date: true}}},
}

func (f *filler) types() error {
	for _, t := range ownTypes {
		if _, err := f.Vault.AddType(f.ctx, f.admin, t); err != nil {
			return err
		}
	}
	return nil
}

// fillVaults puts 1,200 credentials into the clients' and the company's vaults.
func (f *filler) fillVaults() error {
	const total, own = 1200, 48
	if err := f.types(); err != nil {
		return err
	}
	if err := f.vaultOf(vault.Place{Client: f.company}, domain, own); err != nil {
		return err
	}
	for i, id := range f.clients[:len(f.clients)-1] {
		if err := f.vaultOf(vault.Place{Client: id}, clients[i].domain, (total-own)/(len(f.clients)-1)); err != nil {
			return err
		}
	}
	return f.force(6, "Server", "Website", "Microsoft 365", "Door controller")
}

// force makes a client offer some credential types only; what it has already
// keeps its own.
func (f *filler) force(n int, types ...string) error {
	c, err := f.Clients.Get(f.ctx, f.admin, f.clients[n])
	if err != nil {
		return err
	}
	in := c.Input()
	in.Types = types
	_, err = f.Clients.Edit(f.ctx, f.admin, c.ID, c.Version, in)
	return err
}

func (f *filler) vaultOf(root vault.Place, domain string, n int) error {
	places := make([]vault.Place, len(shelves))
	for i, s := range shelves {
		var err error
		if places[i], err = f.folder(root, s.name, s.group); err != nil {
			return err
		}
	}
	deep, err := f.deep(root, places[0])
	if err != nil {
		return err
	}
	for first := 0; first < n; first += together {
		var all []adding
		for i := first; i < min(first+together, n); i++ {
			s := i % len(shelves)
			k := shelves[s].kinds[(i/len(shelves))%len(shelves[s].kinds)]
			f.clock.Advance(11 * time.Minute)
			at := places[s]
			if s == 0 && deep != nil {
				at = deep[(i/len(shelves))%len(deep)]
			}
			in := f.fake(k, domain, 1+i/len(shelves)/len(shelves[s].kinds))
			switch i % 31 { // some are weak, some the same in several places
			case 7:
				in.Password = "Summer2026!"
			case 17:
				in.Password = domain + "-" + k.typ
			case 23:
				in.Password = "kettle-Orbit-27-banjo-Fjord"
			}
			all = append(all, adding{at, in})
		}
		if err := f.add(all); err != nil {
			return err
		}
	}
	return nil
}

// deep makes folders in one another for the first client, who has branches; the
// others have one level.
func (f *filler) deep(root, in vault.Place) (all []vault.Place, err error) {
	if root.Client != f.clients[0] {
		return nil, nil
	}
	for _, name := range []string{"Head office", "Branch offices", "Harbour street", "Second floor"} {
		if in, err = f.folder(in, name, ""); err != nil {
			return nil, err
		}
		if all = append(all, in); name == "Head office" { // the branches are beside it
			in = root
		}
	}
	return all, nil
}

// together is how many credentials are added at once: what several writers do
// at the same time is committed together, and a commit is what takes long.
const together = 24

type adding struct {
	place vault.Place
	in    vault.Input
}

func (f *filler) add(all []adding) error {
	made, errs := make([]item, len(all)), make([]error, len(all))
	var busy sync.WaitGroup
	for i, a := range all {
		busy.Go(func() {
			id, err := f.Vault.Add(f.ctx, f.admin, a.place, a.in)
			made[i], errs[i] = item{id, 1}, err
		})
	}
	busy.Wait()
	f.items = append(f.items, made...)
	return errors.Join(errs...)
}

func (f *filler) fake(k kind, domain string, n int) vault.Input {
	in := vault.Input{Type: k.typ}
	in.Title, in.Username, in.Tags = fill(k.title, domain, n), fill(k.username, domain, n), k.tags
	if k.url != "" {
		in.URLs = []string{fill(k.url, domain, n)}
	}
	in.Password = f.dice.password()
	switch {
	case k.typ == "Alarm code":
		in.Password = fmt.Sprintf("%06d", f.dice.below(1000000))
	case f.dice.below(3) == 0:
		in.Notes = "Serial " + f.dice.serial() + ". " + pick(f.dice, notes)
	}
	if f.dice.below(12) == 0 {
		in.Expires = f.start.AddDate(0, 4+f.dice.below(6), f.dice.below(28))
	}
	if f.dice.below(15) == 0 {
		in.Fields = []vault.Field{{Name: "Enable secret", Value: f.dice.password(), Hidden: true}, {Name: "Rack", Value: fmt.Sprintf("R%d-U%d", 1+f.dice.below(4), 1+f.dice.below(40))}}
	}
	own := &dice{state: uint64(len(domain)*1000 + n)} // what was there before stays as it was
	switch k.typ {
	case "Door controller":
		in.Fields = []vault.Field{{Name: "Master PIN", Value: fmt.Sprintf("%06d", own.below(1000000)), Hidden: true}, {Name: "Location", Value: fmt.Sprintf("Floor %d", 1+n%4)},
			{Name: "Serviced on", Value: f.start.AddDate(0, -n%12, 0).Format(time.DateOnly), Date: true}}
	case "Microsoft 365":
		in.TOTP = "otpauth://totp/" + domain + "?secret=" + own.seed() + "&digits=6&period=30"
	}
	return in
}

var notes = []string{"Change after every visit of the reseller.", "Console port is on the left.", "Support contract renews in spring.",
	"Two-factor device is in the safe.", "Call the client before signing in.", "Replaced after the storm; old unit is the spare."}

// fill puts the number and the domain where a pattern asks for them.
func fill(pattern, domain string, n int) string {
	args := []any{}
	for i := 0; i < len(pattern)-1; i++ {
		if pattern[i] != '%' {
			continue
		}
		if pattern[i+1] == 's' {
			args = append(args, domain)
		} else {
			args = append(args, n)
		}
	}
	return strings.TrimSpace(fmt.Sprintf(pattern, args...))
}

// personal gives two people something of their own.
func (f *filler) personal() error {
	for _, who := range []string{staff[1].name, staff[5].name} {
		for _, title := range []string{"Certification portal", "Vendor training login", "My lab hypervisor"} {
			in := vault.Input{Type: "Website"}
			in.Title, in.Username, in.Password = title, "me", f.dice.password()
			if _, err := f.Vault.Add(f.ctx, f.actors[who], vault.Place{Own: true}, in); err != nil {
				return err
			}
		}
	}
	return nil
}

// history: months of reveals, copies, changes, a few things archived.
func (f *filler) history() error {
	names := []string{staff[1].name, staff[5].name}
	const steps = 260
	for i := range steps {
		left := f.now.Sub(f.clock.Now()) / time.Duration(steps-i)
		f.clock.Advance(left * time.Duration(50+f.dice.below(50)) / 100)
		it := &f.items[f.dice.below(len(f.items))]
		who := f.actors[pick(f.dice, names)]
		var err error
		if i >= 200 && i%5 == 0 { // most were here lately, each at another time; the last ones never
			if err := f.signIn(staff[2+(i-200)/5]); err != nil {
				return err
			}
		}
		switch {
		case i%9 == 0:
			next := f.dice.password()
			it.version, err = f.Vault.Patch(f.ctx, f.admin, it.id, it.version, vault.Patch{Password: &next})
		case i%31 == 0:
			err = f.Vault.Archive(f.ctx, f.admin, it.id)
			it.version++
		case i%2 == 0:
			_, err = f.Vault.Reveal(f.ctx, f.admin, it.id)
		default:
			_, err = f.Vault.Copy(f.ctx, who, it.id)
		}
		if err != nil && i%2 == 0 { // the others may be outside a guarded folder: that is history too
			return err
		}
	}
	return nil
}
