package matrix

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"bailiwick/internal/db"
)

// A journal is kept by triggers on every table: it shows every single change
// of every row, also one that was taken back, and undoes them. So one database
// serves many cells.

// change is one row's change. Note tells audit events apart, and says so where
// an organization changed in nothing but the number of its audit events.
type change struct {
	n           int64
	table, note string
}

const auditCounted = "audit_size"

func journalOn(d *db.DB, all []table) error {
	ctx := context.Background()
	return d.Write(ctx, "", func(tx *db.Tx) error {
		trigger, texts := liteTrigger, []string{`CREATE TABLE undo (n INTEGER PRIMARY KEY, tbl TEXT, note TEXT, text TEXT)`}
		if d.Engine() == "postgres" {
			trigger, texts = postgresTrigger, []string{postgresUndo, postgresDeferrable, `CREATE UNLOGGED TABLE undo (n BIGSERIAL PRIMARY KEY, tbl TEXT, note TEXT, text TEXT)`}
		}
		seen := map[string]bool{}
		for _, t := range all {
			if seen[t.name] {
				continue
			}
			seen[t.name] = true
			for _, event := range []string{"INSERT", "UPDATE", "DELETE"} {
				made, err := trigger(ctx, tx, t, event)
				if err != nil {
					return err
				}
				texts = append(texts, made...)
			}
		}
		for _, text := range texts {
			if _, err := tx.Exec(ctx, text); err != nil {
				return fmt.Errorf("%w: %s", err, text)
			}
		}
		return nil
	})
}

// note is what a trigger writes beside a change.
func (t table) note(event string) string {
	same := func(but ...string) string {
		all := "TRUE"
		for _, c := range strings.Split(t.columns, ", ") {
			if !slices.Contains(but, c) {
				all += fmt.Sprintf(` AND OLD.%s IS NOT DISTINCT FROM NEW.%s`, c, c)
			}
		}
		return all
	}
	switch t.name + " " + event {
	case "audit_events INSERT":
		return `NEW.operation || '|' || NEW.outcome || '|' || NEW.actor_id`
	case "users UPDATE":
		return `CASE WHEN ` + same("failures", "locked_until") + ` THEN 'tries ' || NEW.failures || ' ' || NEW.locked_until ELSE '' END`
	case "organizations UPDATE":
		return `CASE WHEN ` + same(auditCounted) + ` THEN '` + auditCounted + `' ELSE '' END`
	}
	return `''`
}

func liteTrigger(_ context.Context, _ *db.Tx, t table, event string) ([]string, error) {
	var set, quoted []string
	for _, c := range strings.Split(t.columns, ", ") {
		set = append(set, fmt.Sprintf(`'%s = ' || quote(OLD.%s)`, c, c))
		quoted = append(quoted, `quote(OLD.`+c+`)`)
	}
	text := map[string]string{
		"INSERT": fmt.Sprintf(`'DELETE FROM %s WHERE rowid = ' || NEW.rowid`, t.name),
		"UPDATE": fmt.Sprintf(`'UPDATE %s SET ' || %s || ' WHERE rowid = ' || OLD.rowid`, t.name, strings.Join(set, ` || ', ' || `)),
		"DELETE": fmt.Sprintf(`'INSERT INTO %s (rowid, %s) VALUES (' || OLD.rowid || ', ' || %s || ')'`, t.name, t.columns, strings.Join(quoted, ` || ', ' || `)),
	}[event]
	return []string{fmt.Sprintf(`CREATE TRIGGER undo_%s_%s AFTER %s ON %s BEGIN INSERT INTO undo (tbl, note, text) VALUES ('%s', %s, %s); END`,
		event, t.name, event, t.name, t.name, t.note(event), text)}, nil
}

// postgresTrigger finds a row again by its primary key.
func postgresTrigger(ctx context.Context, tx *db.Tx, t table, event string) ([]string, error) {
	key, err := strs(ctx, tx, `SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
		WHERE i.indrelid = $1::text::regclass AND i.indisprimary`, t.name)
	if err != nil {
		return nil, err
	}
	where := fmt.Sprintf(`(%s) = (%s)`, strings.Join(key, ", "), strings.Repeat(", %L", len(key))[2:])
	is := `NEW.` + strings.Join(key, `, NEW.`)
	text := map[string]string{
		"INSERT": fmt.Sprintf(`format('DELETE FROM %s WHERE %s', %s)`, t.name, where, is),
		"UPDATE": fmt.Sprintf(`format('UPDATE %s SET (%s) = (SELECT (%%L::%s).*) WHERE %s', OLD, %s)`, t.name, t.columns, t.name, where, is),
		"DELETE": fmt.Sprintf(`format('INSERT INTO %s SELECT (%%L::%s).*', OLD)`, t.name, t.name),
	}[event]
	name := "undo_" + event + "_" + t.name
	return []string{
		fmt.Sprintf(`CREATE FUNCTION %s() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO undo (tbl, note, text) VALUES ('%s', %s, %s); RETURN NULL; END $$`,
			name, t.name, t.note(event), text),
		fmt.Sprintf(`CREATE TRIGGER undo_%s AFTER %s ON %s FOR EACH ROW WHEN (current_setting('matrix.undoing', true) IS DISTINCT FROM 'on') EXECUTE FUNCTION %s()`,
			event, event, t.name, name),
	}, nil
}

// postgresDeferrable: rows deleted by a cascade are logged after the one that
// they hang on.
const postgresDeferrable = `DO $$ DECLARE r RECORD; BEGIN
	FOR r IN SELECT conname, conrelid::regclass AS t FROM pg_constraint WHERE contype = 'f' LOOP
		EXECUTE format('ALTER TABLE %s ALTER CONSTRAINT %I DEFERRABLE INITIALLY IMMEDIATE', r.t, r.conname);
	END LOOP; END $$`

// postgresUndo runs the journal backwards in one call: an allowed cell may have
// changed a hundred rows.
const postgresUndo = `CREATE FUNCTION undo_since(mark BIGINT) RETURNS void LANGUAGE plpgsql AS $$ DECLARE r RECORD; BEGIN
	SET CONSTRAINTS ALL DEFERRED;
	PERFORM set_config('matrix.undoing', 'on', true);
	FOR r IN SELECT text FROM undo WHERE n > mark ORDER BY n DESC LOOP
		EXECUTE r.text;
	END LOOP;
	DELETE FROM undo WHERE n > mark; END $$`

// changes since a mark.
func changes(d *db.DB, since int64) (all []change, err error) {
	ctx := context.Background()
	err = d.Read(ctx, func(tx *db.Tx) error {
		rows, err := tx.Query(ctx, `SELECT n, tbl, note FROM undo WHERE n > $1 ORDER BY n`, since)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var c change
			if err := rows.Scan(&c.n, &c.table, &c.note); err != nil {
				return err
			}
			all = append(all, c)
		}
		return rows.Err()
	})
	return all, err
}

// undo takes all changes back that came after the mark, the last one first.
func undo(d *db.DB, since int64) error {
	ctx := context.Background()
	return d.Write(ctx, "", func(tx *db.Tx) error {
		if d.Engine() == "postgres" {
			_, err := tx.Exec(ctx, `SELECT undo_since($1)`, since)
			return err
		}
		if _, err := tx.Exec(ctx, `PRAGMA defer_foreign_keys = ON`); err != nil {
			return err
		}
		texts, err := strs(ctx, tx, `SELECT text FROM undo WHERE n > $1 ORDER BY n DESC`, since)
		if err != nil {
			return err
		}
		for _, text := range texts {
			if _, err := tx.Exec(ctx, text); err != nil {
				return fmt.Errorf("%w: %.300s", err, text)
			}
		}
		_, err = tx.Exec(ctx, `DELETE FROM undo WHERE n > $1`, since)
		return err
	})
}
