package sdk

import "time"

// SignIn signs in. The Organization Key or a known device opens the vault;
// without either the session is sealed and can be opened later.
type SignIn struct {
	Email           string `json:"email" maxLength:"320" example:"ada@northwind.example" doc:"Address of the account"`
	Password        Secret `json:"password" maxLength:"4096" example:"…" doc:"Password of the account"`
	OrganizationKey Secret `json:"organization_key,omitempty" maxLength:"300" doc:"Characters or words; needed where this device is not known"`
	Organization    string `json:"organization,omitempty" maxLength:"64" doc:"Id of one organization, where the address has accounts in several"`
	Device          Secret `json:"device,omitempty" maxLength:"200" doc:"What an earlier sign-in gave as device: stands for the Organization Key"`
}

// SignedIn is a new session. Bearer and Device are shown this once.
type SignedIn struct {
	Bearer       Secret `json:"bearer" doc:"Goes into the header Authorization: Bearer …; 24 hours at most"`
	Device       Secret `json:"device,omitempty" doc:"Keep it for the next sign-in; it changes with each"`
	Session      string `json:"session" doc:"Id of the session"`
	User         string `json:"user" doc:"Id of the user"`
	Organization string `json:"organization" doc:"Id of the organization"`
	Open         bool   `json:"open" doc:"Whether the session holds the vault's keys"`
	SetUpFactor  bool   `json:"set_up_factor,omitempty" doc:"Whether the session has to set up a second factor before anything else"`
}

// Open opens the vault in a sealed session.
type Open struct {
	Password        Secret `json:"password,omitempty" maxLength:"4096" doc:"Needed when the session was sealed after a pause"`
	OrganizationKey Secret `json:"organization_key,omitempty" maxLength:"300" doc:"Characters or words; one's own recovery code works here, too"`
	Device          Secret `json:"device,omitempty" maxLength:"200" doc:"Stands for the Organization Key"`
	Link            Secret `json:"link,omitempty" maxLength:"500" doc:"An organization-key link that was sent to this user: https://…/key/…#…"`
	Digits          Secret `json:"digits,omitempty" maxLength:"20" doc:"Six digits, where the sender told some"`
}

// RenewKeys is a request to renew one's own keys.
type RenewKeys struct {
	Password Secret `json:"password" maxLength:"4096" doc:"One's own"`
}

// ChangePassword is a change of one's own password.
type ChangePassword struct {
	Password    Secret `json:"password" maxLength:"4096" doc:"The present one"`
	NewPassword Secret `json:"new_password" maxLength:"4096" example:"…" doc:"At least 12 characters, hard to guess"`
}

// Opened is an opened session.
type Opened struct {
	Device Secret `json:"device" doc:"Keep it for the next sign-in; the earlier one is void"`
	Open   bool   `json:"open"`
}

// Session is one of one's own sessions.
type Session struct {
	ID         string    `json:"id"`
	IP         string    `json:"ip" doc:"Address of its last request"`
	Agent      string    `json:"agent" doc:"What the program called itself"`
	Open       bool      `json:"open" doc:"Whether it holds the vault's keys"`
	Current    bool      `json:"current" doc:"Whether it is the one that asks"`
	CreatedAt  time.Time `json:"created_at"`
	LastUsedAt time.Time `json:"last_used_at"`
	ExpiresAt  time.Time `json:"expires_at"`
}

// Device is a browser or program that opens the vault with the password alone.
type Device struct {
	ID         string    `json:"id"`
	Label      string    `json:"label" doc:"What the program called itself"`
	CreatedAt  time.Time `json:"created_at"`
	LastUsedAt time.Time `json:"last_used_at"`
	ExpiresAt  time.Time `json:"expires_at"`
}

// Sessions is one's own sessions and known devices, the last used first.
type Sessions struct {
	Sessions []Session `json:"sessions"`
	Devices  []Device  `json:"devices"`
}

// Token is one of one's own API tokens, without its bearer.
type Token struct {
	ID          string     `json:"id"`
	Name        string     `json:"name"`
	Permissions []string   `json:"permissions"`
	AllClients  bool       `json:"all_clients" doc:"Whether it reaches every client that its owner reaches"`
	Clients     []string   `json:"clients" doc:"Ids of the clients that it reaches otherwise"`
	CreatedAt   time.Time  `json:"created_at"`
	ExpiresAt   time.Time  `json:"expires_at"`
	LastUsedAt  *time.Time `json:"last_used_at,omitempty"`
}

// Tokens is one's own API tokens, the newest first.
type Tokens struct {
	Tokens []Token `json:"tokens"`
}

// NewToken asks for an API token. It can have no permission that its owner lacks.
type NewToken struct {
	Name        string   `json:"name" maxLength:"100" example:"Backup job" doc:"What it is for"`
	Permissions []string `json:"permissions" maxItems:"200" example:"[\"Client: View List\",\"Password: View\"]" doc:"Names of permissions"`
	AllClients  bool     `json:"all_clients,omitempty" doc:"Reach every client that its owner reaches"`
	Clients     []string `json:"clients,omitempty" maxItems:"10000" doc:"Or only these, by id"`
	Days        int      `json:"days" minimum:"1" maximum:"365" example:"90" doc:"How long it lives"`
}

// MadeToken is a new API token. The bearer is shown this once.
type MadeToken struct {
	ID     string `json:"id"`
	Bearer Secret `json:"bearer"`
}

// Me is one's own profile.
type Me struct {
	ID             string   `json:"id"`
	Name           string   `json:"name"`
	Email          string   `json:"email"`
	Kind           string   `json:"kind" doc:"administrator, member or guest"`
	Level          string   `json:"level" doc:"Name of the permission level"`
	Organization   string   `json:"organization" doc:"Name of the organization"`
	OrganizationID string   `json:"organization_id"`
	Open           bool     `json:"open" doc:"Whether this session holds the vault's keys"`
	Waiting        bool     `json:"waiting" doc:"Waits for approval: nothing but the own account can be reached"`
	Permissions    []string `json:"permissions" doc:"What this session or token may, wherever it reaches"`
}

// Organization is one's own organization.
type Organization struct {
	ID       string `json:"id"`
	Kind     string `json:"kind" doc:"provider or site"`
	Name     string `json:"name"`
	Slug     string `json:"slug" doc:"Name as it stands in addresses"`
	KeyEpoch int64  `json:"key_epoch" doc:"Number of the present epoch of the vault key"`
	EpochDue bool   `json:"epoch_due" doc:"Whether the next open session will make a new epoch"`
}
