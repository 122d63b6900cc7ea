package importer

import (
	"context"
	"errors"
	"fmt"
	"io"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/seal"
)

// partSize is the length of all parts of a file but the last, in bytes.
const partSize = 256 << 10

const (
	partSource  = "source"
	partLeftOut = "left out"
)

func placeOfKey(org, job string, epoch int64) seal.Place {
	return seal.Place{Org: org, Table: "jobs", Row: job, Envelope: "key_box", Epoch: epoch}
}

func placeOfPlan(org, job string, version int64) seal.Place {
	return seal.Place{Org: org, Table: "jobs", Row: job, Envelope: "plan_box", Version: version}
}

func placeOfPart(org, job, part string, n int64) seal.Place {
	return seal.Place{Org: org, Table: "job_parts", Row: job, Envelope: part, Version: n}
}

var (
	sqlAddPart = gate.SQL(`INSERT INTO job_parts (org_id, job_id, part, n, box) SELECT org_id, id, $3, $4, $5 FROM jobs WHERE org_id = $1 AND id = $2 AND user_id = $6 AND state IN ('draft', 'running')`)
	sqlPart    = gate.SQL(`SELECT p.box FROM job_parts p JOIN jobs j ON j.org_id = p.org_id AND j.id = p.job_id
		WHERE p.org_id = $1 AND p.job_id = $2 AND p.part = $3 AND p.n = $4 AND j.user_id = $5`)
)

// source reads an uploaded file from its sealed parts, one at a time.
type source struct {
	ctx   context.Context
	store *Store
	who   gate.Actor
	job   string
	key   seal.Key
	size  int64
	first int64 // number of its first part
	pos   int64
	n     int64 // the part at hand
	part  []byte
	err   error // a fault of reading, which sheet can't pass on as it is
}

func (s *Store) source(ctx context.Context, who gate.Actor, j *job) *source {
	return &source{ctx: ctx, store: s, who: who, job: j.id, key: j.key, size: j.plan.Size, first: j.plan.FirstPart, n: -1}
}

// Read gives what is left of the part at the present position.
func (r *source) Read(b []byte) (int, error) {
	if r.pos >= r.size {
		return 0, io.EOF
	}
	if n := r.pos / partSize; n != r.n {
		if r.err = r.load(n); r.err != nil {
			return 0, r.err
		}
	}
	done := copy(b, r.part[r.pos%partSize:])
	r.pos += int64(done)
	return done, nil
}

func (r *source) load(n int64) error {
	box, err := gate.Do(r.ctx, r.store.gate, r.who, OpPreview, gate.Nothing(), func(tx *gate.Tx) (box []byte, err error) {
		err = tx.Row(sqlPart, r.job, partSource, r.first+n, r.who.User()).Scan(&box)
		return box, err
	})
	if err != nil {
		return err
	}
	clear(r.part)
	r.part, err = r.key.Open(seal.PurposeJob, placeOfPart(r.who.Org(), r.job, partSource, r.first+n), box)
	want := min(partSize, r.size-n*partSize)
	if err == nil && int64(len(r.part)) != want {
		err = fmt.Errorf("%d bytes instead of %d", len(r.part), want)
	}
	if err != nil {
		return fmt.Errorf("part %d of %s: the database was changed from outside, or is damaged: %w", n, r.job, err)
	}
	r.n = n
	return nil
}

// Seek is io.Seeker's.
func (r *source) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += r.pos
	case io.SeekEnd:
		offset += r.size
	}
	if offset < 0 {
		return 0, errors.New("position before the start of the file")
	}
	r.pos = offset
	return offset, nil
}

// ReadAt is io.ReaderAt's, for one caller at a time.
func (r *source) ReadAt(b []byte, at int64) (n int, err error) {
	r.pos = at
	for n < len(b) && err == nil {
		var m int
		m, err = r.Read(b[n:])
		n += m
	}
	return n, err
}

// addPart seals a part and keeps it.
func addPart(tx *gate.Tx, job string, key seal.Key, part string, n int64, plain []byte) error {
	box := key.Seal(seal.PurposeJob, placeOfPart(tx.Who().Org(), job, part, n), plain)
	if kept, err := tx.Exec(sqlAddPart, job, part, n, box, tx.Who().User()); err != nil || kept != 1 {
		return orGone(err)
	}
	return nil
}

// orGone is for writes that found their job cancelled or swept.
func orGone(err error) error {
	if err != nil {
		return err
	}
	return errGone
}

var errGone = &fault.Error{Kind: fault.Conflict, Text: "This import was cancelled or has ended in the meantime."}
