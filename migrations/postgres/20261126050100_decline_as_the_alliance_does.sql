-- What becomes of a place whose attendee's calendar says no, where a new session of the alliance says
-- nothing else. Sessions that are there keep what they have.
alter table alliances add column on_decline text not null default 'release'
    check (on_decline in ('release', 'ask'));
