package access_test

import (
	"context"
	"testing"

	"bailiwick/internal/access"
	"bailiwick/internal/apptest"
	"bailiwick/internal/client"
	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/mail"
	"bailiwick/internal/perm"
	"bailiwick/internal/vault"
)

var ctx = context.Background()

// office is a provider with two clients and people of several levels.
type office struct {
	*apptest.World
	t               *testing.T
	db              *db.DB
	contoso, tail   string
	folder          string // of contoso, guarded by group, in which is nobody but max
	group           string
	max, tim, tina  string // manager and technicians, assigned access
	asMax, asTim    gate.Actor
	asTina, asAdmin gate.Actor
}

func each(t *testing.T, fn func(*office)) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := &office{World: apptest.New(t, d), t: t, db: d}
		o.asAdmin = o.Admin
		o.contoso, o.tail = o.client("Contoso"), o.client("Tailspin")
		o.max, o.tim, o.tina = o.Enrol("max", perm.LevelManagerAssigned), o.Enrol("tim", perm.LevelTechnicianAssigned), o.Enrol("tina", perm.LevelTechnicianAssigned)
		o.asMax, o.asTim, o.asTina = o.SignIn("max"), o.SignIn("tim"), o.SignIn("tina")
		for _, u := range []string{o.max, o.tim} {
			o.Must(o.Access.Assign(ctx, o.Admin, o.contoso, u, 0))
		}
		folder, err := o.Vault.AddFolder(ctx, o.Admin, vault.Place{Client: o.contoso}, "Servers")
		o.Must(err)
		o.folder = folder
		o.group, err = o.Access.AddGroup(ctx, o.Admin, "Server people", []string{o.max}, nil)
		o.Must(err)
		o.Must(o.Access.Guard(ctx, o.Admin, folder, 1, []string{o.group}))
		fn(o)
	})
}

func (o *office) client(name string) string {
	o.t.Helper()
	id, err := o.Clients.Add(ctx, o.Admin, client.Input{Name: name})
	o.Must(err)
	return id
}

// is demands a kind of refusal.
func (o *office) is(err error, kind fault.Kind) {
	o.t.Helper()
	if !fault.Is(err, kind) {
		o.t.Fatalf("%v, want %s", err, kind)
	}
}

func (o *office) reaches(who gate.Actor, client string, want bool) {
	o.t.Helper()
	if _, err := o.Clients.Get(ctx, who, client); (err == nil) != want {
		o.t.Fatalf("reaches: %v, want %v", err, want)
	}
}

func (o *office) opens(who gate.Actor, want bool) {
	o.t.Helper()
	all, err := o.Vault.Folders(ctx, who, vault.Place{Client: o.contoso})
	o.Must(err)
	if (len(all) == 1) != want {
		o.t.Fatalf("opens %v, want %v", all, want)
	}
}

// letters are the mails of a kind that wait, by who gets them.
func (o *office) letters(kind mail.Kind) map[string]int {
	o.t.Helper()
	all, _, err := o.Mail.Outbox(ctx, o.Admin, mail.Filter{Limit: 200})
	o.Must(err)
	by := map[string]int{}
	for _, m := range all {
		if m.Kind == kind {
			by[m.User]++
		}
	}
	return by
}

func (o *office) requests(who gate.Actor) access.Requests {
	o.t.Helper()
	r, err := o.Access.Requests(ctx, who)
	o.Must(err)
	return r
}

func (o *office) set(name, value string) {
	o.t.Helper()
	o.Must(o.db.Write(ctx, o.OrgID, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, `INSERT INTO settings (org_id, name, value) VALUES ($1, $2, $3)`, o.OrgID, name, value); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `UPDATE organizations SET access_epoch = access_epoch + 1 WHERE id = $1`, o.OrgID)
		return err
	}))
}
