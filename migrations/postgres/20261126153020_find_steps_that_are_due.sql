-- Next steps that are due stand on the overview.
create index office_notes_due on office_notes (step_by, id) where step_for is not null and done_at is null;
