package change

// pair says that element a of the one and b of the other are the same.
type pair struct{ a, b int }

// How many edits are searched for: what is further apart has changed as a whole.
// Memory grows with the square: a thousand are 8 MB.
const (
	mostLines = 1000
	mostWords = 120
)

// common finds what two sequences have in common, in order: Myers, "An O(ND)
// difference algorithm and its variations" (1986), after what is equal at both
// ends.
func common(a, b []string, most int) []pair {
	var pairs []pair
	start := 0
	for start < len(a) && start < len(b) && a[start] == b[start] {
		pairs = append(pairs, pair{start, start})
		start++
	}
	end := 0
	for end < len(a)-start && end < len(b)-start && a[len(a)-1-end] == b[len(b)-1-end] {
		end++
	}
	for _, m := range shortest(a[start:len(a)-end], b[start:len(b)-end], most) {
		pairs = append(pairs, pair{m.a + start, m.b + start})
	}
	for i := end; i > 0; i-- {
		pairs = append(pairs, pair{len(a) - i, len(b) - i})
	}
	return pairs
}

// shortest searches the shortest way from a to b; none within most edits gives
// nothing in common.
func shortest(a, b []string, most int) []pair {
	if len(a) == 0 || len(b) == 0 {
		return nil
	}
	most = min(most, len(a)+len(b))
	reach := make([]int, 2*most+3) // furthest place in a; diagonal k is at k+most+1
	var trace [][]int              // reach after each number of edits, from diagonal -d to d
	for d := 0; d <= most; d++ {
		row := make([]int, 2*d+1)
		done := false
		for k := -d; k <= d; k += 2 {
			i := k + most + 1
			x := reach[i-1] + 1
			if k == -d || k != d && reach[i-1] < reach[i+1] {
				x = reach[i+1]
			}
			for x < len(a) && x-k < len(b) && x-k >= 0 && a[x] == b[x-k] {
				x++
			}
			reach[i] = x
			row[k+d] = x
			if x >= len(a) && x-k >= len(b) {
				done = true
				break
			}
		}
		trace = append(trace, row)
		if done {
			return back(trace, len(a), len(b))
		}
	}
	return nil
}

// back walks the trace from the end and gathers the diagonals.
func back(trace [][]int, x, y int) []pair {
	var pairs []pair
	for d := len(trace) - 1; d > 0; d-- {
		k := x - y
		at := func(k int) int {
			if k < -(d-1) || k > d-1 {
				return -1
			}
			return trace[d-1][k+d-1]
		}
		from := k - 1
		if k == -d || k != d && at(k-1) < at(k+1) {
			from = k + 1
		}
		px := at(from)
		py := px - from
		for x > px && y > py {
			x, y = x-1, y-1
			pairs = append(pairs, pair{x, y})
		}
		x, y = px, py
	}
	for x > 0 && y > 0 {
		x, y = x-1, y-1
		pairs = append(pairs, pair{x, y})
	}
	for i, j := 0, len(pairs)-1; i < j; i, j = i+1, j-1 {
		pairs[i], pairs[j] = pairs[j], pairs[i]
	}
	return pairs
}
