//! Faults that somebody met, one file each, named for what went wrong; each test fails without its mend.

mod administrators_closed_each_other;
mod the_demo_had_closed_on_the_day_it_began;
