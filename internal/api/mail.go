package api

import (
	"context"
	"net/http"

	"bailiwick/internal/mail"
	"bailiwick/internal/seal"
	"bailiwick/sdk"
)

func (s *Server) mailRoutes() {
	mount(s, route{method: "GET", path: "/mail/settings", id: "get-mail-settings", summary: "See how mails are sent", op: mail.OpSettings}, s.mailSettings)
	mountEmpty(s, route{method: "PUT", path: "/mail/settings", id: "set-mail-settings", summary: "Set how mails are sent", op: mail.OpSave,
		note: "They take the place of the present ones as a whole. What waits is tried at once; where no mail server was set before, rest says what becomes of it."}, s.setMail)
	mount(s, route{method: "POST", path: "/mail/test", id: "test-mail", summary: "Send a test mail to oneself", op: mail.OpTest, status: http.StatusCreated,
		note: "It is sent in the background: see it in the outbox."}, s.testMail)
	mount(s, route{method: "GET", path: "/mail/outbox", id: "list-outbox", summary: "List mails that wait, were sent, or were not", op: mail.OpOutbox}, s.outbox)
	mount(s, route{method: "GET", path: "/mail/outbox/{id}", id: "get-mail", summary: "See how far a mail is", op: mail.OpOutbox}, s.getMail)
	mount(s, route{method: "POST", path: "/mail/outbox/{id}/show", id: "show-mail", summary: "Read a mail that waits, while no mail server is set", op: mail.OpShow}, s.showMail)
	mountEmpty(s, route{method: "POST", path: "/mail/outbox/{id}/drop", id: "drop-mail", summary: "Take a mail that waits out of the outbox", op: mail.OpDrop}, s.dropMail)
}

func (s *Server) mailSettings(ctx context.Context, c call, _ *struct{}) (sdk.MailSettings, error) {
	v, err := s.app.Mail.Settings(ctx, c.who)
	return sdk.MailSettings{Public: v.Public, Server: v.Server, Host: v.Host, Port: v.Port, Security: string(v.Security), User: v.User, HasPassword: v.HasPassword,
		SenderName: v.Name, SenderEmail: v.Address, Damaged: v.Damaged, Waiting: v.Waiting}, err
}

func (s *Server) setMail(ctx context.Context, c call, in *struct{ Body sdk.NewMailSettings }) error {
	b := in.Body
	return s.app.Mail.Save(ctx, c.who, seal.NewSecret(string(b.Password)), mail.Settings{Public: b.Public, Host: b.Host, Port: b.Port, Security: mail.Security(b.Security),
		User: b.User, Password: seal.NewSecret(string(b.MailPassword)), Name: b.SenderName, Address: b.SenderEmail, Rest: b.Rest})
}

func (s *Server) testMail(ctx context.Context, c call, _ *struct{}) (sdk.Done, error) {
	id, err := s.app.Mail.Test(ctx, c.who)
	return sdk.Done{ID: id}, err
}

func mailOf(i mail.Item) sdk.Mail {
	return sdk.Mail{ID: i.ID, Kind: string(i.Kind), User: i.User, Name: i.Name, Email: i.Address, State: i.State, Problem: i.Problem, Tries: i.Tries,
		CreatedAt: i.Made, NextAt: i.Next, ExpiresAt: i.Expires, EndedAt: when(i.Ended), MayShow: i.MayShow, MayDrop: i.MayDrop}
}

func (s *Server) outbox(ctx context.Context, c call, in *struct {
	State string `query:"state" maxLength:"20" doc:"waiting, sent, failed, or dropped; all of them otherwise"`
	After string `query:"after" maxLength:"64" doc:"Next of the part before"`
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}) (sdk.Mails, error) {
	items, more, err := s.app.Mail.Outbox(ctx, c.who, mail.Filter{State: in.State, Before: in.After, Limit: in.Limit})
	out := sdk.Mails{Mails: []sdk.Mail{}}
	for _, i := range items {
		out.Mails = append(out.Mails, mailOf(i))
	}
	if more {
		out.Next = items[len(items)-1].ID
	}
	return out, err
}

func (s *Server) getMail(ctx context.Context, c call, in *ByID) (sdk.Mail, error) {
	i, err := s.app.Mail.Find(ctx, c.who, in.ID)
	return mailOf(i), err
}

func (s *Server) showMail(ctx context.Context, c call, in *ByID) (sdk.Letter, error) {
	l, err := s.app.Mail.Show(ctx, c.who, in.ID)
	return sdk.Letter{Subject: l.Subject, Text: sdk.Secret(l.Text), Link: sdk.Secret(l.Link)}, err
}

func (s *Server) dropMail(ctx context.Context, c call, in *ByID) error {
	return s.app.Mail.Drop(ctx, c.who, in.ID)
}
