package session

import (
	"net/netip"
	"slices"
	"sync"
	"time"
)

// addressLimit bounds failed tries per network address, whatever account they
// are for: 60 within 10 minutes. It is kept per node and in memory.
type addressLimit struct {
	mu    sync.Mutex
	tries map[netip.Prefix][]time.Time
}

const (
	addressTries  = 60
	addressWindow = 10 * time.Minute
)

func newAddressLimit() *addressLimit {
	return &addressLimit{tries: map[netip.Prefix][]time.Time{}}
}

// take counts a try; when there were too many, it says how long to wait.
func (l *addressLimit) take(ip string, now time.Time) (wait time.Duration) {
	key := network(ip)
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.tries) > 100_000 {
		l.forget(now)
	}
	recent := within(l.tries[key], now)
	if len(recent) >= addressTries {
		l.tries[key] = recent
		return recent[0].Add(addressWindow).Sub(now)
	}
	l.tries[key] = append(recent, now)
	return 0
}

// giveBack takes a try back that turned out to be right.
func (l *addressLimit) giveBack(ip string) {
	key := network(ip)
	l.mu.Lock()
	defer l.mu.Unlock()
	if n := len(l.tries[key]); n > 1 {
		l.tries[key] = l.tries[key][:n-1]
	} else {
		delete(l.tries, key)
	}
}

func (l *addressLimit) forget(now time.Time) {
	for k, tries := range l.tries {
		if l.tries[k] = within(tries, now); len(l.tries[k]) == 0 {
			delete(l.tries, k)
		}
	}
}

// within leaves out what is too old, and what lies in the future because the
// clock has gone back since.
func within(tries []time.Time, now time.Time) []time.Time {
	return slices.DeleteFunc(tries, func(t time.Time) bool { return t.After(now) || !t.After(now.Add(-addressWindow)) })
}

// network is the address itself for IPv4, and its /64 for IPv6: whoever has
// one address of a /64 has them all.
func network(ip string) netip.Prefix {
	a, err := netip.ParseAddr(ip)
	if err != nil {
		return netip.Prefix{}
	}
	bits := 32
	if a = a.Unmap(); a.Is6() {
		bits = 64
	}
	p, _ := a.Prefix(bits)
	return p
}
