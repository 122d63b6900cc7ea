package find

// Fields, worst first. A word's points are twice its field's number, plus one
// for a whole word; a hit's score is the sum over the words of the query.
const (
	inType = iota
	inTags
	inClient
	inHost
	inUsername
	inTitle
	startsTitle
)

func points(field uint32, whole bool) uint32 {
	p := field*2 + 1
	if whole {
		p++
	}
	return p
}

// ownWords calls f for the words of what differs from entry to entry.
func ownWords(s *splitter, e *Entry, f func(field uint32, word []byte)) {
	for i, w := range s.split(e.Title) {
		if i == 0 {
			f(startsTitle, w)
		} else {
			f(inTitle, w)
		}
	}
	for _, w := range s.split(e.Username) {
		f(inUsername, w)
	}
	for _, w := range s.split(e.Host) {
		f(inHost, w)
	}
}

// sharedWords calls f for the texts that many entries have in common.
func sharedWords(e *Entry, f func(field uint32, text string)) {
	f(inClient, e.ClientName)
	for _, t := range e.Tags {
		f(inTags, t)
	}
	f(inType, e.Type)
}
