package kb

// File is a picture or attachment of an article.
type File struct {
	ID, Name, Type string
	Picture        bool
	Size           int64
	AddedAt        int64
	AddedBy        string
}
