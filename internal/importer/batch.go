package importer

import (
	"bytes"
	"context"
	"encoding/csv"
	"slices"
	"strings"
	"time"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/id"
	"bailiwick/internal/sheet"
	"bailiwick/internal/vault"
)

const (
	batchRows  = 500
	batchRead  = 5000 // rows read without anything to store
	listPart   = 64 << 10
	atOnceRows = 50 // rows of one statement
)

// sealedRow is a row of import_rows.
type sealedRow struct {
	credential     string
	replaces, rev  int64
	fields         string
	knows          bool
	client, folder string
	guard          string
	typ            string
	expires        int64
	box            vault.Sealed
}

// batch is what one transaction sets aside.
type batch struct {
	rows    []sealedRow
	updates []*verdict // still to be opened and sealed
	list    []byte     // of what was left out
	done    int        // rows read so far
}

// produce reads the file, decides on its rows and seals them, batch by batch.
func (r *runner) produce(ctx context.Context, a *aside, batches chan<- *batch) error {
	p, err := r.store.planner(ctx, r.who, r.job.plan.Choices)
	if err != nil {
		return err
	}
	a.clients = p.clients
	sh, src, err := r.store.table(ctx, r.who, r.job)
	if err != nil {
		return err
	}
	var text bytes.Buffer
	text.WriteString(listHead)
	list := &list{csv: csv.NewWriter(&text)}
	list.csv.UseCRLF = true
	b, listed := &batch{}, false
	send := func(last bool) error {
		list.csv.Flush()
		if text.Len() >= listPart || last && listed {
			b.list = bytes.Clone(text.Bytes())
			text.Reset()
		}
		if err := r.sealUpdates(ctx, a, b); err != nil {
			return err
		}
		b.done = a.counts.Rows
		select {
		case batches <- b:
			b = &batch{}
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	since := 0
	note := func(ps ...sheet.Problem) error {
		for _, problem := range ps {
			listed = true
			if err := list.add(problem); err != nil {
				return err
			}
		}
		return nil
	}
	for rec, ps := range sh.Rows(r.job.plan.Mapping) {
		if src.err != nil {
			return src.err
		}
		v, err := p.decide(rec, ps)
		if err != nil {
			return err
		}
		a.counts.Rows++
		a.codes = a.codes || v.in.TOTP != "" && (v.do == adding || v.do == updating)
		since++
		switch v.do {
		case skipping:
			a.counts.Skipped++
			if v.twin != nil {
				v.problem("", wasThere, false)
			}
			err = note(v.ps[len(v.ps)-1])
		case updating:
			b.updates = append(b.updates, v)
		case leaving:
			if !r.job.plan.OnlyGood || v.ends {
				return fault.Cannot("Nothing was imported: row %d can't be imported any more as it could be before. Look at the preview again.", v.rec.Row)
			}
			a.counts.LeftOut++
			err = note(v.ps...)
		default:
			err = b.add(v)
		}
		if err != nil {
			return err
		}
		if len(b.rows)+len(b.updates) >= batchRows || since >= batchRead || text.Len() >= listPart {
			if err := send(false); err != nil {
				return err
			}
			since = 0
		}
	}
	return send(true)
}

func (b *batch) add(v *verdict) error {
	row := sealedRow{credential: id.New("cred"), rev: 1, knows: true, client: v.dest.id, folder: v.at.id, guard: v.at.guard, typ: v.in.Type, expires: v.in.Millis()}
	var err error
	row.box, err = v.dest.sealer.Seal(row.credential, 1, v.in)
	b.rows = append(b.rows, row)
	return err
}

// sealUpdates opens what rows update and seals the next version of it.
func (r *runner) sealUpdates(ctx context.Context, a *aside, b *batch) error {
	if len(b.updates) == 0 {
		return nil
	}
	old, err := gate.Do(ctx, r.store.gate, r.who, OpPreview, gate.Nothing(), func(tx *gate.Tx) ([]vault.Whole, error) {
		var all []vault.Whole
		for _, v := range b.updates {
			w, err := vault.OpenWhole(tx, v.twin.id, 0)
			if err == nil && w.Version != v.twin.version {
				err = errChanged
			}
			if err != nil {
				return nil, err
			}
			all = append(all, w)
		}
		return all, nil
	})
	if err != nil {
		return err
	}
	for i, v := range b.updates {
		in := merged(old[i].Input, v.in, v.typed)
		if err := in.Check(); err != nil {
			return fault.Cannot("Nothing was imported: row %d has more than fits into the credential that is there. Shorten it, or choose to add it beside.", v.rec.Row)
		}
		fields := vault.Differences(old[i].Input, in)
		if len(fields) == 0 {
			a.counts.Unchanged++
			continue
		}
		w := old[i]
		row := sealedRow{credential: v.twin.id, replaces: w.Version, rev: w.Rev, knows: v.in.Password != "", fields: strings.Join(fields, "\n"),
			client: w.ClientID, folder: w.FolderID, typ: in.Type, expires: in.Millis()}
		if f := v.dest.folders[w.FolderID]; f != nil {
			row.guard = f.guard
		}
		if slices.Contains(fields, "password") {
			row.rev++
		}
		if row.box, err = v.dest.sealer.Seal(row.credential, w.Version+1, in); err != nil {
			return err
		}
		b.rows = append(b.rows, row)
	}
	b.updates = nil
	return nil
}

// merged is what is there with what the row has: an empty cell takes nothing
// away, and tags, addresses and custom fields come together.
func merged(old, row vault.Input, typed bool) vault.Input {
	in := old
	in.Title, in.Username = keep(row.Title, old.Title), keep(row.Username, old.Username)
	in.Password, in.Notes, in.TOTP = keep(row.Password, old.Password), keep(row.Notes, old.Notes), keep(row.TOTP, old.TOTP)
	if typed && row.Type != "Other" { // which says nothing
		in.Type = row.Type
	}
	if row.Expires != (time.Time{}) {
		in.Expires = row.Expires
	}
	in.URLs = append(append([]string(nil), old.URLs...), row.URLs...)
	in.Tags = append(append([]string(nil), old.Tags...), row.Tags...)
	in.Fields = append([]vault.Field(nil), old.Fields...)
	for _, f := range row.Fields {
		found := false
		for i := range in.Fields {
			if in.Fields[i].Name == f.Name {
				in.Fields[i], found = mergedField(in.Fields[i], f), true
				break
			}
		}
		if !found {
			in.Fields = append(in.Fields, f)
		}
	}
	return in
}

// mergedField stays hidden or a date where it was. A file that does not say what
// its fields are has all of them hidden.
func mergedField(old, row vault.Field) vault.Field {
	if _, err := time.Parse(time.DateOnly, row.Value); old.Date && err == nil {
		row.Hidden, row.Date = false, true
		return row
	}
	row.Hidden = row.Hidden || old.Hidden
	row.Date = row.Date && !row.Hidden
	return row
}

func keep(row, old string) string {
	if row != "" {
		return row
	}
	return old
}
