package demo

import "fmt"

// dice is a small seeded generator (SplitMix64, Steele, Lea, Flood 2014): the
// demo must be the same every time, and none of it is a secret.
type dice struct{ state uint64 }

func (d *dice) next() uint64 {
	d.state += 0x9e3779b97f4a7c15
	z := d.state
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb
	return z ^ (z >> 31)
}

// below gives a number from 0 to n-1.
func (d *dice) below(n int) int { return int(d.next() % uint64(n)) }

func pick[T any](d *dice, from []T) T { return from[d.below(len(from))] }

const letters = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
const marks = "!#$%&*+-=?@_"

// password looks like what a generator or a person would have made.
func (d *dice) password() string {
	if d.below(5) == 0 {
		return fmt.Sprintf("%s-%s-%s-%d", pick(d, plain), pick(d, plain), pick(d, plain), 10+d.below(90))
	}
	n := 14 + d.below(10)
	b := make([]byte, n)
	for i := range b {
		b[i] = letters[d.below(len(letters))]
	}
	for range 2 {
		b[d.below(n)] = marks[d.below(len(marks))]
	}
	return string(b)
}

func (d *dice) serial() string {
	const upper = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"
	b := make([]byte, 10)
	for i := range b {
		b[i] = upper[d.below(len(upper))]
	}
	return string(b)
}

// seed is a TOTP secret in base32.
func (d *dice) seed() string {
	const base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
	b := make([]byte, 32)
	for i := range b {
		b[i] = base32[d.below(len(base32))]
	}
	return string(b)
}

var plain = []string{"harbor", "walnut", "copper", "meadow", "lantern", "granite", "orchid", "velvet", "timber", "saffron", "glacier", "marble", "juniper", "anchor", "pepper", "willow", "canyon", "ember"}
