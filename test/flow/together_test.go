package flow

import (
	"sync"
	"testing"

	"bailiwick/internal/fault"
	"bailiwick/internal/vault"
)

// Writers share a transaction: one that fails in the middle takes nothing of
// the others with it, and leaves no gap in the audit log.
func TestWritersTogether(t *testing.T) {
	both(t, func(s *scene) {
		var all sync.WaitGroup
		for i := range 60 {
			all.Go(func() {
				var err error
				switch i % 3 {
				case 0: // at most one of them wins
					_, err = s.Vault.Edit(ctx, s.Admin, s.cred, 1, vault.Input{Overview: vault.Overview{Title: "changed"}, Secret: vault.Secret{Password: secret}})
					if fault.Is(err, fault.Conflict) {
						err = nil
					}
				case 1:
					_, err = s.Vault.Reveal(ctx, s.Admin, s.cred)
				case 2:
					if _, err = s.Vault.Reveal(ctx, s.Admin, "cred_of_nobody"); fault.Is(err, fault.Absent) {
						err = nil
					}
				}
				if err != nil {
					t.Errorf("%d: %v", i, err)
				}
			})
		}
		all.Wait()
		s.gapless()
	})
}
