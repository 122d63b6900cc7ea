// Package client is the customers whom the provider looks after: the list,
// each one's facts, its overview panel and notification banner, and bookmarks.
//
// It holds no credentials (vault does).
package client

import (
	"strings"
	"time"

	"bailiwick/internal/gate"
	"bailiwick/internal/org"
	"bailiwick/internal/perm"
	"bailiwick/internal/vault"
)

// Client is one client. Where the actor's session does not hold the keys,
// notes and tags are empty, and Sealed is true if there are any.
type Client struct {
	ID, Name, ShortCode, Phone, Address, Website, Notes string
	Tags                                                []string
	RotationDays                                        int      // passwords are due after so many days; 0: no policy
	Types                                               []string // ids of the credential types that are offered in it; none: all
	Sealed                                              bool
	Company, Enabled, Bookmarked                        bool
	vault.Sum                                           // of present credentials that the actor reaches
	Created, Changed                                    time.Time
	Version                                             int64
	MayEdit, MayDisable, MayBanner, MayDelete           bool
	MayAdd                                              bool // credentials, at its root
}

// Input is what can be set.
type Input struct {
	Name, ShortCode, Phone, Address, Website, Notes string
	Tags                                            []string
	RotationDays                                    int
	Types                                           []string // ids or names of credential types
}

// Store is what the front doors call.
type Store struct {
	gate *gate.Gate
	org  *org.Store
}

// New makes the store.
func New(g *gate.Gate, o *org.Store) *Store { return &Store{g, o} }

// Operations.
var (
	OpList = gate.Define(gate.Op{Name: "client.list", Sentence: "List the clients that one reaches", Scope: gate.Listed, Needs: perm.ClientViewList, Tokens: true, View: true})
	OpView = gate.Define(gate.Op{Name: "client.view", Sentence: "See a client", Scope: gate.Single, Needs: perm.ClientViewList, Tokens: true, View: true})
	// OpOverview gives what its page shows besides the client itself.
	OpOverview = gate.Define(gate.Op{Name: "client.overview", Sentence: "See a client's overview panel and its numbers", Scope: gate.Single, Needs: perm.ClientViewList, Tokens: true, View: true})
	OpAdd      = gate.Define(gate.Op{Name: "client.add", Sentence: "Add a client", Scope: gate.Whole, Needs: perm.ClientAdd, Write: true, Audit: true, Once: true, Keys: true})
	OpEdit     = gate.Define(gate.Op{Name: "client.edit", Sentence: "Edit a client", Scope: gate.Single, Needs: perm.ClientEdit, Tokens: true, Write: true, Audit: true, Once: true})
	OpPanel    = gate.Define(gate.Op{Name: "client.panel.edit", Sentence: "Arrange a client's overview panel", Scope: gate.Single, Needs: perm.ClientEdit, Tokens: true, Write: true, Audit: true, Once: true, Keys: true})
	// OpBanner is asked on every page of a client, also on those of a credential
	// or folder.
	OpBanner     = gate.Define(gate.Op{Name: "client.banner", Sentence: "See the notification banner of a client", Shared: gate.Received, Scope: gate.Single, Needs: perm.ClientViewList, Personal: true, Tokens: true, View: true})
	OpEditBanner = gate.Define(gate.Op{Name: "client.banner.edit", Sentence: "Change the notification banner of a client", Scope: gate.Single, Needs: perm.DashboardEdit, Tokens: true, Write: true, Audit: true, Once: true, Keys: true})
	// OpDisable hides a client and all in it.
	OpDisable = gate.Define(gate.Op{Name: "client.disable", Sentence: "Disable a client", Scope: gate.Single, Needs: perm.ClientDisable, Tokens: true, Write: true, Audit: true, Once: true})
	OpEnable  = gate.Define(gate.Op{Name: "client.enable", Sentence: "Enable a client", Scope: gate.Single, Needs: perm.ClientDisable, Tokens: true, Write: true, Audit: true, Once: true})
	// OpDelete can't be taken back by anybody, so no token does it.
	OpDelete = gate.Define(gate.Op{Name: "client.delete", Sentence: "Delete a disabled client for good, with all in it", Scope: gate.Single, Needs: perm.OrganizationAdmin, Write: true, Audit: true, Once: true})
	// OpBookmark puts a client first in one's own lists.
	OpBookmark = gate.Define(gate.Op{Name: "bookmark.set", Sentence: "Set one's own bookmark on a client", Scope: gate.Single, Needs: perm.ClientViewList, Write: true})
)

const columns = `c.id, c.name, c.short_code, c.phone, c.address, c.website, c.rotation_days, c.types, c.company, c.enabled, c.created_at, c.changed_at, c.version,
	c.tags_epoch, c.tags_version, c.tags_box,
	EXISTS (SELECT 1 FROM bookmarks b WHERE b.org_id = c.org_id AND b.client_id = c.id AND b.user_id = $2)`

var sqlOne = gate.SQL(`SELECT ` + columns + ` FROM clients c WHERE c.org_id = $1 AND c.id = $3`)

// stored is a client's row, with its tags as they lie there.
type stored struct {
	Client
	tags sealed
}

func scan(r interface{ Scan(...any) error }) (c stored, err error) {
	var created, changed int64
	var types string
	err = r.Scan(&c.ID, &c.Name, &c.ShortCode, &c.Phone, &c.Address, &c.Website, &c.RotationDays, &types, &c.Company, &c.Enabled, &created, &changed, &c.Version,
		&c.tags.epoch, &c.tags.version, &c.tags.box, &c.Bookmarked)
	if types != "" {
		c.Types = strings.Split(types, "\n")
	}
	c.Created, c.Changed = time.UnixMilli(created).UTC(), time.UnixMilli(changed).UTC()
	return c, err
}

// permit tells what the actor may do with it, for buttons and menus.
func (c *Client) permit(tx *gate.Tx) {
	at := gate.Client(c.ID)
	c.MayEdit = tx.May(OpEdit, at)
	c.MayBanner = tx.May(OpEditBanner, at)
	c.MayDisable = tx.May(OpDisable, at) && !c.Company
	c.MayDelete = tx.May(OpDelete, at) && !c.Company && !c.Enabled
	c.MayAdd = tx.Has(perm.PasswordAdd)
}
