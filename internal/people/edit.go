package people

import (
	"context"
	"strings"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/kb"
	"bailiwick/internal/perm"
)

// Field is a field of the edit page.
type Field string

// The fields, as forms and the API name them.
const (
	FieldName        Field = "name"
	FieldEmail       Field = "email"
	FieldPhone       Field = "phone"
	FieldTimeZone    Field = "time_zone"
	FieldApproved    Field = "approved"
	FieldEnabled     Field = "enabled"
	FieldLevel       Field = "level"
	FieldClients     Field = "clients"
	FieldGroups      Field = "groups"
	FieldAccount     Field = "role_account"
	FieldUserManager Field = "role_user_manager"
)

const serviceFields = "service-"

// ServiceField is the field of a user's role in a knowledge base.
func ServiceField(base string) Field { return Field(serviceFields + base) }

// Base is the knowledge base whose role a field is, or "".
func (f Field) Base() string {
	base, is := strings.CutPrefix(string(f), serviceFields)
	if !is {
		return ""
	}
	return base
}

// Editing is the edit page of a user.
type Editing struct {
	Person
	Phone, TimeZone   string
	PendingEmail      string // waits to be confirmed from the new address
	Levels            []Level
	Clients, Groups   []Choice
	Services          []kb.Service // knowledge bases, with his role in each
	HiddenClients     int          // of his, that the viewer does not reach
	Fields            map[Field]bool
	ApprovalRequired  bool // else the slider shows, but does nothing
	InvitationExpires int64
	Ends              Ends
	KeyAlong          bool   // an organization-key link of his is not used yet
	Visited           bool   // he is a user of a client's site, and the viewer its provider's
	DeleteFirst       string // what has to be done before he can be deleted; "" where nothing, or it is not the viewer's to do
}

// Ends is what ends when a user is disabled. Where Linger holds, his sessions
// go on until they end by themselves.
type Ends struct {
	Sessions, Devices, Tokens int
	Linger                    bool
}

// OpView shows the edit page; rank applies.
var OpView = gate.Define(gate.Op{Name: "user.view", Sentence: "See a user (rank applies)", Scope: gate.Listed, Visits: true, View: true})

var (
	sqlMore = gate.SQL(`SELECT phone, time_zone, COALESCE((SELECT address FROM user_links l WHERE l.org_id = u.org_id AND l.user_id = u.id AND l.kind = 'address' AND l.expires_at > $3), ''),
		(SELECT COUNT(*) FROM sessions s WHERE s.org_id = u.org_id AND s.user_id = u.id AND s.expires_at > $3),
		(SELECT COUNT(*) FROM devices d WHERE d.org_id = u.org_id AND d.user_id = u.id AND d.expires_at > $3),
		(SELECT COUNT(*) FROM tokens t WHERE t.org_id = u.org_id AND t.user_id = u.id AND t.expires_at > $3)
		FROM users u WHERE u.org_id = $1 AND u.id = $2`)
)

// View shows a user whom the actor outranks, with what he may change of him.
func (s *Store) View(ctx context.Context, who gate.Actor, user string) (Editing, error) {
	return gate.Do(ctx, s.gate, who, OpView, gate.Nothing(), func(tx *gate.Tx) (Editing, error) {
		return view(tx, user)
	})
}

func view(tx *gate.Tx, user string) (e Editing, err error) {
	if e.Person, err = scanPerson(tx.Row(sqlPerson, user), tx.Millis()); err != nil {
		return e, err
	}
	if _, ranks := tx.Outranks(user); !ranks || !seesUsers(tx) && !anyOf(tx, rules[Edit].any) {
		return e, fault.NotFound()
	}
	if err := judge(tx, &e.Person); err != nil {
		return e, err
	}
	e.Visited = tx.Visits()
	e.InvitationExpires, e.DeleteFirst = e.ends, deleteFirst(tx, e.Person)
	if err := tx.Row(sqlMore, user, tx.Millis()).Scan(&e.Phone, &e.TimeZone, &e.PendingEmail, &e.Ends.Sessions, &e.Ends.Devices, &e.Ends.Tokens); err != nil {
		return e, err
	}
	if e.KeyAlong, err = keyAlong(tx, user); err != nil {
		return e, err
	}
	st, err := ReadSettings(tx)
	if err != nil {
		return e, err
	}
	e.ApprovalRequired, e.Ends.Linger = st.ApprovalRequired, st.LetSessionsEnd
	if e.Levels, err = levels(tx, ""); err != nil {
		return e, err
	}
	if e.Clients, e.HiddenClients, err = clientChoices(tx, user); err != nil {
		return e, err
	}
	if e.Groups, err = groupChoices(tx, user); err != nil {
		return e, err
	}
	if e.Services, err = kb.Services(tx, user); err != nil {
		return e, err
	}
	e.Fields, err = fields(tx)
	for _, v := range e.Services {
		e.Fields[ServiceField(v.ID)] = v.MayChange
	}
	return e, err
}

func anyOf(tx *gate.Tx, all []perm.P) bool {
	for _, p := range all {
		if tx.Has(p) {
			return true
		}
	}
	return false
}

// fields says which fields of users whom he outranks the actor may change. The
// page and the saving ask it alike.
func fields(tx *gate.Tx) (map[Field]bool, error) {
	edit := tx.Has(perm.UserEdit)
	account, manager, err := givesRoles(tx)
	return map[Field]bool{FieldName: edit, FieldEmail: edit, FieldPhone: edit, FieldTimeZone: edit, FieldApproved: edit,
		FieldEnabled: tx.Has(perm.UserDisable), FieldLevel: tx.Has(perm.PermissionsEdit), FieldClients: tx.Has(perm.EditAccessAssignments) && !tx.Site(),
		FieldGroups: tx.Has(perm.SecurityGroupsManage) && !tx.Visits(), FieldAccount: account, FieldUserManager: manager}, err
}
