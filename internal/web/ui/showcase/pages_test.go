package showcase

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"bailiwick/test/browser/chrome"
)

// Every page, in both themes, wide and on a phone: axe-core finds nothing, the
// page breaks no rule of the content security policy, and nothing sticks out.
func TestPagesAreAccessible(t *testing.T) {
	p := open(t, "/client")
	for _, width := range []int64{1280, 360} {
		p.Size(width, map[int64]int64{1280: 800, 360: 780}[width])
		for _, theme := range []string{"light", "dark"} {
			for _, name := range slices.Sorted(maps.Keys(Pages(theme))) {
				t.Run(fmt.Sprintf("%s-%s-%d", name, theme, width), func(t *testing.T) {
					p := p.For(t)
					p.Go("/" + name + "?theme=" + theme).Still()
					faults := append(p.Faults(), p.Accessible(chrome.Every)...)
					if wide := p.TooWide(); wide != "" {
						faults = append(faults, wide)
					}
					for _, f := range faults {
						t.Error(f)
					}
					p.Picture(fmt.Sprintf("%s-%s-%d", name, theme, width))
				})
			}
		}
	}
}
