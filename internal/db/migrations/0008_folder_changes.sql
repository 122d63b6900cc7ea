-- Who last changed a folder's name, place or security groups, for the second of
-- two people who change it; and which columns somebody wants in a list.
ALTER TABLE folders ADD COLUMN changed_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE folders ADD COLUMN changed_by TEXT NOT NULL DEFAULT '';

CREATE TABLE list_columns (
  org_id  TEXT NOT NULL,
  user_id TEXT NOT NULL,
  list    TEXT NOT NULL,
  shown   TEXT NOT NULL,                   -- names of columns, one a line
  PRIMARY KEY (org_id, user_id, list),
  FOREIGN KEY (org_id, user_id) REFERENCES users (org_id, id) ON DELETE CASCADE
);
