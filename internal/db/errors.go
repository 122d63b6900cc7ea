package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// What can be told apart. The driver's own error stays wrapped beside them.
var (
	ErrNoRows   = sql.ErrNoRows
	ErrUnknown  = errors.New("it is not known whether the change was stored")
	ErrFull     = errors.New("the database has no room left")
	ErrReadOnly = errors.New("the database can only be read at present")
	ErrLost     = errors.New("the database can't be reached")
	ErrBusy     = errors.New("another change takes too long")
	ErrText     = errors.New("a text has a zero byte, or is not UTF-8")
	ErrClosed   = errors.New("the database is closed")
	ErrInUse    = errors.New("the database is used by another process")
	ErrSchema   = errors.New("the database schema does not fit this program")
)

// IsUnique says whether err is a violated primary key or unique index.
func IsUnique(err error) bool {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return e.Code == "23505"
	}
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return e.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || e.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY
	}
	return false
}

// named puts the name of a driver's error in front of it.
func named(err error) error {
	name := nameOf(err)
	if name == nil || errors.Is(err, name) {
		return err
	}
	return fmt.Errorf("%w: %w", name, err)
}

func nameOf(err error) error {
	switch {
	case err == nil, errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return nil
	case errors.Is(err, driver.ErrBadConn), errors.Is(err, sql.ErrConnDone),
		errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed):
		return ErrLost
	}
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return nameOfState(e.Code)
	}
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return nameOfCode(e.Code())
	}
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return ErrLost
	}
	if e, ok := errors.AsType[net.Error](err); ok {
		if _, file := e.(syscall.Errno); !file { // which has net.Error's methods too
			return ErrLost
		}
	}
	return nil
}

// nameOfState knows SQLSTATE codes (PostgreSQL, appendix A).
func nameOfState(code string) error {
	switch {
	case code == "53100":
		return ErrFull
	case code == "25006":
		return ErrReadOnly
	case code == "55P03": // lock_timeout
		return ErrBusy
	case strings.HasPrefix(code, "08"), strings.HasPrefix(code, "57P"), code == "53300":
		return ErrLost
	}
	return nil
}

// nameOfCode knows SQLite's result codes (sqlite.org/rescode.html).
func nameOfCode(code int) error {
	switch code {
	case sqlite3.SQLITE_IOERR_SHMSIZE: // the shared index could not grow
		return ErrFull
	}
	switch code & 0xff {
	case sqlite3.SQLITE_FULL:
		return ErrFull
	case sqlite3.SQLITE_READONLY:
		return ErrReadOnly
	case sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN:
		return ErrLost
	}
	return nil
}
