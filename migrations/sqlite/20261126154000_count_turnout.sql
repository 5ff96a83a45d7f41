-- Who had a place on a session, and who came, by institution: what the turnout of a season adds up, counted once.
-- A session stands in `turnout_uncounted` from a change until it is counted again, and its rows here say nothing
-- meanwhile. Only triggers write there, so that no verb can forget to.
create table turnout_counts (
    session text not null references sessions (code) on delete cascade,
    institution text,
    named integer not null,
    attended integer not null,
    walked_in integer not null
) strict;
create index turnout_counts_of_session on turnout_counts (session, institution, named, attended, walked_in);

-- `changes` tells whoever counted whether something changed meanwhile.
create table turnout_uncounted (
    session text primary key not null references sessions (code) on delete cascade,
    changes integer not null default 1
) strict;
insert into turnout_uncounted (session) select code from sessions;

create trigger turnout_of_new_place after insert on places when new.state = 'confirmed'
begin
    insert into turnout_uncounted (session) values (new.session)
    on conflict (session) do update set changes = changes + 1;
end;

create trigger turnout_of_place after update of session, registration, state, superseded on places
when new.state = 'confirmed' or old.state = 'confirmed'
begin
    insert into turnout_uncounted (session) values (old.session)
    on conflict (session) do update set changes = changes + 1;
    insert into turnout_uncounted (session) values (new.session)
    on conflict (session) do update set changes = changes + 1;
end;

create trigger turnout_of_deleted_place after delete on places when old.state = 'confirmed'
begin
    insert into turnout_uncounted (session) values (old.session)
    on conflict (session) do update set changes = changes + 1;
end;

create trigger turnout_of_new_attendance after insert on attendances
begin
    insert into turnout_uncounted (session) select p.session from places p where p.id = new.place
    on conflict (session) do update set changes = changes + 1;
end;

create trigger turnout_of_attendance after update of place, presence on attendances
begin
    insert into turnout_uncounted (session) select p.session from places p where p.id in (old.place, new.place)
    on conflict (session) do update set changes = changes + 1;
end;

create trigger turnout_of_deleted_attendance after delete on attendances
begin
    insert into turnout_uncounted (session) select p.session from places p where p.id = old.place
    on conflict (session) do update set changes = changes + 1;
end;

create trigger turnout_of_institution after update of institution on registrations
when old.institution is not new.institution
begin
    insert into turnout_uncounted (session) values (new.session)
    on conflict (session) do update set changes = changes + 1;
end;

create trigger turnout_of_new_walk_in after insert on walk_ins
begin
    insert into turnout_uncounted (session) select t.session from sittings t where t.id = new.sitting
    on conflict (session) do update set changes = changes + 1;
end;

create trigger turnout_of_walk_in after update of sitting, name, name_key, institution_code, removed_at on walk_ins
begin
    insert into turnout_uncounted (session) select t.session from sittings t where t.id in (old.sitting, new.sitting)
    on conflict (session) do update set changes = changes + 1;
end;

create trigger turnout_of_deleted_walk_in after delete on walk_ins
begin
    insert into turnout_uncounted (session) select t.session from sittings t where t.id = old.sitting
    on conflict (session) do update set changes = changes + 1;
end;
