package sdk

import "time"

// Person is a user as lists of access name him.
type Person struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Email string `json:"email"`
}

// Named is a thing with its name.
type Named struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Level is a permission level.
type Level struct {
	ID          string   `json:"id"`
	Name        string   `json:"name"`
	BuiltIn     bool     `json:"built_in" doc:"It can't be changed or deleted"`
	Site        bool     `json:"site" doc:"For users of a site only"`
	Default     bool     `json:"default" doc:"New members get it"`
	Permissions []string `json:"permissions" doc:"With what is implied"`
	Users       []Person `json:"users" doc:"Who has it"`
	Version     int64    `json:"version"`
	MayEdit     bool     `json:"may_edit"`
	MayDelete   bool     `json:"may_delete"`
	MayGive     bool     `json:"may_give" doc:"It lies within one's own permissions"`
}

// Levels is all levels, the built-in ones first.
type Levels struct {
	Levels []Level `json:"levels"`
}

// NewLevel is a custom level to be added.
type NewLevel struct {
	Name        string   `json:"name" maxLength:"100"`
	Permissions []string `json:"permissions" maxItems:"75" example:"Client: View List,Password: View"`
}

// LevelChange takes the place of a custom level as a whole.
type LevelChange struct {
	Version     int64    `json:"version" doc:"The version that was read"`
	Name        string   `json:"name" maxLength:"100"`
	Permissions []string `json:"permissions" maxItems:"75"`
}

// LevelPreview is a change that is only asked about: other permissions of the
// level, or another level for those who have it.
type LevelPreview struct {
	Permissions []string `json:"permissions,omitempty" maxItems:"75"`
	Replacement string   `json:"replacement,omitempty" maxLength:"64" doc:"Id of the level that its users would get"`
}

// LevelEffect is what a change gives and takes, by permission.
type LevelEffect struct {
	Permission string   `json:"permission"`
	Gain       []Person `json:"gain"`
	Lose       []Person `json:"lose"`
}

// LevelEffects is all that a change would do.
type LevelEffects struct {
	Effects []LevelEffect `json:"effects"`
}

// GuardedFolder is a folder with security groups.
type GuardedFolder struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Client Named  `json:"client"`
}

// Group is a security group, with what one reaches of it.
type Group struct {
	ID         string          `json:"id"`
	Name       string          `json:"name"`
	Enabled    bool            `json:"enabled" doc:"A disabled one assigns nothing, and what it guards stays closed"`
	Users      []Person        `json:"users"`
	Clients    []Named         `json:"clients" doc:"That it assigns to its users, of those that one reaches"`
	Folders    []GuardedFolder `json:"folders" doc:"That it guards, of those that one reaches"`
	Categories []Named         `json:"categories" doc:"Of knowledge bases, that its users read, of those that one reads"`
	Version    int64           `json:"version"`
	MayChange  bool            `json:"may_change"`
}

// Groups is all security groups.
type Groups struct {
	Groups []Group `json:"groups"`
}

// NewGroup is a security group to be added.
type NewGroup struct {
	Name    string   `json:"name" maxLength:"100"`
	Users   []string `json:"users,omitempty" maxItems:"10000" doc:"Ids"`
	Clients []string `json:"clients,omitempty" maxItems:"10000" doc:"Ids"`
}

// GroupChange takes the place of a group's name, users, and of the clients that
// one reaches.
type GroupChange struct {
	Version int64    `json:"version" doc:"The version that was read"`
	Name    string   `json:"name" maxLength:"100"`
	Users   []string `json:"users" maxItems:"10000" doc:"Ids of all that are to be in it"`
	Clients []string `json:"clients" maxItems:"10000" doc:"Ids of all that it is to assign, of those that one reaches"`
	Flag    bool     `json:"flag,omitempty" doc:"Flag what users have seen who lose it by this change"`
}

// GroupPreview is a change that is only asked about.
type GroupPreview struct {
	Users   []string `json:"users" maxItems:"10000"`
	Clients []string `json:"clients" maxItems:"10000"`
}

// GroupEffect is what a change does to one user.
type GroupEffect struct {
	User        Person          `json:"user"`
	Clients     []Named         `json:"clients" doc:"That he would reach"`
	Folders     []GuardedFolder `json:"folders" doc:"That he would open"`
	LostClients []Named         `json:"lost_clients" doc:"That he would no longer reach"`
	LostFolders []GuardedFolder `json:"lost_folders" doc:"That he would no longer open"`
}

// GroupEffects is all that a change would do.
type GroupEffects struct {
	Effects []GroupEffect `json:"effects"`
}

// AssignedUser is a user who has something, perhaps until a time.
type AssignedUser struct {
	Person
	Until     *time.Time `json:"until,omitempty" doc:"None: for good"`
	MayChange bool       `json:"may_change"`
}

// FolderAccess is what guards a folder.
type FolderAccess struct {
	Folder    GuardedFolder  `json:"folder"`
	Groups    []Named        `json:"groups" doc:"Security groups on the folder itself"`
	Above     bool           `json:"guarded_above" doc:"A folder above it has groups too"`
	Passes    []AssignedUser `json:"passes" doc:"Personal passes"`
	MayChange bool           `json:"may_change"`
	Version   int64          `json:"version" doc:"Of the folder; goes back with a change of its groups"`
}

// FolderGuards is exactly the groups that are to be on a folder.
type FolderGuards struct {
	Version int64    `json:"version" minimum:"1" example:"1" doc:"Of the folder, as it was read"`
	Groups  []string `json:"groups" maxItems:"1000" doc:"Ids; none takes the guard off"`
}

// ClientAccess is who is assigned to a client.
type ClientAccess struct {
	Client Named          `json:"client"`
	Users  []AssignedUser `json:"users"`
	Groups []Named        `json:"groups"`
}

// Until is when something that is given ends.
type Until struct {
	Until *time.Time `json:"until,omitempty" doc:"When it ends"`
	Hours int        `json:"hours,omitempty" minimum:"0" maximum:"8760" doc:"Or after how many hours; neither: never"`
}

// Door is a guarded folder, and how somebody gets past its groups.
type Door struct {
	Folder Named      `json:"folder"`
	By     []string   `json:"by" doc:"override, group, pass; empty: closed"`
	Groups []string   `json:"groups,omitempty" doc:"Names"`
	Until  *time.Time `json:"until,omitempty" doc:"Of the pass"`
}

// Seer is somebody who can see a thing.
type Seer struct {
	Person
	Level   string     `json:"level"`
	By      []string   `json:"by" doc:"override, site, default access, assignment, timed assignment, group"`
	Groups  []string   `json:"groups,omitempty" doc:"Names of those that assign the client"`
	Until   *time.Time `json:"until,omitempty" doc:"Of the timed assignment"`
	Doors   []Door     `json:"doors,omitempty" doc:"Guarded folders on the way"`
	Secrets bool       `json:"secrets" doc:"He may see secrets there"`
}

// Seers is everybody who can see a thing.
type Seers struct {
	Users []Seer      `json:"users"`
	There *SeersThere `json:"there,omitempty" doc:"Of a credential that is shared: who sees it at the other organization"`
}

// SeersThere is who sees a credential at another organization.
type SeersThere struct {
	Organization string `json:"organization" doc:"Its name"`
	Made         bool   `json:"made,omitempty" doc:"It made the credential and shares it: who sees it there is not told"`
	Everyone     bool   `json:"everyone,omitempty" doc:"Everyone there who may see secrets"`
	Chosen       int    `json:"chosen,omitempty" doc:"Otherwise how many were chosen; whoever overrides restrictions there sees it, too"`
}

// SeenClient is a client that a user reaches.
type SeenClient struct {
	ID     string     `json:"id"`
	Name   string     `json:"name"`
	By     []string   `json:"by"`
	Groups []string   `json:"groups,omitempty"`
	Until  *time.Time `json:"until,omitempty"`
}

// SeenFolder is a guarded folder in a client that a user reaches.
type SeenFolder struct {
	GuardedFolder
	Open  bool   `json:"open"`
	Doors []Door `json:"doors"`
}

// Sight is what a user can see, of what one reaches oneself.
type Sight struct {
	User    Person       `json:"user"`
	Level   string       `json:"level"`
	Clients []SeenClient `json:"clients"`
	Folders []SeenFolder `json:"folders"`
}

// Unassigned is what one knows by name only.
type Unassigned struct {
	Shown   bool            `json:"shown" doc:"The organization shows such names"`
	Clients []Named         `json:"clients"`
	Folders []GuardedFolder `json:"folders"`
}

// AccessRequest is a request for access.
type AccessRequest struct {
	ID        string     `json:"id"`
	User      Named      `json:"user" doc:"Who asks"`
	Asked     string     `json:"asked" doc:"The name as it was typed or shown"`
	Client    *Named     `json:"client,omitempty" doc:"Only for those who decide"`
	Folder    *Named     `json:"folder,omitempty" doc:"Only for those who decide"`
	Message   string     `json:"message,omitempty"`
	State     string     `json:"state" doc:"waiting, allowed, declined, withdrawn, expired, or settled: the access is there by another way"`
	CreatedAt time.Time  `json:"created_at"`
	DecidedAt *time.Time `json:"decided_at,omitempty"`
	By        string     `json:"by,omitempty" doc:"Who decided"`
	Until     *time.Time `json:"until,omitempty" doc:"Of what was allowed; none: for good"`
	Reason    string     `json:"reason,omitempty" doc:"Of declining"`
}

// AccessRequests is what waits for one's decision, and what one has asked for.
type AccessRequests struct {
	ToDecide []AccessRequest `json:"to_decide"`
	Mine     []AccessRequest `json:"mine"`
}

// NewAccessRequest asks for a client or folder that shows by name, or for a
// client by its name.
type NewAccessRequest struct {
	Client  string `json:"client,omitempty" maxLength:"64" doc:"Id"`
	Folder  string `json:"folder,omitempty" maxLength:"64" doc:"Or id of a guarded folder"`
	Name    string `json:"name,omitempty" maxLength:"200" doc:"Or the client's name; the answer is the same whether there is one or not"`
	Message string `json:"message,omitempty" maxLength:"1000"`
}

// AccessDecision decides on a request.
type AccessDecision struct {
	Allow  bool       `json:"allow"`
	Until  *time.Time `json:"until,omitempty" doc:"When what is allowed ends"`
	Hours  int        `json:"hours,omitempty" minimum:"0" maximum:"8760" doc:"Or after how many hours; neither: never"`
	Reason string     `json:"reason,omitempty" maxLength:"1000" doc:"Of declining; it is mailed to whoever asked"`
}
