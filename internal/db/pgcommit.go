package db

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

const warning = "bailiwick warning"

// keepWarning remembers a connection's latest warning. When the wait for a
// synchronous standby is cancelled, the server reports success, and only a
// warning tells that the standby may lack the change.
func keepWarning(c *pgconn.PgConn, n *pgconn.Notice) {
	if n.SeverityUnlocalized == "WARNING" {
		c.CustomData()[warning] = n.Message
	}
}

// clearWarning forgets the warning and says what it was, nil if there was none.
func (c *pgConn) clearWarning() (text any) {
	c.conn.Raw(func(dc any) error {
		data := dc.(*stdlib.Conn).Conn().PgConn().CustomData()
		text = data[warning]
		delete(data, warning)
		return nil
	})
	return text
}

// commit says nil only if the server has said so without any warning. It
// doesn't end with the caller's context: a caller who left would turn what
// the server knows into what nobody knows.
func (c *pgConn) commit(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), commitWait)
	defer cancel()
	c.clearWarning()
	tag, err := c.exec(ctx, "commit")
	if err != nil {
		if certainlyNot(err) {
			return named(err)
		}
		return fmt.Errorf("%w: %w", ErrUnknown, named(err))
	}
	if tag != "COMMIT" { // the server answers ROLLBACK when a statement had failed
		return errors.New("the transaction had failed and was rolled back")
	}
	if w := c.clearWarning(); w != nil {
		return fmt.Errorf("%w: %v", ErrUnknown, w)
	}
	return nil
}

// certainlyNot: the commit was never sent, or the server refused it in so
// many words, as a check at the end does.
func certainlyNot(err error) bool {
	if pgconn.SafeToRetry(err) {
		return true
	}
	e, ok := errors.AsType[*pgconn.PgError](err)
	return ok && e.SeverityUnlocalized == "ERROR" && e.Code != "40003" && nameOfState(e.Code) != ErrLost
}
