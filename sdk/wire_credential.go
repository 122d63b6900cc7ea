package sdk

import "time"

// Credential is a credential without its secret.
type Credential struct {
	ID         string     `json:"id"`
	Client     string     `json:"client,omitempty" doc:"Id of the client; absent in a personal vault"`
	Personal   bool       `json:"personal"`
	Folder     string     `json:"folder,omitempty" doc:"Id of the folder; absent at the root"`
	Type       string     `json:"type" doc:"Name of its credential type"`
	TypeID     string     `json:"type_id,omitempty" doc:"Id of its type, if that is a custom one"`
	Title      string     `json:"title"`
	Username   string     `json:"username,omitempty"`
	URLs       []string   `json:"urls"`
	Tags       []string   `json:"tags"`
	Archived   bool       `json:"archived"`
	ArchivedAt *time.Time `json:"archived_at,omitempty"`
	ExpiresAt  *time.Time `json:"expires_at,omitempty"`
	CreatedAt  time.Time  `json:"created_at"`
	ChangedAt  time.Time  `json:"changed_at"`
	ChangedBy  string     `json:"changed_by,omitempty" doc:"Name of the user; only where one credential is asked for"`
	HasCode    bool       `json:"has_code" doc:"It gives one-time codes"`
	Version    int64      `json:"version" doc:"Goes back with a change"`
	MayReveal  bool       `json:"may_reveal"`
	MayEdit    bool       `json:"may_edit"`
	MayArchive bool       `json:"may_archive"`
	MayDelete  bool       `json:"may_delete" doc:"For good, from the archive"`
	MayTOTP    bool       `json:"may_totp" doc:"Whether one may set and remove its TOTP secret"`

	PasswordChangedAt *time.Time `json:"password_changed_at,omitempty" doc:"When the password itself changed"`
	Flags             []Flag     `json:"flags" doc:"Why it should be changed"`
	MayClearFlags     bool       `json:"may_clear_flags"`

	Shared     *Shared `json:"shared,omitempty" doc:"How it is shared with the other organization; absent where it is not"`
	MayShare   bool    `json:"may_share" doc:"Whether one may share it with the other organization"`
	MayUnshare bool    `json:"may_unshare"`
}

// Credentials is a page of credentials by title.
type Credentials struct {
	Credentials []Credential `json:"credentials"`
	Next        string       `json:"next,omitempty" doc:"Goes into after= for the next page; absent on the last"`
}

// Field is a custom field of a credential.
type Field struct {
	Name   string `json:"name" maxLength:"200"`
	Value  Secret `json:"value" maxLength:"20000"`
	Hidden bool   `json:"hidden,omitempty" doc:"Shown by itself only, and like a password"`
	Date   bool   `json:"date,omitempty" doc:"The value is a date such as 2027-03-31"`
}

// NewCredential is a credential to be added.
type NewCredential struct {
	Client    string     `json:"client,omitempty" maxLength:"64" example:"client_01k9" doc:"Id of the client"`
	Personal  bool       `json:"personal,omitempty" doc:"Or one's own personal vault"`
	Folder    string     `json:"folder,omitempty" maxLength:"64" doc:"Id of the folder to put it into; the root otherwise"`
	Type      string     `json:"type,omitempty" maxLength:"100" example:"Firewall" doc:"Name or id of a credential type that is offered; Other otherwise"`
	Title     string     `json:"title" maxLength:"300" example:"Edge firewall"`
	Username  string     `json:"username,omitempty" maxLength:"500" example:"root"`
	Password  Secret     `json:"password,omitempty" maxLength:"10000"`
	Generate  int        `json:"generate,omitempty" minimum:"12" maximum:"128" example:"24" doc:"Instead of a password: how many characters the server is to choose"`
	Generator *Generator `json:"generator,omitempty" doc:"Instead of a password: the rules by which the server is to choose one"`
	Notes     Secret     `json:"notes,omitempty" maxLength:"100000"`
	TOTP      Secret     `json:"totp,omitempty" maxLength:"2000" doc:"Secret of one-time codes, in base32 or as otpauth:// address; needs Password: TOTP Add/Remove too"`
	URLs      []string   `json:"urls,omitempty" maxItems:"100"`
	Tags      []string   `json:"tags,omitempty" maxItems:"100"`
	Fields    []Field    `json:"fields,omitempty" maxItems:"100"`
	ExpiresAt *time.Time `json:"expires_at,omitempty"`
}

// CredentialChange changes what is given and leaves the rest.
type CredentialChange struct {
	Version      int64      `json:"version" minimum:"1" example:"1" doc:"The version that was read; a conflict if it is not the present one"`
	Type         *string    `json:"type,omitempty" maxLength:"100"`
	Title        *string    `json:"title,omitempty" maxLength:"300"`
	Username     *string    `json:"username,omitempty" maxLength:"500" example:"admin"`
	Password     *Secret    `json:"password,omitempty" maxLength:"10000"`
	Generate     int        `json:"generate,omitempty" minimum:"12" maximum:"128" doc:"Instead of a password: how many characters the server is to choose"`
	Generator    *Generator `json:"generator,omitempty" doc:"Instead of a password: the rules by which the server is to choose one"`
	Notes        *Secret    `json:"notes,omitempty" maxLength:"100000"`
	URLs         *[]string  `json:"urls,omitempty" maxItems:"100"`
	Tags         *[]string  `json:"tags,omitempty" maxItems:"100"`
	Fields       *[]Field   `json:"fields,omitempty" maxItems:"100" doc:"All custom fields, instead of the present ones"`
	ExpiresAt    *time.Time `json:"expires_at,omitempty"`
	NeverExpires bool       `json:"never_expires,omitempty" doc:"Take the expiry date away"`
}

// CredentialMove puts a credential elsewhere.
type CredentialMove struct {
	Version  int64  `json:"version" minimum:"1" example:"1"`
	Client   string `json:"client,omitempty" maxLength:"64" example:"client_01k9" doc:"Id of the client"`
	Personal bool   `json:"personal,omitempty" doc:"Or one's own personal vault"`
	Folder   string `json:"folder,omitempty" maxLength:"64" doc:"Id of the folder; the root otherwise"`
}

// Restore makes an earlier version the present one.
type Restore struct {
	Version int64 `json:"version" minimum:"1" example:"3" doc:"The present version that was read"`
}

// Revealed is the secret part of a credential, or of an earlier version of it.
// It is given by reveal and copy only, and each is an event in the audit log.
type Revealed struct {
	Password Secret  `json:"password"`
	Notes    Secret  `json:"notes,omitempty"`
	Fields   []Field `json:"fields,omitempty"`
}

// Version is one state of a credential.
type Version struct {
	Version   int64      `json:"version"`
	Present   bool       `json:"present"`
	ChangedAt time.Time  `json:"changed_at"`
	ChangedBy string     `json:"changed_by" doc:"Name of the user"`
	Fields    []string   `json:"fields" doc:"Names of what the change touched; empty when it was added"`
	Type      string     `json:"type"`
	ExpiresAt *time.Time `json:"expires_at,omitempty"`
	HasCode   bool       `json:"has_code" doc:"It gave one-time codes"`
	OtherCode bool       `json:"other_code" doc:"Restoring it may change the TOTP secret, which needs Password: TOTP Add/Remove"`
	Title     string     `json:"title"`
	Username  string     `json:"username,omitempty"`
	URLs      []string   `json:"urls"`
	Tags      []string   `json:"tags"`
}

// History is a credential's versions, the present one first.
type History struct {
	Versions []Version `json:"versions"`
}

// Hit is one result of a search.
type Hit struct {
	Kind       string `json:"kind" enum:"client,credential,user"`
	ID         string `json:"id"`
	Title      string `json:"title" doc:"Of a client or user the name"`
	Username   string `json:"username,omitempty" doc:"Of a user the email"`
	Host       string `json:"host,omitempty"`
	Type       string `json:"type,omitempty"`
	Client     string `json:"client,omitempty" doc:"Id of the client"`
	ClientName string `json:"client_name,omitempty"`
	Folder     string `json:"folder,omitempty" doc:"Id of the folder"`
	Personal   bool   `json:"personal"`
	MayReveal  bool   `json:"may_reveal"`
}

// Hits is the results of a search, the best first.
type Hits struct {
	Hits []Hit `json:"hits"`
}

// Event is one line of the audit log.
type Event struct {
	Number     int64     `json:"number"`
	At         time.Time `json:"at"`
	ActorKind  string    `json:"actor_kind" doc:"user, token, perspective, link (external), anonymous, or rotation, the job that flags what is too old"`
	ActorID    string    `json:"actor_id,omitempty"`
	Actor      string    `json:"actor,omitempty" doc:"Name of the user"`
	LookedAs   string    `json:"looked_as,omitempty" doc:"Name of the user whose perspective the actor had"`
	LookedAsID string    `json:"looked_as_id,omitempty"`
	Session    string    `json:"session,omitempty" doc:"Id of the session or API token"`
	IP         string    `json:"ip,omitempty"`
	Operation  string    `json:"operation"`
	Outcome    string    `json:"outcome" doc:"done, refused or failed"`
	Kind       string    `json:"kind,omitempty" doc:"Of the thing that it was done to"`
	ID         string    `json:"id,omitempty" doc:"Of the thing that it was done to"`
	Name       string    `json:"name,omitempty" doc:"Name, or title where this session opens it"`
	Client     string    `json:"client,omitempty" doc:"Id of the client"`
	ClientName string    `json:"client_name,omitempty"`
	Fields     []string  `json:"fields" doc:"Names of what was changed"`
}

// Events is a page of the audit log, the newest first.
type Events struct {
	Events []Event `json:"events"`
	Next   string  `json:"next,omitempty" doc:"Goes into after= for the next page; absent on the last"`
}
