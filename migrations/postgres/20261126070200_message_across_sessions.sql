-- A message to people of many sessions is one for each of them; `circular` is what they have in common, `scope` in
-- words whom it was for.
alter table mailings add column circular uuid;
alter table mailings add column scope text;
create index mailings_by_circular on mailings (circular, created_at) where circular is not null;
