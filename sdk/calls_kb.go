package sdk

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strconv"
)

func basePath(id, rest string) string    { return "/knowledge-bases/" + url.PathEscape(id) + rest }
func articlePath(id, rest string) string { return "/articles/" + url.PathEscape(id) + rest }
func categoryPath(id, rest string) string {
	return "/categories/" + url.PathEscape(id) + rest
}

// KnowledgeBases lists those that one may read.
func (c *API) KnowledgeBases(ctx context.Context) (out KnowledgeBases, err error) {
	err = c.call(ctx, freely, "GET", "/knowledge-bases", nil, nil, &out)
	return out, err
}

// KnowledgeBase shows one, by id or path, with its categories.
func (c *API) KnowledgeBase(ctx context.Context, id string) (out KnowledgeBaseFront, err error) {
	err = c.call(ctx, freely, "GET", basePath(id, ""), nil, nil, &out)
	return out, err
}

// AddKnowledgeBase adds one.
func (c *API) AddKnowledgeBase(ctx context.Context, in NewKnowledgeBase) (out Done, err error) {
	err = c.call(ctx, freely, "POST", "/knowledge-bases", nil, in, &out)
	return out, err
}

// RenameKnowledgeBase changes its name and path.
func (c *API) RenameKnowledgeBase(ctx context.Context, id string, in KnowledgeBaseName) (out Done, err error) {
	err = c.call(ctx, freely, "PUT", basePath(id, "/name"), nil, in, &out)
	return out, err
}

// SetKnowledgeBase changes its settings.
func (c *API) SetKnowledgeBase(ctx context.Context, id string, in KnowledgeBaseSettings) (out Done, err error) {
	err = c.call(ctx, freely, "PUT", basePath(id, "/settings"), nil, in, &out)
	return out, err
}

// WeighKnowledgeBase says what deleting it would delete.
func (c *API) WeighKnowledgeBase(ctx context.Context, id string) (out KnowledgeBaseWeight, err error) {
	err = c.call(ctx, freely, "GET", basePath(id, "/weight"), nil, nil, &out)
	return out, err
}

// DeleteKnowledgeBase deletes it for good; name is its name, typed.
func (c *API) DeleteKnowledgeBase(ctx context.Context, id, name string) error {
	return c.call(ctx, freely, "POST", basePath(id, "/delete"), nil, TypedName{name}, nil)
}

// DefaultRole is the role of members in knowledge bases.
func (c *API) DefaultRole(ctx context.Context) (out DefaultRole, err error) {
	err = c.call(ctx, freely, "GET", "/settings/knowledge-bases", nil, nil, &out)
	return out, err
}

// SetDefaultRole changes it, for everybody without a role of his own at once.
func (c *API) SetDefaultRole(ctx context.Context, role string) error {
	return c.call(ctx, freely, "PUT", "/settings/knowledge-bases", nil, DefaultRole{role}, nil)
}

// ServiceRoles lists who has which role in a knowledge base.
func (c *API) ServiceRoles(ctx context.Context, id string) (out ServiceRoles, err error) {
	err = c.call(ctx, freely, "GET", basePath(id, "/people"), nil, nil, &out)
	return out, err
}

// SetServiceRole gives or takes a user's role: default, none, reader, editor or admin.
func (c *API) SetServiceRole(ctx context.Context, id, user, role string) error {
	return c.call(ctx, freely, "PUT", basePath(id, "/people/"+url.PathEscape(user)), nil, NewServiceRole{role}, nil)
}

// ShareKnowledgeBase gives people a role by their addresses; who is no user yet
// becomes a guest.
func (c *API) ShareKnowledgeBase(ctx context.Context, id string, in ShareKnowledgeBase) (out SharedKnowledgeBase, err error) {
	err = c.call(ctx, freely, "POST", basePath(id, "/people"), nil, in, &out)
	return out, err
}

// CategoryGroups lists the security groups that a category can be limited to.
func (c *API) CategoryGroups(ctx context.Context, id string) (out NamedList, err error) {
	err = c.call(ctx, freely, "GET", basePath(id, "/groups"), nil, nil, &out)
	return out, err
}

// AddCategory adds a category.
func (c *API) AddCategory(ctx context.Context, id string, in CategoryChange) (out Done, err error) {
	err = c.call(ctx, freely, "POST", basePath(id, "/categories"), nil, in, &out)
	return out, err
}

// EditCategory changes one.
func (c *API) EditCategory(ctx context.Context, id string, in CategoryChange) (out Done, err error) {
	err = c.call(ctx, freely, "PUT", categoryPath(id, ""), nil, in, &out)
	return out, err
}

// MoveCategory puts one elsewhere in the tree.
func (c *API) MoveCategory(ctx context.Context, id string, in CategoryMove) error {
	return c.call(ctx, freely, "POST", categoryPath(id, "/move"), nil, in, nil)
}

// DeleteCategory deletes one; its articles go to another.
func (c *API) DeleteCategory(ctx context.Context, id string, in CategoryDelete) error {
	return c.call(ctx, freely, "POST", categoryPath(id, "/delete"), nil, in, nil)
}

// ArticleFilter narrows a list of articles.
type ArticleFilter struct {
	Page
	Category, Tag, State, Text string
}

// Articles gives a page of the articles of a knowledge base that one reads.
func (c *API) Articles(ctx context.Context, id string, f ArticleFilter) (out ArticleRows, err error) {
	q := f.into(url.Values{})
	set(q, "category", f.Category)
	set(q, "tag", f.Tag)
	set(q, "state", f.State)
	set(q, "text", f.Text)
	err = c.call(ctx, freely, "GET", basePath(id, "/articles"), q, nil, &out)
	return out, err
}

// SearchArticles looks in the articles that one reads.
func (c *API) SearchArticles(ctx context.Context, id, text string) (out ArticleHits, err error) {
	err = c.call(ctx, freely, "GET", basePath(id, "/search"), url.Values{"text": {text}}, nil, &out)
	return out, err
}

// Article gives an article as its readers see it, or with draft as its editors do.
func (c *API) Article(ctx context.Context, id string, draft bool) (out Article, err error) {
	rest := ""
	if draft {
		rest = "/draft"
	}
	err = c.call(ctx, freely, "GET", articlePath(id, rest), nil, nil, &out)
	return out, err
}

// ArticleAt is Article of one that is named by its address in a knowledge base.
func (c *API) ArticleAt(ctx context.Context, base, slug string, draft bool) (out Article, err error) {
	rest := "/articles/"
	if draft {
		rest = "/drafts/"
	}
	err = c.call(ctx, freely, "GET", basePath(base, rest+url.PathEscape(slug)), nil, nil, &out)
	return out, err
}

// AddArticle writes an article as a draft.
func (c *API) AddArticle(ctx context.Context, base string, in ArticleChange) (out ArticleSaved, err error) {
	err = c.call(ctx, freely, "POST", basePath(base, "/articles"), nil, in, &out)
	return out, err
}

// EditArticle changes one.
func (c *API) EditArticle(ctx context.Context, id string, in ArticleChange) (out ArticleSaved, err error) {
	err = c.call(ctx, freely, "PUT", articlePath(id, ""), nil, in, &out)
	return out, err
}

// PublishArticle shows its latest text to its readers, now or from a time on.
func (c *API) PublishArticle(ctx context.Context, id string, in ArticleVersion) (out Done, err error) {
	err = c.call(ctx, freely, "POST", articlePath(id, "/publish"), nil, in, &out)
	return out, err
}

// UnpublishArticle takes it back from them.
func (c *API) UnpublishArticle(ctx context.Context, id string, version int64) (out Done, err error) {
	err = c.call(ctx, freely, "POST", articlePath(id, "/unpublish"), nil, ArticleVersion{Version: version}, &out)
	return out, err
}

// DeleteArticle deletes it for good.
func (c *API) DeleteArticle(ctx context.Context, id string, version int64) error {
	return c.call(ctx, freely, "POST", articlePath(id, "/delete"), nil, ArticleVersion{Version: version}, nil)
}

// ArticleVersions lists the versions of an article.
func (c *API) ArticleVersions(ctx context.Context, id string) (out ArticleEditions, err error) {
	err = c.call(ctx, freely, "GET", articlePath(id, "/versions"), nil, nil, &out)
	return out, err
}

// ArticleVersion gives one of them with its text.
func (c *API) ArticleVersion(ctx context.Context, id string, number int64) (out ArticleEdition, err error) {
	err = c.call(ctx, freely, "GET", articlePath(id, "/versions/"+strconv.FormatInt(number, 10)), nil, nil, &out)
	return out, err
}

// ArticleDifference says what changed between two of them; from 0 is the one
// before.
func (c *API) ArticleDifference(ctx context.Context, id string, to, from int64) (out ArticleDifference, err error) {
	q := url.Values{}
	if from != 0 {
		q.Set("from", strconv.FormatInt(from, 10))
	}
	err = c.call(ctx, freely, "GET", articlePath(id, "/versions/"+strconv.FormatInt(to, 10)+"/difference"), q, nil, &out)
	return out, err
}

// RestoreArticle makes an earlier version the latest.
func (c *API) RestoreArticle(ctx context.Context, id string, version, number int64) (out ArticleSaved, err error) {
	err = c.call(ctx, freely, "POST", articlePath(id, "/versions/"+strconv.FormatInt(number, 10)+"/restore"), nil, ArticleVersion{Version: version}, &out)
	return out, err
}

// SayHelped says whether an article helped.
func (c *API) SayHelped(ctx context.Context, id string, helped bool) error {
	return c.call(ctx, freely, "POST", articlePath(id, "/helpful"), nil, Helped{helped}, nil)
}

// JudgedArticles lists what readers said of articles.
func (c *API) JudgedArticles(ctx context.Context, base string) (out ArticleVerdicts, err error) {
	err = c.call(ctx, freely, "GET", basePath(base, "/judged"), nil, nil, &out)
	return out, err
}

// Misses lists searches that found nothing.
func (c *API) Misses(ctx context.Context, base string) (out Misses, err error) {
	err = c.call(ctx, freely, "GET", basePath(base, "/misses"), nil, nil, &out)
	return out, err
}

// ClearMisses clears them.
func (c *API) ClearMisses(ctx context.Context, base string) error {
	return c.call(ctx, freely, "POST", basePath(base, "/misses/clear"), nil, nil, nil)
}

// AttachFile adds a picture or attachment to an article. It is sent once, as
// the file is read once.
func (c *API) AttachFile(ctx context.Context, article, name string, file io.Reader) (out ArticleFile, err error) {
	err = c.send(ctx, "POST", articlePath(article, "/files"), url.Values{"name": {name}}, "", "application/octet-stream", file, &out)
	return out, err
}

// DeleteFile deletes a picture or attachment.
func (c *API) DeleteFile(ctx context.Context, id string) error {
	return c.call(ctx, freely, "DELETE", "/files/"+url.PathEscape(id), nil, nil, nil)
}

// ReadFile writes what is in a picture or attachment. What was written before
// an error is not all of it.
func (c *API) ReadFile(ctx context.Context, id string, w io.Writer) error {
	return c.download(ctx, "GET", "/files/"+url.PathEscape(id), w)
}

// ExportKnowledgeBase writes a ZIP archive of Markdown files.
func (c *API) ExportKnowledgeBase(ctx context.Context, id string, w io.Writer) error {
	return c.download(ctx, "POST", basePath(id, "/export"), w)
}

// ImportArchive imports a ZIP archive of Markdown or HTML files. It is sent
// once, as the file is read once.
func (c *API) ImportArchive(ctx context.Context, base, category string, publish bool, file io.Reader) (out ArchiveImported, err error) {
	q := url.Values{}
	set(q, "category", category)
	flag(q, "publish", publish)
	err = c.send(ctx, "POST", basePath(base, "/import"), q, "", "application/octet-stream", file, &out)
	return out, err
}

// download writes an answer that is a file.
func (c *API) download(ctx context.Context, method, path string, w io.Writer) error {
	req, err := http.NewRequestWithContext(ctx, method, c.base.String()+Prefix+path, nil)
	if err != nil {
		return err
	}
	req.Header.Set("User-Agent", c.agent)
	req.Header.Set("Authorization", "Bearer "+c.bearer.Reveal())
	res, err := c.http.Do(req)
	if err != nil {
		return &NetworkError{Address: c.base.String(), Cause: err}
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		answer, err := io.ReadAll(io.LimitReader(res.Body, largest))
		if err != nil {
			return &NetworkError{Address: c.base.String(), Cause: err}
		}
		return errorOf(res, answer)
	}
	if _, err := io.Copy(w, res.Body); err != nil {
		return &NetworkError{Address: c.base.String(), Cause: err}
	}
	return nil
}
