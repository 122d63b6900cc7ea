-- Knowledge bases: small web sites of articles. Nothing in them is sealed, for
-- they are read by people who have no keys.
CREATE TABLE kb_bases (
  org_id            TEXT NOT NULL REFERENCES organizations (id),
  id                TEXT NOT NULL,
  path              TEXT NOT NULL,             -- in its address
  name              TEXT NOT NULL,
  description       TEXT NOT NULL DEFAULT '',
  default_role      TEXT NOT NULL DEFAULT '',  -- of members; '': the organization's
  self_registration BOOLEAN NOT NULL DEFAULT FALSE,
  asks_helpful      BOOLEAN NOT NULL DEFAULT TRUE,
  created_at        BIGINT NOT NULL,
  version           BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (org_id, id)
);
CREATE UNIQUE INDEX kb_bases_path ON kb_bases (org_id, path);

-- Roles that were given or taken one by one; everybody else has the default.
CREATE TABLE kb_roles (
  org_id   TEXT NOT NULL,
  base_id  TEXT NOT NULL,
  user_id  TEXT NOT NULL,
  role     TEXT NOT NULL CHECK (role IN ('none', 'reader', 'editor', 'admin')),
  PRIMARY KEY (org_id, base_id, user_id),
  FOREIGN KEY (org_id, base_id) REFERENCES kb_bases (org_id, id) ON DELETE CASCADE,
  FOREIGN KEY (org_id, user_id) REFERENCES users (org_id, id) ON DELETE CASCADE
);
CREATE INDEX kb_roles_user ON kb_roles (org_id, user_id);

CREATE TABLE kb_categories (
  org_id     TEXT NOT NULL,
  id         TEXT NOT NULL,
  base_id    TEXT NOT NULL,
  parent_id  TEXT,
  name       TEXT NOT NULL,
  place      BIGINT NOT NULL,                  -- its order among those of the same parent
  visibility TEXT NOT NULL CHECK (visibility IN ('public', 'readers', 'groups')),
  version    BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (org_id, id),
  UNIQUE (org_id, base_id, id),
  FOREIGN KEY (org_id, base_id) REFERENCES kb_bases (org_id, id) ON DELETE CASCADE,
  FOREIGN KEY (org_id, base_id, parent_id) REFERENCES kb_categories (org_id, base_id, id)
);
CREATE INDEX kb_categories_parent ON kb_categories (org_id, base_id, parent_id);

CREATE TABLE kb_category_groups (
  org_id      TEXT NOT NULL,
  category_id TEXT NOT NULL,
  group_id    TEXT NOT NULL,
  PRIMARY KEY (org_id, category_id, group_id),
  FOREIGN KEY (org_id, category_id) REFERENCES kb_categories (org_id, id) ON DELETE CASCADE,
  FOREIGN KEY (org_id, group_id) REFERENCES security_groups (org_id, id) ON DELETE CASCADE
);
CREATE INDEX kb_category_groups_group ON kb_category_groups (org_id, group_id);

-- An article: its row version, the text that editors see, the one that readers
-- see, and since when they do. Title and slug are the editors'.
CREATE TABLE kb_articles (
  org_id       TEXT NOT NULL,
  id           TEXT NOT NULL,
  base_id      TEXT NOT NULL,
  category_id  TEXT NOT NULL,
  slug         TEXT NOT NULL,                  -- in its address
  title        TEXT NOT NULL,
  title_folded TEXT NOT NULL,
  version      BIGINT NOT NULL DEFAULT 1,
  text_number  BIGINT NOT NULL,                -- of kb_versions: the latest
  live_number  BIGINT NOT NULL DEFAULT 0,      -- that readers see; 0: none
  live_title   TEXT NOT NULL DEFAULT '',
  published_at BIGINT NOT NULL DEFAULT 0,      -- 0: a draft; to come: scheduled
  live_at      BIGINT NOT NULL DEFAULT 0,      -- when what readers see was last changed
  created_at   BIGINT NOT NULL,
  changed_at   BIGINT NOT NULL,
  changed_by   TEXT NOT NULL,                  -- name
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, base_id) REFERENCES kb_bases (org_id, id) ON DELETE CASCADE,
  FOREIGN KEY (org_id, base_id, category_id) REFERENCES kb_categories (org_id, base_id, id)
);
CREATE UNIQUE INDEX kb_articles_slug ON kb_articles (org_id, base_id, slug);
CREATE INDEX kb_articles_category ON kb_articles (org_id, category_id, title_folded, id);
CREATE INDEX kb_articles_title ON kb_articles (org_id, base_id, title_folded, id);
CREATE INDEX kb_articles_published ON kb_articles (org_id, base_id, published_at, id);

CREATE TABLE kb_versions (
  org_id     TEXT NOT NULL,
  article_id TEXT NOT NULL,
  number     BIGINT NOT NULL,
  title      TEXT NOT NULL,
  markdown   TEXT NOT NULL,
  saved_at   BIGINT NOT NULL,
  user_id    TEXT NOT NULL,                    -- kept, as the name is, when the user is deleted
  user_name  TEXT NOT NULL,
  PRIMARY KEY (org_id, article_id, number),
  FOREIGN KEY (org_id, article_id) REFERENCES kb_articles (org_id, id) ON DELETE CASCADE
);

CREATE TABLE kb_tags (
  org_id     TEXT NOT NULL,
  article_id TEXT NOT NULL,
  folded     TEXT NOT NULL,
  tag        TEXT NOT NULL,
  base_id    TEXT NOT NULL,
  PRIMARY KEY (org_id, article_id, folded),
  FOREIGN KEY (org_id, article_id) REFERENCES kb_articles (org_id, id) ON DELETE CASCADE
);
CREATE INDEX kb_tags_base ON kb_tags (org_id, base_id, folded, article_id);

-- Pictures and attachments, in pieces.
CREATE TABLE kb_files (
  org_id     TEXT NOT NULL,
  id         TEXT NOT NULL,
  article_id TEXT NOT NULL,
  name       TEXT NOT NULL,
  type       TEXT NOT NULL,                    -- as the server found it
  picture    BOOLEAN NOT NULL,
  size       BIGINT NOT NULL,
  added_at   BIGINT NOT NULL,
  added_by   TEXT NOT NULL,                    -- name
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, article_id) REFERENCES kb_articles (org_id, id) ON DELETE CASCADE
);
CREATE INDEX kb_files_article ON kb_files (org_id, article_id, id);

CREATE TABLE kb_pieces (
  org_id  TEXT NOT NULL,
  file_id TEXT NOT NULL,
  number  BIGINT NOT NULL,
  data    BYTEA NOT NULL,
  PRIMARY KEY (org_id, file_id, number),
  FOREIGN KEY (org_id, file_id) REFERENCES kb_files (org_id, id) ON DELETE CASCADE
);

-- Was it helpful? Each visitor has one voice a day and article: a hash whose key
-- is another one each day.
CREATE TABLE kb_helpful (
  org_id     TEXT NOT NULL,
  article_id TEXT NOT NULL,
  yes        BIGINT NOT NULL DEFAULT 0,
  no         BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (org_id, article_id),
  FOREIGN KEY (org_id, article_id) REFERENCES kb_articles (org_id, id) ON DELETE CASCADE
);

CREATE TABLE kb_voices (
  org_id     TEXT NOT NULL,
  article_id TEXT NOT NULL,
  voice      TEXT NOT NULL,
  day        BIGINT NOT NULL,
  PRIMARY KEY (org_id, article_id, voice),
  FOREIGN KEY (org_id, article_id) REFERENCES kb_articles (org_id, id) ON DELETE CASCADE
);
CREATE INDEX kb_voices_day ON kb_voices (day);

-- Searches that found nothing.
CREATE TABLE kb_misses (
  org_id  TEXT NOT NULL,
  base_id TEXT NOT NULL,
  words   TEXT NOT NULL,
  times   BIGINT NOT NULL,
  last_at BIGINT NOT NULL,
  PRIMARY KEY (org_id, base_id, words),
  FOREIGN KEY (org_id, base_id) REFERENCES kb_bases (org_id, id) ON DELETE CASCADE
);

-- What search knows of each article that was published: where it lies, since
-- when it is out, and its words, folded, each once, with one space between.
CREATE TABLE kb_texts (
  org_id       TEXT NOT NULL,
  article_id   TEXT NOT NULL,
  category_id  TEXT NOT NULL,
  published_at BIGINT NOT NULL,
  scope        TEXT NOT NULL,                  -- base and category, as words
  title        TEXT NOT NULL,                  -- words of title, headings and tags
  words        TEXT NOT NULL,                  -- all words
  PRIMARY KEY (org_id, article_id),
  FOREIGN KEY (org_id, article_id) REFERENCES kb_articles (org_id, id) ON DELETE CASCADE
);

-- only on sqlite
-- The index reads fast in one direction, and the newest are wanted first: what
-- lies in it has the row's number with a minus before it.
CREATE VIRTUAL TABLE kb_words USING fts5(scope, title, words, content = '', contentless_delete = 1, prefix = '2 3', tokenize = 'unicode61 remove_diacritics 0 categories ''L* N* Co M*''');
CREATE TRIGGER kb_texts_added AFTER INSERT ON kb_texts BEGIN
  INSERT INTO kb_words (rowid, scope, title, words) VALUES (-new.rowid, new.scope, new.title, new.words);
END;
CREATE TRIGGER kb_texts_gone AFTER DELETE ON kb_texts BEGIN
  DELETE FROM kb_words WHERE rowid = -old.rowid;
END;
CREATE TRIGGER kb_texts_changed AFTER UPDATE ON kb_texts BEGIN
  DELETE FROM kb_words WHERE rowid = -old.rowid;
  INSERT INTO kb_words (rowid, scope, title, words) VALUES (-new.rowid, new.scope, new.title, new.words);
END;
-- only on postgres
CREATE INDEX kb_texts_title ON kb_texts USING GIN (array_to_tsvector(string_to_array(scope || ' ' || title, ' ')));
CREATE INDEX kb_texts_words ON kb_texts USING GIN (array_to_tsvector(string_to_array(scope || ' ' || words, ' ')));
