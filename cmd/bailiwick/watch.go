package main

import (
	"encoding/json"
	"errors"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"bailiwick/internal/door"
)

// watching are the flags of what looks at a server.
type watching struct {
	Metrics string `help:"Address of a separate listener for /metrics (Prometheus), /healthz and /readyz, such as 127.0.0.1:9420. It asks for no sign-in: keep it to your monitoring." placeholder:"ADDR"`
}

// watched answers on the separate listener until the process ends. It must not
// share the port of the pages: what it shows is not for everybody.
func (s *server) watched() error {
	if s.Metrics == "" {
		return nil
	}
	l, err := net.Listen("tcp", s.Metrics)
	if err != nil {
		return err
	}
	table := door.New(s.log, nil, func(w http.ResponseWriter, _ *http.Request, err error) {
		http.Error(w, "Not here.", door.Status(err))
	})
	table.Add(door.Route{Pattern: "GET /metrics", Public: "for the monitoring, on an address of its own", Handler: s.metrics.Handler()})
	s.health.Mount(func(pattern, public string, h http.Handler) {
		table.Add(door.Route{Pattern: pattern, Public: public, Handler: h})
	})
	srv := &http.Server{Handler: table, DisableGeneralOptionsHandler: true, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, WriteTimeout: 30 * time.Second,
		IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10, ErrorLog: s.stdlog()}
	s.log.Info("metrics", "address", l.Addr().String())
	go func() {
		if err := srv.Serve(l); err != nil {
			s.log.Error("the listener for metrics ended", "error", err)
		}
	}()
	return nil
}

// watch has requests logged and counted, and mounts the health pages.
func (s *server) watch(t *door.Table) {
	t.Watch(s.app.Clock, s.answered, s.metrics.Answered)
	s.health.Mount(func(pattern, public string, h http.Handler) {
		t.Add(door.Route{Pattern: pattern, Public: public, Handler: h})
	})
}

const lastBackupFile = "last-backup.json"

// lastBackup is what `bailiwick backup` leaves in the data directory.
type lastBackup struct {
	Made time.Time `json:"made"`
}

func (c common) lastBackup() (time.Time, error) {
	b, err := os.ReadFile(filepath.Join(c.Data, lastBackupFile))
	if errors.Is(err, fs.ErrNotExist) {
		return time.Time{}, nil
	}
	var last lastBackup
	if err == nil {
		err = json.Unmarshal(b, &last)
	}
	return last.Made, err
}
