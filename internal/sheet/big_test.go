package sheet

import (
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
)

// rows is a file of n rows that is made while it is read, with cells of several
// lines, so that the file itself takes no memory.
type rows struct {
	n, at int
	rest  string
}

const bigHeadings = "folder,favorite,type,name,notes,fields,reprompt,login_uri,login_username,login_password,login_totp\n"

func bigRow(i int) string {
	return fmt.Sprintf("Client %04d/Servers,,login,Server %06d,\"Rack %d\nshelf, \"\"left\"\"\",Asset: C-%06d,0,https://srv-%d.contoso.example,admin,\"p-%x,;\",JBSWY3DPEHPK3PXP\n", i%500, i, i%40, i, i, i*7919)
}

func (r *rows) Read(b []byte) (n int, err error) {
	for n < len(b) {
		if r.rest == "" {
			if r.at > r.n {
				break
			}
			r.rest = bigHeadings
			if r.at > 0 {
				r.rest = bigRow(r.at)
			}
			r.at++
		}
		c := copy(b[n:], r.rest)
		r.rest = r.rest[c:]
		n += c
	}
	if n == 0 {
		return 0, io.EOF
	}
	return n, nil
}

// Seek knows the start, and a size for the end.
func (r *rows) Seek(_ int64, whence int) (int64, error) {
	r.at, r.rest = 0, ""
	if whence == io.SeekEnd {
		return int64(r.n) * 180, nil
	}
	return 0, nil
}

func TestMemoryStaysFlat(t *testing.T) {
	const n = 100_000
	s, err := Open(&rows{n: n})
	if err != nil {
		t.Fatal(err)
	}
	live := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	start, most, count := live(), uint64(0), 0
	for r, ps := range s.Rows(s.Guess()) {
		count++
		if len(ps) > 0 || r.Row != count+1 || !strings.HasSuffix(bigRow(count), r.TOTP+"\n") || r.Title != fmt.Sprintf("Server %06d", count) {
			t.Fatalf("row %d: %d %v", count, r.Row, ps)
		}
		if count%10_000 == 0 {
			most = max(most, live())
		}
	}
	if count != n {
		t.Fatalf("%d rows", count)
	}
	if most > start+1<<20 {
		t.Errorf("%d bytes more than at the start are alive while reading", most-start)
	}
}

func BenchmarkRows(b *testing.B) {
	var text strings.Builder
	if _, err := io.Copy(&text, &rows{n: 100_000}); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(text.Len()))
	b.ReportAllocs()
	for b.Loop() {
		s, err := Open(strings.NewReader(text.String()))
		if err != nil {
			b.Fatal(err)
		}
		for range s.Rows(s.Guess()) {
		}
	}
	b.ReportMetric(float64(100_000*b.N)/b.Elapsed().Seconds(), "rows/s")
}
