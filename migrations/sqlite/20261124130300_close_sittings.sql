-- When the trainer said that nobody else will come: who was not there is absent from then on.
alter table sittings add column closed_at text;
