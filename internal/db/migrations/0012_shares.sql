-- Sharing between a provider and its sites. A credential lies with the
-- organization that made it; for the other one there is a row of the same id,
-- which says whose it is and where that side files it, and holds the item key
-- under its own client key. The envelopes lie with the maker alone. What else
-- the row has of the maker's is brought up to date with each change.
ALTER TABLE organizations ADD COLUMN shares_due_at BIGINT NOT NULL DEFAULT 0; -- since when an open session has to see to keys of shared credentials; 0: nothing to do

ALTER TABLE credentials ADD COLUMN from_org TEXT NOT NULL DEFAULT '';         -- of a received credential: whose it is
ALTER TABLE credentials ADD COLUMN source_seq BIGINT NOT NULL DEFAULT 0;      -- change_seq of the maker's row that this one is up to date with
ALTER TABLE credentials ADD COLUMN alone BOOLEAN NOT NULL DEFAULT FALSE;      -- who sees it is not said by its place only
ALTER TABLE credentials ADD COLUMN key_stale BOOLEAN NOT NULL DEFAULT FALSE;  -- somebody who may read no further may have the item key
CREATE INDEX credentials_from ON credentials (from_org, org_id, id) WHERE from_org <> '';
CREATE INDEX credentials_stale ON credentials (org_id, id) WHERE key_stale;

CREATE TABLE shares (
  org_id        TEXT NOT NULL,             -- whose credential it is
  credential_id TEXT NOT NULL,
  to_org        TEXT NOT NULL,
  everyone      BOOLEAN NOT NULL,          -- otherwise those of share_users
  writes        BOOLEAN NOT NULL,
  history       BOOLEAN NOT NULL,
  since         BIGINT NOT NULL,           -- the version that was present when sharing began
  made_at       BIGINT NOT NULL,
  made_by       TEXT NOT NULL,
  problem       TEXT NOT NULL DEFAULT '',  -- why the other side has no key
  PRIMARY KEY (org_id, credential_id, to_org),
  FOREIGN KEY (org_id, credential_id) REFERENCES credentials (org_id, id) ON DELETE CASCADE
);
CREATE INDEX shares_to ON shares (to_org, credential_id);

-- Rights are sealed with the key, so what was chosen stays, also when a user is
-- deleted.
CREATE TABLE share_users (
  org_id        TEXT NOT NULL,
  credential_id TEXT NOT NULL,
  to_org        TEXT NOT NULL,
  user_id       TEXT NOT NULL,             -- of to_org
  PRIMARY KEY (org_id, credential_id, to_org, user_id),
  FOREIGN KEY (org_id, credential_id, to_org) REFERENCES shares (org_id, credential_id, to_org) ON DELETE CASCADE
);
CREATE INDEX share_users_to ON share_users (to_org, credential_id);

-- Item keys on their way to another organization, sealed to its public key and
-- signed, until a session there takes them over.
CREATE TABLE share_keys (
  to_org        TEXT NOT NULL,
  credential_id TEXT NOT NULL,
  key_id        TEXT NOT NULL,
  from_org      TEXT NOT NULL,
  to_epoch      BIGINT NOT NULL,           -- of the key pair that it is sealed to
  sealed        BYTEA NOT NULL,
  signature     BYTEA NOT NULL,
  made_at       BIGINT NOT NULL,
  PRIMARY KEY (to_org, credential_id, key_id),
  FOREIGN KEY (to_org, credential_id) REFERENCES credentials (org_id, id) ON DELETE CASCADE
);

-- Item keys of received credentials, under one's own client key: the present one
-- and those of earlier versions.
CREATE TABLE received_keys (
  org_id        TEXT NOT NULL,
  credential_id TEXT NOT NULL,
  key_id        TEXT NOT NULL,
  epoch         BIGINT NOT NULL,
  key_box       BYTEA NOT NULL,
  PRIMARY KEY (org_id, credential_id, key_id),
  FOREIGN KEY (org_id, credential_id) REFERENCES credentials (org_id, id) ON DELETE CASCADE
);

-- What a Site Administrator chose for a Site User - Limited.
CREATE TABLE chosen (
  org_id    TEXT NOT NULL,
  user_id   TEXT NOT NULL,
  thing_id  TEXT NOT NULL,                 -- a folder or a credential
  PRIMARY KEY (org_id, user_id, thing_id),
  FOREIGN KEY (org_id, user_id) REFERENCES users (org_id, id) ON DELETE CASCADE
);
CREATE INDEX chosen_thing ON chosen (org_id, thing_id);
