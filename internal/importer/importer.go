// Package importer adds credentials from a file, CSV or what another program
// keeps: upload, choices, preview, a job in the background, and undo.
//
// It keeps no row of a file in the clear, shows no secret of one, and imports
// nothing in part: one transaction puts everything in place, or nothing. It
// works only while the session of whoever started it is open, it never writes
// to a personal vault, and API tokens can't use it.
package importer

import (
	"context"
	"sync"
	"time"

	"bailiwick/internal/client"
	"bailiwick/internal/gate"
	"bailiwick/internal/perm"
	"bailiwick/internal/sheet"
)

const (
	// MaxBytes is how large a file may be.
	MaxBytes = 200_000_000
	// UndoFor is how long an import can be undone.
	UndoFor = 7 * 24 * time.Hour
	// DraftFor is how long an uploaded file waits to be imported.
	DraftFor = 24 * time.Hour

	lease   = 10 * time.Second // a runner that was silent for so long is gone
	beat    = 2 * time.Second
	running = 2 // jobs at a time on one node; others wait
)

// Store is what the front doors call.
type Store struct {
	gate    *gate.Gate
	clients *client.Store
	slots   chan struct{}
	heavy   chan struct{} // files that are unpacked or unlocked
	ctx     context.Context
	stop    context.CancelFunc
	jobs    sync.WaitGroup
	looks   sync.WaitGroup
	later   func(time.Duration) (<-chan time.Time, func() bool)
	staged  func() // tests look in after each batch
	most    int64
}

// New makes the store. Close ends its jobs.
func New(g *gate.Gate, c *client.Store) *Store {
	ctx, stop := context.WithCancel(context.Background())
	return &Store{gate: g, clients: c, slots: make(chan struct{}, running), heavy: make(chan struct{}, 1), ctx: ctx, stop: stop, later: timer, staged: func() {}, most: MaxBytes}
}

// Close stops the running jobs, which then wait until their starters come
// back, and returns when they have stopped.
func (s *Store) Close() {
	s.stop()
	s.looks.Wait()
	s.jobs.Wait()
}

// Operations. Each row also needs Password: Add at its place, or Password:
// Edit where it updates a credential, decided when everything is put in place.
var (
	OpUpload  = gate.Define(gate.Op{Name: "import.upload", Sentence: "Upload a file of credentials to be imported", Scope: gate.Whole, Needs: perm.ImportData, Write: true, Audit: true, Keys: true})
	OpChoose  = gate.Define(gate.Op{Name: "import.choose", Sentence: "Choose what becomes of one's own uploaded file", Scope: gate.Whole, Needs: perm.ImportData, Write: true, Keys: true})
	OpUnlock  = gate.Define(gate.Op{Name: "import.unlock", Sentence: "Open one's own uploaded KeePass database with its passphrase", Scope: gate.Whole, Needs: perm.ImportData, Write: true, Audit: true, Keys: true})
	OpPreview = gate.Define(gate.Op{Name: "import.preview", Sentence: "See what one's own import would do", Scope: gate.Whole, Needs: perm.ImportData, Keys: true})
	// OpRun starts an import, and puts its rows in place at its end: then the
	// decision is made for every place, and the event is named import.done.
	OpRun = gate.Define(gate.Op{Name: "import.run", Sentence: "Start an import, and put its rows in place (Password: Add or Password: Edit at each place, Folder: Add/Edit and Client: Add where those are made)", Scope: gate.Whole, Needs: perm.ImportData, Write: true, Audit: true, Once: true, Keys: true})
	// OpContinue is every step in between: parts of the file, sealed rows.
	OpContinue = gate.Define(gate.Op{Name: "import.continue", Sentence: "Go on with one's own upload or import, and set its sealed parts and rows aside", Scope: gate.Whole, Needs: perm.ImportData, Write: true, Keys: true})
	OpView     = gate.Define(gate.Op{Name: "import.view", Sentence: "See one's own imports; counts of all with Organization: Admin", Scope: gate.Whole, Needs: perm.ImportData, View: true})
	OpCancel   = gate.Define(gate.Op{Name: "import.cancel", Sentence: "Cancel an import (another's with Organization: Admin)", Scope: gate.Whole, Needs: perm.ImportData, Write: true, Audit: true})
	OpUndo     = gate.Define(gate.Op{Name: "import.undo", Sentence: "Undo an import within 7 days (another's with Organization: Admin)", Scope: gate.Whole, Needs: perm.ImportData, Write: true, Audit: true, Once: true, Keys: true})
	opEnd      = gate.Define(gate.Op{Name: "import.end", Sentence: "Note that an import stopped, and delete what it left: also when its starter may do nothing any more", Scope: gate.Anyone, Write: true})
	opOld      = gate.Define(gate.Op{Name: "import.old", Sentence: "Find what imports left too long", Scope: gate.Anyone})
	opSweep    = gate.Define(gate.Op{Name: "import.sweep", Sentence: "Delete what imports left too long", Scope: gate.Anyone, Write: true})
)

// Duplicates is what becomes of a row whose client, title and username are
// those of a credential that is there, or of an earlier row. A row that is the
// same as an earlier one of the file throughout is left out, except with Add;
// one that differs is added. Either is told.
type Duplicates string

const (
	// Skip leaves a row out whose credential is there, and lists it among what
	// was left out.
	Skip Duplicates = "skip"
	// Update changes the credential that is there: what the row has replaces,
	// what it leaves empty stays.
	Update Duplicates = "update"
	// Add adds them beside.
	Add Duplicates = "add"
)

// Destination is where rows go.
type Destination struct {
	Client     string `json:"client,omitempty"`     // id; with ByColumn only for rows that name none
	Folder     string `json:"folder,omitempty"`     // id; "" is the root; rows' own folders lie in it
	ByColumn   bool   `json:"byColumn,omitempty"`   // rows name their client
	AddClients bool   `json:"addClients,omitempty"` // clients that are not there are added
}

// Choices is what the person decides on.
type Choices struct {
	Of         Of            `json:"of,omitempty"`        // chosen at the upload
	Format     string        `json:"format,omitempty"`    // id of one of Formats; "": found out
	Encoding   string        `json:"encoding,omitempty"`  // one of sheet.Encodings; "": found out
	Separator  string        `json:"separator,omitempty"` // one character; "": found out
	First      sheet.First   `json:"first,omitempty"`     // "": found out
	Mapping    sheet.Mapping `json:"mapping"`             // without columns: guessed
	To         Destination   `json:"to"`
	Duplicates Duplicates    `json:"duplicates"`
	OnlyGood   bool          `json:"onlyGood,omitempty"` // rows that can't be imported are left out
}

// Counts is what an import did, or would do.
type Counts struct {
	Rows      int `json:"rows"`
	Added     int `json:"added"`
	Updated   int `json:"updated"`
	Unchanged int `json:"unchanged"` // updates that would change nothing
	Skipped   int `json:"skipped"`   // duplicates
	LeftOut   int `json:"leftOut"`   // rows with a fatal problem
	Folders   int `json:"folders"`   // made
	Clients   int `json:"clients"`   // made
	Archived  int `json:"archived"`  // by undoing
	Restored  int `json:"restored"`  // by undoing
	Kept      int `json:"kept"`      // changed since, so that undoing left them
}
