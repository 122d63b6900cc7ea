package importer

// Staged calls fn after each batch of a running import.
func (s *Store) Staged(fn func()) { s.staged = fn }

// Wait waits until no job runs.
func (s *Store) Wait() { s.jobs.Wait() }

// Limit makes the largest file smaller.
func (s *Store) Limit(most int64) { s.most = most }
