package db

// Memo is what the transactions of one batch know in common, so that the next
// one need not read it again: nobody else can write in between. What a failed
// transaction noted is forgotten with it.
type Memo struct {
	known map[string]any
	last  map[string]func(*Tx) error
	torn  bool
}

// Memo gives the notes of the batch that a write belongs to. A transaction that
// shares nothing has notes of its own, which end with it.
func (t *Tx) Memo() *Memo {
	if t.memo == nil {
		t.memo = &Memo{}
	}
	return t.memo
}

// Get gives what was noted under a name, nil for nothing.
func (m *Memo) Get(name string) any { return m.known[name] }

// Set notes something under a name; nil forgets it.
func (m *Memo) Set(name string, value any) {
	if m.known == nil {
		m.known = map[string]any{}
	}
	m.known[name] = value
}

// AtEnd has fn run once more before the batch is committed: once for each name,
// however often it was asked for.
func (m *Memo) AtEnd(name string, fn func(*Tx) error) {
	if m.last == nil {
		m.last = map[string]func(*Tx) error{}
	}
	m.last[name] = fn
}

// Torn reports whether a transaction of the batch was undone. What it noted is
// forgotten, and with it what those before it noted, who are not undone.
func (m *Memo) Torn() bool { return m.torn }

// forget is called after a transaction that was undone.
func (m *Memo) forget() {
	clear(m.known)
	m.torn = true
}

// finish does what was asked for the end.
func (m *Memo) finish(tx *Tx) error {
	for _, fn := range m.last {
		if err := tx.call(fn); err != nil {
			return err
		}
	}
	return nil
}

// finishing runs fn and then what it asked for the end, for transactions that
// share nothing.
func finishing(tx *Tx, fn func(*Tx) error) error {
	if err := tx.call(fn); err != nil {
		return err
	}
	for _, l := range tx.lines {
		if err := tx.call(func(tx *Tx) error { return l.write(tx, []any{l.what}) }); err != nil {
			return err
		}
	}
	if tx.memo == nil {
		return nil
	}
	return tx.memo.finish(tx)
}
