-- What an organization has of others is asked for at every change of access, by
-- its own id, and what is decided on by itself at every count of a client:
-- without these indexes all credentials are read for it.
CREATE INDEX credentials_got ON credentials (org_id, id) WHERE from_org <> '';
CREATE INDEX credentials_alone ON credentials (org_id, client_id, id) WHERE alone;
