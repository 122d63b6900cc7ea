-- An export goes through a client by id.
CREATE INDEX credentials_client_id ON credentials (org_id, client_id, id);
