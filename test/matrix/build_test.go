package matrix

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"bailiwick/internal/app"
	"bailiwick/internal/apptest"
	"bailiwick/internal/client"
	"bailiwick/internal/clock"
	"bailiwick/internal/db"
	"bailiwick/internal/factor"
	"bailiwick/internal/gate"
	"bailiwick/internal/id"
	"bailiwick/internal/importer"
	"bailiwick/internal/org"
	"bailiwick/internal/people"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
	"bailiwick/internal/session"
	"bailiwick/internal/vault"
)

var start = time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)

// Everything readable of an organization has its canary in it: what belongs to
// the other one must never come back.
const canaryOne, canaryTwo = "canary-one", "canary-two"

var canaryOf = map[string]string{"one": canaryOne, "two": canaryTwo, "site": canarySite, "site2": canarySite2}

// keys is what a signed-in person has in hand.
type keys struct {
	user   string
	seed   seal.Key
	first  session.SignedIn
	second session.SignedIn
	sealed session.SignedIn
}

// built is a world in rows, to be put into any number of databases.
type built struct {
	instance seal.Key
	code     seal.Code
	codes    map[string]seal.Code // of sites, by organization
	org, two string
	vault    map[string]seal.Key // by organization, of the present epoch
	epoch    map[string]int64
	ids      map[string]string // "client:far" -> id
	names    map[string]string // id -> "far"
	keys     map[string]*keys
	bearers  map[string]string
	proofs   map[string][]byte        // of external links
	seeds    map[string]seal.TOTPSeed // of second factors: "begun tim", "done tim"
	rows     []table
}

var once = sync.OnceValues(func() (*built, error) { return build() })

type builder struct {
	*built
	*app.App
	ctx   context.Context
	db    *db.DB
	dir   string
	clock *clock.Fake
	admin gate.Actor
	err   error
}

// check keeps the first error.
func (b *builder) check(err error) {
	if b.err == nil && err != nil {
		_, file, line, _ := runtime.Caller(1)
		_, _, from, _ := runtime.Caller(2)
		b.err = fmt.Errorf("%s:%d (from %d): %w", filepath.Base(file), line, from, err)
	}
}

func (b *builder) name(kind, name, id string, err error) string {
	b.check(err)
	b.ids[kind+":"+name], b.names[id] = id, name
	return id
}

func build() (*built, error) {
	b := &built{instance: seal.NewKey(), code: seal.NewCode(), codes: map[string]seal.Code{}, vault: map[string]seal.Key{}, epoch: map[string]int64{}, ids: map[string]string{},
		names: map[string]string{}, keys: map[string]*keys{}, bearers: map[string]string{}, proofs: map[string][]byte{}, seeds: map[string]seal.TOTPSeed{}}
	one, err := b.organization("one", "Northwind IT", "admin")
	if err != nil {
		return nil, err
	}
	defer one.end()
	b.org = one.admin.Org()
	if err := one.plan(); err != nil {
		return nil, err
	}
	two, err := b.organization("two", "Southwind", "eve")
	if err != nil {
		return nil, err
	}
	defer two.end()
	b.two = two.admin.Org()
	if err := two.foreign(); err != nil {
		return nil, err
	}
	// Set-up is for the first organization only: the second one's rows come
	// from its own server with the same instance key.
	for _, d := range []*db.DB{one.db, two.db} {
		if b.rows, err = dump(d, b.rows); err != nil {
			return nil, err
		}
	}
	return b, nil
}

func (b *builder) end() {
	b.App.Close()
	b.db.Close()
	os.RemoveAll(b.dir)
}

func newApp(d *db.DB, instance seal.Key) (*app.App, *clock.Fake, error) {
	argon, err := seal.NewArgonAt(apptest.Cheap, 2, 32)
	c := clock.NewFake(start)
	return app.New(d, instance, argon, c), c, err
}

func (b *built) organization(what, name, who string) (*builder, error) {
	dir, err := memoryDir()
	if err != nil {
		return nil, err
	}
	w := &builder{built: b, ctx: context.Background(), dir: dir}
	if w.db, err = db.Open(w.ctx, dir, db.Options{}); err != nil {
		return nil, err
	}
	if w.App, w.clock, err = newApp(w.db, b.instance); err != nil {
		return nil, err
	}
	made, err := w.Org.Setup(w.ctx, org.Setup{Organization: name, Name: canaryStaff[what] + " " + who, Email: who + "@" + what + ".example",
		Password: seal.NewSecret(apptest.Password), Code: b.code, Recovery: seal.NewCode()}, "127.0.0.1", nil)
	if err != nil {
		return nil, err
	}
	company := map[string]string{"one": "company", "two": "company2"}[what]
	w.name("client", company, made.Company, nil)
	w.name("org", what, made.Org, nil)
	w.signIn(who, made)
	w.admin = w.open(who)
	return w, w.err
}

// signIn makes a person's sessions: two open ones, and one that is sealed.
func (b *builder) signIn(who string, made org.Made) {
	k := &keys{user: made.User, seed: made.Member.Seed}
	b.keys[who] = k
	b.name("user", who, made.User, nil)
	b.epoch[made.Org] = made.Epoch
	if made.Vault.Valid() {
		b.vault[made.Org] = made.Vault
	}
	for _, s := range []*session.SignedIn{&k.first, &k.second, &k.sealed} {
		var err error
		*s, err = b.Sessions.Begin(b.ctx, made, "127.0.0.1", "test", nil)
		b.check(err)
	}
	bearer := k.sealed.Bearer()
	actor, err := b.Sessions.Resume(b.ctx, bearer, "127.0.0.1", nil)
	b.check(err)
	if b.err == nil {
		b.check(b.Sessions.Close(b.ctx, actor, bearer))
	}
	if b.err == nil {
		sessions, devices, err := b.Sessions.List(b.ctx, b.open(who))
		b.check(err)
		if b.err == nil && (len(sessions) != 3 || len(devices) != 3) {
			b.err = fmt.Errorf("%s has %d sessions, %d devices", who, len(sessions), len(devices))
		}
		if b.err == nil {
			b.name("device", who, devices[0].ID, nil)
		}
	}
	b.name("session", who, k.second.Session, nil)
	b.factors(who)
}

// factors gives a person a second factor, and another that is not confirmed.
func (b *builder) factors(who string) {
	for _, what := range []string{"done", "begun"} {
		if b.err != nil {
			return
		}
		id, err := b.Factors.Begin(b.ctx, b.open(who), factor.NewFactor{Kind: factor.TOTP, Name: "canary-" + what, Password: password})
		b.name("factor-"+what, who, id, err)
		e, err := b.Factors.Show(b.ctx, b.open(who), id)
		b.check(err)
		b.seeds[what+" "+who] = e.Seed
		if what == "done" {
			b.raw(`UPDATE factors SET confirmed = TRUE WHERE id = $1`, id)
		}
	}
}

// open is a person's actor with fresh keys in hand.
func (b *built) open(who string) gate.Actor {
	k := b.keys[who]
	o := k.first.Org
	return gate.Admit(gate.Admission{Kind: gate.User, Org: o, User: k.user, Session: k.first.Session, IP: "127.0.0.1",
		Ring: gate.NewRing(b.epoch[o], b.vault[o], k.seed)})
}

// enrol makes everybody at once beside the one who is there, all of a level for
// now.
func (b *builder) enrol(admin gate.Actor, all []person, domain, canary, level string) {
	type outer struct {
		key   seal.Key
		epoch int64
	}
	o, err := gate.Do(b.ctx, b.Gate, admin, people.OpMe, gate.Nothing(), func(tx *gate.Tx) (outer, error) {
		k, err := b.Org.Outer(tx, tx.KeyEpoch())
		return outer{k, tx.KeyEpoch()}, err
	})
	b.check(err)
	members := make([]org.Member, len(all))
	var wg sync.WaitGroup
	for i := range all[1:] {
		wg.Go(func() {
			m, err := b.Org.NewMember(b.ctx, admin.Org(), id.New("user"), seal.NewSecret(apptest.Password), o.key, o.epoch)
			if err == nil {
				members[i+1] = m
			}
		})
	}
	wg.Wait()
	_, err = gate.Do(b.ctx, b.Gate, admin, people.OpEnrol, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		e, err := b.Org.Present(tx)
		for i, p := range all[1:] {
			if err != nil {
				return false, err
			}
			m := members[i+1]
			if _, err = tx.Exec(sqlPerson, m.User, p.name+"@"+domain, canary+" "+p.name, level, tx.Millis()); err == nil {
				err = b.Org.Join(tx, e, m)
			}
		}
		if err == nil {
			err = tx.BumpAccess()
		}
		return true, err
	})
	b.check(err)
	for i, p := range all[1:] {
		if b.err == nil {
			b.signIn(p.name, org.Made{Org: admin.Org(), User: members[i+1].User, Member: members[i+1], Epoch: o.epoch})
		}
	}
}

var sqlPerson = gate.SQL(`INSERT INTO users (org_id, id, email, email_folded, name, kind, level_id, created_at) VALUES ($1, $2, $3, $3, $4, 'member', $5, $6)`)

// raw runs texts of the test's own.
func (b *builder) raw(text string, args ...any) {
	if b.err == nil {
		b.check(b.db.Write(b.ctx, "", func(tx *db.Tx) error { _, err := tx.Exec(b.ctx, text, args...); return err }))
	}
}

// login adds a credential and changes it once, so that it has a history.
func (b *builder) login(who gate.Actor, canary, name string, at vault.Place) {
	if b.err != nil {
		return
	}
	in := vault.Input{Overview: vault.Overview{Title: canary + " " + name, Username: canary},
		Secret: vault.Secret{Password: canary + "-old", TOTP: oneTime, Fields: []vault.Field{{Name: canary, Value: canary, Hidden: true}}}}
	if name == "root" { // something for the rotation job
		in.Expires = start.AddDate(0, 0, -3)
	}
	made, err := b.Vault.Add(b.ctx, who, at, in)
	b.name("credential", name, made, err)
	in.Password = canary + "-new"
	if err == nil {
		_, err = b.Vault.Edit(b.ctx, who, made, 1, in)
	}
	if err == nil {
		err = b.Vault.Flag(b.ctx, who, made, canary+" note")
	}
	b.check(err)
}

// personal gives a person something in his personal vault, and a token.
func (b *builder) personal(name, canary string) {
	if b.err != nil {
		return
	}
	who := b.open(name)
	folder, err := b.Vault.AddFolder(b.ctx, who, vault.Place{Own: true}, canary+" own "+name)
	b.name("folder", "own-"+name, folder, err)
	b.login(who, canary, "own-"+name, vault.Place{Own: true})
	b.login(who, canary, "ownin-"+name, vault.Place{Own: true, Folder: folder})
	made, err := b.Sessions.AddToken(b.ctx, who, session.NewToken{Name: canary, Permissions: []string{"Password: Add"}, AllClients: true, Days: 300})
	b.name("token", name, made.ID, err)
	draft, err := b.Imports.Upload(b.ctx, who, "a.csv", importer.Choices{}, strings.NewReader("Title,Password\n"+canary+","+canary+"\n"))
	b.name("import", name, draft, err)
}

func (b *builder) client(canary, name string) {
	made, err := b.Clients.Add(b.ctx, b.admin, client.Input{Name: canary + " " + name, Notes: canary, Tags: []string{canary}})
	b.name("client", name, made, err)
	_, err = b.Clients.SetPanel(b.ctx, b.admin, made, 0, []client.Item{{Kind: client.KindField, Name: canary, Value: canary}})
	b.check(err)
	_, err = b.Clients.SetBanner(b.ctx, b.admin, made, 0, client.BannerInput{Text: canary})
	b.check(err)
}

func TestPlanHasEveryBuiltinLevel(t *testing.T) {
	has := map[string]bool{}
	for _, p := range persons {
		has[p.level] = true
	}
	for _, l := range perm.Builtin() {
		if !has[l.ID] {
			t.Errorf("nobody is %s", l.Name)
		}
	}
}
