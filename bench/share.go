package main

import (
	"fmt"
	"strings"
	"time"

	"bailiwick/internal/gate"
	"bailiwick/internal/people"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
	"bailiwick/internal/vault"
)

// shares measures sharing 1,000 credentials with a site at once, what its first
// request costs after that, as it takes the keys over, and what ending it costs.
func shares(b *bench) {
	for _, engine := range b.engines {
		b.sub(func() {
			w := b.worldAt(engine, quick)
			n := b.n(1000)
			of := w.client("Contoso")
			site, company := w.activate(of, "contoso.example")
			var chosen []vault.Chosen
			for _, id := range w.credentials(vault.Place{Client: of}, n) {
				chosen = append(chosen, vault.Chosen{ID: id})
			}
			var give, take, end []float64
			for range b.rounds {
				begun := time.Now()
				_, err := w.Vault.ShareAll(ctx, w.admin, chosen, vault.Sharing{Everyone: true, Writes: true, History: true})
				must(err)
				give = append(give, time.Since(begun).Seconds())
				begun = time.Now()
				list, _, err := w.Vault.List(ctx, site, vault.Listing{Place: vault.Place{Client: company}})
				must(err)
				take = append(take, time.Since(begun).Seconds())
				if len(list) != n {
					must(fmt.Errorf("the site sees %d of %d", len(list), n))
				}
				begun = time.Now()
				_, err = w.Vault.UnshareAll(ctx, w.admin, chosen, true)
				must(err)
				end = append(end, time.Since(begun).Seconds())
				_, err = w.Clients.Get(ctx, w.admin, of) // replaces the keys
				must(err)
			}
			what := fmt.Sprintf("%d credentials shared at once", n)
			b.add(result{what: what, engine: engine, unit: "s", ours: give, goal: atMost("ours", 3), note: "sealed to the site's key and signed, each with its event in both logs, in one transaction"})
			b.add(result{what: "the site's first request after it", engine: engine, unit: "s", ours: take, note: "takes the keys over (signature, HPKE, its own client key) and lists all of them"})
			b.add(result{what: "sharing of all ended", engine: engine, unit: "s", ours: end, note: "with a flag on each"})
		})
	}
}

// activate makes the site of a client, and gives its administrator with the
// vault open, and its company vault.
func (w *world) activate(of, domain string) (admin gate.Actor, company string) {
	must(w.Clients.OpenSite(ctx, w.admin, of))
	visitor, err := w.People.In(ctx, w.admin, of)
	must(err)
	added, err := w.People.Invite(ctx, visitor, []people.Invitee{{Email: "sue@" + domain, Level: perm.LevelSiteAdministrator}}, "")
	must(err)
	path, proof, _ := strings.Cut(added[0].Link.Reveal(), "#")
	_, token, _ := strings.Cut(path, "token=")
	in := people.Activating{Acceptance: people.Acceptance{Name: "Sue Site", Password: seal.NewSecret(password), IP: "127.0.0.1"}, Code: seal.NewCode(), Recovery: seal.NewCode()}
	in.Link, err = people.ParseLink(token)
	must(err)
	in.Proof, err = seal.ParseActivation(proof)
	must(err)
	made, err := w.People.Activate(ctx, in)
	must(err)
	first, err := w.Sessions.Begin(ctx, made, "127.0.0.1", "bench", nil)
	must(err)
	admin, err = w.Sessions.Resume(ctx, first.Bearer(), "127.0.0.1", nil)
	must(err)
	return admin, made.Company
}
