package flow

import (
	"fmt"
	"sync"
	"testing"

	"bailiwick/internal/apptest"
	"bailiwick/internal/fault"
	"bailiwick/internal/perm"
	"bailiwick/internal/session"
)

// Whoever knows the password is let in, also when sixteen come at once and
// somebody else has used up all tries but one.
func TestRightAtOnce(t *testing.T) {
	both(t, func(s *scene) {
		s.Enrol("tim", perm.LevelTechnicianDefault)
		for range session.Tries - 1 {
			_, err := s.try("tim", "not the password")
			s.refused(err, fault.Unsigned)
		}
		var all sync.WaitGroup
		for i := range 16 {
			all.Go(func() {
				if _, err := s.try("tim", apptest.Password, func(in *session.SignIn) { in.IP = fmt.Sprintf("10.0.1.%d", i) }); err != nil {
					t.Errorf("%d: %v", i, err)
				}
			})
		}
		all.Wait()
		if n := s.count("SELECT failures FROM users WHERE email = 'tim@northwind.example'"); n != 0 {
			t.Errorf("%d failures are left", n)
		}
	})
}
