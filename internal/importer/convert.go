package importer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"bailiwick/internal/fault"
	"bailiwick/internal/foreign"
	"bailiwick/internal/gate"
	"bailiwick/internal/seal/kdbx"
	"bailiwick/internal/sheet"
)

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
	j.plan.To.ByColumn = j.plan.To.ByColumn || named && j.plan.To.Client == ""
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
