package importer

import (
	"context"
	"errors"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"bailiwick/internal/fault"
	"bailiwick/internal/foreign"
	"bailiwick/internal/gate"
	"bailiwick/internal/id"
	"bailiwick/internal/seal"
	"bailiwick/internal/seal/kdbx"
	"bailiwick/internal/sheet"
)

var (
	sqlAddJob  = gate.SQL(`INSERT INTO jobs (org_id, id, kind, user_id, state, created_at, key_epoch, key_box) VALUES ($1, $2, 'import', $3, 'draft', $4, $5, $6)`)
	sqlDropJob = gate.SQL(`DELETE FROM jobs WHERE org_id = $1 AND id = $2 AND user_id = $3 AND state = 'draft'`)
)

// Upload keeps a file, sealed, as a draft of an import, and gives the draft's
// id. What Choices say of how to read it overrules what is found out. A file
// that can't be read is refused with a Field "file", and nothing of it is kept.
func (s *Store) Upload(ctx context.Context, who gate.Actor, name string, c Choices, r io.Reader) (string, error) {
	who = unkeyed(who)
	if c.Of != OfCredentials && c.Of != OfClients {
		return "", fault.Bad("of", "Choose credentials or clients.")
	}
	j := &job{id: id.New("job"), key: seal.NewKey()}
	j.plan.File, j.plan.Choices = fileName(name), Choices{Of: c.Of, Format: c.Format, Encoding: c.Encoding, Separator: c.Separator, First: c.First, Duplicates: Skip}
	_, err := gate.Do(ctx, s.gate, who, OpContinue, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		vault, err := tx.VaultKey(tx.KeyEpoch())
		if err != nil {
			return false, err
		}
		box := vault.Wrap(seal.PurposeJob, placeOfKey(who.Org(), j.id, tx.KeyEpoch()), j.key)
		_, err = tx.Exec(sqlAddJob, j.id, who.User(), tx.Millis(), tx.KeyEpoch(), box)
		return true, err
	})
	if err == nil {
		err = s.keep(ctx, who, j, r)
	}
	if err == nil {
		err = s.recognise(ctx, who, j)
	}
	switch {
	case err != nil:
	case j.plan.Of == OfClients:
		err = s.inspectClients(ctx, who, j)
	case j.plan.Kind == "":
		err = s.inspect(ctx, who, j)
	case j.plan.Kind == foreign.KeePass:
		j.plan.Locked = true
	default:
		err = s.convert(ctx, who, j, kdbx.Credentials{})
	}
	if err == nil {
		_, err = gate.Do(ctx, s.gate, who, OpUpload, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
			tx.Event().Kind, tx.Event().ID = "import", j.id
			return true, j.settle(tx)
		})
	}
	if err != nil {
		_, _ = gate.Do(context.WithoutCancel(ctx), s.gate, gate.Stranger(who.Org(), "", nil), opEnd, gate.Nothing(), func(tx *gate.Tx) (int64, error) {
			return tx.Exec(sqlDropJob, j.id, who.User())
		}) // what stays because the database is gone is swept
		return "", err
	}
	return j.id, nil
}

// keep seals the file part by part as it comes in.
func (s *Store) keep(ctx context.Context, who gate.Actor, j *job, r io.Reader) error {
	part := make([]byte, partSize)
	defer clear(part)
	for n := int64(0); ; n++ {
		size, err := io.ReadFull(r, part)
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return fault.Cannot("The file did not arrive whole. Nothing of it was kept; upload it again.")
		}
		if j.plan.Size += int64(size); j.plan.Size > s.most {
			return fault.Bad("file", "The file is larger than %d MB. Split it into several files.", MaxBytes/1_000_000)
		}
		if size > 0 {
			_, keep := gate.Do(ctx, s.gate, who, OpContinue, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
				return true, addPart(tx, j.id, j.key, partSource, n, part[:size])
			})
			if keep != nil {
				return keep
			}
		}
		if err != nil {
			return nil
		}
	}
}

// inspect finds out encoding, separator and headings, guesses where columns go
// and counts the rows. What makes a whole file unreadable is refused here.
func (s *Store) inspect(ctx context.Context, who gate.Actor, j *job) error {
	sh, src, err := s.sheet(ctx, who, j)
	if err != nil {
		return err
	}
	if err := readable(sh); err != nil {
		return err
	}
	j.plan.Mapping = sh.Guess()
	j.plan.found(sh)
	for _, c := range j.plan.Mapping.Columns {
		j.plan.To.ByColumn = j.plan.To.ByColumn || c.To == sheet.ToClient
	}
	for _, ps := range sh.Rows(j.plan.Mapping) {
		switch {
		case src.err != nil:
			return src.err
		case len(ps) > 0 && ps[0].Ends:
			return fault.Bad("file", "%s", ps[0].Text)
		}
		j.plan.Rows++
	}
	return ctx.Err()
}

// readable refuses a file that is no table.
func readable(sh *sheet.Sheet) error {
	for _, h := range sh.FirstRow() {
		if strings.ContainsFunc(h, func(r rune) bool {
			return r == utf8.RuneError || unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t'
		}) {
			return fault.Bad("file", "The first row is no text, so this is not a CSV file, or its encoding is another one. Choose the file that the export wrote.")
		}
	}
	for _, p := range sh.Problems() {
		if p.Fatal {
			return fault.Bad("file", "%s", p.Text)
		}
	}
	return nil
}

// found keeps how the file is read.
func (p *plan) found(sh *sheet.Sheet) {
	p.Found, p.Separates, p.Bare = sh.Encoding(), sh.Separator(), sh.Bare()
}

func (p *plan) options() sheet.Options {
	if p.Of == OfClients {
		return sheet.Options{Encoding: p.Encoding, Separator: p.Separator, First: p.First, Knows: sheet.KnowsClient}
	}
	f, _ := format(p.Format)
	return sheet.Options{Encoding: p.Encoding, Separator: p.Separator, First: p.First, Layout: f.layout}
}

// sheet opens a job's file for reading.
func (s *Store) sheet(ctx context.Context, who gate.Actor, j *job) (*sheet.Sheet, *source, error) {
	src := s.source(ctx, who, j)
	sh, err := sheet.OpenWith(src, j.plan.options())
	if src.err != nil {
		return nil, nil, src.err
	}
	var p sheet.Problem
	if errors.As(err, &p) {
		return nil, nil, fault.Bad("file", "%s", p.Text)
	}
	return sh, src, err
}

// fileName keeps the last part of a path, for showing only.
func fileName(name string) string {
	name = strings.ToValidUTF8(name[strings.LastIndexAny(name, `/\`)+1:], "")
	if r := []rune(name); len(r) > 200 {
		name = string(r[:200])
	}
	return name
}
