package vault

// Large is from how many credentials on the order of a place is remembered.
const Large = large

// Remembers reports whether the order of a client is in memory.
func (s *Store) Remembers(client string) bool {
	s.orders.mu.Lock()
	defer s.orders.mu.Unlock()
	for k := range s.orders.of {
		if k.client == client {
			return true
		}
	}
	return false
}
