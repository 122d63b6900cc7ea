package db

import (
	"net/url"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

// FuzzAddress: a directory's name never adds to what SQLite is told.
func FuzzAddress(f *testing.F) {
	for _, s := range []string{"/data/bailiwick.db", "/a?mode=memory", "/a#b", "/a%3fx", "C:\\data", "relative", "/ü/ /\x00", "//host/share"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, file string) {
		u, err := url.Parse(address(file, "_txlock=immediate"))
		if err != nil {
			return // SQLite does not open it either
		}
		if u.RawQuery != "_txlock=immediate" || u.Fragment != "" || u.Host != "" || strings.TrimPrefix(u.Path, "/") != strings.TrimPrefix(file, "/") {
			t.Fatalf("%q becomes %q", file, u)
		}
	})
}

// FuzzPostgresURL: an address that can't be read is never repeated with its
// password: the error ends in a log.
func FuzzPostgresURL(f *testing.F) {
	for _, s := range []string{"host/db", "host:port/db", "host/db?sslmode=nonsense", "[::1/db", "host/%zz", "", "host/db?connect_timeout=x", "\x7f", "h@h/db"} {
		f.Add("postgres://user:", s)
		f.Add("postgresql://", s)
		f.Add("user=u password=", s)
	}
	f.Fuzz(func(t *testing.T, before, after string) {
		const secret = "canary7Q3f"
		target := before + secret + "@" + after
		if !IsPostgres(target) || !strings.Contains(before, ":") {
			return
		}
		u, err := url.Parse(target)
		if err == nil {
			if p, has := u.User.Password(); !has || p != secret {
				return // it does not stand where a password does
			}
		} else if before != "postgres://user:" {
			return
		}
		if _, err := pgx.ParseConfig(target); err != nil && strings.Contains(err.Error(), secret) {
			t.Fatalf("%q: %v", target, err)
		}
	})
}
