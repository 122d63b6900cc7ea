package matrix

import (
	"bailiwick/internal/fault"
	"bailiwick/internal/org"
	"bailiwick/internal/seal"
)

func keyOps() map[string]operation {
	var send operation
	for _, n := range []string{"junior", "other", "managerA", "admin2", "guest", "disabled", "self", "foreign", "random"} {
		t := thing("user", n)
		c := cell{label: n, target: t, call: func(w *world, a acting) (any, error) {
			return ok0(w.KeyLinks.Send(w.ctx, a.Actor, w.user(t, a)))
		}}
		if n == "guest" || n == "disabled" {
			c.also, c.says = []fault.Kind{fault.Unacceptable}, "guests and disabled users have no vault to open"
		}
		send.cells = append(send.cells, c)
	}
	request := simple(func(w *world, a acting) (any, error) { return ok0(w.KeyLinks.Request(w.ctx, a.Actor)) })
	request.cells[0].also, request.cells[0].says = []fault.Kind{fault.Unacceptable}, "once an hour"
	try := simple(func(w *world, a acting) (any, error) {
		return ok0(w.Org.TryLink(w.ctx, a.Actor, org.Link{ID: "link_random", Secret: seal.NewToken()}))
	})
	try.cells[0].also, try.cells[0].says = []fault.Kind{fault.Invalid}, "there is no such link"
	return map[string]operation{"key.send": send, "key.request": request, "key.link.try": try}
}

func init() {
	internal["key.request.find"] = "finds whose an address is; nobody is known yet"
	internal["key.request.at-sign-in"] = "a stranger's, with one answer for every address"
}
