// Package sheet reads tables, mostly of credentials, that other programs and
// spreadsheets wrote as CSV: it finds out the encoding, the separator and the
// layout, and gives one record a row together with everything that is wrong
// with it.
//
// It writes nothing, stores nothing and decides nothing about duplicates or
// rights. A problem's text never repeats a cell's value, because the cell may be
// a password in the wrong column.
package sheet

import "time"

// Limits of a file. Characters are Unicode code points.
const (
	MaxBytes    = 1 << 30
	MaxRows     = 500_000
	MaxColumns  = 500
	MaxCell     = 512 << 10 // bytes of UTF-8
	MaxRow      = 4 << 20   // bytes of UTF-8
	MaxTitle    = 300
	MaxUsername = 500
	MaxPassword = 10_000
	MaxNotes    = 100_000
	MaxURL      = 2_000
	MaxURLs     = 50
	MaxTOTP     = 2_000
	MaxName     = 300 // client, one folder, type, tag, name of a custom field
	MaxTags     = 100
	MaxField    = 10_000
	MaxDepth    = 10 // folders in folders
)

// Target says where the cells of a column go. Its text form (in JSON too) is a
// word such as "title", "custom" or "ignore".
type Target uint8

const (
	Ignore Target = iota
	ToTitle
	ToUsername
	ToPassword
	ToURL
	ToNotes
	ToTOTP
	ToFolder
	ToClient
	ToType
	ToTags
	ToExpires
	ToCustom    // a custom field of its own
	ToFieldList // Bitwarden's "fields": lines of "name: value"
	ToKindList  // our own: lines of "name (kind): value"
	ToPairs     // Keeper's custom fields: from here on a name and a value take turns

	// Of tables of clients, which have Ignore, ToNotes and ToTags besides.
	ToName
	ToShortCode
	ToPhone
	ToAddress
	ToWebsite
	ToRotation
	ToTypes // the credential types that are offered in it
	ToEnabled
)

// Column is one column of the file and where it goes.
type Column struct {
	Index   int    `json:"index"` // from 0
	Heading string `json:"heading"`
	Label   string `json:"label"` // the heading, or "column C" where there is none
	To      Target `json:"to"`
	Name    string `json:"name,omitempty"`   // of the custom field
	Hidden  bool   `json:"hidden,omitempty"` // the custom field is a secret
	Known   bool   `json:"known"`            // false: a guess found nothing better than a custom field
}

// Mapping says where all columns go. The zero DateOrder refuses dates such as
// 03/04/2026 that can be read in two ways.
type Mapping struct {
	Layout    Layout    `json:"layout"`
	Columns   []Column  `json:"columns"`
	DateOrder DateOrder `json:"dateOrder,omitempty"`
	Remarks   []string  `json:"remarks,omitempty"` // sentences for the person: what was recognised, what is not taken over
}

// Layout names the program whose export the headings look like.
type Layout string

const (
	Bitwarden   Layout = "Bitwarden"
	KeePassXC   Layout = "KeePassXC"
	Chrome      Layout = "Chrome or Edge"
	Firefox     Layout = "Firefox"
	LastPass    Layout = "LastPass"
	OnePassword Layout = "1Password"
	ITGlue      Layout = "IT Glue"
	Hudu        Layout = "Hudu"
	Keeper      Layout = "Keeper"
	Own         Layout = "Bailiwick"
	Free        Layout = "spreadsheet"
)

// Layouts are all of them.
var Layouts = []Layout{Free, Own, Bitwarden, OnePassword, KeePassXC, LastPass, Chrome, Firefox, ITGlue, Hudu, Keeper}

// DateOrder settles dates written with slashes or dashes in two readings.
type DateOrder string

const (
	DayFirst   DateOrder = "day first"
	MonthFirst DateOrder = "month first"
)

// Problem is one thing that is wrong, in a sentence that says what and what to
// do. Row is the row number that the spreadsheet shows: the headings are usually row
// 1, empty rows count, a cell of several lines is one row, Excel's "sep=" line
// is none. Row 0 means the whole file.
type Problem struct {
	Row    int    `json:"row"`
	Entry  string `json:"entry,omitempty"`  // folder and title, in files that have no rows
	Column string `json:"column,omitempty"` // the column's label; empty: the whole row
	Text   string `json:"text"`
	Fatal  bool   `json:"fatal"` // the row (row 0: the file) cannot be imported as it is
	Ends   bool   `json:"ends"`  // reading stopped here; later rows were not looked at
}

// Error makes a problem usable as an error.
func (p Problem) Error() string { return p.Text }

// Field is a custom field.
type Field struct {
	Name   string
	Value  string
	Hidden bool
	Date   bool // Value is YYYY-MM-DD
}

// Record is one credential as the file has it. Folder is a path as JoinFolders
// writes it.
// Expires is midnight UTC of the day.
type Record struct {
	Row      int
	Title    string
	Username string
	Password string
	Notes    string
	TOTP     string // otpauth://totp URI, steam:// URI or a Base32 secret
	Client   string
	Folder   string
	Type     string
	URLs     []string
	Tags     []string
	Fields   []Field
	Expires  *time.Time
}
