-- Invitations from before who invited was kept: found once, at the start, and given the present one.
create index invitations_without_organizer on invitations (id) where organizer is null;
