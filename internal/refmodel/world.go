package refmodel

// World is everything that the rules look at. Map keys are the ids; the ID
// fields are only for the reader.
type World struct {
	Now  int64
	Orgs map[string]*Org
}
type Org struct {
	Site        bool
	Settings    Settings
	Users       map[string]*User
	Clients     map[string]*Client
	Folders     map[string]*Folder
	Credentials map[string]*Credential
	Groups      map[string]*Group
	Levels      map[string]*Level // custom ones
	Bases       map[string]*Base  // knowledge bases
	Categories  map[string]*Category
	Articles    map[string]*Article
}
type Settings struct {
	CompanyVaultByDefault, ShowUnassigned bool
	DefaultRole                           string // of members in knowledge bases
}
type Level struct{ Permissions []string }
type User struct {
	ID, Kind                     string   // kind: administrator, member, guest; only guest changes a verdict (L1)
	Level                        string   // name of a built-in level, else key of Org.Levels, else see Permissions
	Permissions                  []string // of a custom level that is not in Org.Levels
	Enabled, Approved, Invited   bool     // Invited: not yet accepted
	LockedUntil                  int64    // never read (S3)
	RoleAccount, RoleUserManager bool
}
type Client struct {
	ID               string
	Company, Enabled bool
	Site             string           // name of its site, "" where it never had one
	Assigned         map[string]int64 // user -> until; 0 = for good
}
type Group struct {
	Enabled        bool
	Users, Clients map[string]bool
}
type Folder struct {
	ID, ClientID, OwnerID, ParentID string
	Groups                          []string
	Chosen                          map[string]bool  // for these Site Users - Limited
	Passes                          map[string]int64 // personal passes: user -> until; 0 = for good
}
type Credential struct {
	ID, ClientID, OwnerID, FolderID string
	Archived                        bool
	Chosen                          map[string]bool   // for these Site Users - Limited
	From                            string            // the organization whose it is, where that is another one
	Shares                          map[string]*Share // of its own: organization -> how
}
type Actor struct {
	Kind          string // anonymous, passer-by, user, token, perspective, visitor, link, job:<name>
	Org, User     string // the session's user; the token's owner; the link's sender; the job's starter
	LinkTo        string // credential of an external link
	LinkOver      bool   // used up, expired, revoked
	TokenPerms    []string
	TokenClients  []string // empty = all that the owner reaches
	TokenExpires  int64    // 0 = never
	TokenRevoked  bool
	Open          bool   // the session holds the vault key
	PerspectiveOf string // whom User looks at
	Visits        string // a visitor's site
}
type Target struct{ Kind, ID string } // kinds: see doc.go, "Targets"
type Attempt struct {
	Actor          Actor
	Operation, Org string
	Target, Second Target
}
