package mail_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"bailiwick/internal/apptest"
	"bailiwick/internal/db"
	"bailiwick/internal/gate"
	"bailiwick/internal/mail"
	"bailiwick/internal/seal"
)

var ctx = context.Background()

// opCause stands for whatever feature writes a mail.
var opCause = gate.Define(gate.Op{Name: "test.cause", Sentence: "Write a mail, as a feature does", Scope: gate.Anyone, Write: true})

type world struct {
	*apptest.World
	db   *db.DB
	post *post
}

func newWorld(t testing.TB, d *db.DB) *world {
	w := &world{World: apptest.New(t, d), db: d}
	w.Mail.ServeAt("https://vault.example")
	return w
}

// sends has the organization send its mails by a server.
func (w *world) sends(p *post, security mail.Security) {
	w.T.Helper()
	w.post = p
	w.Must(w.Mail.Save(ctx, w.Admin, seal.NewSecret(apptest.Password), w.settings(security)))
	w.Mail.Idle()
}

func (w *world) settings(security mail.Security) mail.Settings {
	return mail.Settings{Host: "127.0.0.1", Port: w.post.port, Security: security, User: w.post.user, Password: seal.NewSecret(w.post.password), Address: "vault@northwind.example", Rest: mail.RestSend}
}

const secretLink = "/reset?token=zq7kanary4vx"

func reset(to string) mail.Mail {
	return mail.Mail{Kind: mail.PasswordReset, To: to, Link: seal.NewSecret(secretLink)}
}

// write has a feature write a mail, and gives its id.
func (w *world) write(m mail.Mail) string {
	w.T.Helper()
	made, err := w.tryWrite(m)
	w.Must(err)
	return made
}

func (w *world) tryWrite(m mail.Mail) (string, error) {
	return gate.Do(ctx, w.Gate, gate.Stranger(w.OrgID, "", nil), opCause, gate.Nothing(), func(tx *gate.Tx) (string, error) {
		return w.Mail.Enqueue(tx, m)
	})
}

// later moves the time, sweeps, and waits until nothing is being sent.
func (w *world) later(d time.Duration) {
	w.T.Helper()
	w.Clock.Advance(d)
	w.Must(w.Mail.Sweep(ctx))
	w.Mail.Idle()
}

// item is a mail's row, as an administrator sees it.
func (w *world) item(id string) mail.Item {
	w.T.Helper()
	w.Mail.Idle()
	list, _, err := w.Mail.Outbox(ctx, w.Admin, mail.Filter{})
	w.Must(err)
	for _, i := range list {
		if i.ID == id {
			return i
		}
	}
	w.T.Fatalf("%s is not in the outbox", id)
	return mail.Item{}
}

// is demands a state, and gives the item.
func (w *world) is(id, state string) mail.Item {
	w.T.Helper()
	i := w.item(id)
	if i.State != state {
		w.T.Fatalf("%s is %s (%s), want %s", i.Kind, i.State, i.Problem, state)
	}
	if size := w.number(`SELECT COALESCE(LENGTH(body_box), 0) FROM mails WHERE id = $1`, id); state != mail.Waiting && size != 0 {
		w.T.Errorf("%s is %s, and what it said is still there: %d bytes", i.Kind, state, size)
	}
	return i
}

func (w *world) number(text string, args ...any) (n int64) {
	w.T.Helper()
	w.Must(w.db.Read(ctx, func(tx *db.Tx) error { return tx.Row(ctx, text, args...).Scan(&n) }))
	return n
}

func (w *world) exec(text string, args ...any) {
	w.T.Helper()
	w.Must(w.db.Write(ctx, "", func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, text, args...)
		if err == nil && n == 0 {
			err = fmt.Errorf("nothing changed by %s", text)
		}
		return err
	}))
}

func (w *world) failing(user string) bool {
	return w.number(`SELECT mail_failed_at FROM users WHERE id = $1`, user) > 0
}

// nothingSecret demands that no canary is in the database or the log.
func (w *world) nothingSecret() {
	w.T.Helper()
	apptest.NoCanaryInRows(w.T, w.db)
	apptest.NoCanary(w.T, "the log", logged.Bytes())
}
