-- Whom we asked what they thought of a session, once each.
create table feedback_requests (
    place uuid primary key not null references places (id),
    asked_at timestamptz not null
);

-- What they answered. The office reads it without names; the place is here so that whoever wrote it
-- can change it, and so that nobody answers twice.
create table feedback (
    place uuid primary key not null references places (id),
    useful integer not null check (useful between 1 and 5),
    recommend text not null check (recommend in ('yes', 'maybe', 'no')),
    change text,
    given_at timestamptz not null
);
