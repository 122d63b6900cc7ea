-- External links. What opens them is in no table.
CREATE TABLE external_links (
  org_id        TEXT NOT NULL REFERENCES organizations (id),
  id            TEXT NOT NULL,
  credential_id TEXT NOT NULL,
  password_rev  BIGINT NOT NULL,            -- of the copy
  fields        TEXT NOT NULL,              -- names of those in the copy
  made_by       TEXT NOT NULL,
  made_at       BIGINT NOT NULL,
  expires_at    BIGINT NOT NULL,
  most_views    BIGINT NOT NULL,
  views         BIGINT NOT NULL DEFAULT 0,
  viewed_at     BIGINT NOT NULL DEFAULT 0,
  guarded       BOOLEAN NOT NULL,           -- a passphrase is asked for
  tries         BIGINT NOT NULL DEFAULT 0,  -- of the passphrase, wrong ones and those under way
  ended_at      BIGINT NOT NULL DEFAULT 0,  -- the columns below are empty from then on
  ended_why     TEXT NOT NULL DEFAULT '',
  outer_epoch   BIGINT NOT NULL,
  proof         BYTEA NOT NULL,             -- hash of what a bearer shows
  passphrase_record BYTEA NOT NULL,
  copy_box      BYTEA NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, credential_id) REFERENCES credentials (org_id, id) ON DELETE CASCADE,
  FOREIGN KEY (org_id, made_by) REFERENCES users (org_id, id) ON DELETE CASCADE
);
CREATE INDEX external_links_credential ON external_links (org_id, credential_id);
CREATE INDEX external_links_maker ON external_links (org_id, made_by);
CREATE INDEX external_links_id ON external_links (id);

-- Who opened one, from where, and when.
CREATE TABLE external_link_views (
  org_id  TEXT NOT NULL,
  link_id TEXT NOT NULL,
  number  BIGINT NOT NULL,
  at      BIGINT NOT NULL,
  ip      TEXT NOT NULL,
  PRIMARY KEY (org_id, link_id, number),
  FOREIGN KEY (org_id, link_id) REFERENCES external_links (org_id, id) ON DELETE CASCADE
);
