package sdk

import "time"

// KnowledgeBase is a knowledge base as one sees it.
type KnowledgeBase struct {
	ID               string `json:"id"`
	Path             string `json:"path" doc:"In its address: /o/, the organization's name there, /kb/ and this"`
	Name             string `json:"name"`
	Description      string `json:"description"`
	Role             string `json:"role" doc:"One's own: none, reader, editor or admin"`
	Public           bool   `json:"public" doc:"Anybody reads something of it"`
	DefaultRole      string `json:"default_role" doc:"Of members in this one; empty is the organization's"`
	SelfRegistration bool   `json:"self_registration" doc:"People may register themselves here as guests, where the organization allows it"`
	AsksHelpful      bool   `json:"asks_helpful" doc:"Articles ask whether they helped"`
	Version          int64  `json:"version" doc:"Goes back with a change"`
}

// KnowledgeBases are those that one may read, by name.
type KnowledgeBases struct {
	KnowledgeBases []KnowledgeBase `json:"knowledge_bases"`
}

// KnowledgeBaseFront is a knowledge base with its categories.
type KnowledgeBaseFront struct {
	KnowledgeBase
	Categories []Category `json:"categories" doc:"Those that one reads, in the order of the tree"`
}

// Category is a category of a knowledge base.
type Category struct {
	ID         string  `json:"id"`
	Parent     string  `json:"parent,omitempty" doc:"Id of the one that it is in"`
	Name       string  `json:"name"`
	Depth      int     `json:"depth" doc:"0 at the top"`
	Visibility string  `json:"visibility" doc:"public, readers, or groups"`
	Groups     []Named `json:"groups" doc:"Security groups that it is limited to; for editors"`
	Articles   int     `json:"articles" doc:"That one reads, in it itself"`
	Version    int64   `json:"version"`
}

// NamedList is a list of things with their names.
type NamedList struct {
	Things []Named `json:"things"`
}

// NewKnowledgeBase is one to be added.
type NewKnowledgeBase struct {
	Path        string `json:"path" maxLength:"60" example:"handbook" doc:"Lower-case letters, digits, single hyphens"`
	Name        string `json:"name" maxLength:"100" example:"Staff handbook"`
	Description string `json:"description,omitempty" maxLength:"500"`
}

// KnowledgeBaseName changes name and address.
type KnowledgeBaseName struct {
	Version int64  `json:"version" minimum:"1" example:"1" doc:"The version that was read"`
	Path    string `json:"path" maxLength:"60" example:"handbook"`
	Name    string `json:"name" maxLength:"100" example:"Staff handbook"`
}

// KnowledgeBaseSettings take the place of its settings as a whole.
type KnowledgeBaseSettings struct {
	Version          int64  `json:"version" minimum:"1" example:"1" doc:"The version that was read"`
	Description      string `json:"description,omitempty" maxLength:"500"`
	DefaultRole      string `json:"default_role,omitempty" enum:",none,reader,editor" doc:"Of members; empty is the organization's"`
	SelfRegistration bool   `json:"self_registration,omitempty"`
	AsksHelpful      bool   `json:"asks_helpful,omitempty"`
}

// KnowledgeBaseWeight is what deleting a knowledge base deletes.
type KnowledgeBaseWeight struct {
	Name       string `json:"name" doc:"To be typed for deleting"`
	Articles   int    `json:"articles"`
	Published  int    `json:"published"`
	Categories int    `json:"categories"`
	Files      int    `json:"files"`
	Guests     int    `json:"guests" doc:"Who have a role here and in no other one"`
}

// TypedName is a name that was typed to be sure.
type TypedName struct {
	Name string `json:"name" maxLength:"100" example:"Staff handbook"`
}

// DefaultRole is the role of members in knowledge bases.
type DefaultRole struct {
	Role string `json:"role" enum:"none,reader,editor" example:"reader"`
}

// ServiceRole is a user's role in a knowledge base.
type ServiceRole struct {
	User      string `json:"user" doc:"Id"`
	Name      string `json:"name"`
	Email     string `json:"email"`
	Kind      string `json:"kind" doc:"administrator, member, or guest"`
	Role      string `json:"role" doc:"none, reader, editor or admin"`
	Explicit  string `json:"explicit" doc:"The role that was given or taken one by one; empty where the default holds"`
	Fixed     bool   `json:"fixed" doc:"An administrator, who is Admin everywhere"`
	Active    bool   `json:"active" doc:"False of whoever is invited, disabled or waits for approval: he has what anybody has, and the role once he is active"`
	MayChange bool   `json:"may_change"`
}

// ServiceRoles are the roles in a knowledge base, by name.
type ServiceRoles struct {
	People []ServiceRole `json:"people"`
}

// NewServiceRole gives or takes a role.
type NewServiceRole struct {
	Role string `json:"role" enum:"default,none,reader,editor,admin" example:"reader" doc:"none takes it away, also against the default; default has the user follow it again"`
}

// UserService is a knowledge base on a user's page.
type UserService struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	Role      string `json:"role" doc:"none, reader, editor or admin"`
	Explicit  string `json:"explicit" doc:"Empty where the default holds"`
	MayChange bool   `json:"may_change"`
}

// UserServiceRole sets a user's role in a knowledge base.
type UserServiceRole struct {
	ID   string `json:"id" maxLength:"64" doc:"Of the knowledge base"`
	Role string `json:"role" enum:"default,none,reader,editor,admin" example:"reader" doc:"Up to one's own; none takes it away, also against the default; default has the user follow it again"`
}

// InviteeService is the role of somebody new in a knowledge base.
type InviteeService struct {
	ID   string `json:"id" maxLength:"64" doc:"Of the knowledge base"`
	Role string `json:"role" enum:"none,reader,editor,admin" example:"reader" doc:"Up to one's own; a member's default is not stored"`
}

// ShareKnowledgeBase gives people a role by their addresses.
type ShareKnowledgeBase struct {
	Emails  []string `json:"emails" minItems:"1" maxItems:"200" doc:"Also as Name <address>. Who is no user yet becomes a guest, which takes User: Add"`
	Role    string   `json:"role" enum:"reader,editor,admin" example:"reader"`
	Message string   `json:"message,omitempty" maxLength:"2000" doc:"For those who are invited"`
}

// SharedKnowledgeBase is what came of it.
type SharedKnowledgeBase struct {
	Users   []string      `json:"users" doc:"Ids of those who were there"`
	Invited []InvitedUser `json:"invited"`
}

// CategoryChange sets a category.
type CategoryChange struct {
	Version    int64    `json:"version,omitempty" doc:"The version that was read; not for a new one"`
	Parent     string   `json:"parent,omitempty" maxLength:"64" doc:"Id of the one that a new one is in"`
	Name       string   `json:"name" maxLength:"100" example:"Printers"`
	Visibility string   `json:"visibility" enum:"public,readers,groups" example:"readers"`
	Groups     []string `json:"groups,omitempty" maxItems:"100" doc:"Ids of the security groups that it is limited to"`
	Sure       bool     `json:"sure,omitempty" doc:"Do it even if articles become readable by anybody"`
}

// CategoryMove puts a category elsewhere.
type CategoryMove struct {
	Parent string `json:"parent,omitempty" maxLength:"64" doc:"Id; empty is the top"`
	Before string `json:"before,omitempty" maxLength:"64" doc:"Id of the one there that it comes before; empty is the end"`
	Sure   bool   `json:"sure,omitempty" doc:"Do it even if articles become readable by anybody"`
}

// CategoryDelete deletes a category.
type CategoryDelete struct {
	To   string `json:"to,omitempty" maxLength:"64" doc:"Id of the category that its articles go to"`
	Sure bool   `json:"sure,omitempty" doc:"Do it even if they become readable by anybody"`
}

// ArticleRow is an article in a list.
type ArticleRow struct {
	ID          string     `json:"id"`
	Slug        string     `json:"slug" doc:"In its address, after that of the knowledge base"`
	Title       string     `json:"title"`
	Category    string     `json:"category" doc:"Id"`
	State       string     `json:"state" doc:"draft, scheduled or published"`
	PublishedAt *time.Time `json:"published_at,omitempty"`
	UpdatedAt   *time.Time `json:"updated_at,omitempty" doc:"When what readers see was last changed"`
	ChangedAt   *time.Time `json:"changed_at,omitempty" doc:"For editors"`
	ChangedBy   string     `json:"changed_by,omitempty" doc:"For editors"`
	Changed     bool       `json:"changed,omitempty" doc:"For editors: its latest text is not published"`
}

// ArticleRows is a page of them, by title.
type ArticleRows struct {
	Articles []ArticleRow `json:"articles"`
	Next     string       `json:"next,omitempty" doc:"Goes into after, for the next page"`
}

// Article is an article with its text.
type Article struct {
	ArticleRow
	KnowledgeBase string        `json:"knowledge_base" doc:"Id"`
	Markdown      string        `json:"markdown"`
	Number        int64         `json:"number" doc:"Of the text among the article's versions"`
	Version       int64         `json:"version" doc:"Goes back with a change"`
	Tags          []string      `json:"tags"`
	Path          []Named       `json:"path" doc:"Categories from the top to its own"`
	Files         []ArticleFile `json:"files"`
	MayEdit       bool          `json:"may_edit"`
}

// ArticleFile is a picture or attachment.
type ArticleFile struct {
	ID      string    `json:"id"`
	Name    string    `json:"name"`
	Type    string    `json:"type" doc:"As the server found it"`
	Picture bool      `json:"picture"`
	Size    int64     `json:"size"`
	Address string    `json:"address" doc:"For a link or picture in the Markdown"`
	AddedAt time.Time `json:"added_at"`
	AddedBy string    `json:"added_by"`
}

// ArticleChange sets an article.
type ArticleChange struct {
	Version  int64    `json:"version,omitempty" doc:"The version that was read; not for a new one"`
	Category string   `json:"category" maxLength:"64" doc:"Id"`
	Title    string   `json:"title" maxLength:"200" example:"The printer is out of paper"`
	Slug     string   `json:"slug,omitempty" maxLength:"100" doc:"Made of the title otherwise"`
	Markdown string   `json:"markdown" maxLength:"500000" example:"Open drawer 2."`
	Tags     []string `json:"tags,omitempty" maxItems:"20"`
	Sure     bool     `json:"sure,omitempty" doc:"Do it even if another category has anybody read it"`
}

// ArticleSaved is an article after a change.
type ArticleSaved struct {
	ID      string   `json:"id"`
	Slug    string   `json:"slug"`
	Version int64    `json:"version"`
	Secrets []string `json:"secrets,omitempty" doc:"What in the text looks like a secret: none belongs into a knowledge base"`
}

// ArticleVersion names the version of an article that was read.
type ArticleVersion struct {
	Version int64      `json:"version" minimum:"1" example:"1"`
	At      *time.Time `json:"at,omitempty" doc:"For publishing: from when on"`
}

// ArticleEdition is a version of an article's text.
type ArticleEdition struct {
	Number   int64     `json:"number"`
	Title    string    `json:"title"`
	Markdown string    `json:"markdown,omitempty" doc:"Not in lists"`
	SavedAt  time.Time `json:"saved_at"`
	By       string    `json:"by"`
	Live     bool      `json:"live" doc:"Readers see it"`
	Latest   bool      `json:"latest"`
}

// ArticleEditions are the versions of an article, the latest first.
type ArticleEditions struct {
	Versions []ArticleEdition `json:"versions"`
}

// ArticleDifference is what changed between two versions of an article.
type ArticleDifference struct {
	From        int64            `json:"from" doc:"Number of the earlier version; 0: there is none"`
	To          int64            `json:"to"`
	TitleBefore string           `json:"title_before"`
	TitleAfter  string           `json:"title_after"`
	Added       int              `json:"added" doc:"Lines"`
	Gone        int              `json:"gone"`
	Lines       []DifferenceLine `json:"lines" doc:"Those that changed, and three around each"`
}

// DifferenceLine is a line of a difference.
type DifferenceLine struct {
	Kind    string `json:"kind" doc:"same, gone or added"`
	Before  int    `json:"before,omitempty" doc:"Its number in the earlier text"`
	After   int    `json:"after,omitempty" doc:"Its number in the later text"`
	Text    string `json:"text"`
	Skipped int    `json:"skipped,omitempty" doc:"Unchanged lines that are left out before it"`
}

// ArticleHits are what a search found.
type ArticleHits struct {
	Hits []ArticleHit `json:"hits"`
	More bool         `json:"more" doc:"There are others: say it more exactly"`
}

// ArticleHit is an article that a search found.
type ArticleHit struct {
	ArticleRow
	Path    []Named    `json:"path"`
	Excerpt []TextPart `json:"excerpt"`
}

// TextPart is a part of a text.
type TextPart struct {
	Text  string `json:"text"`
	Found bool   `json:"found,omitempty" doc:"It is what was looked for"`
}

// Helped says whether an article helped.
type Helped struct {
	Helped bool `json:"helped"`
}

// ArticleVerdicts are the articles that were judged, those first that helped least.
type ArticleVerdicts struct {
	Articles []ArticleVerdict `json:"articles"`
}

// ArticleVerdict is what readers said of an article.
type ArticleVerdict struct {
	ArticleRow
	Yes int `json:"yes"`
	No  int `json:"no"`
}

// Misses are searches that found nothing, the most frequent first.
type Misses struct {
	Searches []Miss `json:"searches"`
}

// Miss is one of them.
type Miss struct {
	Words  string    `json:"words"`
	Times  int       `json:"times"`
	LastAt time.Time `json:"last_at"`
}

// ArchiveImported is what came of an archive.
type ArchiveImported struct {
	Articles   int              `json:"articles"`
	Published  int              `json:"published"`
	Categories int              `json:"categories" doc:"That were made"`
	Files      int              `json:"files"`
	Unused     int              `json:"unused" doc:"Files that no article mentions"`
	Problems   []ArchiveProblem `json:"problems"`
}

// ArchiveProblem is what was left out or changed, and why.
type ArchiveProblem struct {
	File string `json:"file"`
	Text string `json:"text"`
}
