package web

// pairItem is a thing that is in, or is not. A fixed one stays as it is. Was is
// what is saved, on forms that send what was moved and not the whole.
type pairItem struct {
	ID, Label, Sub string
	In, Was, Fixed bool
}

// longPair is a pair of lists of which a page shows a part: of each list what
// the words fit, and always what was moved. What is not shown stays as it is.
type longPair struct {
	title, name, in string
	path            string // where the script asks for other parts
	words           string
	items           []pairItem
}

func (p longPair) long() bool { return len(p.items) > 2*mostShown }

// list is what is shown of one list, how many it has, and how many of those
// that the words fit are not shown.
func (p longPair) list(in bool) (shown []pairItem, total, rest int) {
	words, most := typedWords(p.words), len(p.items)
	if p.long() {
		most = mostShown
	}
	for _, i := range p.items {
		if i.In != in {
			continue
		}
		total++
		switch {
		case i.In != i.Was:
			shown = append(shown, i)
		case p.long() && !hasWords(i.Label+" "+i.Sub, words):
		case most == 0:
			rest++
		default:
			most--
			shown = append(shown, i)
		}
	}
	return shown, total, rest
}

// moved reads such a pair: the boxes that are checked, and those that were
// checked when the form was made and are not any more.
func (v *visit) moved(name string) (put, taken []string) {
	put = v.r.PostForm[name]
	in := setOfAll(put)
	for _, id := range v.r.PostForm[name+"-in"] {
		if !in[id] {
			taken = append(taken, id)
		}
	}
	return put, taken
}

func setOfAll(ids []string) map[string]bool {
	set := map[string]bool{}
	for _, id := range ids {
		set[id] = true
	}
	return set
}
