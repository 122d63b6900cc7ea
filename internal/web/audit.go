package web

import (
	"net/url"
	"strconv"
	"time"

	"bailiwick/internal/audit"
	"bailiwick/internal/client"
	"bailiwick/internal/web/ui"
)

func (s *Server) auditRoutes() { s.signed("GET /audit", showAudit) }

// auditLog is one page of the log.
type auditLog struct {
	client, text, target string
	clients              []ui.Option
	days                 []auditDay
	newest, older        string
	now                  time.Time
	site                 bool // which has one client
}

type auditDay struct {
	label  string
	events []audit.Event
}

func showAudit(v *visit) error {
	l := auditLog{client: v.text("client"), text: v.text("text"), target: v.text("target"), now: v.app.Clock.Now(), site: v.me.Site}
	before, _ := strconv.ParseInt(v.text("before"), 10, 64)
	filter := audit.Filter{Before: max(before, 0), Client: l.client, Target: l.target, Limit: 100}
	if l.text != "" {
		filter.Operations = operationsLike(l.text)
	}
	events, more, err := v.app.Audit.List(v.ctx(), v.who, filter)
	if err != nil {
		return err
	}
	l.days = byDay(events, l.now)
	if more {
		l.older = l.link(events[len(events)-1].Seq)
	}
	if before > 0 {
		l.newest = l.link(0)
	}
	all, _, err := v.app.Clients.List(v.ctx(), v.who, client.Filter{Disabled: true})
	if err != nil {
		return err
	}
	l.clients = []ui.Option{{Label: "Any client"}}
	for _, c := range all {
		l.clients = append(l.clients, ui.Option{Value: c.ID, Label: c.Name})
	}
	f, err := v.frame("Audit log")
	if err != nil {
		return err
	}
	return v.render(auditPage(f, l))
}

func (l auditLog) link(before int64) string {
	q := url.Values{}
	for name, value := range map[string]string{"client": l.client, "text": l.text, "target": l.target} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if before > 0 {
		q.Set("before", strconv.FormatInt(before, 10))
	}
	if len(q) == 0 {
		return "/audit"
	}
	return "/audit?" + q.Encode()
}

func byDay(events []audit.Event, now time.Time) []auditDay {
	var days []auditDay
	for _, e := range events {
		label := e.At.Format("Monday, 2 January 2006")
		switch e.At.Format(time.DateOnly) {
		case now.Format(time.DateOnly):
			label = "Today"
		case now.AddDate(0, 0, -1).Format(time.DateOnly):
			label = "Yesterday"
		}
		if len(days) == 0 || days[len(days)-1].label != label {
			days = append(days, auditDay{label: label})
		}
		d := &days[len(days)-1]
		d.events = append(d.events, e)
	}
	return days
}
