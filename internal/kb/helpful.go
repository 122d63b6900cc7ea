package kb

import (
	"context"
	"encoding/base64"
	"strconv"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
)

// Helpful is how often an article was said to help, and not to.
type Helpful struct{ Yes, No int }

// Verdict is an article with what its readers said of it.
type Verdict struct {
	Row
	Helpful
}

var (
	OpHelpful = gate.Define(gate.Op{Name: "article.helpful", Sentence: "Say whether an article helped, once a day", Scope: gate.Shelf, Role: gate.Public, Write: true})
	OpJudged  = gate.Define(gate.Op{Name: "article.judged", Sentence: "See which articles were said to help", Scope: gate.Shelf, Role: gate.Editor, View: true})

	sqlAsks    = gate.SQL(`SELECT b.asks_helpful FROM kb_articles a JOIN kb_bases b ON b.org_id = a.org_id AND b.id = a.base_id WHERE a.org_id = $1 AND a.id = $2 AND a.live_number <> 0`)
	sqlVoice   = gate.SQL(`INSERT INTO kb_voices (org_id, article_id, voice, day) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`)
	sqlSaid    = gate.SQL(`INSERT INTO kb_helpful (org_id, article_id, yes, no) VALUES ($1, $2, $3, $4) ON CONFLICT (org_id, article_id) DO UPDATE SET yes = kb_helpful.yes + $3, no = kb_helpful.no + $4`)
	sqlHelpful = gate.SQL(`SELECT yes, no FROM kb_helpful WHERE org_id = $1 AND article_id = $2`)
	sqlJudged  = gate.SQL(`SELECT ` + rowColumns + `, h.yes, h.no FROM kb_helpful h JOIN kb_articles a ON a.org_id = h.org_id AND a.id = h.article_id WHERE h.org_id = $1 AND a.base_id = $2 ORDER BY h.no - h.yes DESC, h.yes + h.no DESC, a.id LIMIT 200`)
)

// Say counts whether an article helped: one voice a day of each visitor, who is
// told apart by the user or, without one, by address and browser. Neither is
// kept: a hash under a key of the day is.
func (s *Store) Say(ctx context.Context, who gate.Actor, article string, helped bool, agent string) error {
	_, err := gate.Do(ctx, s.gate, who, OpHelpful, gate.Article(article), func(tx *gate.Tx) (bool, error) {
		asks := false
		if err := tx.Row(sqlAsks, tx.ArticleID()).Scan(&asks); err != nil {
			return false, err
		}
		if !asks {
			return false, fault.NotFound()
		}
		day := tx.Now().UTC().Unix() / 86400
		visitor := who.IP() + " " + agent
		if who.User() != "" {
			visitor = who.User()
		}
		key := s.voices.Derive("day", []byte(strconv.FormatInt(day, 10)))
		voice := base64.RawURLEncoding.EncodeToString(key.MAC("voice", []byte(who.Org()), []byte(tx.ArticleID()), []byte(visitor)))
		n, err := tx.Exec(sqlVoice, tx.ArticleID(), voice, day)
		if err != nil || n == 0 {
			return false, err
		}
		yes, no := 0, 1
		if helped {
			yes, no = 1, 0
		}
		_, err = tx.Exec(sqlSaid, tx.ArticleID(), yes, no)
		return true, err
	})
	return err
}

// Judged lists the articles that were judged, those first that helped least.
func (s *Store) Judged(ctx context.Context, who gate.Actor, base string) ([]Verdict, error) {
	return gate.Do(ctx, s.gate, who, OpJudged, gate.Base(base), func(tx *gate.Tx) (all []Verdict, err error) {
		return all, tx.Each(sqlJudged, func(r *gate.Rows) error {
			var v Verdict
			row, _, err := scanRow(r, &v.Yes, &v.No)
			v.Row = row
			all = append(all, v)
			return err
		}, tx.BaseID())
	})
}
