package demo

import "bailiwick/internal/vault"

// flagged are notes of flags by hand, each on a credential of its own.
var flagged = []string{
	"It stood on the whiteboard in the meeting room.",
	"The reseller asked for it on the telephone.",
	"Sent by mail in the clear; change it after the migration.",
}

// flags flags some passwords by hand, and lets the rotation job look for what
// has passed. What is reused is found when somebody opens the vault.
func (f *filler) flags() error {
	for i, note := range flagged {
		it := f.items[17+113*i]
		c, err := f.Vault.Get(f.ctx, f.admin, it.id)
		if err != nil {
			return err
		}
		if c.Archived || c.Has(vault.Manual) {
			continue
		}
		if err := f.Vault.Flag(f.ctx, f.admin, it.id, note); err != nil {
			return err
		}
	}
	return f.Vault.Rotate(f.ctx)
}
