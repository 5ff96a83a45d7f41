-- Registrations, their places, the invitations sent for them, and the links that open them.
create table registrations (
    id blob primary key not null,
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
    attempt_fingerprint blob,
    hold_extended integer not null default 0,
    created_at text not null,
    booked_at text
) strict;
create index registrations_by_session on registrations (session, created_at);
create index registrations_by_leader on registrations (leader_email);

create table places (
    id blob primary key not null,
    registration blob not null references registrations (id),
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
    until text,
    queue integer,
    changed_at text not null,
    changed_by text not null,
    reason text,
    check ((state in ('held', 'offered')) = (until is not null))
) strict;
create unique index places_by_registration on places (registration, number)
    where state not in ('expired');
create index places_by_session on places (session, state);
create index places_running_out on places (until) where until is not null;

create trigger places_occupy after insert on places
when new.state in ('held', 'offered', 'confirmed')
begin
    update sessions set occupied = occupied + 1, version = version + 1 where code = new.session;
end;

create trigger places_release after delete on places
when old.state in ('held', 'offered', 'confirmed')
begin
    update sessions set occupied = occupied - 1, version = version + 1 where code = old.session;
end;

create trigger places_move after update of state on places
when (old.state in ('held', 'offered', 'confirmed')) <> (new.state in ('held', 'offered', 'confirmed'))
begin
    update sessions
    set occupied = occupied
            + (new.state in ('held', 'offered', 'confirmed'))
            - (old.state in ('held', 'offered', 'confirmed')),
        version = version + 1
    where code = new.session;
end;

create table invitations (
    id blob primary key not null,
    place blob not null references places (id),
    sitting blob not null references sittings (id),
    uid text not null unique,
    address text not null,
    name text not null,
    sequence integer not null,
    stamp text not null,
    withdrawn integer not null default 0
) strict;
create unique index invitations_live on invitations (place, sitting) where not withdrawn;

-- `kind` says what the link opens; exactly the columns of that kind are set.
create table links (
    token_hash blob primary key not null,
    kind text not null check (kind in ('leader', 'attendee', 'sign-in', 'signed-in')),
    registration blob references registrations (id),
    place blob references places (id),
    staff text references staff (login),
    created_at text not null,
    expires_at text,
    used_at text,
    check ((kind = 'leader') = (registration is not null)),
    check ((kind = 'attendee') = (place is not null)),
    check ((kind in ('sign-in', 'signed-in')) = (staff is not null))
) strict;
create index links_by_registration on links (registration);
create index links_by_place on links (place);
create index links_by_staff on links (staff);
