package mail

import "time"

// Idle waits until nothing is being sent.
func (s *Store) Idle() { s.jobs.Wait() }

// Hurry shortens the time that a mail server gets.
func (s *Store) Hurry(connect, whole time.Duration) { s.patience = patience{connect, whole} }

// Write gives the letter of a mail of a provider, or of a site of one.
func (m Mail) Write(org, provider, public string) (Letter, error) {
	return m.write(sender{org, provider}, public)
}

// OnThisMachine is how a server without encryption is dialled.
var OnThisMachine = onThisMachine

// MustLink and Held say what a kind demands.
func (k Kind) MustLink() bool  { return kinds[k].must }
func (k Kind) TakesLink() bool { return kinds[k].link != "" }
func (k Kind) Held() bool      { return kinds[k].held }
func (k Kind) Elsewhere() bool { return kinds[k].elsewhere }
