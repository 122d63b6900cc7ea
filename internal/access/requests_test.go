package access_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"bailiwick/internal/access"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/mail"
	"bailiwick/internal/perm"
)

// Tina asks for Contoso by its name; Max, who may decide, allows it for two
// hours, and then it is over.
func TestAskedAllowedEnded(t *testing.T) {
	each(t, func(o *office) {
		o.reaches(o.asTina, o.contoso, false)
		o.Must(o.Access.Request(ctx, o.asTina, access.Ask{Name: " CONTOSO ", Message: "Printer on fire"}))
		if got := o.letters(mail.AccessRequested); !maps.Equal(got, map[string]int{o.AdminID: 1, o.max: 1}) {
			t.Fatalf("deciders are written to: %v", got)
		}
		o.Must(o.Access.Request(ctx, o.asTina, access.Ask{Name: "contoso"})) // again: nobody is written to twice
		waiting := o.requests(o.asMax).ToDecide
		if len(waiting) != 1 || waiting[0].User.Name != "tina" || waiting[0].Client.Name != "Contoso" || waiting[0].Message != "Printer on fire" || len(o.letters(mail.AccessRequested)) != 2 {
			t.Fatalf("what waits for Max: %+v", waiting)
		}
		id := waiting[0].ID
		if r := o.requests(o.asTina); len(r.ToDecide) != 0 || len(r.Mine) != 1 || r.Mine[0].Client.ID != "" || r.Mine[0].Asked != "CONTOSO" {
			t.Fatalf("Tina sees %+v", r)
		}
		for _, who := range []gate.Actor{o.asTina, o.asTim} { // nobody decides his own, nor without the right
			o.is(o.Access.Decide(ctx, who, id, access.Decision{Allow: true}), fault.Absent)
		}
		o.is(o.Access.Decide(ctx, o.asMax, id, access.Decision{Allow: true, Until: o.Clock.Now().UnixMilli()}), fault.Invalid)
		o.is(o.Access.Decide(ctx, o.asMax, id, access.Decision{}), fault.Invalid) // no reason
		o.Must(o.Access.Decide(ctx, o.asMax, id, access.Decision{Allow: true, Until: o.Clock.Now().Add(2 * time.Hour).UnixMilli()}))
		o.is(o.Access.Decide(ctx, o.asMax, id, access.Decision{Reason: "no"}), fault.Absent) // decided already
		o.reaches(o.asTina, o.contoso, true)
		if got := o.letters(mail.AccessDecided); !maps.Equal(got, map[string]int{o.tina: 1}) {
			t.Fatalf("who is told: %v", got)
		}
		o.Clock.Advance(2*time.Hour - time.Millisecond)
		o.reaches(o.SignIn("tina"), o.contoso, true)
		o.Clock.Advance(time.Millisecond)
		o.reaches(o.SignIn("tina"), o.contoso, false)
		if mine := o.requests(o.SignIn("tina")).Mine; len(mine) != 1 || mine[0].State != access.Allowed || mine[0].By != "max" {
			t.Fatalf("what Tina reads: %+v", mine)
		}
	})
}

// Whoever asks for what he reaches is told so, and a request that is met by
// another way is closed: neither waits for ever.
func TestNothingToDecide(t *testing.T) {
	each(t, func(o *office) {
		o.is(o.Access.Request(ctx, o.asTim, access.Ask{Name: "contoso"}), fault.Invalid)
		if mine := o.requests(o.asTim).Mine; len(mine) != 0 {
			t.Fatalf("%+v", mine)
		}
		o.Must(o.Access.Request(ctx, o.asTina, access.Ask{Name: "Contoso"}))
		id := o.requests(o.asMax).ToDecide[0].ID
		o.Must(o.Access.Assign(ctx, o.Admin, o.contoso, o.tina, 0))
		if r := o.requests(o.asMax); len(r.ToDecide) != 0 {
			t.Errorf("still to be decided: %+v", r.ToDecide)
		}
		o.is(o.Access.Decide(ctx, o.asMax, id, access.Decision{Allow: true}), fault.Absent)
		if mine := o.requests(o.asTina).Mine; len(mine) != 1 || mine[0].State != access.Settled {
			t.Errorf("Tina reads %+v", mine)
		}
	})
}

// Whoever asks by name learns nothing: a client that is there, one that is
// not, and one that is disabled are answered alike.
func TestSameAnswerForEveryName(t *testing.T) {
	each(t, func(o *office) {
		off := o.client("Offline")
		o.Must(o.Clients.Disable(ctx, o.Admin, off))
		for _, name := range []string{"Tailspin", "Nowhere", "Offline"} {
			o.Must(o.Access.Request(ctx, o.asTim, access.Ask{Name: name}))
		}
		mine := o.requests(o.asTim).Mine
		if len(mine) != 3 {
			t.Fatalf("%+v", mine)
		}
		for _, q := range mine {
			q.ID, q.Asked = "", ""
			if want := (access.Request{User: q.User, State: access.Waiting, Created: q.Created, Mine: true}); q != want {
				t.Errorf("%+v, want %+v", q, want)
			}
		}
		if got := o.requests(o.Admin).ToDecide; len(got) != 1 || got[0].Client.Name != "Tailspin" {
			t.Errorf("to decide: %+v", got)
		}
		o.is(o.Access.Request(ctx, o.asTim, access.Ask{Client: o.tail}), fault.Absent) // by id only what shows
		o.is(o.Access.Request(ctx, o.asTim, access.Ask{Folder: o.folder}), fault.Absent)
		o.is(o.Access.Request(ctx, o.asTim, access.Ask{}), fault.Invalid)
		for n := range 17 {
			o.Must(o.Access.Request(ctx, o.asTim, access.Ask{Name: fmt.Sprint("Client ", n)}))
		}
		o.is(o.Access.Request(ctx, o.asTim, access.Ask{Name: "one more"}), fault.Unacceptable)
		o.is(o.Access.Request(ctx, o.asTim, access.Ask{Name: "one more"}), fault.Unacceptable)
		o.Must(o.Access.Withdraw(ctx, o.asTim, mine[0].ID))
		o.is(o.Access.Withdraw(ctx, o.asTim, mine[0].ID), fault.Absent)
		o.is(o.Access.Withdraw(ctx, o.asTina, mine[1].ID), fault.Absent)
		o.Must(o.Access.Request(ctx, o.asTim, access.Ask{Name: "one more"}))
	})
}

// A client lies there that somebody with more rights asks for: rank.
func TestRankOnRequests(t *testing.T) {
	each(t, func(o *office) {
		boss := o.Enrol("boss", perm.LevelManagerDefault)
		o.Must(o.Access.Request(ctx, o.SignIn("boss"), access.Ask{Name: "Northwind IT"})) // nothing, and nobody is asked
		company := o.Company
		c, err := o.Clients.Get(ctx, o.Admin, company)
		o.Must(err)
		o.Must(o.Access.Request(ctx, o.SignIn("boss"), access.Ask{Name: c.Name}))
		o.Must(o.Access.Assign(ctx, o.Admin, company, o.max, 0))
		if got := o.requests(o.asMax).ToDecide; len(got) != 0 {
			t.Errorf("Max decides on who outranks him: %+v", got)
		}
		all := o.requests(o.Admin).ToDecide
		if len(all) != 1 || all[0].User.ID != boss {
			t.Fatalf("%+v", all)
		}
		o.is(o.Access.Decide(ctx, o.asMax, all[0].ID, access.Decision{Allow: true}), fault.Absent)
		o.Must(o.Access.Decide(ctx, o.Admin, all[0].ID, access.Decision{Reason: "Ask me in person"}))
		o.reaches(o.SignIn("boss"), company, false)
		if mine := o.requests(o.SignIn("boss")).Mine; mine[0].State != access.Declined || mine[0].Reason != "Ask me in person" {
			t.Errorf("%+v", mine)
		}
	})
}

// With Show unassigned on, names show, and a guarded folder is asked for: a
// personal pass lets in, and ends.
func TestPassToAGuardedFolder(t *testing.T) {
	each(t, func(o *office) {
		o.set("show-unassigned", "on")
		u, err := o.Access.Unassigned(ctx, o.asTim)
		o.Must(err)
		if len(u.Folders) != 1 || u.Folders[0].Name != "Servers" || u.Folders[0].Client.Name != "Contoso" || len(u.Clients) != 2 { // company and Tailspin
			t.Fatalf("Tim knows %+v", u)
		}
		o.opens(o.asTim, false)
		o.Must(o.Access.Request(ctx, o.asTim, access.Ask{Folder: o.folder}))
		o.Must(o.Access.Request(ctx, o.asTim, access.Ask{Folder: o.folder}))
		o.Must(o.Access.Request(ctx, o.asTim, access.Ask{Client: o.tail}))
		if got := slices.Sorted(maps.Keys(o.letters(mail.AccessRequested))); len(got) != 2 {
			t.Errorf("deciders: %v", got)
		}
		waiting := o.requests(o.asMax).ToDecide // of Tailspin he knows nothing
		if len(waiting) != 1 || waiting[0].Folder.Name != "Servers" {
			t.Fatalf("%+v", waiting)
		}
		o.Must(o.Access.Decide(ctx, o.asMax, waiting[0].ID, access.Decision{Allow: true, Until: o.Clock.Now().Add(time.Hour).UnixMilli()}))
		o.opens(o.asTim, true)
		o.opens(o.asMax, true)
		g, err := o.Access.Guards(ctx, o.asMax, o.folder)
		o.Must(err)
		if len(g.Passes) != 1 || g.Passes[0].ID != o.tim || !g.Passes[0].MayChange || len(g.Groups) != 1 {
			t.Errorf("%+v", g)
		}
		o.Clock.Advance(time.Hour)
		o.opens(o.SignIn("tim"), false)
		o.Must(o.Access.Pass(ctx, o.SignIn("max"), o.folder, o.tim, 0))
		o.opens(o.SignIn("tim"), true)
		// What was given for good is not shortened by a request.
		o.Must(o.Access.EndPass(ctx, o.SignIn("max"), o.folder, o.tim))
		o.opens(o.SignIn("tim"), false)
		o.is(o.Access.EndPass(ctx, o.SignIn("max"), o.folder, o.tim), fault.Absent)
		o.is(o.Access.Pass(ctx, o.SignIn("max"), o.folder, o.max, 0), fault.Absent) // never oneself
		o.is(o.Access.Pass(ctx, o.SignIn("max"), o.folder, o.tim, 1), fault.Invalid)
	})
}

// A request that nobody decides is over after 30 days, and what was given for
// longer is not shortened.
func TestRequestsGetOld(t *testing.T) {
	each(t, func(o *office) {
		o.Must(o.Access.Request(ctx, o.asTina, access.Ask{Name: "Contoso"}))
		id := o.requests(o.asMax).ToDecide[0].ID
		o.Must(o.Access.Assign(ctx, o.Admin, o.contoso, o.tina, 0))
		// A request for what was given in the meantime is over.
		o.is(o.Access.Decide(ctx, o.asMax, id, access.Decision{Allow: true, Until: o.Clock.Now().Add(time.Hour).UnixMilli()}), fault.Absent)
		o.Clock.Advance(2 * time.Hour)
		o.reaches(o.SignIn("tina"), o.contoso, true)
		o.Must(o.Access.Request(ctx, o.SignIn("tina"), access.Ask{Name: "Tailspin"}))
		id = o.requests(o.SignIn("ada")).ToDecide[0].ID
		o.Clock.Advance(30 * 24 * time.Hour)
		if r := o.requests(o.SignIn("ada")); len(r.ToDecide) != 0 {
			t.Errorf("%+v", r)
		}
		if mine := o.requests(o.SignIn("tina")).Mine; mine[0].State != access.Expired {
			t.Errorf("%+v", mine)
		}
		o.is(o.Access.Decide(ctx, o.SignIn("ada"), id, access.Decision{Allow: true}), fault.Absent)
	})
}
