package sheet

import "strings"

var escapeName = strings.NewReplacer(`\`, `\\`, "/", `\/`)

// JoinFolders writes the names of folders as one path. A slash or backslash that
// belongs to a name has a backslash before it.
func JoinFolders(names []string) string {
	escaped := make([]string, len(names))
	for i, n := range names {
		escaped[i] = escapeName.Replace(n)
	}
	return strings.Join(escaped, "/")
}

// SplitFolders reads what JoinFolders wrote. A backslash before anything else
// separates, too: people write paths so by hand.
func SplitFolders(path string) (names []string) {
	var name strings.Builder
	end := func() {
		if n := strings.TrimSpace(name.String()); n != "" {
			names = append(names, n)
		}
		name.Reset()
	}
	for i := 0; i < len(path); i++ {
		switch {
		case path[i] == '\\' && i+1 < len(path) && (path[i+1] == '/' || path[i+1] == '\\'):
			i++
			name.WriteByte(path[i])
		case path[i] == '/' || path[i] == '\\':
			end()
		default:
			name.WriteByte(path[i])
		}
	}
	end()
	return names
}
