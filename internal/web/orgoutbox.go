package web

import (
	"net/url"
	"strings"
	"time"

	"bailiwick/internal/fault"
	"bailiwick/internal/mail"
	"bailiwick/internal/web/ui"
	"bailiwick/internal/web/ui/icon"
)

var outboxCrumb = ui.Crumb{Label: "Outbox", Href: outboxPath}

// outbox is one page of the list.
type outbox struct {
	frame         ui.FrameParams
	view          mail.View
	state         string
	list          []mail.Item
	newest, older string
	now           time.Time
}

var mailStates = []ui.Option{{Value: "", Label: "All mails"}, {Value: mail.Waiting, Label: "Waiting"}, {Value: mail.Failed, Label: "Not sent"}, {Value: mail.Sent, Label: "Sent"}, {Value: mail.Dropped, Label: "Taken out"}}

// mailState is a state as a badge.
func mailState(i mail.Item) ui.BadgeParams {
	switch {
	case i.State == mail.Sent:
		return ui.BadgeParams{Label: "Sent", Icon: icon.Success, Kind: ui.Success}
	case i.State == mail.Failed:
		return ui.BadgeParams{Label: "Not sent", Icon: icon.Failed, Kind: ui.Danger, Title: i.Problem}
	case i.State == mail.Dropped:
		return ui.BadgeParams{Label: "Taken out", Icon: icon.Ban, Kind: ui.Neutral}
	case i.Problem != "":
		return ui.BadgeParams{Label: "Tried in vain", Icon: icon.Warning, Kind: ui.Warning, Title: i.Problem}
	}
	return ui.BadgeParams{Label: "Waiting", Icon: icon.Calendar, Kind: ui.Info}
}

func showOutbox(v *visit) error {
	o := outbox{state: v.text("state"), now: v.app.Clock.Now()}
	var more bool
	var err error
	if o.list, more, err = v.app.Mail.Outbox(v.ctx(), v.who, mail.Filter{State: o.state, Before: v.text("before"), Limit: 100}); err != nil {
		return err
	}
	if o.view, err = v.app.Mail.Settings(v.ctx(), v.who); err != nil {
		return err
	}
	if more {
		o.older = outboxPath + "?" + url.Values{"state": {o.state}, "before": {o.list[len(o.list)-1].ID}}.Encode()
	}
	if v.text("before") != "" {
		o.newest = outboxPath + "?" + url.Values{"state": {o.state}}.Encode()
	}
	if o.frame, err = v.frame("Outbox", mailCrumb); err != nil {
		return err
	}
	return v.render(outboxPage(o))
}

// mailItem is the page of one mail; its letter only after it was asked for.
type mailItem struct {
	frame  ui.FrameParams
	item   mail.Item
	letter *mail.Letter
	now    time.Time
}

func (m mailItem) linkHint() string {
	if strings.HasPrefix(m.letter.Link, "/") {
		return "The address of this server is not set: put it before the link, or set it in the settings of mail."
	}
	return "It is meant for " + m.item.Name + " alone. Pass it on in a way that nobody else reads."
}

func (v *visit) mailItem(i mail.Item, l *mail.Letter) error {
	f, err := v.frame(i.Kind.Name(), mailCrumb, outboxCrumb)
	if err != nil {
		return err
	}
	return v.render(mailItemPage(mailItem{f, i, l, v.app.Clock.Now()}))
}

func showMailItem(v *visit) error {
	i, err := v.app.Mail.Find(v.ctx(), v.who, v.r.PathValue("id"))
	if err != nil {
		return err
	}
	return v.mailItem(i, nil)
}

// readMail answers the POST itself: what the mail says goes to no other page.
func readMail(v *visit) error {
	shown, err := v.app.Mail.Show(v.ctx(), v.who, v.r.PathValue("id"))
	if err != nil {
		return err
	}
	return v.mailItem(shown.Item, &shown.Letter)
}

func askDropMail(v *visit) error {
	i, err := v.app.Mail.Find(v.ctx(), v.who, v.r.PathValue("id"))
	if err != nil {
		return err
	}
	if !i.MayDrop {
		return fault.NotFound()
	}
	return v.ask(question{Title: "Take this mail out of the outbox?", Text: i.Kind.Name() + " to " + i.Name + ", " + i.Address + ".",
		Effect: "It is not sent, and what it says is erased. A link that was passed on by other means works all the same.",
		Does:   "Take it out", Post: outboxPath + "/" + i.ID + "/drop", Back: outboxPath + "/" + i.ID, Icon: icon.Mail}, mailCrumb, outboxCrumb)
}

func dropMail(v *visit) error {
	if err := v.app.Mail.Drop(v.ctx(), v.who, v.r.PathValue("id")); err != nil {
		return err
	}
	v.flash("The mail is taken out of the outbox.", "")
	return v.goTo(outboxPath)
}
