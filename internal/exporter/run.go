package exporter

import (
	"context"
	"fmt"
	"io"
	"slices"
	"sync"
	"unicode/utf8"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/vault"
)

func (in Choice) check() error {
	var bad []fault.Field
	if !slices.Contains([]Format{CSV, KDBX, Bitwarden}, in.Format) {
		bad = append(bad, fault.Field{Name: "format", Text: "Choose csv, kdbx or bitwarden."})
	}
	n := utf8.RuneCountInString(in.Passphrase.Reveal())
	if in.Format == KDBX && n < 12 {
		bad = append(bad, fault.Field{Name: "passphrase", Text: "A KeePass file needs a passphrase of at least 12 characters: it is all that protects the file."})
	} else if in.Format != KDBX && n > 0 {
		bad = append(bad, fault.Field{Name: "passphrase", Text: "Only a KeePass file has a passphrase. This format is not encrypted."})
	} else if n > 1024 {
		bad = append(bad, fault.Field{Name: "passphrase", Text: "Use at most 1,024 characters."})
	}
	if in.Own && len(in.Clients) > 0 {
		bad = append(bad, fault.Field{Name: "clients", Text: "Export clients or your own passwords, not both in one file."})
	}
	if len(in.Chosen) > 0 && len(in.Clients) > 0 {
		bad = append(bad, fault.Field{Name: "clients", Text: "Export chosen credentials or clients, not both in one file."})
	}
	if len(in.Chosen) > vault.Most {
		bad = append(bad, fault.Field{Name: "credentials", Text: fmt.Sprintf("At most %d credentials can be chosen at a time. Export their clients instead.", vault.Most)})
	}
	return fault.BadFields(bad)
}

// plan finds out what there is, and notes it in the audit log.
func (in Choice) plan(tx *gate.Tx) (*plan, error) {
	p := &plan{folders: map[string]folder{}}
	err := tx.Each(sqlFolders, func(r *gate.Rows) error {
		var id string
		var f folder
		err := r.Scan(&id, &f.parent, &f.name)
		p.folders[id] = f
		return err
	})
	if err != nil {
		return nil, err
	}
	if len(in.Chosen) > 0 {
		err = p.choose(tx, in)
	} else if in.Own {
		mine := client{}
		err = tx.Each(sqlMine, func(r *gate.Rows) error { return mine.add(r) }, tx.Who().User())
		p.clients, p.count = []client{mine}, mine.count
	} else {
		err = tx.Each(sqlClients, func(r *gate.Rows) error { return p.add(tx, in.Clients, r) })
	}
	if err != nil {
		return nil, err
	}
	for _, c := range in.Clients {
		if !tx.SeesClient(c) {
			return nil, fault.NotFound()
		}
	}
	if in.Format == KDBX && p.count > MostKDBX {
		return nil, fault.Cannot("There are %d credentials, and a KeePass file takes %d. Choose fewer clients, or another format. Nothing was exported.", p.count, MostKDBX)
	}
	words := []string{"format: " + string(in.Format), fmt.Sprintf("credentials: %d", p.count)}
	tx.Event().Fields = words
	for _, c := range p.clients {
		if c.ID != "" {
			tx.Note(gate.Event{Kind: string(gate.KindClient), ID: c.ID, Name: c.Name, Client: c.ID, Fields: []string{"format: " + string(in.Format), fmt.Sprintf("credentials: %d", c.count)}}, "")
		}
	}
	return p, nil
}

// choose takes chosen credentials, all or none: what the actor may not see is
// as if it were not there.
func (p *plan) choose(tx *gate.Tx, in Choice) error {
	found, err := vault.PlacesOf(tx, in.Chosen)
	if err != nil {
		return err
	}
	of := map[string]int{}
	for _, id := range in.Chosen {
		at, ok := found[id]
		if !ok || at.Own != in.Own {
			return fault.NotFound()
		}
		delete(found, id) // whoever names it twice meets an absence
		n, known := of[at.Client]
		if !known {
			n = len(p.clients)
			of[at.Client] = n
			p.clients = append(p.clients, client{ID: at.Client})
		}
		c := &p.clients[n]
		if !slices.Contains(c.folders, at.Folder) {
			c.folders = append(c.folders, at.Folder)
		}
		c.chosen, c.count, p.count = append(c.chosen, id), c.count+1, p.count+1
	}
	for i := range p.clients {
		c := &p.clients[i]
		slices.Sort(c.chosen)
		if c.ID != "" {
			if err := tx.Row(sqlNamed, c.ID).Scan(&c.Name); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *client) add(r *gate.Rows) error {
	var folder string
	var n int
	err := r.Scan(&folder, &n)
	c.folders, c.count = append(c.folders, folder), c.count+n
	return err
}

// add takes a folder of a client where the actor may see secrets.
func (p *plan) add(tx *gate.Tx, chosen []string, r *gate.Rows) error {
	var c client
	var folder, item string
	var n int
	if err := r.Scan(&c.ID, &c.Name, &folder, &item, &n); err != nil {
		return err
	}
	if len(chosen) > 0 && !slices.Contains(chosen, c.ID) || !tx.May(vault.OpReveal, gate.At(gate.Lies{Client: c.ID, Folder: folder, Item: item})) {
		return nil
	}
	if last := len(p.clients) - 1; last < 0 || p.clients[last].ID != c.ID {
		p.clients = append(p.clients, c)
	}
	last := &p.clients[len(p.clients)-1]
	if !slices.Contains(last.folders, folder) {
		last.folders = append(last.folders, folder)
	}
	last.count += n
	p.count += n
	return nil
}

// Write writes the file and gives how many credentials are in it. What was
// written before an error is not a whole file.
func (b *Begun) Write(ctx context.Context, w io.Writer) (n int, err error) {
	to := b.in.Format.sink(w, b.in, b.now)
	if err := to.begin(b.plan.places()); err != nil {
		return 0, err
	}
	ctx, stop := context.WithCancel(ctx)
	var lanes sync.WaitGroup
	defer lanes.Wait()
	defer stop()
	for l := range b.lanes(ctx, &lanes) {
		for p := range l.portions {
			if p.err != nil {
				return n, p.err
			}
			for _, f := range p.found {
				if err := to.add(b.entry(l.of, f)); err != nil {
					return n, err
				}
			}
			n += len(p.found)
			if err := to.flush(); err != nil {
				return n, err
			}
		}
	}
	if err := ctx.Err(); err != nil { // lanes that end with it say nothing
		return n, err
	}
	return n, to.end()
}

// lane is a client on its way out, part by part.
type lane struct {
	of       client
	portions chan portion
}

type portion struct {
	found []vault.Taken
	err   error
}

// together is how many clients are read at a time: while the parts of one are
// written down as seen, which only one can be at a time, another is opened.
const together = 2

// lanes gives the clients in order, and reads each ahead of its writer, by no
// more than a part. All of it ends with ctx.
func (b *Begun) lanes(ctx context.Context, all *sync.WaitGroup) <-chan lane {
	out := make(chan lane, together-1)
	all.Go(func() {
		defer close(out)
		for _, c := range b.plan.clients {
			l := lane{c, make(chan portion, 1)}
			select {
			case out <- l:
				all.Go(func() { b.read(ctx, l) })
			case <-ctx.Done():
				return
			}
		}
	})
	return out
}

func (b *Begun) read(ctx context.Context, l lane) {
	defer close(l.portions)
	for after, more := "", true; more; {
		var p portion
		p, more = b.part(ctx, l.of, after)
		select {
		case l.portions <- p:
		case <-ctx.Done():
			return
		}
		if len(p.found) > 0 {
			after = p.found[len(p.found)-1].ID
		}
	}
}

// part reads the next credentials and notes that the actor has seen them, in
// one transaction: nothing goes out that is not noted.
func (b *Begun) part(ctx context.Context, c client, after string) (p portion, more bool) {
	op, target, place := OpPart, gate.Client(c.ID), vault.Place{Client: c.ID}
	if b.in.Own {
		op, target, place = OpOwnPart, gate.Nothing(), vault.Place{Own: true}
	}
	type taken struct {
		Found []vault.Taken
		More  bool
	}
	t, err := gate.Do(ctx, b.store.gate, b.who, op, target, func(tx *gate.Tx) (t taken, err error) {
		live := 0
		if err := tx.Row(sqlSession, b.who.Session(), tx.Millis()).Scan(&live); err != nil || live == 0 {
			if err == nil {
				err = fault.NotSignedIn()
			}
			return t, err
		}
		if len(c.chosen) > 0 {
			ids := c.next(after)
			t.Found, err = vault.TakeThese(tx, place, ids)
			t.More = len(ids) > 0 && len(c.next(ids[len(ids)-1])) > 0
			return t, err
		}
		t.Found, t.More, err = vault.Take(tx, place, after, part)
		return t, err
	})
	return portion{t.Found, err}, err == nil && t.More
}

// next are the chosen credentials of the next part.
func (c client) next(after string) []string {
	at, found := slices.BinarySearch(c.chosen, after)
	if found {
		at++
	}
	return c.chosen[at:min(at+part, len(c.chosen))]
}

func (b *Begun) entry(c client, t vault.Taken) Entry {
	e := Entry{ID: t.ID, Client: c.Name, Folder: b.plan.path(t.FolderID), Type: t.Type, Title: t.Title, Username: t.Username, URLs: t.URLs, Tags: t.Tags,
		Password: t.Password, Notes: t.Notes, TOTP: t.TOTP, Expires: t.Expires, Created: t.Created, Modified: t.Changed}
	for _, f := range t.Fields {
		e.Fields = append(e.Fields, Field{Name: f.Name, Value: f.Value, Hidden: f.Hidden, Date: f.Date})
	}
	return e
}
