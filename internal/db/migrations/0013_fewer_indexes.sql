-- An import of 100,000 rows writes each of them into every index. One index
-- serves what goes through a client by folder and what goes by id; most
-- credentials have no owner, and many no folder. An owner's are read in order
-- of id, a folder's too, and not by walking through the whole organization.
DROP INDEX credentials_client;
DROP INDEX credentials_client_id;
DROP INDEX credentials_owner;
DROP INDEX credentials_folder;
CREATE INDEX credentials_client ON credentials (org_id, client_id, archived_at, id, folder_id);
CREATE INDEX credentials_owner ON credentials (org_id, owner_id, archived_at, id) WHERE owner_id IS NOT NULL;
CREATE INDEX credentials_folder ON credentials (org_id, folder_id, id, archived_at) WHERE folder_id IS NOT NULL;
