package id

import (
	"strings"
	"testing"
)

func TestNewIdsAreValidUniqueAndInOrder(t *testing.T) {
	seen := map[string]bool{}
	last := ""
	for range 2000 {
		s := New("cred")
		if !Valid("cred", s) || !strings.HasPrefix(s, "cred_") || len(s) != 31 || seen[s] {
			t.Fatalf("bad id %s", s)
		}
		seen[s] = true
		if s[:15] < last {
			t.Errorf("%s came after a later time %s", s, last)
		}
		last = s[:15]
	}
	if s := New("org_key"); !Valid("org_key", s) {
		t.Errorf("prefix with underscore: %s", s)
	}
}

func TestOnlyTheCanonicalFormIsValid(t *testing.T) {
	good := "cred_01h455vb4pex5vsknk084sn02q"
	if !Valid("cred", good) {
		t.Fatal("a good id is refused")
	}
	for _, bad := range []string{
		"", "cred", "cred_", good[5:], good[:30], good + "0", strings.ToUpper(good), " " + good, good + "\n",
		"user" + good[4:], "cred_" + good, "_" + good[5:], "cred_81h455vb4pex5vsknk084sn02q",
		"cred_01h455vb4pex5vsknk084sn02u", "cred_01h455vb4pex5vsknk084sn0l0", "cred_01h455vb4pex5vsknk084sn02'",
	} {
		if Valid("cred", bad) {
			t.Errorf("%q is taken", bad)
		}
	}
	if Valid("", good[5:]) || Valid("", "_"+good[5:]) || Valid("cre", good) || Valid("cred_01", good) {
		t.Error("another prefix fits")
	}
}

func TestBadPrefixPanics(t *testing.T) {
	for _, prefix := range []string{"", "Cred", "cred1", "_cred", strings.Repeat("a", 64)} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("prefix %q was taken", prefix)
				}
			}()
			New(prefix)
		}()
	}
}

func FuzzValid(f *testing.F) {
	f.Add("cred", "cred_01h455vb4pex5vsknk084sn02q")
	f.Add("", "01h455vb4pex5vsknk084sn02q")
	f.Fuzz(func(t *testing.T, prefix, s string) {
		if Valid(prefix, s) && s[:len(s)-26] != prefix+"_" {
			t.Errorf("%q is taken for prefix %q", s, prefix)
		}
	})
}
