package matrix

import (
	"bailiwick/internal/mail"
	"bailiwick/internal/refmodel"
)

// mail writes a mail into the outbox of the builder's organization.
func (b *builder) mail(name string) {
	if b.err == nil {
		made, err := b.Mail.Test(b.ctx, b.admin)
		b.name("mail", name, made, err)
	}
}

// mails makes cells of a mail of the organization, of the other one's, and of
// none. The model has no mails: an organization, or a user of it, stands for
// them.
func mails(call func(w *world, a acting, id string) (any, error)) (o operation) {
	for _, c := range []struct {
		name string
		as   refmodel.Target
	}{{"one", thing("organization", "one")}, {"foreign", thing("user", "eve")}, {"random", thing("user", "random")}} {
		o.cells = append(o.cells, cell{label: "mail " + c.name, target: c.as, call: func(w *world, a acting) (any, error) { return call(w, a, w.id("mail", c.name)) }})
	}
	return o
}

func mailOps() map[string]operation {
	return map[string]operation{
		"mail.settings.view": simple(func(w *world, a acting) (any, error) { return ok1(w.Mail.Settings(w.ctx, a.Actor)) }),
		"mail.settings.save": slow(simple(func(w *world, a acting) (any, error) {
			return ok0(w.Mail.Save(w.ctx, a.Actor, password, mail.Settings{Public: "https://one.example"}))
		})),
		"mail.test": simple(func(w *world, a acting) (any, error) { return ok1(w.Mail.Test(w.ctx, a.Actor)) }),
		"mail.list": simple(func(w *world, a acting) (any, error) {
			l, _, err := w.Mail.Outbox(w.ctx, a.Actor, mail.Filter{})
			return l, err
		}),
		"mail.show": mails(func(w *world, a acting, id string) (any, error) { return ok1(w.Mail.Show(w.ctx, a.Actor, id)) }),
		"mail.drop": mails(func(w *world, a acting, id string) (any, error) { return ok0(w.Mail.Drop(w.ctx, a.Actor, id)) }),
	}
}

func init() {
	for name, why := range map[string]string{
		"mail.due":   "the sweeper's: finds whose mails wait, by no actor",
		"mail.ready": "the runner's: whether there is a mail server, by no actor",
		"mail.send":  "the runner's: claims a mail and notes what came of it, by no actor",
		"mail.sweep": "the sweeper's: gives up and forgets mails, by no actor",
	} {
		internal[name] = why
	}
}
