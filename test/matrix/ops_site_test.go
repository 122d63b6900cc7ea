package matrix

import (
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/org"
)

// siteOps are the switches of clients' sites. The clients of the plan have
// none yet; acting within a site is in TestSites.
func siteOps() map[string]operation {
	open := company(each("client", clientNames, func(w *world, a acting, id string) (any, error) {
		return ok0(w.Clients.OpenSite(w.ctx, a.Actor, id))
	}), "it is the provider's own")
	for i, c := range open {
		switch c.label {
		case "disabled":
			open[i].also, open[i].says = []fault.Kind{fault.Unacceptable, fault.Sealed}, "it is disabled: whoever reaches it may know, and the keys are asked for first"
		case "company", "home", "home2":
			open[i].also = append(open[i].also, fault.Sealed)
		}
	}
	types := company(each("client", clientNames, func(w *world, a acting, id string) (any, error) {
		return ok0(w.Clients.ForceTypes(w.ctx, a.Actor, id, true))
	}), "it is the provider's own")
	for i := range types {
		types[i].also, types[i].says = []fault.Kind{fault.Unacceptable}, "there is no site yet: whoever may switch it on knows"
	}
	return map[string]operation{
		"site.view": {reach: true, cells: each("client", clientNames, func(w *world, a acting, id string) (any, error) {
			return ok1(w.Clients.Site(w.ctx, a.Actor, id))
		})},
		"site.open": {reach: true, cells: open},
		"site.close": {reach: true, cells: company(each("client", clientNames, func(w *world, a acting, id string) (any, error) {
			return ok0(w.Clients.CloseSite(w.ctx, a.Actor, id))
		}), "it is the provider's own")},
		"site.types": {reach: true, cells: types},
		"site.list":  simple(func(w *world, a acting) (any, error) { return ok1(w.People.Sites(w.ctx, a.Actor)) }),
		"site.pin": simple(func(w *world, a acting) (any, error) {
			return gate.Do(w.ctx, w.Gate, a.Actor, org.OpPin, gate.Nothing(), func(tx *gate.Tx) (bool, error) { return true, w.Org.PinSites(tx) })
		}),
	}
}

func init() {
	inside["site.pin.due"] = "the first half of site.pin"
	internal["site.activate"] = "who activates has no account yet; asks for the invitation's link and what stands behind its # (test/flow)"
	internal["user.whose"] = "finds in which site a user is, for the visit that then is decided on"
}
