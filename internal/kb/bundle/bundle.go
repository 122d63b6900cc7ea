// Package bundle reads a ZIP archive of Markdown or HTML files into articles of a
// knowledge base, with categories by folders, the pictures and files that they
// mention, and the links among them; and it writes articles into such an
// archive, which it reads back as the same.
//
// It bounds what it reads whatever an archive claims of itself. It judges neither
// what a picture is nor who may read what, and stores nothing.
package bundle

import (
	"time"

	"bailiwick/internal/kb/page"
)

// Limits of one archive.
const (
	MaxBytes    = 100_000_000 // of the archive itself
	MaxEntries  = 10_000
	MaxFile     = 25_000_000 // of one file in it, unpacked
	MaxUnpacked = 500_000_000
	maxTexts    = 100_000_000 // of all articles
	maxSource   = 4 * page.MaxBytes
	maxName     = 500 // of a path, in bytes
	maxDepth    = 10  // of categories, more than a knowledge base has
	maxTitle    = 200
	maxCategory = 100
	maxTags     = 20
	maxTag      = 50
)

// State is what an archive says of an article.
type State string

// The states; Unsaid is that of a file that says nothing of it.
const (
	Unsaid    State = ""
	Draft     State = "draft"
	Published State = "published"
	Scheduled State = "scheduled" // at the time of Published
)

// Article is one article. In what Read gives, links to other articles of the
// archive are their slugs, and links to files are files/, the file's number in
// Bundle.Files, and its name.
type Article struct {
	Source    string   // path in the archive
	Category  []string // from the root; none is the root
	Title     string
	Slug      string // unique in the archive
	Tags      []string
	State     State
	Published time.Time // zero if not said
	Markdown  string
	Files     []string // addresses of its files, whether the text mentions them or not
}

// Problem is something that was left out or changed, and why.
type Problem struct {
	File string // path in the archive
	Text string // a whole sentence
}

// Bundle is what an archive holds.
type Bundle struct {
	Articles []Article
	Root     string // the folder in which all of it lies, as a category would be called; "": none
	Files    []File // what articles mention or have, and only that
	Problems []Problem
	Unused   int // files that no article mentions or has
}
