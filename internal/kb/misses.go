package kb

import (
	"context"
	"slices"
	"strings"
	"sync"

	"bailiwick/internal/gate"
)

// Miss is something that was looked for and not found.
type Miss struct {
	Words  string
	Times  int
	LastAt int64
}

// misses are kept in memory until the sweep of each minute writes them: a
// search by anybody must not cost a write. What comes beyond the limit in a
// minute is not counted.
type misses struct {
	mu sync.Mutex
	of map[missed]int
}

type missed struct{ org, base, words string }

const (
	mostInAMinute = 500
	mostKept      = 1000 // of a knowledge base: those that were looked for last
	longestMiss   = 100
)

func (m *misses) note(org, base string, words []string) {
	key := missed{org, base, strings.Join(words, " ")}
	if len(key.words) > longestMiss {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.of == nil {
		m.of = map[missed]int{}
	}
	if _, known := m.of[key]; known || len(m.of) < mostInAMinute {
		m.of[key]++
	}
}

// taken empties the list, by organization.
func (m *misses) taken() map[string]map[missed]int {
	m.mu.Lock()
	defer m.mu.Unlock()
	by := map[string]map[missed]int{}
	for k, n := range m.of {
		if by[k.org] == nil {
			by[k.org] = map[missed]int{}
		}
		by[k.org][k] = n
	}
	m.of = nil
	return by
}

var (
	OpMisses = gate.Define(gate.Op{Name: "article.misses", Sentence: "See what was looked for in a knowledge base and not found", Scope: gate.Shelf, Role: gate.Editor, View: true})
	OpForget = gate.Define(gate.Op{Name: "article.misses.clear", Sentence: "Clear what was looked for and not found", Scope: gate.Shelf, Role: gate.Editor, Write: true, Audit: true, Once: true})

	opSweep = gate.Define(gate.Op{Name: "knowledge-base.sweep", Sentence: "Count searches without hits, and forget yesterday's voices", Scope: gate.Anyone, Write: true})
	sqlMiss = gate.SQL(`INSERT INTO kb_misses (org_id, base_id, words, times, last_at) SELECT $1, id, $3, $4, $5 FROM kb_bases WHERE org_id = $1 AND id = $2
		ON CONFLICT (org_id, base_id, words) DO UPDATE SET times = kb_misses.times + $4, last_at = $5`)
	sqlTrim     = gate.SQL(`DELETE FROM kb_misses WHERE org_id = $1 AND base_id = $2 AND words IN (SELECT words FROM kb_misses WHERE org_id = $1 AND base_id = $2 ORDER BY last_at DESC, words LIMIT 1000000 OFFSET $3)`)
	sqlMisses   = gate.SQL(`SELECT words, times, last_at FROM kb_misses WHERE org_id = $1 AND base_id = $2 ORDER BY times DESC, last_at DESC, words LIMIT 200`)
	sqlForget   = gate.SQL(`DELETE FROM kb_misses WHERE org_id = $1 AND base_id = $2`)
	sqlOldVoice = gate.SQL(`DELETE FROM kb_voices WHERE org_id = $1 AND day < $2`)
	sqlVoiced   = gate.Across("yesterday's voices are forgotten in every organization", `SELECT DISTINCT org_id FROM kb_voices WHERE day < $1`)
)

// Misses lists what was looked for most often and not found.
func (s *Store) Misses(ctx context.Context, who gate.Actor, base string) ([]Miss, error) {
	return gate.Do(ctx, s.gate, who, OpMisses, gate.Base(base), func(tx *gate.Tx) (all []Miss, err error) {
		return all, tx.Each(sqlMisses, func(r *gate.Rows) error {
			var m Miss
			err := r.Scan(&m.Words, &m.Times, &m.LastAt)
			all = append(all, m)
			return err
		}, tx.BaseID())
	})
}

// ClearMisses clears the list.
func (s *Store) ClearMisses(ctx context.Context, who gate.Actor, base string) error {
	_, err := gate.Do(ctx, s.gate, who, OpForget, gate.Base(base), func(tx *gate.Tx) (bool, error) {
		_, err := tx.Exec(sqlForget, tx.BaseID())
		return true, err
	})
	return err
}

// Sweep writes the searches without hits of the last minute, and forgets voices
// of days that are over. It is to be called about once a minute.
func (s *Store) Sweep(ctx context.Context) error {
	by := s.misses.taken()
	today := s.gate.Now().UTC().Unix() / 86400
	orgs, err := gate.Do(ctx, s.gate, gate.Stranger("", "", nil), opVoiced, gate.Nothing(), func(tx *gate.Tx) (all []string, err error) {
		return all, tx.Everywhere(sqlVoiced, func(r *gate.Rows) error {
			var id string
			err := r.Scan(&id)
			all = append(all, id)
			return err
		}, today)
	})
	if err != nil {
		return err
	}
	for org := range by {
		if !slices.Contains(orgs, org) {
			orgs = append(orgs, org)
		}
	}
	for _, org := range orgs {
		if err := s.sweep(ctx, org, by[org], today); err != nil {
			return err
		}
	}
	return nil
}

var opVoiced = gate.Define(gate.Op{Name: "knowledge-base.old", Sentence: "Find the organizations that have voices of days that are over", Scope: gate.Anyone})

func (s *Store) sweep(ctx context.Context, org string, all map[missed]int, today int64) error {
	_, err := gate.Do(ctx, s.gate, gate.Stranger(org, "", nil), opSweep, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		bases := map[string]bool{}
		for m, n := range all {
			if _, err := tx.Exec(sqlMiss, m.base, m.words, n, tx.Millis()); err != nil {
				return false, err
			}
			bases[m.base] = true
		}
		for b := range bases {
			if _, err := tx.Exec(sqlTrim, b, mostKept); err != nil {
				return false, err
			}
		}
		_, err := tx.Exec(sqlOldVoice, today)
		return true, err
	})
	return err
}
