-- What a leader typed about the people she books for, whole and as she typed it, while her places are
-- held: what cannot be read yet, names beyond her places, and names that follow. Gone once she has
-- booked, or a day after she typed it.
create table booking_drafts (
    registration blob primary key not null references registrations (id) on delete cascade,
    typed text not null,
    at text not null
) strict;
create index booking_drafts_by_time on booking_drafts (at);

-- The institutions of one alliance by name, for whoever books.
create index institutions_by_alliance_and_name on institutions (alliance, sort_key, code);
