package seal

import "encoding/binary"

// Place says where a sealed value lies. It is authenticated with every box and
// key grant, so that a value moved to another row, column, organization, epoch
// or version no longer opens. Fields that don't apply stay empty, alike at
// sealing and opening.
type Place struct {
	Org      string // owner organization
	Table    string
	Row      string // row id
	Envelope string // column, or part of the row
	KeyID    string // id of the key that it is sealed with
	Epoch    int64
	Version  int64 // row version
}

// lasting is the place of an inner layer: what stays the same when only the
// outer layer is re-keyed at a new epoch, without the inner key at hand.
func (at Place) lasting() Place {
	return Place{Org: at.Org, Table: at.Table, Row: at.Row, Envelope: at.Envelope}
}

// context appends the tuple that serves as AAD of boxes and as HPKE info:
// format (1 byte), then purpose, org, table, row, envelope and key id, each
// behind its length, then epoch and version as 8 bytes. All integers of the
// formats are big-endian, all lengths 4 bytes.
func (at Place) context(b []byte, format byte, p Purpose) []byte {
	b = append(b, format)
	for _, part := range [...]string{p.String(), at.Org, at.Table, at.Row, at.Envelope, at.KeyID} {
		b = appendPart(b, part)
	}
	b = binary.BigEndian.AppendUint64(b, uint64(at.Epoch))
	return binary.BigEndian.AppendUint64(b, uint64(at.Version))
}

func appendPart[T ~string | ~[]byte](b []byte, part T) []byte {
	b = binary.BigEndian.AppendUint32(b, uint32(len(part)))
	return append(b, part...)
}

// reader takes a format apart. After the first thing that doesn't fit, ok is
// false and everything read is empty.
type reader struct {
	rest []byte
	ok   bool
}

func newReader(b []byte) *reader { return &reader{rest: b, ok: true} }

func (r *reader) take(n int) []byte {
	if !r.ok || n < 0 || n > len(r.rest) {
		r.ok = false
		return nil
	}
	taken := r.rest[:n:n]
	r.rest = r.rest[n:]
	return taken
}

func (r *reader) byte() byte {
	if b := r.take(1); b != nil {
		return b[0]
	}
	return 0
}

func (r *reader) uint32() uint32 {
	if b := r.take(4); b != nil {
		return binary.BigEndian.Uint32(b)
	}
	return 0
}

func (r *reader) int64() int64 {
	if b := r.take(8); b != nil {
		return int64(binary.BigEndian.Uint64(b))
	}
	return 0
}

func (r *reader) part() []byte { return r.take(int(r.uint32())) }

// done reports whether everything fitted and nothing is left over.
func (r *reader) done() bool { return r.ok && len(r.rest) == 0 }
