//! The organisers' desk.

use uuid::Uuid;

use super::Href;
use crate::{
    domain::{
        id::{
            AllianceSlug, CourseSlug, InstitutionCode, LetterId, MailingId, PersonId, SessionCode,
            SittingId, StaffLogin,
        },
        reference::Reference,
    },
    store::{letter_search::Progress, session_search::Stage},
};

pub use super::office_words::{
    circular, letter_wording, messages, session_move_everybody, session_requests_undo,
    session_series, wording, wording_of,
};

pub fn overview() -> Href {
    Href::of("/office")
}

pub fn other_pages() -> Href {
    Href::of("/office/more")
}

pub fn sessions() -> Href {
    Href::of("/office/sessions")
}

/// The sessions of a month or a term, as on a wall.
pub fn season() -> Href {
    Href::of("/office/season")
}

pub fn all_sessions() -> Href {
    sessions().with("stage", Stage::All.as_str())
}

/// Publishing or deleting several drafts.
pub fn several_drafts() -> Href {
    Href::of("/office/drafts")
}

pub fn drafts() -> Href {
    sessions().with("stage", Stage::Draft.as_str())
}

/// Every booking there is, to look for one.
pub fn bookings() -> Href {
    Href::of("/office/bookings")
}

pub fn session(code: &SessionCode) -> Href {
    sessions().join(code)
}

pub fn new_session() -> Href {
    Href::of("/office/new-session")
}

pub fn new_session_like(code: &SessionCode) -> Href {
    new_session().with("copy", code)
}

pub fn session_edit(code: &SessionCode) -> Href {
    session(code).join("edit")
}

pub fn session_publish(code: &SessionCode) -> Href {
    session(code).join("publish")
}

pub fn session_discard(code: &SessionCode) -> Href {
    session(code).join("discard")
}

pub fn session_repeat(code: &SessionCode) -> Href {
    session(code).join("repeat")
}

pub fn session_places(code: &SessionCode) -> Href {
    session(code).join("places")
}

pub fn session_times(code: &SessionCode) -> Href {
    session(code).join("times")
}

pub fn session_days(code: &SessionCode) -> Href {
    session(code).join("days")
}

pub fn session_remove_day(code: &SessionCode) -> Href {
    session(code).join("remove-day")
}

pub fn session_day_to_remove(code: &SessionCode, day: &SittingId) -> Href {
    session_remove_day(code).with("day", day)
}

pub fn session_venue(code: &SessionCode) -> Href {
    session(code).join("venue")
}

pub fn session_cancel(code: &SessionCode) -> Href {
    session(code).join("cancel")
}

pub fn session_decline(code: &SessionCode) -> Href {
    session(code).join("decline")
}

pub fn session_feedback(code: &SessionCode) -> Href {
    session(code).join("feedback")
}

pub fn session_feedback_csv(code: &SessionCode) -> Href {
    session(code).join("feedback.csv")
}

pub fn session_message(code: &SessionCode) -> Href {
    session(code).join("message")
}

pub fn session_mailing(code: &SessionCode, id: &MailingId) -> Href {
    session(code).join("messages").join(id)
}

pub fn session_pledges(code: &SessionCode) -> Href {
    session(code).join("pledges")
}

pub fn session_chase(code: &SessionCode) -> Href {
    session_pledges(code).join("chase")
}

pub fn session_requests(code: &SessionCode) -> Href {
    session(code).join("requests")
}

/// One answer for several who ask.
pub fn session_requests_many(code: &SessionCode) -> Href {
    session_requests(code).join("many")
}

/// Every session somebody asks for places on.
pub fn requests() -> Href {
    Href::of("/office/requests")
}

/// Who waits for a session, in order.
pub fn session_waiting_list(code: &SessionCode) -> Href {
    session(code).join("waiting-list")
}

pub fn session_bookings(code: &SessionCode) -> Href {
    session(code).join("bookings")
}

/// Booking for somebody on the telephone.
pub fn session_book(code: &SessionCode) -> Href {
    session(code).join("book")
}

pub fn booking(reference: &Reference) -> Href {
    Href::of("/office/bookings").join(reference)
}

/// Cancelling all places.
pub fn booking_cancel(reference: &Reference) -> Href {
    booking(reference).join("cancel")
}

/// Changing who comes.
pub fn place(reference: &Reference, number: &u32) -> Href {
    booking(reference).join("places").join(number)
}

pub fn place_cancel(reference: &Reference, number: &u32) -> Href {
    booking_cancel(reference).with("place", number)
}

/// Who looks after a booking.
pub fn booking_leader(reference: &Reference) -> Href {
    booking(reference).join("leader")
}

pub fn booking_move(reference: &Reference) -> Href {
    booking(reference).join("move")
}

/// Giving places out of turn.
pub fn booking_confirm(reference: &Reference) -> Href {
    booking(reference).join("confirm")
}

/// Letting a booking pass others on the waiting list.
pub fn booking_move_up(reference: &Reference) -> Href {
    booking(reference).join("move-up")
}

/// Taking back what is offered to a booking.
pub fn booking_withdraw_offer(reference: &Reference) -> Href {
    booking(reference).join("withdraw-offer")
}

/// The private links of a booking.
pub fn booking_links(reference: &Reference) -> Href {
    booking(reference).join("links")
}

pub fn booking_links_end(reference: &Reference) -> Href {
    booking_links(reference).join("end")
}

pub fn booking_resend(reference: &Reference) -> Href {
    booking(reference).join("resend")
}

pub fn turnout() -> Href {
    Href::of("/office/turnout")
}

pub fn turnout_csv() -> Href {
    Href::of("/office/turnout.csv")
}

pub fn turnout_xlsx() -> Href {
    Href::of("/office/turnout.xlsx")
}

pub fn letters() -> Href {
    Href::of("/office/letters")
}

pub fn letters_in(progress: &Progress) -> Href {
    letters().with("progress", progress.as_str())
}

/// The letters that news of a session is going to be.
pub fn letters_to_come(news: &Uuid) -> Href {
    letters().join("to-come").join(news)
}

pub fn letter(id: &LetterId) -> Href {
    letters().join(id)
}

pub fn letters_retry_all() -> Href {
    letters().join("retry-all")
}

pub fn letter_retry(id: &LetterId) -> Href {
    letters().join(id).join("retry")
}

pub fn replies() -> Href {
    Href::of("/office/replies")
}

pub fn reply(id: &Uuid) -> Href {
    replies().join(id)
}

pub fn reply_done(id: &Uuid) -> Href {
    reply(id).join("done")
}

pub fn people() -> Href {
    Href::of("/office/people")
}

/// The people of a name.
pub fn people_called(name: &str) -> Href {
    people().with("q", name)
}

pub fn person(id: &PersonId) -> Href {
    people().join(id)
}

pub fn person_merge(id: &PersonId) -> Href {
    person(id).join("merge")
}

/// What is held about somebody.
pub fn person_data(id: &PersonId) -> Href {
    person(id).join("data")
}

pub fn person_erase(id: &PersonId) -> Href {
    person(id).join("erase")
}

pub fn person_merge_with(id: &PersonId, other: &PersonId) -> Href {
    person_merge(id).with("with", other)
}

pub fn institutions() -> Href {
    Href::of("/office/institutions")
}

pub fn new_institution() -> Href {
    Href::of("/office/new-institution")
}

pub fn institution(code: &InstitutionCode) -> Href {
    institutions().join(code)
}

pub fn institution_merge(code: &InstitutionCode) -> Href {
    institution(code).join("merge")
}

pub fn institution_merge_with(code: &InstitutionCode, other: &InstitutionCode) -> Href {
    institution_merge(code).with("with", other)
}

/// Names that leaders typed.
pub fn typed_institutions() -> Href {
    Href::of("/office/typed-institutions")
}

pub fn recognise() -> Href {
    typed_institutions().join("which")
}

pub fn recognise_name(typed: &str) -> Href {
    recognise().with("name", typed)
}

pub fn recognise_name_as(typed: &str, meant: &InstitutionCode) -> Href {
    recognise_name(typed).with("with", meant)
}

pub fn courses() -> Href {
    Href::of("/office/courses")
}

pub fn new_course() -> Href {
    Href::of("/office/new-course")
}

pub fn course(slug: &CourseSlug) -> Href {
    courses().join(slug)
}

pub fn alliances() -> Href {
    Href::of("/office/alliances")
}

pub fn new_alliance() -> Href {
    Href::of("/office/new-alliance")
}

pub fn alliance(slug: &AllianceSlug) -> Href {
    alliances().join(slug)
}

/// The log.
pub fn audit() -> Href {
    Href::of("/office/audit")
}

pub fn audit_of_session(code: &SessionCode) -> Href {
    audit().with("session", code)
}

pub fn accounts() -> Href {
    Href::of("/office/accounts")
}

pub fn new_account() -> Href {
    Href::of("/office/new-account")
}

pub fn account(login: &StaffLogin) -> Href {
    accounts().join(login)
}

pub fn account_sign_out(login: &StaffLogin) -> Href {
    account(login).join("sign-out")
}

pub fn account_passkeys(login: &StaffLogin) -> Href {
    account(login).join("passkeys")
}

pub fn account_disable(login: &StaffLogin) -> Href {
    account(login).join("disable")
}

pub fn account_enable(login: &StaffLogin) -> Href {
    account(login).join("enable")
}
