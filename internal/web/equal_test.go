package web

import (
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"bailiwick/internal/clock"
	"bailiwick/internal/mail"
	"bailiwick/internal/perm"
)

// A request of a stranger, from a network address of its own: tries are
// counted by it.
func (s *site) strangerPosts(n int, path, email string) (*http.Request, *httptest.ResponseRecorder) {
	r := httptest.NewRequest("POST", path, strings.NewReader(url.Values{"email": {email}, "password": {"not the password"}}.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.RemoteAddr = fmt.Sprintf("10.%d.%d.%d:4711", n>>16, n>>8&255, n&255)
	return r, httptest.NewRecorder()
}

var changing = regexp.MustCompile(`name="once" value="[^"]*"|value="[a-z0-9.]*@[a-z.]*"`)

// said is all of an answer but what differs from request to request, and the
// address that was typed.
func said(w *httptest.ResponseRecorder) string {
	h := w.Result().Header.Clone()
	h.Del("X-Request-Id")
	return fmt.Sprint(w.Code, h, changing.ReplaceAllString(w.Body.String(), ""))
}

// welch is the t of Welch's test (Biometrika 34, 1947) on the logarithms of
// two samples, without the slowest tenth of both: those were interrupted.
func welch(a, b []time.Duration) float64 {
	all := slices.Sorted(slices.Values(slices.Concat(a, b)))
	most := all[len(all)*9/10]
	part := func(s []time.Duration) (mean, variance, n float64) {
		for _, d := range s {
			if d <= most {
				mean += math.Log(float64(d))
				n++
			}
		}
		mean /= n
		for _, d := range s {
			if d <= most {
				variance += (math.Log(float64(d)) - mean) * (math.Log(float64(d)) - mean) / (n - 1)
			}
		}
		return mean, variance, n
	}
	ma, va, na := part(a)
	mb, vb, nb := part(b)
	return (ma - mb) / math.Sqrt(va/na+vb/nb)
}

// Nobody learns from an answer whether an address has an account: not from
// what it says, and not from the time that it takes.
func TestKnownAndUnknownAddressesAreAnsweredAlike(t *testing.T) {
	w := newSite(t)
	w.Enrol("bob", perm.LevelAdmin)
	st, err := w.People.Settings(t.Context(), w.Admin)
	w.Must(err)
	next := st
	next.SelfRegistration = true
	w.Must(w.People.SaveSettings(t.Context(), w.Admin, st, next))
	dice := rand.New(rand.NewPCG(4, 7))
	n := 0
	for path, kind := range map[string]mail.Kind{"/forgot": mail.PasswordReset, "/register": mail.Registration, "/request-key": mail.KeyRequested} {
		var times [2][]time.Duration
		var first string
		samples := 2000
		if underRace {
			samples = 100 // for the words alone; make race measures without the detector, too
		}
		for range samples {
			// What is asked is drawn, so that neither follows the other; and what the
			// one before left to be done is done.
			n++
			known := dice.IntN(2)
			email := fmt.Sprintf("ad%04d@northwind.example", n%10000)
			if known == 1 {
				email = "ada@northwind.example"
			}
			r, answer := w.strangerPosts(n, path, email)
			start := clock.System{}.Now()
			w.table.ServeHTTP(answer, r)
			times[known] = append(times[known], clock.System{}.Now().Sub(start))
			w.People.Settle()
			w.Clock.Advance(time.Hour)
			if text := said(answer); first == "" {
				first = text
			} else if text != first {
				t.Fatalf("%s answers\n%s\nand\n%s", path, text, first)
			}
		}
		if !strings.HasPrefix(first, "200 ") {
			t.Fatalf("%s: %s", path, first)
		}
		list, _, err := w.Mail.Outbox(t.Context(), w.Admin, mail.Filter{Limit: 200})
		w.Must(err)
		if !slices.ContainsFunc(list, func(m mail.Item) bool { return m.Kind == kind }) {
			t.Errorf("%s mailed nobody", path)
		}
		if score := welch(times[0], times[1]); !underRace && math.Abs(score) > 4.5 {
			t.Errorf("%s: t = %.1f over %d and %d samples: the time tells", path, score, len(times[0]), len(times[1]))
		} else {
			t.Logf("%s: t = %.1f", path, score)
		}
	}
}

// Nor from a sign-in that fails, which costs one Argon2id either way. There
// are fewer samples, for they are long.
func TestSignInsThatFailAreAnsweredAlike(t *testing.T) {
	w := newSite(t)
	const users, each = 10, 8 // fewer tries than lock out
	for n := range users {
		w.Enrol(fmt.Sprintf("user%02d", n), "")
	}
	dice := rand.New(rand.NewPCG(4, 7))
	order := dice.Perm(2 * users * each)
	var times [2][]time.Duration
	first := ""
	for _, n := range order {
		known := n % 2
		email := fmt.Sprintf("nobody%03d@northwind.example", n)
		if known == 1 {
			email = fmt.Sprintf("user%02d@northwind.example", n/2%users)
		}
		r, answer := w.strangerPosts(n, "/sign-in", email)
		start := clock.System{}.Now()
		w.table.ServeHTTP(answer, r)
		times[known] = append(times[known], clock.System{}.Now().Sub(start))
		if text := said(answer); first == "" {
			first = text
		} else if text != first {
			t.Fatalf("answers\n%s\nand\n%s", text, first)
		}
	}
	if !strings.HasPrefix(first, "401 ") {
		t.Fatal(first)
	}
	if score := welch(times[0], times[1]); !underRace && math.Abs(score) > 4.5 {
		t.Errorf("t = %.1f over %d and %d samples: the time tells", score, len(times[0]), len(times[1]))
	} else {
		t.Logf("t = %.1f", score)
	}
}
