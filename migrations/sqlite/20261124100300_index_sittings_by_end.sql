-- Pages show what is still to come: found without reading what is over.
create index sittings_by_end on sittings (ends_at);
