//! What Turnout is about, as plain values: no SQL, no HTTP, no clock, no async.
//!
//! The glossary. An [`alliance`] is a local chapter of [`institution`]s. A [`course`] is what is
//! taught; a [`session`] is a scheduled run of it, made of [`sitting`]s at a [`location`]. A
//! [`registration`] is one booking by one leader; each of its [`place`]s is one seat for one
//! [`attendee`]. [`occupancy`] counts the places that hold capacity. An [`invitation`] is what a
//! calendar app was told about one place in one sitting. The [`waiting_list`] says who is offered
//! what comes free. [`staff`] have accounts and
//! [`permission`]s. Everything that happens to a place is an [`audit`] event. An [`edit`] is merged with
//! what others changed meanwhile.
//!
//! One word, one thing:
//!
//! | Word | Means | For the other thing we say |
//! |---|---|---|
//! | session | a scheduled run of a course | *sign-in*: what a cookie remembers |
//! | door | where people are checked in | *channel*: by which way a booking comes in |
//! | place | a seat | *venue*: where a session is held |
//! | cause | by whom, when and why a place changed | *change*: what happened to a session |
//! | move | a place's step from one state to another | *move request*: people go to another date |
//! | kept | an answer drawn once and sent again | *save*: what a form says is written down |
//! | letter | one e-mail to one person | *message*: what an organiser writes to many |
//! | sender | an institution that sends people, or nobody | *letterhead*: whose letters these are |
//! | feed | a calendar to subscribe to | *news*: what is new, as Atom |
//! | drawn | what a form was made from, field by field | *held*: a place kept while a leader types |
//! | attempt | one try to make something, however often it is sent | *token*: a secret in a link |

pub mod actor;
pub mod admission;
pub mod aims;
pub mod alliance;
pub mod already;
pub mod announcement;
pub mod application;
pub mod attendance;
pub mod attendee;
pub mod audit;
pub mod audited_record;
pub mod belongings;
pub mod calendar_part;
pub mod catalogue_filter;
pub mod certificate_number;
pub mod characters;
pub mod clash;
pub mod colour;
pub mod composition;
pub mod contact;
pub mod course;
pub mod difference;
pub mod edit;
pub mod feedback;
pub mod feedback_question;
pub mod fill;
pub mod finding;
pub mod gathering;
pub mod handout;
pub mod help_amount;
pub mod help_budget;
pub mod help_request;
pub mod helper_link;
pub mod id;
pub mod import;
pub mod institution;
pub mod interest;
pub mod invitation;
pub mod letter;
pub mod letter_wording;
pub mod likely_same;
pub mod likeness;
pub mod location;
pub mod mailing;
pub mod near_day;
pub mod nomination;
pub mod occupancy;
pub mod office_note;
pub mod own_data;
pub mod page_words;
pub mod passkey;
pub mod pasted_names;
pub mod path;
pub mod permission;
pub mod person;
pub mod person_merge;
pub mod personal_invitation;
pub mod place;
pub mod placeholder;
pub mod plan;
pub mod pledge;
pub mod postcode;
pub mod prerequisite;
pub mod private_feed;
pub mod public_url;
pub mod question;
pub mod reference;
pub mod registration;
pub mod reply;
pub mod reserve;
pub mod retention;
pub mod roster;
#[cfg(test)]
pub(crate) mod samples;
pub mod season;
pub mod series;
pub mod session;
pub mod sitting;
pub mod staff;
pub mod stamp;
pub mod stay;
pub mod stranger;
pub mod support;
pub mod text;
pub mod thing;
pub mod unnamed;
pub mod venue;
pub mod vocabulary;
pub mod waiting_list;
pub mod wording;
