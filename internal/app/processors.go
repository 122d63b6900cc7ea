package app

import (
	"runtime"
	"sync"
)

// Checks is how many passwords are checked at once.
const Checks = 2

// MakeRoom lets the program run on as many threads more as passwords are
// checked at once. Each check keeps a thread busy for a quarter of a second;
// were there only as many threads as processors, a page would wait for Go's
// scheduler to interrupt the checks, 10 ms each time it goes on. So the
// operating system shares the processors out, and lets whoever has waited long
// go first.
var MakeRoom = sync.OnceFunc(func() { runtime.GOMAXPROCS(runtime.GOMAXPROCS(0) + Checks) })
