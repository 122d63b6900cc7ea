package browser

import (
	"testing"

	"bailiwick/test/browser/chrome"
)

// The picture of the documentation: a client with a credential's panel open.
// It is written as picture.png when BAILIWICK_PICTURES names a folder.
func TestPicture(t *testing.T) {
	t.Parallel()
	p := enter(t, "Bruno")
	p.Go("/clients").Follow("Harborlight Insurance").Type("Filter credentials", "admin").Until(`!page.sees("Alarm code")`)
	p.Press("FW-01 FortiGate 60F").In("#panel").Sees("edge").Press("Reveal Password").Sees("Hides in")
	chrome.Ask[bool](p, `(scrollTo(0, 0), document.activeElement.blur(), true)`)
	p.MoveAway().Still()
	if chrome.Ask[int](p, `document.querySelectorAll(".row").length`) < 5 {
		t.Error("the picture would be of an empty list")
	}
	p.Picture("picture")
}
