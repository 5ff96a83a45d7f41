-- A private calendar tells of withdrawn invitations too, which the index of live ones leaves out.
create index invitations_by_place on invitations (place);
