package session

import (
	"net/netip"
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
	recent := since(l.tries[key], now.Add(-addressWindow))
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
		if len(since(tries, now.Add(-addressWindow))) == 0 {
			delete(l.tries, k)
		}
	}
}

func since(tries []time.Time, from time.Time) []time.Time {
	for i, t := range tries {
		if t.After(from) {
			return tries[i:]
		}
	}
	return nil
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
