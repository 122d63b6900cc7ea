-- Custom credential types. credentials.type and credential_versions.type are
-- the name of a built-in type or the id of a row here. Ids are longer than any
-- built-in name, so the indexes hold only what has a custom type.

CREATE TABLE credential_types (
  org_id      TEXT NOT NULL REFERENCES organizations (id),
  id          TEXT NOT NULL,
  name        TEXT NOT NULL,
  name_folded TEXT NOT NULL,
  icon        TEXT NOT NULL,
  fields      TEXT NOT NULL,               -- default custom fields: kind, space and name, one a line
  version     BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (org_id, id)
);
CREATE UNIQUE INDEX credential_types_name ON credential_types (org_id, name_folded);
CREATE INDEX credentials_type ON credentials (org_id, type) WHERE length(type) > 30;
CREATE INDEX credential_versions_type ON credential_versions (org_id, type) WHERE length(type) > 30;
