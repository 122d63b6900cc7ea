package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"bailiwick/internal/client"
)

// A form that is sent twice is one act. Sent again with other values, after
// going back, it is another one: nobody reads of keys, and nothing typed is lost.
func TestFormSentAgain(t *testing.T) {
	s := newStaffed(t)
	b := s.surfer(t).signIn(ada)
	form := func(name string) url.Values {
		return url.Values{"once": {"the form as it was loaded"}, "name": {name}, "short_code": {""}}
	}
	for range 2 {
		if a := b.do("POST", "/clients/new", form("Kestrel")); a.Code != http.StatusSeeOther {
			t.Fatalf("%d: %s", a.Code, a.text())
		}
	}
	if a := b.do("POST", "/clients/new", form("Osprey")); a.Code != http.StatusSeeOther {
		t.Fatalf("%d: %s", a.Code, a.text())
	}
	all, _, err := s.Clients.List(t.Context(), s.Admin, client.Filter{})
	s.Must(err)
	n := map[string]int{}
	for _, c := range all {
		n[c.Name]++
	}
	if n["Kestrel"] != 1 || n["Osprey"] != 1 {
		t.Errorf("%v", n)
	}
	// With something wrong, what was typed comes back.
	long := form("Osprey")
	long.Set("phone", strings.Repeat("1", 400))
	if a := b.do("POST", "/clients/new", long).says(http.StatusUnprocessableEntity); a.value("name") != "Osprey" {
		t.Errorf("the name is lost: %q", a.value("name"))
	}
}
