package session

import (
	"bailiwick/internal/gate"
	"bailiwick/internal/mail"
	"bailiwick/internal/seal"
)

// BrowserLifetime is how long a browser stays one that the user has used.
const BrowserLifetime = DeviceLifetime * 6

// mostBrowsers of a user are remembered.
const mostBrowsers = 50

var (
	sqlBrowser     = gate.SQL(`UPDATE browsers SET last_used = $4 WHERE org_id = $1 AND user_id = $2 AND lookup = $3`)
	sqlAddBrowser  = gate.SQL(`INSERT INTO browsers (org_id, user_id, lookup, last_used) VALUES ($1, $2, $3, $4)`)
	sqlOldBrowsers = gate.SQL(`DELETE FROM browsers WHERE org_id = $1 AND user_id = $2 AND lookup NOT IN
		(SELECT lookup FROM browsers WHERE org_id = $1 AND user_id = $2 ORDER BY last_used DESC LIMIT $3)`)
	sqlFirstSignIn = gate.SQL(`SELECT last_sign_in = 0 FROM users WHERE org_id = $1 AND id = $2`)
)

// knownBrowser remembers the browser that signs in. The user is told by mail of one
// that was not used before, unless it is his first sign-in of all.
func (s *Store) knownBrowser(tx *gate.Tx, user string, in SignIn) (seal.Token, error) {
	quiet := false
	if in.Browser.Valid() {
		n, err := tx.Exec(sqlBrowser, user, in.Browser.Lookup(), tx.Millis())
		if err != nil || n > 0 {
			return in.Browser, err
		}
	}
	if device, known := in.Devices[user]; known { // a program that keeps its device, and no more
		n := 0
		if err := tx.Row(sqlKnown, device.Lookup(), user, tx.Millis()).Scan(&n); err != nil || n > 0 && !in.Keeps {
			return seal.Token{}, err
		}
		quiet = n > 0
	}
	first := false
	if err := tx.Row(sqlFirstSignIn, user).Scan(&first); err != nil {
		return seal.Token{}, err
	}
	token := seal.NewToken()
	if _, err := tx.Exec(sqlAddBrowser, user, token.Lookup(), tx.Millis()); err != nil {
		return token, err
	}
	_, err := tx.Exec(sqlOldBrowsers, user, mostBrowsers)
	if err != nil || first || quiet {
		return token, err
	}
	_, err = s.mail.Enqueue(tx, mail.Mail{Kind: mail.NewBrowser, To: user, Link: seal.NewSecret("/me/sessions"), Facts: []mail.Fact{
		{Label: "Time", Text: mail.Stamp(tx.Now())}, {Label: "Address", Text: in.IP}, {Label: "Browser", Text: agentWords(in.Agent)}}})
	return token, err
}

func agentWords(agent string) string {
	if agent == "" {
		return "unknown"
	}
	return cut(agent, 120)
}
