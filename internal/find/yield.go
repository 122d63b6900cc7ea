package find

import "runtime"

// yield lets readers run while a writer works for long: on a machine with few
// cores the scheduler alone would let them wait for 10 ms.
type yield int

func (y *yield) tick() {
	*y++
	if *y >= 4096 {
		*y = 0
		runtime.Gosched()
	}
}

// zero clears in pieces: the garbage collector stops everybody until a single
// large one has ended.
func zero[T byte | uint32](a []T) {
	const piece = 64 << 10
	for len(a) > piece {
		clear(a[:piece])
		a = a[piece:]
		runtime.Gosched()
	}
	clear(a)
}
