package dbtest

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"sync"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver
)

// cluster is a PostgreSQL server in which databases may be made.
type cluster struct {
	address url.URL
	admin   *sql.DB

	mu        sync.Mutex
	templates map[string]bool
}

// connect finds or starts the server, once for the process.
var connect = sync.OnceValues(func() (*cluster, error) {
	address := os.Getenv("BAILIWICK_TEST_POSTGRES")
	if address == "" {
		var err error
		if address, err = startServer(); err != nil {
			return nil, err
		}
	}
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	admin, err := sql.Open("pgx", address)
	if err != nil {
		return nil, err
	}
	admin.SetMaxOpenConns(2)
	return &cluster{address: *u, admin: admin, templates: map[string]bool{}}, nil
})

func (c *cluster) url(database string) string {
	u := c.address
	u.Path = "/" + database
	return u.String()
}

// create makes a database with the schema by copying one that has it.
func (c *cluster) create(migrations fs.FS) (string, error) {
	template, err := c.template(migrations)
	if err != nil {
		return "", err
	}
	var name string
	err = c.admin.QueryRow(`SELECT 'bailiwick_test_' || replace(gen_random_uuid()::text, '-', '')`).Scan(&name)
	if err != nil {
		return "", err
	}
	_, err = c.admin.Exec(`CREATE DATABASE ` + name + ` TEMPLATE ` + template)
	return name, err
}

func (c *cluster) drop(name string) error {
	_, err := c.admin.Exec(`DROP DATABASE ` + name + ` WITH (FORCE)`)
	return err
}

// template makes the database to copy from, once for the server. It becomes a
// template only when it is complete: a test process may be killed before.
func (c *cluster) template(migrations fs.FS) (string, error) {
	print, err := fingerprint(migrations)
	if err != nil {
		return "", err
	}
	name := "bailiwick_template_" + print
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.templates[name] {
		return name, nil
	}
	ctx := context.Background()
	conn, err := c.admin.Conn(ctx)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, `SELECT pg_advisory_lock(hashtext($1))`, name); err != nil {
		return "", err
	}
	defer conn.ExecContext(ctx, `SELECT pg_advisory_unlock(hashtext($1))`, name)
	var complete bool
	err = conn.QueryRowContext(ctx,
		`SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1 AND datistemplate)`, name).Scan(&complete)
	if err != nil {
		return "", err
	}
	if !complete {
		if err := c.makeTemplate(ctx, conn, name, migrations); err != nil {
			return "", fmt.Errorf("template: %w", err)
		}
	}
	c.templates[name] = true
	return name, nil
}

func (c *cluster) makeTemplate(ctx context.Context, conn *sql.Conn, name string, migrations fs.FS) error {
	if _, err := conn.ExecContext(ctx, `DROP DATABASE IF EXISTS `+name+` WITH (FORCE)`); err != nil {
		return err
	}
	if _, err := conn.ExecContext(ctx, `CREATE DATABASE `+name); err != nil {
		return err
	}
	if err := migrate(c.url(name), migrations); err != nil {
		return err
	}
	_, err := conn.ExecContext(ctx, `ALTER DATABASE `+name+` IS_TEMPLATE true`)
	return err
}
