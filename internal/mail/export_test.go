package mail

import (
	"time"

	"bailiwick/internal/brand"
)

// Idle waits until nothing is being sent.
func (s *Store) Idle() { s.jobs.Wait() }

// Hurry shortens the time that a mail server gets.
func (s *Store) Hurry(connect, whole time.Duration) { s.patience = patience{connect, whole} }

// Write gives the letter of a mail of a provider, or of a site of one.
func (m Mail) Write(org, provider, public string) (Letter, error) {
	return m.write(sender{org: org, provider: provider}, public)
}

// WriteIn gives it in an organization's colour.
func (m Mail) WriteIn(c brand.Colour) (Letter, error) {
	return m.write(sender{org: "Northwind IT", colour: c}, "https://vault.example")
}

// OnThisMachine is how a server without encryption is dialled.
var OnThisMachine = onThisMachine

// MustLink and Held say what a kind demands.
func (k Kind) MustLink() bool  { return kinds[k].must }
func (k Kind) TakesLink() bool { return kinds[k].link != "" }
func (k Kind) Held() bool      { return kinds[k].held }
func (k Kind) Elsewhere() bool { return kinds[k].elsewhere }
