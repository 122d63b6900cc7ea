package clock

import (
	"sync"
	"testing"
	"time"
)

func TestFakeStandsUntilMoved(t *testing.T) {
	zone := time.FixedZone("x", 3600)
	start := time.Date(2026, 3, 29, 1, 30, 0, 0, zone)
	var c Clock = NewFake(start)
	fake := c.(*Fake)
	if !c.Now().Equal(start) || c.Now().Location() != time.UTC {
		t.Errorf("starts at %v", c.Now())
	}
	fake.Advance(-time.Hour)
	if got := c.Now(); !got.Equal(start.Add(-time.Hour)) {
		t.Errorf("after going back: %v", got)
	}
	fake.Set(start)
	var movers sync.WaitGroup
	for range 8 {
		movers.Go(func() {
			for range 100 {
				fake.Advance(time.Second)
				c.Now()
			}
		})
	}
	movers.Wait()
	if got := c.Now().Sub(start); got != 800*time.Second {
		t.Errorf("800 parallel steps of a second made %v", got)
	}
}

func TestSystemTellsUTC(t *testing.T) {
	var c Clock = System{}
	a, b := c.Now(), c.Now()
	if b.Before(a) || a.Location() != time.UTC || a.IsZero() {
		t.Errorf("%v, then %v", a, b)
	}
}
