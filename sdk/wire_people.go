package sdk

import "time"

// Lockout is a user who is locked out.
type Lockout struct {
	ID        string     `json:"id"`
	Name      string     `json:"name"`
	Email     string     `json:"email"`
	At        time.Time  `json:"at"`
	Until     *time.Time `json:"until,omitempty" doc:"Absent: until somebody unlocks the user"`
	IP        string     `json:"ip"`
	Tries     int64      `json:"tries"`
	MayUnlock bool       `json:"may_unlock"`
}

// Lockouts is who is locked out, the latest first.
type Lockouts struct {
	Lockouts []Lockout `json:"lockouts"`
}

// OffBoarding is what a user who lost his access knows.
type OffBoarding struct {
	User       string          `json:"user"`
	Name       string          `json:"name"`
	BeganAt    time.Time       `json:"began_at"`
	By         string          `json:"by" doc:"Who disabled the user"`
	DoneAt     *time.Time      `json:"done_at,omitempty"`
	Open       int             `json:"open" doc:"Passwords that are still to be decided on"`
	Hidden     int             `json:"hidden" doc:"Passwords that one does not reach oneself"`
	HiddenOpen int             `json:"hidden_open" doc:"Those of them that are open; they are flagged with the rest"`
	Rows       []KnownPassword `json:"rows"`
	Past       []KnownPassword `json:"past" doc:"Decided on, and the password was changed since: kept as evidence"`
}

// KnownPassword is a credential whose present password the user has seen.
type KnownPassword struct {
	Credential string     `json:"credential"`
	Title      string     `json:"title,omitempty" doc:"Where the session holds the keys"`
	Client     string     `json:"client"`
	ClientName string     `json:"client_name"`
	SeenAt     time.Time  `json:"seen_at"`
	Action     string     `json:"action,omitempty" doc:"flagged or waived; absent: open"`
	Reason     string     `json:"reason,omitempty"`
	By         string     `json:"by,omitempty"`
	DecidedAt  *time.Time `json:"decided_at,omitempty"`
}

// OffBoardings are those that are not done.
type OffBoardings struct {
	OffBoardings []OpenOffBoarding `json:"off_boardings"`
}

// OpenOffBoarding is one of them.
type OpenOffBoarding struct {
	User    string    `json:"user"`
	Name    string    `json:"name"`
	BeganAt time.Time `json:"began_at"`
}

// OffBoardingDecisions decides on passwords that a former user knows.
type OffBoardingDecisions struct {
	Rows []PasswordDecision `json:"rows,omitempty" maxItems:"10000"`
	Rest *RestDecision      `json:"rest,omitempty" doc:"On all further open ones; those that one does not reach are flagged"`
}

// PasswordDecision is on one of them.
type PasswordDecision struct {
	Credential string `json:"credential" maxLength:"64"`
	Action     string `json:"action" maxLength:"20" example:"flagged" doc:"flagged or waived"`
	Reason     string `json:"reason,omitempty" maxLength:"500" doc:"Needed to waive"`
}

// RestDecision is on all further ones.
type RestDecision struct {
	Action string `json:"action" maxLength:"20" example:"flagged" doc:"flagged or waived"`
	Reason string `json:"reason,omitempty" maxLength:"500" doc:"Needed to waive"`
}

// Sheet is a table as CSV.
type Sheet struct {
	CSV string `json:"csv" doc:"RFC 4180 with a byte order mark; cells that a spreadsheet would take for a formula begin with an apostrophe"`
}

// PeopleSettings are the settings about people.
type PeopleSettings struct {
	ApprovalRequired  bool   `json:"approval_required" doc:"Who was not added by somebody who may approve waits for approval"`
	DefaultLevel      string `json:"default_level" maxLength:"64" example:"technician-assigned" doc:"Of new members where nobody chooses"`
	InvitationHours   int    `json:"invitation_hours" example:"168" doc:"1 to 720"`
	ResetHours        int    `json:"reset_hours" example:"24" doc:"1 to 168"`
	LockoutTries      int    `json:"lockout_tries" example:"10" doc:"3 to 50 wrong passwords in a row"`
	LockoutMinutes    int    `json:"lockout_minutes" example:"15" doc:"0: until unlocked, but never for administrators"`
	IdleMinutes       int    `json:"idle_minutes" example:"15" doc:"1 to 1440: an open vault closes after that without a request"`
	SelfRegistration  bool   `json:"self_registration" doc:"People may register themselves as guests"`
	ForceSecondFactor bool   `json:"force_second_factor"`
	LetSessionsEnd    bool   `json:"let_sessions_end" doc:"Running sessions of a disabled user end by themselves"`
	ShowUnassigned    bool   `json:"show_unassigned" doc:"Clients and folders that one does not reach show by name"`
	CompanyByDefault  bool   `json:"company_by_default" doc:"Client: Default Access reaches the company vault too"`
	NamesToPartners   bool   `json:"names_to_partners" doc:"A provider's sites, or a site's provider, read the names of users who act on what both see; without it the organization's name only"`
	KeyLinkDigits     bool   `json:"key_link_digits" doc:"An organization-key link along with an invitation asks for six digits"`
}

// NewPeopleSettings takes the place of the settings that were read.
type NewPeopleSettings struct {
	Read PeopleSettings `json:"read" doc:"As they were read; a conflict if they are not the present ones"`
	Next PeopleSettings `json:"next"`
}

// LinkToken is what stands behind token= in a one-time link.
type LinkToken struct {
	Token Secret `json:"token" maxLength:"200" example:"…" doc:"What stands behind token= in the link"`
}

// Invitation is what an invitation's link leads to.
type Invitation struct {
	Organization string    `json:"organization"`
	Name         string    `json:"name"`
	Email        string    `json:"email"`
	Guest        bool      `json:"guest"`
	Registered   bool      `json:"registered" doc:"Asked for it himself"`
	By           string    `json:"by,omitempty" doc:"Who sent it"`
	Clients      []string  `json:"clients" doc:"Names of the clients that were given"`
	ExpiresAt    time.Time `json:"expires_at"`
}

// AcceptInvitation sets name and password of somebody who was invited.
type AcceptInvitation struct {
	Token    Secret `json:"token" maxLength:"200" example:"…" doc:"What stands behind token= in the link"`
	Name     string `json:"name" maxLength:"200" example:"Nina Neu"`
	Password Secret `json:"password" maxLength:"4096" example:"…" doc:"12 to 1,024 characters that are not easy to guess"`
}

// PasswordResetPage is what a reset link leads to.
type PasswordResetPage struct {
	Organization string    `json:"organization"`
	Email        string    `json:"email"`
	HasVault     bool      `json:"has_vault" doc:"Without the recovery code the personal vault is destroyed"`
	Personal     int       `json:"personal" doc:"Credentials in the personal vault"`
	ExpiresAt    time.Time `json:"expires_at"`
}

// SetPassword sets a new password by a link.
type SetPassword struct {
	Token    Secret `json:"token" maxLength:"200" example:"…" doc:"What stands behind token= in the link"`
	Password Secret `json:"password" maxLength:"4096" example:"…" doc:"The new one"`
	Recovery Secret `json:"recovery_code,omitempty" maxLength:"300" doc:"One's own recovery code keeps the personal vault"`
	Destroy  bool   `json:"destroy,omitempty" doc:"Without the code: the personal vault may be destroyed"`
}

// PasswordSet answers it.
type PasswordSet struct {
	Device Secret `json:"device,omitempty" doc:"With the recovery code: keep it for the next sign-in, which opens the vault"`
}

// ForgotPassword asks for a reset link.
type ForgotPassword struct {
	Email        string `json:"email" maxLength:"254" example:"ada@northwind.example"`
	Organization string `json:"organization,omitempty" maxLength:"64" doc:"Id; empty: wherever the address has an account"`
}

// RequestKey asks the administrators for the organization key.
type RequestKey struct {
	Email string `json:"email" maxLength:"254" example:"tim@northwind.example"`
}

// Registration registers oneself as a guest.
type Registration struct {
	Email        string `json:"email" maxLength:"254" example:"guest@elsewhere.example"`
	Organization string `json:"organization" maxLength:"64" doc:"Id"`
}
