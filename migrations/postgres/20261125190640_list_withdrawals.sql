-- Until when somebody on the staff was told of places that were given up; null: she does not want it.
alter table staff add column withdrawals_since timestamptz;
