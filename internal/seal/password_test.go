package seal

import (
	"context"
	"encoding/binary"
	"testing"
	"testing/synctest"
)

func TestPasswordAtTheRealCost(t *testing.T) {
	argon, outer := NewArgon(2, 32), keyN(1)
	record, p, err := argon.Enrol(t.Context(), NewSecret("correct horse"), outer, place)
	if err != nil {
		t.Fatal(err)
	}
	got, weak, err := argon.Open(t.Context(), NewSecret("correct horse"), outer, place, record)
	if err != nil || weak || !got.Equal(p) {
		t.Errorf("opened: weak %v, %v", weak, err)
	}
	inner, err := outer.Open(PurposePassword, place, record)
	if err != nil {
		t.Fatal(err)
	}
	if c := (Cost{binary.BigEndian.Uint32(inner[1:]), binary.BigEndian.Uint32(inner[5:]), inner[9]}); c != (Cost{3, 65536, 1}) {
		t.Errorf("the record costs %+v", c)
	}
}

func TestOnlyTheExactPasswordOpens(t *testing.T) {
	argon, outer := cheapArgon(1, 0), keyN(1)
	long := string(make([]byte, 200))
	for _, right := range []string{"correct horse", "é", "x ", "a\x00b", long, "Case"} {
		record, p, err := argon.Enrol(t.Context(), NewSecret(right), outer, place)
		if err != nil {
			t.Fatal(err)
		}
		if got, _, err := argon.Open(t.Context(), NewSecret(right), outer, place, record); err != nil || !got.Equal(p) {
			t.Errorf("%q: %v", right, err)
		}
		for _, wrong := range []string{"", "correct hors", "e\u0301", "x", " x ", "a", "a\x00c", long[:199], long[:128] + "\x01" + long[129:], "case"} {
			if got, _, err := argon.Open(t.Context(), NewSecret(wrong), outer, place, record); err != ErrOpen || got.Valid() {
				t.Errorf("%q opened with %q: %v", right, wrong, err)
			}
		}
	}
	if _, _, err := argon.Enrol(t.Context(), Secret{}, outer, place); err == nil {
		t.Error("an empty password was enrolled")
	}
	if _, _, err := argon.Open(t.Context(), NewSecret("x"), keyN(2), place, nil); err != ErrOpen {
		t.Errorf("no record: %v", err)
	}
}

func TestRewrapKeepsP(t *testing.T) {
	argon, outer := cheapArgon(1, 0), keyN(1)
	_, p, err := argon.Enrol(t.Context(), NewSecret("old password"), outer, place)
	if err != nil {
		t.Fatal(err)
	}
	record, err := argon.Rewrap(t.Context(), NewSecret("new password"), outer, place, p)
	if err != nil {
		t.Fatal(err)
	}
	if got, _, err := argon.Open(t.Context(), NewSecret("new password"), outer, place, record); err != nil || !got.Equal(p) {
		t.Errorf("new password: %v", err)
	}
	if _, _, err := argon.Open(t.Context(), NewSecret("old password"), outer, place, record); err != ErrOpen {
		t.Errorf("old password: %v", err)
	}
}

func TestWeakRecordsAreReported(t *testing.T) {
	argon, outer := cheapArgon(1, 0), keyN(1)
	record, _, err := argon.Enrol(t.Context(), NewSecret("pw"), outer, place)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		present Cost
		weak    bool
	}{{Cost{1, 64, 1}, false}, {Cost{2, 64, 1}, true}, {Cost{1, 65, 1}, true}, {Cost{1, 32, 1}, false}} {
		argon.cost = c.present
		if _, weak, err := argon.Open(t.Context(), NewSecret("pw"), outer, place, record); err != nil || weak != c.weak {
			t.Errorf("against %+v: weak %v, %v", c.present, weak, err)
		}
	}
}

func TestCostsOutsideTheBoundsAreRefused(t *testing.T) {
	argon, outer := NewArgon(1, 0), keyN(1)
	done, cancel := context.WithCancel(t.Context())
	cancel() // what is allowed stops here instead of computing
	for _, c := range []struct {
		cost    Cost
		allowed bool
	}{
		{Cost{2, 19456, 1}, true}, {Cost{3, 65536, 1}, true}, {Cost{10, 262144, 4}, true},
		{Cost{0, 65536, 1}, false}, {Cost{1, 65536, 1}, false}, {Cost{2, 19455, 1}, false}, {Cost{2, 0, 1}, false},
		{Cost{3, 65536, 0}, false}, {Cost{11, 65536, 1}, false}, {Cost{3, 262145, 1}, false},
		{Cost{3, 65536, 5}, false}, {Cost{1 << 31, 65536, 1}, false}, {Cost{3, 1<<32 - 1, 1}, false},
	} {
		inner := []byte{formatPassword}
		inner = binary.BigEndian.AppendUint32(inner, c.cost.Time)
		inner = binary.BigEndian.AppendUint32(inner, c.cost.MemoryKiB)
		inner = append(append(inner, c.cost.Threads), make([]byte, saltSize+100)...)
		_, _, err := argon.Open(done, NewSecret("pw"), outer, place, outer.Seal(PurposePassword, place, inner))
		want := ErrCost
		if c.allowed {
			want = context.Canceled
		}
		if err != want {
			t.Errorf("%+v: got %v, want %v", c.cost, err, want)
		}
		if a, err := NewArgonAt(c.cost, 1, 0); (err == nil) != c.allowed || (a == nil) == c.allowed {
			t.Errorf("NewArgonAt(%+v): %v", c.cost, err)
		}
	}
}

func TestFullQueueIsBusyAndWaitingCanBeCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		argon := cheapArgon(2, 3)
		for range 2 {
			if err := argon.enter(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		waiting, cancel := context.WithCancel(t.Context())
		errs := make(chan error, 3)
		for range 3 {
			go func() { errs <- argon.Waste(waiting, NewSecret("pw")) }()
		}
		synctest.Wait()
		if err := argon.Waste(t.Context(), NewSecret("pw")); err != ErrBusy {
			t.Errorf("fourth in a queue of three: %v", err)
		}
		if _, _, err := argon.Enrol(t.Context(), NewSecret("pw"), keyN(1), place); err != ErrBusy {
			t.Errorf("enrol with a full queue: %v", err)
		}
		cancel()
		for range 3 {
			if err := <-errs; err != context.Canceled {
				t.Errorf("cancelled while waiting: %v", err)
			}
		}
		if n := argon.waiting.Load(); n != 0 {
			t.Errorf("%d still counted as waiting", n)
		}
		if err := argon.Waste(waiting, NewSecret("pw")); err != context.Canceled {
			t.Errorf("cancelled before: %v", err)
		}
		go func() { errs <- argon.Waste(t.Context(), NewSecret("pw")) }()
		synctest.Wait()
		argon.leave()
		if err := <-errs; err != nil {
			t.Errorf("waited for a slot that came free: %v", err)
		}
		if err := argon.Waste(t.Context(), NewSecret("pw")); err != nil {
			t.Errorf("the slot was not given back: %v", err)
		}
	})
}
