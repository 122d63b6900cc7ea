package api_test

import (
	"context"
	"strings"
	"testing"

	"bailiwick/internal/apptest"
	"bailiwick/sdk"
)

func TestMailStory(t *testing.T) {
	ctx := context.Background()
	s := start(t)
	s.Mail.ServeAt("https://vault.example")
	made, err := s.admin.TestMail(ctx)
	s.Must(err)
	list, err := s.admin.Outbox(ctx, "waiting", "", 10)
	s.Must(err)
	if len(list.Mails) != 1 || list.Mails[0].ID != made.ID || list.Mails[0].Email != "ada@northwind.example" || !list.Mails[0].MayShow || list.Next != "" {
		t.Fatalf("%+v", list)
	}
	letter, err := s.admin.ShowMail(ctx, made.ID)
	s.Must(err)
	if letter.Link != "https://vault.example/organization/mail" || !strings.Contains(string(letter.Text), string(letter.Link)) {
		t.Errorf("%+v", letter)
	}
	s.Must(s.admin.DropMail(ctx, made.ID))
	if i, err := s.admin.Mail(ctx, made.ID); err != nil || i.State != "dropped" || i.EndedAt == nil {
		t.Errorf("%+v %v", i, err)
	}
	_, err = s.admin.ShowMail(ctx, made.ID)
	want(t, err, sdk.Unacceptable)

	in := sdk.NewMailSettings{Password: apptest.Password, Host: "smtp.example.com", Port: 587, Security: "starttls", User: "post", MailPassword: "the mail password", SenderEmail: "nobody", Rest: "send"}
	if want(t, s.admin.SetMail(ctx, in), sdk.Invalid).Field("sender_email") == "" {
		t.Error("which field is wrong is not said")
	}
	in.SenderEmail = "vault@example.com"
	s.Must(s.admin.SetMail(ctx, in))
	got, err := s.admin.MailSettings(ctx)
	s.Must(err)
	if got.Host != in.Host || !got.HasPassword || got.Server != "https://vault.example" || got.SenderEmail != in.SenderEmail || got.Damaged {
		t.Errorf("%+v", got)
	}
}
