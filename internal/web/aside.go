package web

import (
	"bailiwick/internal/client"
	"bailiwick/internal/web/ui"
)

// aside begins to read something that the page needs later, beside what it
// reads now: on PostgreSQL most of a page's time is waiting for answers. Only
// reads may go aside.
func aside[T any](read func() (T, error)) func() (T, error) {
	var out T
	var err error
	var crash any
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() { crash = recover() }()
		out, err = read()
	}()
	return func() (T, error) {
		<-done
		if crash != nil {
			panic(crash) // in the request's own goroutine, where it ends only the request
		}
		return out, err
	}
}

// surroundings are what each full page reads besides its own subject.
type surroundings struct {
	marked []client.Client
	notice *ui.Notice
	bases  bool
}

func (v *visit) surround() (s surroundings, err error) {
	if s.marked, err = v.marked(); err != nil {
		return s, err
	}
	if s.notice, err = v.notice(); err != nil {
		return s, err
	}
	s.bases = v.seesBases()
	return s, nil
}
