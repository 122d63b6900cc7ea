package matrix

import (
	"slices"

	"bailiwick/internal/client"
	"bailiwick/internal/gate"
	"bailiwick/internal/refmodel"
	"bailiwick/internal/vault"
)

// look compares what a random actor sees now with the model: single things,
// a list, and the search.
func (h *history) look() {
	who, a, _ := h.who()
	c, f, k := h.pick("look at client", names(h.org.Clients)), h.pick("look at folder", names(h.org.Folders)), h.pick("look at credential", names(h.org.Credentials))
	_, err := h.Clients.Get(h.ctx, who, h.id("client", c))
	h.judge(try("client.view", a, thing("client", c), refmodel.Target{}), err)
	_, err = h.Clients.Overview(h.ctx, who, h.id("client", c))
	h.judge(try("client.overview", a, thing("client", c), refmodel.Target{}), err)
	_, err = h.Clients.Banner(h.ctx, who, gate.Credential(h.id("credential", k)))
	h.judge(try("client.banner", a, thing("credential", k), refmodel.Target{}), err)
	_, err = h.Vault.Get(h.ctx, who, h.id("credential", k))
	h.judge(try("credential.view", a, thing("credential", k), refmodel.Target{}), err)
	_, err = h.Vault.Reveal(h.ctx, who, h.id("credential", k))
	h.judge(try("credential.reveal", a, thing("credential", k), refmodel.Target{}), err)
	m := h.org.Folders[f]
	at := vault.Place{Own: m.OwnerID != "", Folder: h.id("folder", f)}
	if !at.Own {
		at.Client = h.id("client", m.ClientID)
	}
	logins, _, err := h.Vault.List(h.ctx, who, vault.Listing{Place: at})
	if h.judge(try("credential.list", a, thing("folder", f), refmodel.Target{}), err) {
		var ids, want []string
		for _, l := range logins {
			ids = append(ids, l.ID)
		}
		for _, n := range h.model.Visible(a, "credential") {
			if d := h.org.Credentials[n]; lying(h.org, thing("folder", f), d.ClientID, d.OwnerID, d.FolderID) {
				want = append(want, n)
			}
		}
		h.same(a, "credentials of "+f, ids, want)
	}
	clients, _, err := h.Clients.List(h.ctx, who, client.Filter{Disabled: true})
	if h.judge(try("client.list", a, refmodel.Target{}, refmodel.Target{}), err) {
		var ids []string
		for _, l := range clients {
			ids = append(ids, l.ID)
		}
		h.same(a, "clients", ids, h.model.Visible(a, "client"))
	}
	hits, err := h.Vault.Search(h.ctx, who, "canary", 10_000)
	if h.judge(try("search", a, refmodel.Target{}, refmodel.Target{}), err) {
		found := map[uint8][]string{}
		for _, i := range hits {
			found[i.Kind] = append(found[i.Kind], i.ID)
		}
		h.same(a, "found clients", found[vault.HitClient], h.model.Visible(a, "search:client"))
		h.same(a, "found credentials", found[vault.HitCredential], h.model.Visible(a, "search:credential"))
	}
}

func (h *history) same(a refmodel.Actor, what string, ids, want []string) {
	h.rt.Helper()
	if got := h.named(ids); !slices.Equal(got, want) {
		h.rt.Fatalf("%s (open: %v) sees %s %v; the model %v", a.User, a.Open, what, got, want)
	}
}
