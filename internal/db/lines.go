package db

// line is what a member of a batch leaves to be written together with those of
// others: one statement for many costs little more than one for one.
type line struct {
	name  string
	what  any
	write func(*Tx, []any) error
	err   error // its own, read after the batch's end
}

// Later leaves something to be written before the commit, by one call of write
// for all that was left under a name. If that fails, each is written alone, and
// whoever fails alone fails alone. It counts as one of the transaction's own
// statements: the transaction is a success only if it was written.
func (t *Tx) Later(name string, what any, write func(*Tx, []any) error) {
	t.lines = append(t.lines, &line{name: name, what: what, write: write})
}

// flush writes the lines that the batch's members have left, name by name. An
// error means that the batch is lost.
func (w *writer) flush() error {
	b := w.batch
	lines := b.lines
	b.lines = nil
	for len(lines) > 0 {
		var same, rest []*line
		for _, l := range lines {
			if l.name == lines[0].name {
				same = append(same, l)
			} else {
				rest = append(rest, l)
			}
		}
		if b.count == 1 { // as the first of a batch it needs no savepoint
			if err := w.put(same); err != nil {
				return err
			}
		} else if err := w.try(same); err != nil {
			return err
		}
		lines = rest
	}
	return nil
}

// try writes lines so that a failure undoes no more than them.
func (w *writer) try(lines []*line) error {
	if err := w.conn.steer("SAVEPOINT lines"); err != nil {
		return err
	}
	failed := w.put(lines)
	if failed != nil {
		w.batch.memo.forget()
		if err := w.conn.steer("ROLLBACK TO SAVEPOINT lines"); err != nil {
			return err
		}
	}
	if err := w.conn.steer("RELEASE SAVEPOINT lines"); err != nil || failed == nil {
		return err
	}
	if len(lines) == 1 {
		lines[0].err = failed
		return nil
	}
	for i := range lines {
		if err := w.try(lines[i : i+1]); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) put(lines []*line) error {
	all := make([]any, len(lines))
	for i, l := range lines {
		all[i] = l.what
	}
	tx := w.conn.tx()
	tx.memo = &w.batch.memo
	defer tx.end()
	return tx.call(func(tx *Tx) error { return lines[0].write(tx, all) })
}
