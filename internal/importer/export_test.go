package importer

import "time"

// Staged calls fn after each batch of a running import.
func (s *Store) Staged(fn func()) { s.staged = fn }

// Wait waits until no job runs.
func (s *Store) Wait() { s.jobs.Wait() }

// Limit makes the largest file smaller.
func (s *Store) Limit(most int64) { s.most = most }

// Later replaces the waiting until another server's hold on a job is over.
func (s *Store) Later(fn func(time.Duration) <-chan time.Time) {
	s.later = func(d time.Duration) (<-chan time.Time, func() bool) { return fn(d), func() bool { return true } }
}

// Looked waits until no session looks after jobs that others hold.
func (s *Store) Looked() { s.looks.Wait() }
