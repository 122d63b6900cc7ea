-- Flags are rows: a credential can have several, each with its cause. A flag
-- that was cleared stays as a row, so that what sets flags by itself does not
-- set it again for the same password.
CREATE TABLE flags (
  org_id        TEXT NOT NULL,
  credential_id TEXT NOT NULL,
  home          TEXT NOT NULL,               -- client, or owner of the personal vault, in which the credential lies
  cause         TEXT NOT NULL CHECK (cause IN ('touched', 'expired', 'ad-change', 'unshared', 'weak', 'reused', 'manual')),
  about         TEXT NOT NULL DEFAULT '',    -- of touched: id of the user; of expired: 'date' or 'policy'
  set_at        BIGINT NOT NULL,
  set_by        TEXT NOT NULL DEFAULT '',    -- user; '': the server by itself
  password_rev  BIGINT NOT NULL,             -- of the password that is to be changed
  cleared_at    BIGINT NOT NULL DEFAULT 0,
  cleared_by    TEXT NOT NULL DEFAULT '',
  note_epoch    BIGINT NOT NULL DEFAULT 0,
  note_box      BYTEA,                       -- of manual: why, under the client's or the owner's key
  PRIMARY KEY (org_id, credential_id, cause, about),
  FOREIGN KEY (org_id, credential_id) REFERENCES credentials (org_id, id) ON DELETE CASCADE
);
CREATE INDEX flags_home ON flags (org_id, home, credential_id) WHERE cleared_at = 0;
CREATE INDEX flags_cause ON flags (org_id, cause, credential_id);

INSERT INTO flags (org_id, credential_id, home, cause, about, set_at, password_rev)
  SELECT org_id, id, COALESCE(client_id, owner_id), 'touched', flag_about, flagged_at, flagged_rev
  FROM credentials WHERE flag_cause = 'off-boarding' AND flagged_rev = password_rev;
DROP INDEX credentials_flagged;
ALTER TABLE credentials DROP COLUMN flag_cause;
ALTER TABLE credentials DROP COLUMN flag_about;
ALTER TABLE credentials DROP COLUMN flagged_at;
ALTER TABLE credentials DROP COLUMN flagged_rev;

-- When the password itself was changed, and against which minimums the present
-- one was judged; 0: not yet.
ALTER TABLE credentials ADD COLUMN password_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE credentials ADD COLUMN judged_by BIGINT NOT NULL DEFAULT 0;
UPDATE credentials SET password_at = COALESCE((SELECT MIN(v.changed_at) FROM credential_versions v
  WHERE v.org_id = credentials.org_id AND v.credential_id = credentials.id AND v.password_rev = credentials.password_rev), changed_at);
CREATE INDEX credentials_expiry ON credentials (org_id, expires_at) WHERE expires_at <> 0 AND archived_at = 0;
CREATE INDEX credentials_judged ON credentials (org_id, judged_by) WHERE archived_at = 0;
CREATE INDEX credentials_password ON credentials (org_id, client_id, password_at) WHERE archived_at = 0;
