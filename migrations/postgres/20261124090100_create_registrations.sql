-- Registrations, their places, the invitations sent for them, and the links that open them.
create table registrations (
    id uuid primary key not null,
    reference text not null unique,
    session text not null references sessions (code),
    leader_name text not null,
    leader_email text,
    leader_phone text,
    institution text references institutions (code),
    institution_typed text,
    team text not null,
    source text not null,
    attempt text unique,
    attempt_fingerprint bytea,
    hold_extended boolean not null default false,
    created_at timestamptz not null,
    booked_at timestamptz
);
create index registrations_by_session on registrations (session, created_at);
create index registrations_by_leader on registrations (leader_email);

create table places (
    id uuid primary key not null,
    registration uuid not null references registrations (id),
    session text not null references sessions (code),
    number integer not null check (number > 0),
    name text,
    email text,
    dietary text,
    access text,
    guardian_name text,
    guardian_contact text,
    state text not null check (state in ('held', 'requested', 'waiting', 'offered', 'confirmed',
        'expired', 'lapsed', 'declined', 'refused', 'cancelled')),
    until timestamptz,
    queue bigint,
    changed_at timestamptz not null,
    changed_by text not null,
    reason text,
    check ((state in ('held', 'offered')) = (until is not null))
);
create unique index places_by_registration on places (registration, number)
    where state not in ('expired');
create index places_by_session on places (session, state);
create index places_running_out on places (until) where until is not null;

create function places_count() returns trigger language plpgsql as $$
declare
    before integer := 0;
    after integer := 0;
begin
    if tg_op <> 'INSERT' and old.state in ('held', 'offered', 'confirmed') then
        before := 1;
    end if;
    if tg_op <> 'DELETE' and new.state in ('held', 'offered', 'confirmed') then
        after := 1;
    end if;
    if before <> after then
        update sessions set occupied = occupied + after - before, version = version + 1
        where code = coalesce(new.session, old.session);
    end if;
    return null;
end;
$$;

create trigger places_count after insert or delete or update of state on places
for each row execute function places_count();

create table invitations (
    id uuid primary key not null,
    place uuid not null references places (id),
    sitting uuid not null references sittings (id),
    uid text not null unique,
    address text not null,
    name text not null,
    sequence integer not null,
    stamp timestamptz not null,
    withdrawn boolean not null default false
);
create unique index invitations_live on invitations (place, sitting) where not withdrawn;

-- `kind` says what the link opens; exactly the columns of that kind are set.
create table links (
    token_hash bytea primary key not null,
    kind text not null check (kind in ('leader', 'attendee', 'sign-in', 'signed-in')),
    registration uuid references registrations (id),
    place uuid references places (id),
    staff text references staff (login),
    created_at timestamptz not null,
    expires_at timestamptz,
    used_at timestamptz,
    check ((kind = 'leader') = (registration is not null)),
    check ((kind = 'attendee') = (place is not null)),
    check ((kind in ('sign-in', 'signed-in')) = (staff is not null))
);
create index links_by_registration on links (registration);
create index links_by_place on links (place);
create index links_by_staff on links (staff);
