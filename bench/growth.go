package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"bailiwick/internal/db"
	"bailiwick/internal/vault"
)

// growth measures what one organization's requests cost while the database
// holds 100 and 10,000 organizations, against a database that holds one. The
// others are rows only, as nobody of them is signed in.
func growth(b *bench) {
	for _, engine := range b.engines {
		b.sub(func() {
			one, many := b.world(engine), b.world(engine)
			pageOne, revealOne := one.usual()
			pageMany, revealMany := many.usual()
			have := 1
			for _, n := range []int{100, b.n(10_000)} {
				many.organizations(have, n)
				have = n
				for _, by := range []struct {
					what      string
					many, one func() []byte
				}{{"client page", pageMany, pageOne}, {"audited reveal", revealMany, revealOne}} {
					ours, limit := b.turns(func() float64 {
						return 1000 / press(many.addr, 16, b.each, func(int) []byte { return by.many() }).perSecond
					}, func() float64 {
						return 1000 / press(one.addr, 16, b.each, func(int) []byte { return by.one() }).perSecond
					})
					b.add(result{what: fmt.Sprintf("%s, %s organizations", by.what, figure(float64(n))), engine: engine, unit: "ms each", ours: ours, bare: limit,
						limit: "the same server with one organization", goal: atLeast("ratio", 1/1.2)})
				}
			}
		})
	}
}

// usual fills a client and gives what is asked of it.
func (w *world) usual() (page, reveal func() []byte) {
	id := w.client("Contoso")
	ids := w.credentials(vault.Place{Client: id}, 100)
	return func() []byte { return get("/clients/"+id, w.bearer) },
		func() []byte { return post("/api/v1/credentials/"+ids[rand.IntN(len(ids))]+"/reveal", w.bearer, "") }
}

// organizations adds others, each with a user, his session, two clients, ten
// credentials and ten events. Their rows are those of the real one under other
// names: for keys that open nothing they are as long as real ones.
func (w *world) organizations(from, to int) {
	rows := map[string]row{}
	for _, table := range []string{"organizations", "users", "sessions", "clients", "credentials", "audit_events"} {
		rows[table] = w.row(table)
	}
	for ; from < to; from += 500 {
		w.sql(func(exec func(string, ...any)) {
			for n := from; n < min(to, from+500); n++ {
				org, user := fmt.Sprintf("org_%026d", n), userID(n)
				client := func(c int) string { return fmt.Sprintf("client_%d_%d", n, c%2) }
				rows["organizations"].put(exec, map[string]any{"id": org, "slug": org})
				rows["users"].put(exec, map[string]any{"org_id": org, "id": user, "email": user, "email_folded": user})
				rows["sessions"].put(exec, map[string]any{"org_id": org, "id": "session_" + user, "user_id": user, "lookup": fmt.Appendf(nil, "%032d", n)})
				for c := range 2 {
					rows["clients"].put(exec, map[string]any{"org_id": org, "id": client(c), "company": c == 0})
				}
				for c := range 10 {
					rows["credentials"].put(exec, map[string]any{"org_id": org, "id": fmt.Sprintf("cred_%026d", n*10+c), "client_id": client(c), "owner_id": nil, "folder_id": nil})
					rows["audit_events"].put(exec, map[string]any{"org_id": org, "seq": c + 1, "client_id": client(c)})
				}
			}
		})
	}
}

// row is a stored row, to be stored again with some of it changed.
type row struct {
	insert  string
	columns []string
	values  []any
}

// row reads one of a table's.
func (w *world) row(table string) (r row) {
	must(w.db.Read(ctx, func(tx *db.Tx) error {
		rows, err := tx.Query(ctx, "SELECT * FROM "+table+" LIMIT 1")
		if err != nil {
			return err
		}
		defer rows.Close()
		if r.columns, err = rows.Columns(); err != nil {
			return err
		}
		r.values = make([]any, len(r.columns))
		into, marks := make([]any, len(r.columns)), make([]string, len(r.columns))
		for i := range into {
			into[i], marks[i] = &r.values[i], fmt.Sprint("$", i+1)
		}
		r.insert = "INSERT INTO " + table + " (" + strings.Join(r.columns, ", ") + ") VALUES (" + strings.Join(marks, ", ") + ")"
		if !rows.Next() {
			return fmt.Errorf("no row in %s", table)
		}
		return rows.Scan(into...)
	}))
	return r
}

func (r row) put(exec func(string, ...any), other map[string]any) {
	values := slices.Clone(r.values)
	for i, column := range r.columns {
		if v, ok := other[column]; ok {
			values[i] = v
		}
	}
	exec(r.insert, values...)
}
