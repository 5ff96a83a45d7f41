-- Whom an organiser asked to come to a session by name, and what she answered. Her key recognises her before she
-- books, so that nobody becomes somebody we know by being asked.
create table personal_invitations (
    id blob primary key not null,
    session text not null references sessions (code) on delete cascade,
    person blob references people (id),
    key text,
    name text not null,
    email text,
    institution text references institutions (code),
    vouched integer not null,
    words text,
    said text not null,
    answer_by text not null,
    asked_by text not null,
    asked_at text not null,
    reminded_at text,
    withdrawn_at text,
    answer text check (answer in ('yes', 'no', 'later')),
    answered_at text,
    answer_words text,
    registration blob references registrations (id),
    erased_at text,
    check ((answer is null) = (answered_at is null))
) strict;
create index personal_invitations_by_session on personal_invitations (session);
create index personal_invitations_by_person on personal_invitations (person);
create index personal_invitations_by_key on personal_invitations (key);
create index personal_invitations_by_institution on personal_invitations (institution);
create index personal_invitations_by_registration on personal_invitations (registration);
create index personal_invitations_kept on personal_invitations (asked_at) where erased_at is null;

-- The links in such letters. Each opens one invitation.
create table invited_links (
    token_hash blob primary key not null,
    invitation blob not null references personal_invitations (id) on delete cascade,
    created_at text not null
) strict;
create index invited_links_by_invitation on invited_links (invitation);
create index invited_links_by_time on invited_links (created_at);

-- Invitations are letters to many that a reader may stop as well.
create table letter_stops_new (
    address text not null,
    kind text not null check (kind in ('reminders', 'messages', 'questions', 'invitations')),
    stopped_at text not null,
    primary key (address, kind)
) strict;
insert into letter_stops_new (address, kind, stopped_at) select address, kind, stopped_at from letter_stops;
drop table letter_stops;
alter table letter_stops_new rename to letter_stops;
create table stop_links_new (
    token_hash blob primary key not null,
    address text not null,
    kind text not null check (kind in ('reminders', 'messages', 'questions', 'invitations')),
    created_at text not null
) strict;
insert into stop_links_new (token_hash, address, kind, created_at)
    select token_hash, address, kind, created_at from stop_links;
drop table stop_links;
alter table stop_links_new rename to stop_links;
create index stop_links_by_address on stop_links (address);
create index stop_links_by_time on stop_links (created_at);
