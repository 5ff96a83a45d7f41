-- Answers to requests whose letters wait a moment, so that they can be taken back: those given together have one
-- batch. `moved` is the places with the state each took, `letters` the letters that wait, both JSON. A row is
-- forgotten once its letters have left or the answer was taken back.
create table request_answers (
    id uuid primary key not null,
    batch uuid not null,
    session text not null,
    registration uuid not null,
    moved text not null,
    letters text not null,
    answered_at timestamptz not null,
    leaves_at timestamptz not null
);
