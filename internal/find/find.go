// Package find is the search box's structure in memory: the overviews of one
// organization, found by prefixes of words, best first, within the places that
// the asker may reach.
//
// It knows no database, no keys and no rights: the caller opens overviews, gives
// each entry a number for the set of people who reach it (its place), and says
// per query which places are allowed. It never matches parts inside a word,
// never corrects typing errors and never keeps anything on disk.
package find

// Entry is what can be found and what a result shows.
type Entry struct {
	ID         string // unique in the index
	Kind       uint8  // the caller's number for credential, client, document ...
	Place      uint32 // the caller's number for who reaches it
	Client     string // identifiers for links, not searched
	Folder     string
	Title      string
	Username   string
	Host       string
	ClientName string
	Type       string
	Tags       []string
}

// Hit is one result. A higher score is a better match.
type Hit struct {
	Entry
	Score int
}

// Stats says how large an index is. Bytes counts everything that stays
// allocated between calls, texts included.
type Stats struct {
	Entries  int
	Places   int
	Words    int
	Segments int
	Bytes    int
}
