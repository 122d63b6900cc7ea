package find

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// sample makes entries as an MSP has them; the same ones each time.
func sample(n, places int) []Entry {
	kinds := []string{"Server", "Router", "Firewall", "Switch", "Local administrator", "Microsoft 365", "Website", "VPN", "SQL server", "Wi-Fi"}
	names := []string{"Contoso", "Fabrikam", "Northwind", "Adatum", "Tailspin", "Wingtip", "Litware", "Proseware", "Zürich Käse", "Bäckerei Ångström"}
	users := []string{"admin", "administrator", "root", "svc-backup", "jane.doe", "helpdesk", "sa", "m.fischer"}
	x := uint64(1)
	pick := func(m int) int {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
		return int(x>>11) % m
	}
	entries := make([]Entry, n)
	for i := range entries {
		place := pick(places)
		kind, name := kinds[pick(len(kinds))], fmt.Sprint(names[place%len(names)], " ", place)
		entries[i] = Entry{
			ID: fmt.Sprintf("crd_%026x", i), Kind: 1, Place: uint32(place), Client: fmt.Sprintf("cli_%026x", place),
			Title:    fmt.Sprintf("%s %s %05d", kind, []string{"HQ", "branch", "backup", "spare", "main"}[pick(5)], pick(n)),
			Username: users[pick(len(users))], ClientName: name, Type: kind,
			Host: fmt.Sprintf("srv-%d.%s.example", pick(n), []string{"contoso", "fabrikam", "corp"}[pick(3)]),
		}
		if i%5 == 0 {
			entries[i].Tags = []string{"production"}
		}
	}
	return entries
}

func BenchmarkLoad(b *testing.B) {
	for _, n := range []int{10_000, 100_000, 1_000_000} {
		entries := sample(n, max(10, n/200))
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			var st Stats
			for b.Loop() {
				ix := New()
				ix.Load(slices.Values(entries))
				st = ix.Stats()
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*n), "us/entry")
			b.ReportMetric(float64(st.Bytes)/float64(n), "B/entry")
		})
	}
}

func BenchmarkPutOne(b *testing.B) {
	entries := sample(100_000, 500)
	ix := New()
	ix.Put(entries...)
	i := 0
	for b.Loop() {
		ix.Put(entries[i%len(entries)])
		i += 7919
	}
}

func BenchmarkSearch(b *testing.B) {
	queries := []string{"s", "a", "se", "sv", "ser", "con", "0", "00", "server", "srv-12", "admin", "server hq", "s a", "server administrator contoso", "fab vpn 01", "zzz"}
	for _, n := range []int{10_000, 100_000, 1_000_000} {
		ix := New()
		ix.Load(slices.Values(sample(n, max(10, n/200))))
		for _, who := range []struct {
			name    string
			allowed func(uint32) bool
		}{{"all", everywhere}, {"half", func(p uint32) bool { return p%2 == 0 }}, {"one", func(p uint32) bool { return p == 3 }}} {
			var took []time.Duration
			b.Run(fmt.Sprintf("%d/%s", n, who.name), func(b *testing.B) {
				took = took[:0]
				i := 0
				for b.Loop() {
					start := b.Elapsed()
					ix.Search(queries[i%len(queries)], who.allowed, 20)
					took = append(took, b.Elapsed()-start)
					i++
				}
				slices.Sort(took)
				b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-us")
				b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-us")
				b.ReportMetric(float64(took[len(took)-1].Microseconds()), "max-us")
			})
		}
	}
}

// BenchmarkSearchDuringBulk gives the longest searches while 100,000 entries
// are put again and again.
func BenchmarkSearchDuringBulk(b *testing.B) {
	entries := sample(100_000, 500)
	ix := New()
	ix.Put(entries...)
	stop, done := make(chan bool), make(chan bool)
	go func() {
		defer close(done)
		for {
			select {
			case <-stop:
				return
			default:
				ix.Put(entries...)
			}
		}
	}()
	var took []time.Duration
	for b.Loop() {
		start := b.Elapsed()
		ix.Search("srv-12 contoso", everywhere, 20)
		took = append(took, b.Elapsed()-start)
	}
	close(stop)
	<-done
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-us")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-us")
	b.ReportMetric(float64(took[len(took)*999/1000].Microseconds()), "p99.9-us")
	b.ReportMetric(float64(took[len(took)-1].Microseconds()), "max-us")
}
