package seal

import "runtime"

// aside runs fn on a thread of its own that stands behind all others of the
// machine: a password check takes a processor for a quarter of a second, and
// whoever reads a page must not wait for it. Where nobody else wants the
// processor, it is as fast as ever. The thread is not handed back: it ends with
// the goroutine, because a priority that was lowered can't be raised again.
func aside(fn func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread()
		stepBack()
		fn()
	}()
	<-done
}
