-- A booking that was loaded without letters: neither its leader nor anybody on it was told by us.
alter table registrations add column untold_since text;
