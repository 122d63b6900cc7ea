package sdk

import "time"

// User is a user of the organization.
type User struct {
	ID              string     `json:"id"`
	Name            string     `json:"name" doc:"Empty until the invitation is accepted, unless it was given with it"`
	Email           string     `json:"email"`
	Kind            string     `json:"kind" doc:"administrator, member, or guest"`
	Level           string     `json:"level,omitempty" doc:"Id of the permission level; guests have none"`
	LevelName       string     `json:"level_name,omitempty"`
	RoleAccount     bool       `json:"role_account"`
	RoleUserManager bool       `json:"role_user_manager"`
	Enabled         bool       `json:"enabled"`
	Approved        bool       `json:"approved"`
	State           string     `json:"state" doc:"Disabled, Pending approval, Invited, Locked out, or Active: the first that holds"`
	LockedUntil     *time.Time `json:"locked_until,omitempty"`
	Factor          string     `json:"factor,omitempty" doc:"Second factors: TOTP, passkey, or both with a comma"`
	LastSignInAt    *time.Time `json:"last_sign_in_at,omitempty"`
	MailFailedAt    *time.Time `json:"mail_failed_at,omitempty" doc:"Since when mails to the address fail"`
	CreatedAt       time.Time  `json:"created_at"`
	Version         int64      `json:"version" doc:"Goes back with a change"`
	May             []string   `json:"may" doc:"What one may do to this user now: view-as, edit, approve, unapprove, promote, demote, add-as-member, make-guest, resend, send-key, reset, reset-factor, unlock, end-sessions, disable, enable, off-board, delete"`
}

// Users is a page of users by name.
type Users struct {
	Users   []User         `json:"users"`
	Next    string         `json:"next,omitempty" doc:"Goes into after= for the next page; absent on the last"`
	Counts  map[string]int `json:"counts" doc:"By kind, of all that the filter leaves"`
	Pending int            `json:"pending" doc:"Users who wait for approval"`
}

// UserDetails is a user with what can be changed of him.
type UserDetails struct {
	User
	Phone         string        `json:"phone"`
	TimeZone      string        `json:"time_zone"`
	PendingEmail  string        `json:"pending_email,omitempty" doc:"New address that is not confirmed yet"`
	Levels        []UserLevel   `json:"levels"`
	Clients       []UserChoice  `json:"clients" doc:"Clients that one reaches oneself"`
	HiddenClients int           `json:"hidden_clients" doc:"How many others the user is assigned to"`
	Groups        []UserChoice  `json:"groups"`
	Services      []UserService `json:"services" doc:"Knowledge bases, with the user's role in each"`
	MayChange     []string      `json:"may_change" doc:"What one may change: name, email, phone, time_zone, approved, enabled, level, clients, groups, role_account, role_user_manager"`
	Sessions      int           `json:"sessions" doc:"What ends when the user is disabled"`
	Devices       int           `json:"devices"`
	Tokens        int           `json:"tokens"`
}

// UserLevel is a permission level that a user can have.
type UserLevel struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	May  bool   `json:"may" doc:"Whether it is within one's own permissions and one's to give"`
}

// UserChoice is a client or security group that a user can have.
type UserChoice struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	In   bool   `json:"in" doc:"The user has it"`
	May  bool   `json:"may" doc:"Whether it is one's to give and take"`
}

// UserChange changes what is given and leaves the rest. Each field needs its
// own permission; all is saved, or nothing.
type UserChange struct {
	Version         int64             `json:"version" minimum:"1" example:"1" doc:"The version that was read; a conflict if it is not the present one"`
	Name            *string           `json:"name,omitempty" maxLength:"200" example:"Tim Tech"`
	Email           *string           `json:"email,omitempty" maxLength:"254" doc:"Counts when it is confirmed by the link that is mailed there"`
	Phone           *string           `json:"phone,omitempty" maxLength:"60"`
	TimeZone        *string           `json:"time_zone,omitempty" maxLength:"60" doc:"Such as Europe/London"`
	Level           *string           `json:"level,omitempty" maxLength:"64" doc:"Empty makes a guest"`
	Enabled         *bool             `json:"enabled,omitempty"`
	Approved        *bool             `json:"approved,omitempty"`
	RoleAccount     *bool             `json:"role_account,omitempty"`
	RoleUserManager *bool             `json:"role_user_manager,omitempty"`
	Clients         *[]string         `json:"clients,omitempty" maxItems:"10000" doc:"All of them that one reaches; others stay"`
	Flag            bool              `json:"flag,omitempty" doc:"Flag the passwords that the user has seen and loses with a client or group"`
	Groups          *[]string         `json:"groups,omitempty" maxItems:"10000" doc:"All of them"`
	Services        []UserServiceRole `json:"services,omitempty" maxItems:"200" doc:"Roles in knowledge bases that are to be changed"`
}

// Invitee is somebody to be invited.
type Invitee struct {
	Email           string           `json:"email" maxLength:"254" example:"nina@northwind.example"`
	Name            string           `json:"name,omitempty" maxLength:"200"`
	Level           string           `json:"level,omitempty" maxLength:"64" example:"technician-assigned" doc:"Id of the permission level; empty makes a guest"`
	RoleAccount     bool             `json:"role_account,omitempty"`
	RoleUserManager bool             `json:"role_user_manager,omitempty"`
	Clients         []string         `json:"clients,omitempty" maxItems:"10000" doc:"Ids"`
	Groups          []string         `json:"groups,omitempty" maxItems:"10000" doc:"Ids of security groups"`
	Services        []InviteeService `json:"services,omitempty" maxItems:"200" doc:"Roles in knowledge bases"`
	SendKey         bool             `json:"send_key,omitempty" doc:"Mail a link, too, that opens the vault once the invitation is accepted; needs User: Edit and an open session"`
}

// Invite adds people: all of them, or nobody.
type Invite struct {
	People  []Invitee `json:"people" minItems:"1" maxItems:"200"`
	Message string    `json:"message,omitempty" maxLength:"2000" doc:"Goes into the mail"`
}

// Invited is who was added, in the order in which they were given.
type Invited struct {
	Users []InvitedUser `json:"users"`
}

// InvitedUser is one of them.
type InvitedUser struct {
	ID      string `json:"id"`
	Email   string `json:"email"`
	KeySent bool   `json:"key_sent" doc:"A link that opens the vault was mailed, too"`
	Digits  Secret `json:"digits,omitempty" doc:"Six digits that the link asks for: tell them by another way than mail. Given once"`
	Link    Secret `json:"link,omitempty" doc:"Of the invitation, where no mail server is set, to whoever may read the outbox. Given once"`
	KeyLink Secret `json:"key_link,omitempty" doc:"The link that opens the vault, likewise"`
}

// SentReset is whose password is reset.
type SentReset struct {
	ID    string `json:"id"`
	Email string `json:"email"`
	Link  Secret `json:"link,omitempty" doc:"Of the mail to a user of a site, where no mail server is set, to whoever may read the outbox. Given once"`
}

// Addresses is a text with addresses.
type Addresses struct {
	Text string `json:"text" maxLength:"100000" example:"Nina Neu <nina@northwind.example>, olaf@northwind.example"`
}

// CheckedAddresses is what a text with addresses holds.
type CheckedAddresses struct {
	Addresses    []CheckedAddress `json:"addresses"`
	Levels       []UserLevel      `json:"levels"`
	DefaultLevel string           `json:"default_level"`
}

// CheckedAddress is one of them.
type CheckedAddress struct {
	Name    string `json:"name"`
	Email   string `json:"email"`
	Problem string `json:"problem,omitempty" doc:"Why it can't be invited"`
}

// ResendInvitation sends an invitation again.
type ResendInvitation struct {
	Message string `json:"message,omitempty" maxLength:"2000"`
}

// DeleteUser deletes a user for good.
type DeleteUser struct {
	Email string `json:"email" maxLength:"254" example:"tim@northwind.example" doc:"The user's address, typed to be sure"`
}

// Profile is one's own profile.
type Profile struct {
	Name         string `json:"name"`
	Email        string `json:"email"`
	Phone        string `json:"phone"`
	TimeZone     string `json:"time_zone"`
	PendingEmail string `json:"pending_email,omitempty" doc:"New address that is not confirmed yet"`
	MailGiven    bool   `json:"mail_given" doc:"Mail me when something is given to me"`
	Version      int64  `json:"version" doc:"Goes back with a change"`
}

// NewProfile takes the place of one's own profile as a whole.
type NewProfile struct {
	Version   int64  `json:"version" minimum:"1" example:"1" doc:"The version that was read"`
	Name      string `json:"name" maxLength:"200" example:"Tim Tech"`
	Email     string `json:"email" maxLength:"254" example:"tim@northwind.example" doc:"Another one counts when it is confirmed from there"`
	Phone     string `json:"phone,omitempty" maxLength:"60"`
	TimeZone  string `json:"time_zone,omitempty" maxLength:"60" doc:"Such as Europe/London"`
	MailGiven bool   `json:"mail_given" doc:"Mail me when something is given to me"`
	Password  Secret `json:"password,omitempty" maxLength:"4096" doc:"One's own; needed for another address"`
}
