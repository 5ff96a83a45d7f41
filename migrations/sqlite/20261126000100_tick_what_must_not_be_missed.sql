-- An allergy and an interpreter are ticked by whoever types the words beside them. Whatever stood out by its
-- words until now goes on doing so.
alter table places add column allergy integer not null default 0 check (allergy in (0, 1));
alter table places add column interpreter integer not null default 0 check (interpreter in (0, 1));

update places set allergy = 1
where lower(dietary) like '%allerg%' or lower(dietary) like '%nut%' or lower(dietary) like '%anaphyla%'
    or lower(dietary) like '%coeliac%' or lower(dietary) like '%celiac%' or lower(dietary) like '%diabet%'
    or lower(dietary) like '%severe%' or lower(dietary) like '%epipen%';
update places set interpreter = 1
where lower(access) like '%bsl%' or lower(access) like '%interpret%' or lower(access) like '%sign language%'
    or lower(access) like '%lip speaker%' or lower(access) like '%lipspeaker%';

-- Whose needs are to be erased, a tick without words among them.
drop index places_with_needs;
create index places_with_needs on places (session)
    where dietary is not null or access is not null or allergy or interpreter;

-- On which sessions somebody must be booked to interpret.
create index places_with_interpreter on places (session) where interpreter;
