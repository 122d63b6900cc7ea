package gate

import (
	"encoding/json"
	"errors"

	"bailiwick/internal/fault"
	"bailiwick/internal/seal"
)

var (
	sqlOnce    = SQL(`SELECT operation, request, answer FROM idempotency WHERE org_id = $1 AND actor_id = $2 AND key = $3`)
	sqlAddOnce = SQL(`INSERT INTO idempotency (org_id, actor_id, key, operation, request, answer, at) VALUES ($1, $2, $3, $4, $5, $6, $7)`)
)

// repeated gives the first answer to a request that comes again.
func (t *Tx) repeated() (answer string, done bool, err error) {
	if !t.op.Once || t.who.once.key == "" {
		return "", false, nil
	}
	var op string
	var request []byte
	err = t.Row(sqlOnce, t.who.user, t.who.once.key).Scan(&op, &request, &answer)
	if errors.Is(err, ErrNoRows) {
		return "", false, nil
	}
	if err == nil && (op != t.op.Name || !seal.Equal(request, t.request())) {
		return "", false, fault.Cannot("This idempotency key was used for another request. Use a new key for each request.")
	}
	return answer, err == nil, err
}

func (t *Tx) request() []byte {
	return t.gate.requests.MAC("request", []byte(t.who.org), []byte(t.who.once.key), t.who.once.request)
}

func (t *Tx) remember(out any) error {
	if !t.op.Once || t.who.once.key == "" {
		return nil
	}
	answer, err := json.Marshal(out)
	if err != nil {
		return err
	}
	_, err = t.Exec(sqlAddOnce, t.who.user, t.who.once.key, t.op.Name, t.request(), string(answer), t.Millis())
	return err
}
