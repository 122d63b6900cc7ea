-- What an organization has of others is asked for at every change of access, by
-- its own id: without this index all of its credentials are read for it.
CREATE INDEX credentials_got ON credentials (org_id, id) WHERE from_org <> '';
