package matrix

import (
	"context"
	"fmt"
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
	undo        string // SQLite: a statement
}

const auditCounted = "audit_size"

func journalOn(d *db.DB, all []table) error {
	ctx := context.Background()
	var texts []string
	if d.Engine() == "sqlite" {
		texts = liteJournal(all)
	} else {
		texts = postgresJournal(all)
	}
	return d.Write(ctx, "", func(tx *db.Tx) error {
		for _, text := range texts {
			if _, err := tx.Exec(ctx, text); err != nil {
				return fmt.Errorf("%w: %s", err, text)
			}
		}
		return nil
	})
}

const auditNote = `operation || '|' || NEW.outcome || '|' || NEW.actor_id`

func liteJournal(all []table) []string {
	texts := []string{`CREATE TABLE undo (n INTEGER PRIMARY KEY, tbl TEXT, note TEXT, text TEXT)`}
	seen := map[string]bool{}
	for _, t := range all {
		if seen[t.name] {
			continue
		}
		seen[t.name] = true
		var set, quoted []string
		same := "TRUE"
		for _, c := range strings.Split(t.columns, ", ") {
			set = append(set, fmt.Sprintf(`'%s = ' || quote(OLD.%s)`, c, c))
			quoted = append(quoted, `quote(OLD.`+c+`)`)
			if c != auditCounted && c != "failures" && c != "locked_until" {
				same += fmt.Sprintf(` AND OLD.%s IS NEW.%s`, c, c)
			}
		}
		note, counted := "''", "''"
		if t.name == "audit_events" {
			note = "NEW." + auditNote
		}
		if t.name == "users" {
			counted = `CASE WHEN ` + same + ` THEN 'tries ' || NEW.failures || ' ' || NEW.locked_until ELSE '' END`
		}
		if t.name == "organizations" {
			counted = `CASE WHEN ` + same + ` THEN '` + auditCounted + `' ELSE '' END`
		}
		log := func(event, note, text string) {
			texts = append(texts, fmt.Sprintf(`CREATE TRIGGER undo_%s_%s AFTER %s ON %s BEGIN INSERT INTO undo (tbl, note, text) VALUES ('%s', %s, %s); END`,
				event, t.name, event, t.name, t.name, note, text))
		}
		log("INSERT", note, fmt.Sprintf(`'DELETE FROM %s WHERE rowid = ' || NEW.rowid`, t.name))
		log("UPDATE", counted, fmt.Sprintf(`'UPDATE %s SET ' || %s || ' WHERE rowid = ' || OLD.rowid`, t.name, strings.Join(set, ` || ', ' || `)))
		log("DELETE", "''", fmt.Sprintf(`'INSERT INTO %s (rowid, %s) VALUES (' || OLD.rowid || ', ' || %s || ')'`, t.name, t.columns, strings.Join(quoted, ` || ', ' || `)))
	}
	return texts
}

// postgresJournal writes each change with the statement that takes it back,
// made from the row's own values.
func postgresJournal(all []table) []string {
	texts := []string{`CREATE TABLE undo (n BIGSERIAL PRIMARY KEY, tbl TEXT, note TEXT, text TEXT)`,
		`CREATE FUNCTION undo_log() RETURNS trigger LANGUAGE plpgsql AS $$
		DECLARE key TEXT := ''; names TEXT; vals TEXT; note TEXT := ''; r RECORD; what TEXT;
		BEGIN
			SELECT string_agg(format('%I', a.attname), ', ' ORDER BY a.attnum) INTO names FROM pg_attribute a WHERE a.attrelid = TG_RELID AND a.attnum > 0 AND NOT a.attisdropped;
			IF TG_OP <> 'INSERT' THEN vals := quote_literal(OLD::text); END IF;
			FOR r IN SELECT a.attname AS c FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey) WHERE i.indrelid = TG_RELID AND i.indisprimary LOOP
				IF TG_OP = 'DELETE' THEN EXECUTE format('SELECT ($1).%I::text', r.c) INTO what USING OLD; ELSE EXECUTE format('SELECT ($1).%I::text', r.c) INTO what USING NEW; END IF;
				key := key || format(' AND %I = %L', r.c, what);
			END LOOP;
			IF TG_OP = 'INSERT' THEN
				IF TG_TABLE_NAME = 'audit_events' THEN note := NEW.` + auditNote + `; END IF;
				what := format('DELETE FROM %I WHERE TRUE %s', TG_TABLE_NAME, key);
			ELSIF TG_OP = 'UPDATE' THEN
				IF TG_TABLE_NAME = 'organizations' AND to_jsonb(OLD) - 'audit_size' = to_jsonb(NEW) - 'audit_size' THEN note := 'audit_size'; END IF;
				IF TG_TABLE_NAME = 'users' THEN
					IF to_jsonb(OLD) - 'failures' - 'locked_until' = to_jsonb(NEW) - 'failures' - 'locked_until' THEN note := 'tries ' || NEW.failures || ' ' || NEW.locked_until; END IF;
				END IF;
				what := format('UPDATE %I SET (%s) = (SELECT %s FROM (SELECT (%s::%I).*) old) WHERE TRUE %s', TG_TABLE_NAME, names, names, vals, TG_TABLE_NAME, key);
			ELSE
				what := format('INSERT INTO %I SELECT (%s::%I).*', TG_TABLE_NAME, vals, TG_TABLE_NAME);
			END IF;
			INSERT INTO undo (tbl, note, text) VALUES (TG_TABLE_NAME, note, what);
			RETURN NULL;
		END $$`}
	// Rows deleted by a cascade are logged after the one that they hang on.
	texts = append(texts, `DO $$ DECLARE r RECORD; BEGIN
		FOR r IN SELECT conname, conrelid::regclass AS t FROM pg_constraint WHERE contype = 'f' LOOP
			EXECUTE format('ALTER TABLE %s ALTER CONSTRAINT %I DEFERRABLE INITIALLY IMMEDIATE', r.t, r.conname);
		END LOOP; END $$`)
	seen := map[string]bool{}
	for _, t := range all {
		if !seen[t.name] {
			seen[t.name] = true
			texts = append(texts, fmt.Sprintf(`CREATE TRIGGER undo AFTER INSERT OR UPDATE OR DELETE ON %s FOR EACH ROW EXECUTE FUNCTION undo_log()`, t.name))
		}
	}
	return texts
}

// changes since a mark.
func changes(d *db.DB, since int64) (all []change, err error) {
	ctx := context.Background()
	err = d.Read(ctx, func(tx *db.Tx) error {
		rows, err := tx.Query(ctx, `SELECT n, tbl, note, text FROM undo WHERE n > $1 ORDER BY n`, since)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var c change
			if err := rows.Scan(&c.n, &c.table, &c.note, &c.undo); err != nil {
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
	all, err := changes(d, since)
	if err != nil || len(all) == 0 {
		return err
	}
	ctx := context.Background()
	return d.Write(ctx, "", func(tx *db.Tx) error {
		later := `SET CONSTRAINTS ALL DEFERRED`
		if d.Engine() == "sqlite" {
			later = `PRAGMA defer_foreign_keys = ON`
		}
		if _, err := tx.Exec(ctx, later); err != nil {
			return err
		}
		for i := len(all) - 1; i >= 0; i-- {
			if _, err := tx.Exec(ctx, all[i].undo); err != nil {
				return fmt.Errorf("%w: %.300s", err, all[i].undo)
			}
		}
		_, err := tx.Exec(ctx, `DELETE FROM undo WHERE n > $1`, since)
		return err
	})
}
