package gate

// Lost compares what users reached when the transaction began with what they
// reach as the transaction has left it, once access was changed in it: it
// reports whether a user has lost what lies in a client's folder ("" is the
// root). The model made for that is not kept: nothing is committed yet.
func (t *Tx) Lost() (func(user, client, folder string) bool, error) {
	after, err := load(t)
	if err != nil {
		return nil, err
	}
	sees := func(m *Model, user, client, folder string) bool {
		s := spot{client: m.clients[client]}
		if folder != "" {
			if s.folder = m.folders[folder]; s.folder == nil {
				return false
			}
		}
		return m.users[user] != nil && m.sees(m.users[user], Actor{kind: User, user: user}, s, t.now)
	}
	return func(user, client, folder string) bool {
		return sees(t.model, user, client, folder) && !sees(after, user, client, folder)
	}, nil
}
