package main

import (
	"context"
	"io"
	"log/slog"
	"strings"

	"bailiwick/internal/door"
)

// logging are the flags of the log, which goes to the standard error.
type logging struct {
	Format string `help:"Form of the log: text, or json for machines." name:"log" enum:"text,json" default:"text"`
	Level  string `help:"What is logged: debug, info (each request too), warn or error." name:"log-level" enum:"debug,info,warn,error" default:"info"`
}

// logger makes the log and the default one of packages that take none.
func (l logging) logger(to io.Writer) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(l.Level)); err != nil {
		level = slog.LevelInfo // flags that were not parsed: the demo's tests
	}
	o := &slog.HandlerOptions{Level: level}
	var h slog.Handler = slog.NewTextHandler(to, o)
	if l.Format == "json" {
		h = slog.NewJSONHandler(to, o)
	}
	log := slog.New(h)
	slog.SetDefault(log)
	return log
}

// answered writes the line of a request. It names the route and not the
// address that was asked for, which may hold anything.
func (s *server) answered(a door.Answered) {
	level := slog.LevelInfo
	if strings.HasPrefix(a.Route, "/static/") || a.Route == "/healthz" || a.Route == "/readyz" {
		level = slog.LevelDebug
	}
	s.log.LogAttrs(context.Background(), level, "answered", slog.String("request", a.ID), slog.String("method", a.Method), slog.String("route", a.Route),
		slog.Int("status", a.Status), slog.Float64("ms", float64(a.Took.Microseconds())/1000), slog.String("address", a.IP))
}
