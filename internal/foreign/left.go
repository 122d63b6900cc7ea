package foreign

import (
	"fmt"
)

// left counts what is not taken over.
type left struct{ attachments, trashed, histories, passkeys int }

func (l left) remarks(program string) (says []string) {
	for _, c := range []struct {
		n         int
		one, many string
	}{
		{l.attachments, "1 attachment is not imported.", "%d attachments are not imported."},
		{l.trashed, "1 entry in the bin is left out.", "%d entries in the bin are left out."},
		{l.histories, "1 earlier password is not taken over.", "%d earlier passwords or versions are not taken over."},
		{l.passkeys, "1 passkey is not taken over: it works in the program that made it only.", "%d passkeys are not taken over: they work in the program that made them only."},
	} {
		switch c.n {
		case 0:
		case 1:
			says = append(says, c.one)
		default:
			says = append(says, fmt.Sprintf(c.many, c.n))
		}
	}
	if l.attachments > 0 {
		says[0] += " Save what you need from " + program + " yourself."
	}
	return says
}
