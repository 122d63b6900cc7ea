package ops

import (
	"bytes"
	"fmt"

	"bailiwick/internal/db"
)

// lines writes the Prometheus text format, version 0.0.4
// (https://prometheus.io/docs/instrumenting/exposition_formats/). The library
// counts; what is asked at a scrape is written here, each with its help.
type lines struct{ to *bytes.Buffer }

type label struct {
	value string
	n     float64
}

func (l lines) family(name, kind, help string) {
	fmt.Fprintf(l.to, "# HELP bailiwick_%s %s\n# TYPE bailiwick_%s %s\n", name, help, name, kind)
}

func (l lines) gauge(name, help string, n float64) {
	l.family(name, "gauge", help)
	fmt.Fprintf(l.to, "bailiwick_%s %v\n", name, n)
}

func (l lines) gauges(name, help, by string, all ...label) {
	l.family(name, "gauge", help)
	for _, one := range all {
		fmt.Fprintf(l.to, "bailiwick_%s{%s=%q} %v\n", name, by, one.value, one.n)
	}
}

func (l lines) counter(name, help string, n uint64) {
	l.family(name, "counter", help)
	fmt.Fprintf(l.to, "bailiwick_%s %d\n", name, n)
}

func (l lines) batches(name, help string, s db.Stats) {
	l.family(name, "histogram", help)
	n := uint64(0)
	for i, most := range db.BatchSizes {
		n += s.Batches[i]
		fmt.Fprintf(l.to, "bailiwick_%s_bucket{le=\"%d\"} %d\n", name, most, n)
	}
	fmt.Fprintf(l.to, "bailiwick_%s_bucket{le=\"+Inf\"} %d\nbailiwick_%s_sum %d\nbailiwick_%s_count %d\n", name, n, name, s.Batched, name, n)
}
