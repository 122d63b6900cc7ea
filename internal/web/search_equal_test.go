package web

import (
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"time"

	"bailiwick/internal/client"
	"bailiwick/internal/clock"
	"bailiwick/internal/people"
	"bailiwick/internal/perm"
	"bailiwick/internal/vault"
)

// hiding is an office in which Tim reaches one client, and another one holds
// many credentials that have the word "palimpsest".
func hiding(t *testing.T, many int) (*office, *surfer) {
	t.Helper()
	o, ctx := newOffice(t), t.Context()
	far, err := o.Clients.Add(ctx, o.Admin, client.Input{Name: "Palimpsest Ltd", ShortCode: "palimpsest"})
	o.Must(err)
	for n := range many {
		_, err = o.Vault.Add(ctx, o.Admin, vault.Place{Client: far}, vault.Input{Type: "Firewall",
			Overview: vault.Overview{Title: fmt.Sprintf("Firewall palimpsest %d", n), Username: "edge", Tags: []string{"palimpsest"}}, Secret: vault.Secret{Password: canaryPassword}})
		o.Must(err)
	}
	tim := o.Enrol("tim", perm.LevelTechnicianAssigned)
	o.Must(o.Access.Assign(ctx, o.Admin, o.contoso, tim, 0))
	return o, o.surfer(t).signIn("tim@northwind.example")
}

// What one doesn't reach changes no answer: neither its words, nor how many
// results there are, nor which of the others are among the first.
func TestSearchCountsNothingHidden(t *testing.T) {
	o, tim := hiding(t, 60)
	for _, path := range []string{"/search?q=", "/search?q=firewall+"} {
		hidden, absent := tim.get(path+"palimpsest").says(http.StatusOK, "Nothing found").lacks("Palimpsest Ltd"), tim.get(path+"zyzzyvaaaa")
		if a, b := strings.ReplaceAll(hidden.Body.String(), "palimpsest", "zyzzyvaaaa"), absent.Body.String(); a != b {
			t.Errorf("a hidden word is answered with\n%s\nand one that nobody has with\n%s", a, b)
		}
	}
	// More hidden ones fit better than a list has room for.
	tim.get("/search?q=edge").says(http.StatusOK, "Edge firewall").lacks("palimpsest")
	tim.get("/search?q=firewall").says(http.StatusOK, "Edge firewall").lacks("palimpsest")
	o.ada.get("/search?q=palimpsest").says(http.StatusOK, "Palimpsest Ltd", "Firewall palimpsest 7")
	// Nor does Tim find people, whose list is not for him; Ada does.
	tim.script().get("/search?q=tim").says(http.StatusOK).lacks("tim@northwind.example")
	o.ada.get("/search?q=tim").says(http.StatusOK, "tim@northwind.example", "People")
	if _, err := o.People.Search(t.Context(), o.SignIn("tim"), "tim", 5); err == nil {
		t.Error("a technician searches the users")
	}
	if found, err := o.People.Search(t.Context(), o.Admin, "ti", 5); err != nil || len(found) != 1 || !found[0].May[people.Edit] {
		t.Errorf("found %+v, %v", found, err)
	}
}

// Nobody learns from the time of an answer that a word exists where he does
// not reach it.
func TestHiddenAndAbsentWordsAreAnsweredAlike(t *testing.T) {
	o, tim := hiding(t, 300)
	who, dice := o.SignIn("tim"), rand.New(rand.NewPCG(7, 11))
	tim.get("/search?q=edge").says(http.StatusOK, "Edge firewall")
	samples := 2000
	if underRace {
		samples = 50
	}
	var times [2][]time.Duration
	for range samples {
		n := dice.IntN(2)
		start := clock.System{}.Now()
		hits, err := o.Vault.Search(t.Context(), who, [...]string{"palimpsest", "zyzzyvaaaa"}[n], 20)
		times[n] = append(times[n], clock.System{}.Now().Sub(start))
		if err != nil || len(hits) != 0 {
			t.Fatalf("found %v, %v", hits, err)
		}
	}
	if score := welch(times[0], times[1]); !underRace && math.Abs(score) > 4.5 {
		t.Errorf("t = %.1f over %d and %d samples: the time tells", score, len(times[0]), len(times[1]))
	} else {
		t.Logf("t = %.1f", score)
	}
}
