package flow

import (
	"fmt"
	"testing"

	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
	"bailiwick/internal/people"
)

// BenchmarkUsersFilter is one page of 5,000 users, filtered by words that only
// the last in order has, with the counts and what the viewer may do to each.
func BenchmarkUsersFilter(b *testing.B) {
	for name, open := range map[string]func(testing.TB) *db.DB{"sqlite": dbtest.SQLite, "postgres": dbtest.Postgres} {
		b.Run(name, func(b *testing.B) {
			s := begin(b, open(b))
			s.Must(s.db.Write(ctx, "", func(tx *db.Tx) error {
				for i := range 5000 {
					n := fmt.Sprintf("person %05d", i)
					_, err := tx.Exec(ctx, `INSERT INTO users (org_id, id, email, email_folded, name, name_folded, kind, level_id, created_at) VALUES ($1, $2, $3, $3, $4, $4, 'member', 'technician-default', 1)`,
						s.OrgID, fmt.Sprintf("user_%05d", i), fmt.Sprintf("p%05d@x.example", i), n)
					if err != nil {
						return err
					}
				}
				_, err := tx.Exec(ctx, `UPDATE organizations SET access_epoch = access_epoch + 1`)
				return err
			}))
			for what, f := range map[string]people.Filter{"first": {}, "words": {Text: "person 0499"}, "one": {Text: "p04999@x"}} {
				b.Run(what, func(b *testing.B) {
					for b.Loop() {
						if l, err := s.People.List(ctx, s.Admin, f); err != nil || len(l.People) == 0 {
							b.Fatal(err)
						}
					}
				})
			}
		})
	}
}
