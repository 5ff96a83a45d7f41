-- Whom an organiser asked to come to a session by name, and what she answered. Her key recognises her before she
-- books, so that nobody becomes somebody we know by being asked.
create table personal_invitations (
    id uuid primary key not null,
    session text not null references sessions (code) on delete cascade,
    person uuid references people (id),
    key text,
    name text not null,
    email text,
    institution text references institutions (code),
    vouched boolean not null,
    words text,
    said text not null,
    answer_by timestamptz not null,
    asked_by text not null,
    asked_at timestamptz not null,
    reminded_at timestamptz,
    withdrawn_at timestamptz,
    answer text check (answer in ('yes', 'no', 'later')),
    answered_at timestamptz,
    answer_words text,
    registration uuid references registrations (id),
    erased_at timestamptz,
    check ((answer is null) = (answered_at is null))
);
create index personal_invitations_by_session on personal_invitations (session);
create index personal_invitations_by_person on personal_invitations (person);
create index personal_invitations_by_key on personal_invitations (key);
create index personal_invitations_by_institution on personal_invitations (institution);
create index personal_invitations_by_registration on personal_invitations (registration);
create index personal_invitations_kept on personal_invitations (asked_at) where erased_at is null;

-- The links in such letters. Each opens one invitation.
create table invited_links (
    token_hash bytea primary key not null,
    invitation uuid not null references personal_invitations (id) on delete cascade,
    created_at timestamptz not null
);
create index invited_links_by_invitation on invited_links (invitation);
create index invited_links_by_time on invited_links (created_at);

-- Invitations are letters to many that a reader may stop as well.
alter table letter_stops drop constraint letter_stops_kind_check;
alter table letter_stops add constraint letter_stops_kind_check
    check (kind in ('reminders', 'messages', 'questions', 'invitations')) not valid;
alter table letter_stops validate constraint letter_stops_kind_check;
alter table stop_links drop constraint stop_links_kind_check;
alter table stop_links add constraint stop_links_kind_check
    check (kind in ('reminders', 'messages', 'questions', 'invitations')) not valid;
alter table stop_links validate constraint stop_links_kind_check;
