package web

import (
	"slices"
	"strings"

	"bailiwick/internal/seal"
)

// quiz names two groups and two words of a key that its keeper has to type
// from the printout before the key counts. Places count from 0.
type quiz struct{ groups, words [2]int }

func newQuiz() quiz {
	b := seal.Random(4)
	return quiz{twoOf(5, b[0], b[1]), twoOf(12, b[2], b[3])}
}

// twoOf gives two different places below n, in order.
func twoOf(n int, a, b byte) [2]int {
	p := []int{int(a) % n, int(b) % (n - 1)}
	if p[1] >= p[0] {
		p[1]++
	}
	slices.Sort(p)
	return [2]int(p)
}

// sheet is a key as it is shown, printed and asked for again.
type sheet struct {
	Label, Use string   // "Organization Key", and what it is for
	Org        string   // whose it is, for the printout
	Day        string   // when it was made
	Groups     []string // always there
	Words      []string // empty where there is no such form
	AsWords    bool     // chosen form
	Path       string   // of the page that shows it; ?confirm=1 asks for it
	Back       string
	Done       string // label of the button that makes it count
	Later      string // label of the button that leaves confirming for later; may be empty
	quiz       quiz
	Errors     [2]string
	Typed      [2]string
}

// shown is the form of the key that was chosen.
func (s sheet) shown() []string {
	if s.AsWords {
		return s.Words
	}
	return s.Groups
}

func (s sheet) asked() [2]int {
	if s.AsWords {
		return s.quiz.words
	}
	return s.quiz.groups
}

// unit is what one part of the key is called.
func (s sheet) unit() string {
	if s.AsWords {
		return "Word"
	}
	return "Group"
}

// form is the query that keeps the chosen form.
func (s sheet) form() string {
	if s.AsWords {
		return "form=words"
	}
	return "form=characters"
}

// read takes the chosen form from the request.
func (s sheet) read(v *visit) sheet {
	s.AsWords = len(s.Words) > 0 && v.text("form") == "words"
	return s
}

// confirmed checks the two typed parts. Letter case and the usual slips (O for
// 0, I or L for 1) don't matter; of words, four letters are enough.
func (s *sheet) confirmed(v *visit) bool {
	ok := true
	for i, at := range s.asked() {
		s.Typed[i] = v.text([2]string{"first", "second"}[i])
		if !samePart(s.Typed[i], s.shown()[at], s.AsWords) {
			s.Errors[i] = "This is not " + strings.ToLower(s.unit()) + " " + itoa(at+1) + " of the key. Look at the printout again."
			ok = false
		}
	}
	return ok
}

func samePart(typed, want string, word bool) bool {
	typed = strings.Join(strings.FieldsFunc(strings.ToUpper(typed), func(r rune) bool { return r == ' ' || r == '-' }), "")
	want = strings.ToUpper(want)
	if word {
		if len(typed) >= 4 && len(typed) < len(want) {
			want = want[:len(typed)]
		}
	} else {
		typed = strings.NewReplacer("O", "0", "I", "1", "L", "1").Replace(typed)
	}
	return seal.Equal([]byte(typed), []byte(want))
}
