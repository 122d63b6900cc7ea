package session

import (
	"context"

	"bailiwick/internal/gate"
	"bailiwick/internal/id"
	"bailiwick/internal/seal"
)

// What is over has an empty proof, so that it is looked for and not found just
// as what never was.
var sqlLinkOf = gate.Across("an external link's id and proof tell the organization",
	`SELECT org_id, credential_id, made_by FROM external_links WHERE id = $1 AND proof = $2 AND expires_at > $3 AND ended_at = 0`)

var opLink = gate.Define(gate.Op{Name: "link.find", Sentence: "Find an external link by what its bearer shows", Scope: gate.Anyone})

// Link makes an actor out of whoever shows the proof of an external link that
// is not over; ok is false for everybody else, for whatever reason.
func (s *Store) Link(ctx context.Context, link string, proof []byte, ip string, trace *gate.Trace) (who gate.Actor, ok bool, err error) {
	if !id.Valid("xlink", link) || len(proof) != seal.KeySize {
		link, proof = "", nil // looked for all the same: the answer takes as long
	}
	a := gate.Admission{Kind: gate.Link, Session: link, IP: ip, Trace: trace}
	_, err = gate.Do(ctx, s.gate, gate.Stranger("", ip, trace), opLink, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		return true, tx.Everywhere(sqlLinkOf, func(r *gate.Rows) error {
			ok = true
			return r.Scan(&a.Org, &a.About, &a.By)
		}, link, seal.HashProof(proof), s.clock.Now().UnixMilli())
	})
	return gate.Admit(a), ok && err == nil, err
}
