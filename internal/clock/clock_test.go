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

func TestMillisRoundTrip(t *testing.T) {
	for ms, want := range map[int64]string{
		0: "1970-01-01T00:00:00Z", -1: "1969-12-31T23:59:59.999Z", 1774747800123: "2026-03-29T01:30:00.123Z",
	} {
		got := FromMillis(ms)
		if Millis(got) != ms || got.Format(time.RFC3339Nano) != want || got.Location() != time.UTC {
			t.Errorf("%d is %v", ms, got)
		}
	}
	if Millis(time.Unix(0, 1_999_999)) != 1 {
		t.Error("parts of a millisecond are not cut off")
	}
}
