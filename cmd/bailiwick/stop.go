package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// stopping are the flags of how a server stops.
type stopping struct {
	Drain  time.Duration `help:"After SIGTERM, how long requests are still taken while /readyz says no, so that a balancer can turn away." default:"3s"`
	Finish time.Duration `help:"How long requests that run may then take to finish." default:"20s"`
}

// serve answers until it is told to stop. Then it says that it is not ready,
// takes requests for a little longer, closes the port, and lets what has begun
// finish. A second signal ends the process at once: nothing that was
// acknowledged is lost by that.
func (s *server) serve(l net.Listener, h http.Handler) error {
	told := make(chan os.Signal, 2)
	signal.Notify(told, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(told)
	srv := s.http(h)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go s.sweep(ctx)
	done := make(chan error, 1)
	go func() {
		if s.TLSCert != "" {
			done <- srv.ServeTLS(l, s.TLSCert, s.TLSKey)
			return
		}
		done <- srv.Serve(l)
	}()
	var first os.Signal
	select {
	case err := <-done:
		return err
	case first = <-told:
	}
	s.log.Info("stopping", "signal", first.String())
	s.health.Stop()
	go func() {
		second := <-told
		s.log.Warn("stopped at once", "signal", second.String())
		os.Exit(1)
	}()
	if first == syscall.SIGTERM && s.Drain > 0 { // Ctrl-C is a person's, who waits
		srv.SetKeepAlivesEnabled(false)
		drained, end := context.WithTimeout(context.Background(), s.Drain)
		<-drained.Done()
		end()
	}
	last, end := context.WithTimeout(context.Background(), s.Finish)
	defer end()
	err := srv.Shutdown(last)
	if errors.Is(err, context.DeadlineExceeded) {
		return errors.Join(fmt.Errorf("some requests did not finish within %s and were cut off", s.Finish), srv.Close())
	}
	return err
}

func (s *server) http(h http.Handler) *http.Server {
	return &http.Server{Handler: h, DisableGeneralOptionsHandler: true, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 10 * time.Minute, WriteTimeout: 10 * time.Minute,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10, ErrorLog: s.stdlog()}
}

func (s *server) sweep(ctx context.Context) {
	tick := time.NewTicker(time.Minute)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := s.app.Sweep(); err != nil {
				s.log.Error("sweeping failed; the next sweep does it", "error", err)
			}
		}
	}
}
