-- Who was merged into somebody is found when that somebody is merged on.
create index people_merged on people (merged_into) where merged_into is not null;
create index institutions_merged on institutions (merged_into) where merged_into is not null;
