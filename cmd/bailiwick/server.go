package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"

	"bailiwick/internal/api"
	"bailiwick/internal/app"
	"bailiwick/internal/clock"
	"bailiwick/internal/db"
	"bailiwick/internal/door"
	"bailiwick/internal/gate"
	"bailiwick/internal/mail"
	"bailiwick/internal/ops"
	"bailiwick/internal/org"
	"bailiwick/internal/seal"
	"bailiwick/internal/web"
)

// common are the flags of serve and demo.
type common struct {
	Data     string   `help:"Directory of the instance key and the embedded database." type:"path" placeholder:"DIR"`
	Listen   string   `help:"Address to listen on; port 0 takes a free one." default:"127.0.0.1:8420" placeholder:"ADDR"`
	Database address  `help:"postgres://… instead of the embedded database." placeholder:"URL" env:"BAILIWICK_DATABASE"`
	TLSCert  string   `help:"Certificate file (PEM), to serve https." type:"existingfile" placeholder:"FILE"`
	TLSKey   string   `help:"Key file of the certificate." type:"existingfile" placeholder:"FILE"`
	Public   string   `help:"Address by which browsers reach this server, such as https://vault.example, for links in mails." placeholder:"URL" name:"public-url"`
	Proxy    []string `help:"Network of a proxy that speaks https for this server and sets X-Forwarded-For; may be repeated." placeholder:"CIDR"`
	watching
	stopping
	logging
}

// server is an open database with its features.
type server struct {
	common
	db       *db.DB
	app      *app.App
	instance seal.Key
	empty    bool
	log      *slog.Logger
	health   *ops.Health
	metrics  *ops.Metrics
}

const instanceFile = "instance.key"

// open opens the database and the instance key. A key is made only where
// there is nothing yet that another one would have to open.
func (c common) open(ctx context.Context) (*server, error) {
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return nil, fmt.Errorf("the data directory can't be made: %w", err)
	}
	target := string(c.Database)
	if target == "" {
		target = c.Data
	}
	d, err := db.Open(ctx, target, db.Options{})
	if err != nil {
		return nil, err
	}
	s := &server{common: c, db: d, log: c.logger(os.Stderr)}
	s.empty, err = org.New(gate.New(d, clock.System{}), seal.Key{}, nil).Empty(ctx)
	if err == nil {
		s.instance, err = c.instanceKey(s.empty)
	}
	if err != nil {
		d.Close()
		return nil, err
	}
	app.MakeRoom()
	s.app = app.New(d, s.instance, seal.NewArgon(app.Checks, 32), clock.System{})
	if err := s.app.Org.Fits(ctx); err != nil {
		d.Close()
		return nil, err
	}
	s.health = ops.NewHealth(d, s.app, s.log)
	s.metrics = ops.NewMetrics(d, s.app, s.log, c.lastBackup)
	return s, nil
}

// stdlog is the log of net/http, whose lines are of no request.
func (s *server) stdlog() *log.Logger {
	return slog.NewLogLogger(s.log.Handler(), slog.LevelWarn)
}

func (c common) instanceKey(empty bool) (seal.Key, error) {
	if text := os.Getenv("BAILIWICK_INSTANCE_KEY"); text != "" {
		return seal.ParseInstanceKey(text)
	}
	path := filepath.Join(c.Data, instanceFile)
	if empty {
		return seal.InstanceKey(path)
	}
	k, err := seal.LoadInstanceKey(path)
	if errors.Is(err, os.ErrNotExist) {
		return k, fmt.Errorf("the database is set up, but its instance key is missing: put the file %s back, or set BAILIWICK_INSTANCE_KEY", path)
	}
	return k, err
}

// listen opens the port. Without https nothing but this machine is served.
func (s *server) listen() (net.Listener, error) {
	l, err := net.Listen("tcp", s.Listen)
	if err != nil {
		return nil, err
	}
	loopback := l.Addr().(*net.TCPAddr).IP.IsLoopback()
	if !loopback && s.TLSCert == "" && len(s.Proxy) == 0 {
		l.Close()
		return nil, errors.New("plain http is served on this machine only: give --tls-cert and --tls-key, or --proxy with the network of the https proxy in front")
	}
	public := s.Public
	if public == "" {
		public = s.address(l)
	} else if err := mail.CheckPublic(public); err != nil {
		l.Close()
		return nil, fmt.Errorf("--public-url %s: %w", public, err)
	}
	s.app.ServeAt(public)
	return l, nil
}

func (s *server) address(l net.Listener) string {
	scheme := "http"
	if s.TLSCert != "" {
		scheme = "https"
	}
	return scheme + "://" + l.Addr().String()
}

// handler mounts every front door on one route table.
func (s *server) handler(setup seal.Token) (http.Handler, error) {
	var trusted []netip.Prefix
	for _, p := range s.Proxy {
		prefix, err := netip.ParsePrefix(p)
		if err != nil {
			return nil, fmt.Errorf("--proxy %s is not a network such as 10.0.0.0/8", p)
		}
		trusted = append(trusted, prefix)
	}
	failed := func(w http.ResponseWriter, r *http.Request, err error) {
		if api.Owns(r.URL.Path) {
			api.Failed(s.log, w, r, err)
			return
		}
		web.Failed(s.log, w, r, err)
	}
	table := door.New(s.log, trusted, failed)
	web.Mount(s.app, table, web.Options{Log: s.log, SetupToken: setup})
	api.Mount(s.app, table, s.log)
	s.watch(table)
	if s.TLSCert == "" {
		table.Near()
	}
	return table.Compressed()
}

type serveCmd struct{ common }

// Run serves the database in the data directory, or set-up where it is empty.
func (c serveCmd) Run() error {
	if c.Data == "" {
		c.Data = "bailiwick-data"
	}
	s, err := c.open(context.Background())
	if err != nil {
		return err
	}
	defer s.close()
	l, err := s.listen()
	if err != nil {
		return err
	}
	if err := s.watched(); err != nil {
		return err
	}
	var setup seal.Token
	if s.empty {
		setup = seal.NewToken()
	}
	h, err := s.handler(setup)
	if err != nil {
		return err
	}
	if s.empty {
		fmt.Printf("Set up Bailiwick here (the address works until that is done):\n\n  %s/setup?token=%s\n\n", s.address(l), setup.Reveal())
	} else {
		fmt.Printf("Bailiwick is at %s\n", s.address(l))
	}
	return s.serve(l, h)
}

// close lets running jobs stop where they can go on, and closes the database.
func (s *server) close() {
	s.app.Close()
	if err := s.db.Close(); err != nil {
		s.log.Error("the database did not close as it should; what was acknowledged is on disk", "error", err)
		return
	}
	s.log.Info("stopped")
}
