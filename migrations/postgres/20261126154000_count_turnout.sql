-- Who had a place on a session, and who came, by institution: what the turnout of a season adds up, counted once.
-- A session stands in `turnout_uncounted` from a change until it is counted again, and its rows here say nothing
-- meanwhile. Only triggers write there, so that no verb can forget to.
create table turnout_counts (
    session text not null references sessions (code) on delete cascade,
    institution text,
    named bigint not null,
    attended bigint not null,
    walked_in bigint not null
);
create index turnout_counts_of_session on turnout_counts (session, institution, named, attended, walked_in);

-- `changes` tells whoever counted whether something changed meanwhile. It is written, not only looked at, with every
-- change: whoever counts then waits for changes that are not committed yet.
create table turnout_uncounted (
    session text primary key not null references sessions (code) on delete cascade,
    changes bigint not null default 1
);
insert into turnout_uncounted (session) select code from sessions;

create function leave_turnout_uncounted(code text) returns void language sql as $$
    insert into turnout_uncounted as u (session) values (code)
    on conflict (session) do update set changes = u.changes + 1;
$$;

create function uncount_place() returns trigger language plpgsql as $$
begin
    if tg_op <> 'INSERT' then perform leave_turnout_uncounted(old.session); end if;
    if tg_op = 'INSERT' or (tg_op = 'UPDATE' and new.session <> old.session) then
        perform leave_turnout_uncounted(new.session);
    end if;
    return null;
end;
$$;

create trigger turnout_of_new_place after insert on places for each row
when (new.state = 'confirmed') execute function uncount_place();

create trigger turnout_of_place after update of session, registration, state, superseded on places for each row
when (new.state = 'confirmed' or old.state = 'confirmed') execute function uncount_place();

create trigger turnout_of_deleted_place after delete on places for each row
when (old.state = 'confirmed') execute function uncount_place();

create function uncount_attendance() returns trigger language plpgsql as $$
begin
    if tg_op <> 'INSERT' then
        perform leave_turnout_uncounted(p.session) from places p where p.id = old.place;
    end if;
    if tg_op = 'INSERT' or (tg_op = 'UPDATE' and new.place <> old.place) then
        perform leave_turnout_uncounted(p.session) from places p where p.id = new.place;
    end if;
    return null;
end;
$$;

create trigger turnout_of_attendance after insert or delete or update of place, presence on attendances
for each row execute function uncount_attendance();

create function uncount_registration() returns trigger language plpgsql as $$
begin
    perform leave_turnout_uncounted(new.session);
    return null;
end;
$$;

create trigger turnout_of_institution after update of institution on registrations for each row
when (old.institution is distinct from new.institution) execute function uncount_registration();

create function uncount_walk_in() returns trigger language plpgsql as $$
begin
    if tg_op <> 'INSERT' then
        perform leave_turnout_uncounted(t.session) from sittings t where t.id = old.sitting;
    end if;
    if tg_op = 'INSERT' or (tg_op = 'UPDATE' and new.sitting <> old.sitting) then
        perform leave_turnout_uncounted(t.session) from sittings t where t.id = new.sitting;
    end if;
    return null;
end;
$$;

create trigger turnout_of_walk_in after insert or delete
    or update of sitting, name, name_key, institution_code, removed_at on walk_ins
for each row execute function uncount_walk_in();
