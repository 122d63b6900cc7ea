// Package access is who reaches what: custom levels, security groups,
// assignments to clients, groups and personal passes on folders, and requests
// for access.
//
// It decides nothing: the gate does, from what is stored here. It answers who
// can see something, and what a change would do, by asking the gate.
package access

import (
	"strings"
	"time"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/mail"
	"bailiwick/internal/org"
	"bailiwick/internal/perm"
)

// Store is what the front doors call.
type Store struct {
	gate *gate.Gate
	mail *mail.Store
}

// New makes the store.
func New(g *gate.Gate, m *mail.Store) *Store { return &Store{g, m} }

// Operations. Each that changes something raises the access epoch, so that it
// holds from the next request on, on every node.
var (
	OpLevels       = gate.Define(gate.Op{Name: "level.list", Sentence: "See the permission levels and who has them", Scope: gate.Whole, Needs: perm.PermissionsView, View: true})
	OpLevelPreview = gate.Define(gate.Op{Name: "level.preview", Sentence: "See what a change of a permission level would give and take", Scope: gate.Whole, Needs: perm.PermissionsView, View: true})
	OpLevelAdd     = gate.Define(gate.Op{Name: "level.add", Sentence: "Add a custom permission level within one's own permissions", Scope: gate.Whole, Needs: perm.PermissionsAdd, Write: true, Audit: true, Once: true})
	OpLevelEdit    = gate.Define(gate.Op{Name: "level.edit", Sentence: "Change a custom permission level within one's own permissions (rank applies to those who have it)", Scope: gate.Whole, Needs: perm.PermissionsEdit, Write: true, Audit: true, Once: true})
	OpLevelDelete  = gate.Define(gate.Op{Name: "level.delete", Sentence: "Delete a custom permission level; one in use needs a replacement and Permissions: Edit", Scope: gate.Whole, Needs: perm.PermissionsDelete, Write: true, Audit: true, Once: true})

	OpGroups       = gate.Define(gate.Op{Name: "group.list", Sentence: "See the security groups, their users, and what they assign and guard of what one reaches", Scope: gate.Whole, Needs: perm.SecurityGroupsView, View: true})
	OpGroupPreview = gate.Define(gate.Op{Name: "group.preview", Sentence: "See what a change of a security group would do to whom", Scope: gate.Whole, Needs: perm.SecurityGroupsManage, View: true})
	OpGroupAdd     = gate.Define(gate.Op{Name: "group.add", Sentence: "Add a security group", Scope: gate.Whole, Needs: perm.SecurityGroupsManage, Write: true, Audit: true, Once: true})
	OpGroupEdit    = gate.Define(gate.Op{Name: "group.edit", Sentence: "Change a security group's name, users and clients (rank applies)", Scope: gate.Whole, Needs: perm.SecurityGroupsManage, Write: true, Audit: true, Once: true})
	OpGroupSet     = gate.Define(gate.Op{Name: "group.enable", Sentence: "Disable or enable a security group", Scope: gate.Whole, Needs: perm.SecurityGroupsManage, Write: true, Audit: true, Once: true})
	OpGroupDelete  = gate.Define(gate.Op{Name: "group.delete", Sentence: "Delete a security group", Scope: gate.Whole, Needs: perm.SecurityGroupsManage, Write: true, Audit: true, Once: true})

	OpGuards = gate.Define(gate.Op{Name: "folder.guards", Sentence: "See the security groups and personal passes of a folder", Scope: gate.Single, Needs: perm.SecurityGroupsView, View: true})
	OpGuard  = gate.Define(gate.Op{Name: "folder.guard", Sentence: "Put security groups on a folder", Scope: gate.Single, Needs: perm.SecurityGroupsManage, Write: true, Audit: true, Once: true})
	OpPass   = gate.Define(gate.Op{Name: "folder.pass", Sentence: "Give or end a personal pass to a guarded folder (rank applies)", Scope: gate.Single, Needs: perm.SecurityGroupsManage, Write: true, Audit: true, Once: true})

	OpAssignments = gate.Define(gate.Op{Name: "client.access", Sentence: "See who is assigned to a client", Scope: gate.Single, Needs: perm.EditAccessAssignments, View: true})
	OpAssign      = gate.Define(gate.Op{Name: "client.assign", Sentence: "Assign a user to a client", Scope: gate.Single, Needs: perm.EditAccessAssignments, Write: true, Audit: true, Once: true})
	OpAssignGroup = gate.Define(gate.Op{Name: "client.assign.group", Sentence: "Assign a security group to a client", Scope: gate.Single, Needs: perm.EditAccessAssignments, Write: true, Audit: true, Once: true})

	OpWho  = gate.Define(gate.Op{Name: "access.who", Sentence: "See who can see a client, folder or credential, and by which rule", Shared: gate.Received, Scope: gate.Single, Needs: perm.EditAccessAssignments, Or: perm.SecurityGroupsView, View: true})
	OpWhat = gate.Define(gate.Op{Name: "access.what", Sentence: "See what a user can see, of what one reaches oneself", Scope: gate.Whole, Needs: perm.UserEdit, View: true})

	OpUnassigned = gate.Define(gate.Op{Name: "access.unassigned", Sentence: "List by name what one does not reach and may ask for, where the organization shows it", Scope: gate.Listed, Needs: perm.ClientViewList, View: true})
	OpRequests   = gate.Define(gate.Op{Name: "request.list", Sentence: "List one's own requests for access, and those that one decides", Scope: gate.Listed, View: true})
	OpAsk        = gate.Define(gate.Op{Name: "request.add", Sentence: "Ask for access to a client or guarded folder", Scope: gate.Listed, Needs: perm.ClientViewList, Write: true, Audit: true, Once: true})
	OpWithdraw   = gate.Define(gate.Op{Name: "request.withdraw", Sentence: "Withdraw one's own request for access", Scope: gate.Self, Write: true, Audit: true, Once: true})
	// OpDecide is decided by the operation that an allowed request stands for.
	OpDecide = gate.Define(gate.Op{Name: "request.decide", Sentence: "Allow or decline another user's request for access (needs Edit Access Assignments for a client, Security Groups: Manage for a folder; rank applies)", Scope: gate.Listed, Write: true, Audit: true, Once: true})
)

// Named is a thing with its name.
type Named struct{ ID, Name string }

// Until is when something ends: milliseconds as stored; the zero time is never.
func Until(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// ends checks an end: none, or one to come.
func ends(tx *gate.Tx, until int64) error {
	if until != 0 && until <= tx.Millis() {
		return fault.Bad("until", "This time has passed.")
	}
	return nil
}

// nameFor checks the name of a level or group; taken are those of the others.
func nameFor(name, what string, taken []string) (string, error) {
	name = strings.TrimSpace(name)
	if name == "" || len(name) > 100 {
		return "", fault.Bad("name", "Give the %s a name of at most 100 characters.", what)
	}
	for _, t := range taken {
		if org.Fold(t) == org.Fold(name) {
			return "", fault.Bad("name", "There is a %s of this name already.", what)
		}
	}
	return name, nil
}

// within reports whether the actor holds all of a set himself.
func within(tx *gate.Tx, set perm.Set) bool { return set.Effective().Within(tx.Own()) }
