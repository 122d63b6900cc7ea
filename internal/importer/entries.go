package importer

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"time"

	"bailiwick/internal/fault"
	"bailiwick/internal/foreign"
	"bailiwick/internal/gate"
	"bailiwick/internal/seal"
	"bailiwick/internal/seal/kdbx"
	"bailiwick/internal/sheet"
)

// Files that are no tables are read once, when they arrive or are unlocked. What
// they hold is kept as lines, sealed as the file was, and the file itself and
// what opened it are forgotten: no passphrase is stored anywhere.

// line is an entry as it waits in the sealed parts. It is a type of its own,
// because a record does not become JSON by accident.
type line struct {
	Row      int             `json:"n"`
	Title    string          `json:"t,omitempty"`
	Username string          `json:"u,omitempty"`
	Password string          `json:"p,omitempty"`
	Notes    string          `json:"o,omitempty"`
	TOTP     string          `json:"c,omitempty"`
	Client   string          `json:"cl,omitempty"`
	Folder   string          `json:"f,omitempty"`
	Type     string          `json:"ty,omitempty"`
	URLs     []string        `json:"w,omitempty"`
	Tags     []string        `json:"ta,omitempty"`
	Fields   []lineField     `json:"fi,omitempty"`
	Expires  *time.Time      `json:"e,omitempty"`
	Problems []sheet.Problem `json:"x,omitempty"`
}

type lineField struct {
	Name   string `json:"n"`
	Value  string `json:"v"`
	Hidden bool   `json:"h,omitempty"`
}

func lineOf(r sheet.Record, ps []sheet.Problem) line {
	l := line{r.Row, r.Title, r.Username, r.Password, r.Notes, r.TOTP, r.Client, r.Folder, r.Type, r.URLs, r.Tags, nil, r.Expires, ps}
	for _, f := range r.Fields {
		l.Fields = append(l.Fields, lineField(f))
	}
	return l
}

func (l line) record() (sheet.Record, []sheet.Problem) {
	r := sheet.Record{Row: l.Row, Title: l.Title, Username: l.Username, Password: l.Password, Notes: l.Notes, TOTP: l.TOTP, Client: l.Client,
		Folder: l.Folder, Type: l.Type, URLs: l.URLs, Tags: l.Tags, Expires: l.Expires}
	for _, f := range l.Fields {
		r.Fields = append(r.Fields, sheet.Field(f))
	}
	return r, l.Problems
}

// table is what rows come from: a CSV file, or the lines of another one.
type table interface {
	Rows(sheet.Mapping) iter.Seq2[sheet.Record, []sheet.Problem]
	Problems() []sheet.Problem
	Check(sheet.Mapping) []sheet.Problem
}

// table opens a job's file for reading.
func (s *Store) table(ctx context.Context, who gate.Actor, j *job) (table, *source, error) {
	if j.plan.Kind == "" {
		sh, src, err := s.sheet(ctx, who, j)
		return sh, src, err
	}
	if j.plan.Locked {
		return nil, nil, errLocked
	}
	src := s.source(ctx, who, j)
	return lines{src}, src, nil
}

var errLocked = fault.Cannot("This KeePass database is locked. Enter its passphrase first.")

type lines struct{ src *source }

func (l lines) Problems() []sheet.Problem           { return nil }
func (l lines) Check(sheet.Mapping) []sheet.Problem { return nil }

// Rows gives the entries in their order; the source keeps an error of reading.
func (l lines) Rows(sheet.Mapping) iter.Seq2[sheet.Record, []sheet.Problem] {
	return func(yield func(sheet.Record, []sheet.Problem) bool) {
		d := json.NewDecoder(bufio.NewReaderSize(l.src, 64<<10))
		for {
			var one line
			err := d.Decode(&one)
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				yield(sheet.Record{}, []sheet.Problem{{Text: "The file cannot be read any more. Upload it again.", Fatal: true, Ends: true}})
				return
			}
			if !yield(one.record()) {
				return
			}
		}
	}
}

// convert reads a file that is no table and keeps its entries in its place.
func (s *Store) convert(ctx context.Context, who gate.Actor, j *job, c kdbx.Credentials) error {
	select { // one at a time: they may need much memory
	case s.heavy <- struct{}{}:
		defer func() { <-s.heavy }()
	case <-ctx.Done():
		return ctx.Err()
	}
	first := (j.plan.Size + partSize - 1) / partSize
	if err := s.dropParts(ctx, who, j, first); err != nil { // of an earlier try
		return err
	}
	src := s.source(ctx, who, j)
	out := &keeper{store: s, ctx: ctx, who: who, job: j, n: first}
	rows, named := 0, false
	sink := func(r sheet.Record, ps []sheet.Problem) error {
		rows++
		named = named || r.Client != ""
		b, err := json.Marshal(lineOf(r, ps))
		if err != nil {
			return err
		}
		return out.write(append(b, '\n'))
	}
	remarks, err := read(ctx, j.plan.Kind, src, c, sink)
	if err == nil {
		err = out.flush()
	}
	switch {
	case src.err != nil:
		return src.err
	case errors.Is(err, foreign.ErrKey):
		return fault.Bad("passphrase", "The passphrase or the key file is wrong, or the file is damaged.")
	case err != nil:
		return aboutFile(err)
	case rows == 0:
		return fault.Bad("file", "There are no entries in this file. Choose another one.")
	}
	j.plan.FirstPart, j.plan.Size, j.plan.Rows, j.plan.Locked = first, out.size, rows, false
	j.plan.To.ByColumn = j.plan.To.ByColumn || named
	j.plan.Mapping.Remarks = append([]string{fmt.Sprintf("This looks like %s.", j.plan.format().Name)}, remarks...)
	return nil
}

func read(ctx context.Context, kind foreign.Kind, src *source, c kdbx.Credentials, sink foreign.Sink) ([]string, error) {
	switch kind {
	case foreign.Bitwarden:
		return foreign.ReadBitwarden(ctx, src, sink)
	case foreign.OnePUX:
		return foreign.ReadOnePUX(ctx, src, src.size, sink)
	}
	return foreign.ReadKeePass(ctx, src, c, sink)
}

// keeper seals lines into parts that follow those of the file.
type keeper struct {
	store *Store
	ctx   context.Context
	who   gate.Actor
	job   *job
	n     int64
	size  int64
	buf   []byte
}

func (k *keeper) write(b []byte) error {
	k.buf = append(k.buf, b...)
	for len(k.buf) >= partSize {
		if err := k.part(k.buf[:partSize]); err != nil {
			return err
		}
		rest := copy(k.buf, k.buf[partSize:])
		clear(k.buf[rest:])
		k.buf = k.buf[:rest]
	}
	return nil
}

func (k *keeper) flush() error {
	defer clear(k.buf)
	if len(k.buf) == 0 {
		return nil
	}
	return k.part(k.buf)
}

func (k *keeper) part(b []byte) error {
	if k.size += int64(len(b)); k.size > k.store.most {
		return fault.Bad("file", "What the file holds is larger than %d MB. Split it into several files.", MaxBytes/1_000_000)
	}
	_, err := gate.Do(k.ctx, k.store.gate, k.who, OpContinue, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		return true, addPart(tx, k.job.id, k.job.key, partSource, k.n, b)
	})
	k.n++
	return err
}

var (
	sqlDropAfter  = gate.SQL(`DELETE FROM job_parts WHERE org_id = $1 AND job_id = $2 AND part = 'source' AND n >= $3 AND EXISTS (SELECT 1 FROM jobs j WHERE j.org_id = $1 AND j.id = $2 AND j.user_id = $4 AND j.state = 'draft')`)
	sqlDropBefore = gate.SQL(`DELETE FROM job_parts WHERE org_id = $1 AND job_id = $2 AND part = 'source' AND n < $3`)
)

func (s *Store) dropParts(ctx context.Context, who gate.Actor, j *job, from int64) error {
	_, err := gate.Do(ctx, s.gate, who, OpContinue, gate.Nothing(), func(tx *gate.Tx) (int64, error) {
		return tx.Exec(sqlDropAfter, j.id, from, who.User())
	})
	return err
}

// settle keeps the plan of a file that was converted, and forgets the file.
func (j *job) settle(tx *gate.Tx) error {
	if j.plan.FirstPart > 0 {
		if _, err := tx.Exec(sqlDropBefore, j.id, j.plan.FirstPart); err != nil {
			return err
		}
	}
	return j.savePlan(tx, StateDraft)
}

// Unlock opens one's own uploaded KeePass database. Neither passphrase nor key
// file are kept.
func (s *Store) Unlock(ctx context.Context, who gate.Actor, id string, passphrase seal.Secret, keyFile []byte) error {
	j, err := s.draft(ctx, unkeyed(who), id)
	if err != nil {
		return err
	}
	if !j.plan.Locked {
		return s.unlocked(ctx, who, id, func(*gate.Tx) error { return nil })
	}
	switch {
	case len(passphrase.Reveal()) > 10_000:
		return fault.Bad("passphrase", "The passphrase is too long.")
	case len(keyFile) > MostKeyFile:
		return fault.Bad("key_file", "The key file is larger than %d MB, so it is none.", MostKeyFile>>20)
	case len(passphrase.Reveal()) == 0 && len(keyFile) == 0:
		return fault.Bad("passphrase", "Enter the passphrase of the database, or choose its key file.")
	}
	if len(keyFile) == 0 {
		keyFile = nil
	}
	defer clear(keyFile)
	if err := s.convert(ctx, unkeyed(who), j, kdbx.Credentials{Passphrase: passphrase, KeyFile: keyFile}); err != nil {
		return err
	}
	return s.unlocked(ctx, who, id, j.settle)
}

func (s *Store) unlocked(ctx context.Context, who gate.Actor, id string, keep func(*gate.Tx) error) error {
	_, err := gate.Do(ctx, s.gate, who, OpUnlock, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		tx.Event().Kind, tx.Event().ID = "import", id
		return true, keep(tx)
	})
	return err
}

// MostKeyFile is how large a key file of KeePass may be, in bytes.
const MostKeyFile = 1 << 20
