//! Behaviours, through the public face.

#[macro_use]
mod support;

mod accounts;
mod afterwards;
mod api;
mod architecture;
mod booking_rules;
mod calendars;
mod command_line;
mod commit_messages;
mod contention;
mod dependencies;
mod disk;
mod door;
mod fair_places;
mod floods;
mod found_by_name;
mod import_files;
mod institutions;
mod interop;
mod kept_pages;
mod letters;
mod messages;
mod office;
mod on_behalf;
mod organiser_changes;
mod pace;
mod passkeys;
mod people;
mod planning;
mod pledges;
mod private_feeds;
mod private_links;
mod public_facts;
mod regressions;
mod reminders;
mod replies;
mod reply_mailbox;
mod rights;
mod rules_of_time;
mod safety;
mod setting_up;
mod snapshots;
mod told_of_changes;
mod waiting_list;
