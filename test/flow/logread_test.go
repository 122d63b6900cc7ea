package flow

import (
	"database/sql"
	"fmt"
	"testing"

	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
	"bailiwick/internal/vault"
)

// What a write costs does not grow with the log: none reads the events that
// are there. A database without statistics is where PostgreSQL would read all
// of them to find the last.
func TestWritesDoNotReadTheLog(t *testing.T) {
	address := dbtest.PostgresURL(t, nil)
	d, err := db.Open(ctx, address, db.Options{Connections: 4})
	if err != nil {
		t.Fatal(err)
	}
	s := begin(t, d)
	for i := range 100 {
		if i%20 == 0 {
			s.add(s.Admin, vault.Place{Client: s.contoso}, fmt.Sprint("password ", i))
		}
		_, err := s.Vault.Reveal(ctx, s.Admin, s.cred)
		s.Must(err)
	}
	s.gapless()
	s.Must(d.Close()) // the server counts a connection's reads at its end at the latest
	other, err := sql.Open("pgx", address)
	s.Must(err)
	defer other.Close()
	for open := 1; open > 0; {
		s.Must(other.QueryRow(`SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'`).Scan(&open))
	}
	var read int
	s.Must(other.QueryRow(`SELECT SUM(idx_tup_read) FROM pg_stat_user_indexes WHERE relname = 'audit_events'`).Scan(&read))
	if read > 500 {
		t.Errorf("%d entries of the log's indexes were read by 105 writes", read)
	}
}
