package people

import (
	"context"
	"sync"
	"time"

	"bailiwick/internal/fault"
)

// aside does what strangers ask for after they have been answered, so that the
// answer can't tell, by its words or its time, whose address is known. At most
// 200 wait, and two are done at a time.
type aside struct {
	ctx  context.Context
	stop context.CancelFunc
	wait chan struct{}
	run  chan struct{}
	jobs *sync.WaitGroup
}

func newAside() aside {
	ctx, stop := context.WithCancel(context.Background())
	return aside{ctx, stop, make(chan struct{}, 200), make(chan struct{}, 2), &sync.WaitGroup{}}
}

func (a aside) do(fn func(context.Context)) error {
	select {
	case a.wait <- struct{}{}:
	default:
		return fault.Busy("Many people are asking at this moment. Try again in a few seconds.", 3*time.Second, nil)
	}
	a.jobs.Go(func() {
		defer func() { <-a.wait }()
		select {
		case a.run <- struct{}{}:
			defer func() { <-a.run }()
			fn(a.ctx)
		case <-a.ctx.Done():
		}
	})
	return nil
}

// Settle waits until all that strangers asked for so far is done.
func (s *Store) Settle() { s.aside.jobs.Wait() }

// Close gives up what is not done yet; who asked for it asks again.
func (s *Store) Close() {
	s.aside.stop()
	s.aside.jobs.Wait()
}
