//! Every private page, rendered with awkward but real values.

mod samples;

use askama::Template;
use samples::*;

use crate::{
    domain::{place::PlaceState, roster::Roster, session::Publication},
    web::{
        form::FormState,
        leader::{
            booking::{ChangePlacePage, ManagePage},
            cancelling::{CancelAllPage, CancelPlacePage},
            place::{GiveUpPage, OwnPlacePage, needs_form},
        },
        mailbox::{MailItem, MailPage, MailboxPage},
        page::Area,
        trainer::{
            roster::{RosterPage, WALK_IN_LINES},
            roster_csv,
            sessions::{TrainerPage, TrainerSession},
            sign_in::{DeadLinkPage, SignInConfirmPage, SignInPage, SignInSentPage, SignOutPage},
        },
    },
};

/// Renders a page, holds it to what every page owes, and keeps it where the environment says.
fn rendered(name: &str, page: &impl Template) -> String {
    let html = page.render().unwrap();
    let lower = html.to_lowercase();
    for banned in ["<style", " style=", " onclick=", " onload=", "<script>", "javascript:"] {
        assert!(!lower.contains(banned), "{name} contains {banned}");
    }
    assert_eq!(lower.matches("<script").count(), 1, "{name} loads a script of its own");
    assert_eq!(lower.matches("<h1").count(), 1, "{name} has not exactly one h1");
    let mut ids: Vec<_> =
        html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count, "{name} uses an id twice");
    if let Ok(folder) = std::env::var("TURNOUT_RENDER_DIR") {
        std::fs::write(std::path::Path::new(&folder).join(format!("{name}.html")), &html).unwrap();
    }
    html
}

fn contains_all(html: &str, words: &[&str]) {
    for expected in words {
        assert!(html.contains(expected), "the page lacks {expected:?}");
    }
}

fn manage() -> ManagePage {
    ManagePage {
        chrome: chrome(Area::Booking),
        session: session(),
        registration: registration(),
        notice: Some("Saved. Leila Haddad is coming instead of Kwame Mensah.".to_owned()),
        base: "/r/token".to_owned(),
        now: before(),
    }
}

#[test]
fn the_leader_sees_everybody_she_booked_and_can_change_each() {
    let html = rendered("manage", &manage());
    contains_all(
        &html,
        &[
            "<title>Saved. Leila Haddad",
            "RM7K-4TQ2",
            "4 people are coming",
            "Ruth Okafor (you)",
            "&#60;script&#62;alert(1)&#60;/script&#62;",
            "Name to follow",
            "On the waiting list",
            "href=\"/r/token/places/2/cancel\"",
            "action=\"/r/token/resend\"",
            "href=\"/r/token/calendar.ics\"",
        ],
    );
    assert!(!html.contains("/r/token/places/6"), "a cancelled place cannot be changed");
}

#[test]
fn the_online_room_waits_for_a_certain_place() {
    let mut page = manage();
    page.session.location = online();
    contains_all(&rendered("manage-online", &page), &["https://meet.example/abc", "London time"]);
    for place in &mut page.registration.places {
        place.state = PlaceState::Requested;
    }
    let html = rendered("manage-requested", &page);
    contains_all(&html, &["You asked for 6 places", "the organiser will decide"]);
    assert!(!html.contains("meet.example"));
}

#[test]
fn a_cancelled_booking_says_so() {
    let mut page = manage();
    for place in &mut page.registration.places {
        place.state = PlaceState::Cancelled;
    }
    contains_all(
        &rendered("manage-cancelled", &page),
        &["Your booking is cancelled", "All 6 places on Two-day", "Leila Haddad"],
    );
}

#[test]
fn a_session_called_off_or_over_offers_no_changes() {
    let mut page = manage();
    page.session.publication =
        Publication::Cancelled { at: before(), reason: "The roof leaks.".to_owned() };
    let html = rendered("manage-called-off", &page);
    contains_all(&html, &["This session is cancelled.", "The roof leaks."]);
    assert!(!html.contains("/places/1"));
}

#[test]
fn changing_a_place_keeps_what_was_typed() {
    let registration = registration();
    let place = registration.places[1].clone();
    let mut form = ChangePlacePage::filled(&place);
    assert_eq!(form.value("email"), "leila@example.org");
    form.keep("email", "leila@\"><script>");
    form.fault("email", "Check the email address for Leila Haddad.");
    form.fault("diet", "Make this shorter.");
    let mut page = ChangePlacePage {
        chrome: chrome(Area::Booking),
        session: session(),
        place,
        form,
        base: "/r/token".to_owned(),
    };
    contains_all(
        &rendered("change-error", &page),
        &[
            "<title>Error: Change who is coming",
            "href=\"#email\"",
            "aria-describedby=\"email-e\" aria-invalid=\"true\"",
            "aria-describedby=\"diet-h diet-e\" aria-invalid=\"true\"",
            "value=\"leila@&#34;&#62;&#60;script&#62;\"",
            "value=\"Halal\"",
            "action=\"/r/token/places/2\"",
        ],
    );
    page.place = registration.places[3].clone();
    page.form = ChangePlacePage::filled(&page.place);
    contains_all(&rendered("change-to-follow", &page), &["Who is person 4?"]);
}

#[test]
fn cancelling_asks_first_and_names_what_stays() {
    let registration = registration();
    let one = CancelPlacePage {
        chrome: chrome(Area::Booking),
        session: session(),
        place: registration.places[1].clone(),
        registration: registration.clone(),
        base: "/r/token".to_owned(),
    };
    contains_all(
        &rendered("cancel-one", &one),
        &["Cancel Leila Haddad\u{2019}s place?", "Ruth Okafor", "and person 4", "name=\"why\""],
    );
    let all = CancelAllPage {
        chrome: chrome(Area::Booking),
        session: session(),
        registration,
        base: "/r/token".to_owned(),
    };
    contains_all(
        &rendered("cancel-all", &all),
        &["Cancel all 5 places?", "You and Leila Haddad", "action=\"/r/token/cancel\""],
    );
}

#[test]
fn an_attendee_sees_her_place_and_nobody_elses() {
    let place = registration().places[1].clone();
    let mut page = OwnPlacePage {
        chrome: chrome(Area::Booking),
        session: session(),
        form: needs_form(&place),
        place,
        leader_name: "Ruth Okafor".to_owned(),
        base: "/p/token".to_owned(),
        notice: None,
        now: before(),
    };
    page.session.location = online();
    let html = rendered("own-place", &page);
    contains_all(
        &html,
        &["You have a place", "meet.example", "Halal", "action=\"/p/token/needs\"", "Day 2"],
    );
    assert!(!html.contains("alert(1)") && !html.contains("Sister Mary"));
    page.place.state = PlaceState::Cancelled;
    let html = rendered("own-place-cancelled", &page);
    contains_all(&html, &["Your place is cancelled"]);
    assert!(!html.contains("meet.example") && !html.contains("/p/token/needs"));
    let give_up = GiveUpPage {
        chrome: chrome(Area::Booking),
        session: session(),
        leader_name: "Ruth Okafor".to_owned(),
        base: "/p/token".to_owned(),
    };
    contains_all(&rendered("give-up", &give_up), &["Yes, give up my place"]);
}

#[test]
fn signing_in_and_out_ends_in_a_button() {
    let mut form = FormState::default();
    form.keep("email", "amina");
    form.fault("email", "Enter your email address");
    let chrome = || chrome(Area::Elsewhere);
    let ask = SignInPage { chrome: chrome(), form };
    contains_all(&rendered("sign-in", &ask), &["aria-invalid=\"true\" value=\"amina\""]);
    let email = "<b>@example.org".to_owned();
    let sent = SignInSentPage { chrome: chrome(), email, minutes: 15 };
    contains_all(&rendered("sign-in-sent", &sent), &["&#60;b&#62;@example.org", "15 minutes"]);
    let confirm = SignInConfirmPage { chrome: chrome(), action: "/sign-in/token".to_owned() };
    contains_all(&rendered("sign-in-confirm", &confirm), &["action=\"/sign-in/token\""]);
    contains_all(&rendered("sign-out", &SignOutPage { chrome: chrome() }), &["method=\"post\""]);
    let dead = DeadLinkPage { chrome: chrome(), again: "/lost-link" };
    contains_all(&rendered("dead-link", &dead), &["no longer works", "href=\"/lost-link\""]);
}

#[test]
fn a_trainer_sees_today_first() {
    let item = |sitting_number, needs| TrainerSession {
        session: session(),
        sitting_number,
        coming: 24,
        needs,
    };
    let mut page = TrainerPage {
        chrome: chrome(Area::Trainer),
        greeting: "Good morning, Amina".to_owned(),
        today: vec![item(1, 9), item(1, 1)],
        upcoming: vec![item(2, 0)],
        past: vec![item(1, 0)],
        now: before(),
    };
    contains_all(
        &rendered("trainer", &page),
        &[
            "Two-day leadership training: day two",
            "9 people have given needs",
            "1 person has given needs",
            "/trainer/sessions/S001/roster#needs",
            "6 places left",
        ],
    );
    (page.today, page.upcoming, page.past) = (vec![], vec![], vec![]);
    contains_all(&rendered("trainer-empty", &page), &["You have no sessions coming up."]);
}

#[test]
fn the_roster_keeps_needs_off_paper() {
    let roster = Roster::of(vec![registration(), big_team()]);
    let mut page = RosterPage {
        chrome: chrome(Area::Trainer),
        session: session(),
        roster,
        walk_in_lines: WALK_IN_LINES,
        csv_href: "/trainer/sessions/S001/roster.csv".to_owned(),
    };
    let html = rendered("roster", &page);
    contains_all(
        &html,
        &[
            "body class=\"sheet\"",
            "24 people coming from 2 institutions",
            "Nut allergy, carries an EpiPen",
            "=HYPERLINK(",
            "Under 18: Joy Clarke, 07700 900176",
            "<td class=\"num\">28</td>",
            "href=\"tel:07700900117\"",
            "Sat 12 Sep",
        ],
    );
    let cells = html.matches("class=\"need").count();
    assert_eq!(
        cells,
        html.split("class=\"private\"")
            .filter(|c| c.starts_with("><span class=\"need"))
            .map(|c| c.split("</td>").next().unwrap().matches("class=\"need").count())
            .sum::<usize>()
    );
    page.session.sittings.extend(page.session.sittings.clone());
    rendered("roster-four-days", &page);
    page.roster = Roster::of(vec![without_needs()]);
    contains_all(&rendered("roster-no-needs", &page), &["Nobody has told us about any needs"]);
    page.roster = Roster::default();
    contains_all(&rendered("roster-empty", &page), &["Nobody has booked yet"]);
}

#[test]
fn the_spreadsheet_carries_text_and_never_a_formula() {
    let roster = Roster::of(vec![registration()]);
    let file = String::from_utf8(roster_csv::to_csv(&roster).unwrap()).unwrap();
    contains_all(&file, &["\"'=HYPERLINK(", "Halal", "RM7K-4TQ2", "Name to follow"]);
    let (mut reader, mut rows) = (csv::Reader::from_reader(file.as_bytes()), 0);
    for row in reader.records() {
        rows += 1;
        assert!(row.unwrap().iter().all(|cell| !cell.starts_with(['=', '+', '-', '@'])));
    }
    assert_eq!(rows, roster.lines.len());
    assert_eq!(roster_csv::file_name(&session()), "roster-S001.csv");
}

#[test]
fn the_demo_shows_what_it_sent() {
    let item = MailItem {
        id: "0197".to_owned(),
        to: "ruth@example.org".to_owned(),
        subject: "You're booked: <script>".to_owned(),
        sent: "10am on Tuesday 25 August".to_owned(),
        has_invite: true,
    };
    let chrome = || chrome(Area::Elsewhere);
    let list = MailboxPage { chrome: chrome(), letters: vec![item.clone()] };
    contains_all(&rendered("mailbox", &list), &["href=\"/mailbox/0197\"", "Calendar invite"]);
    let empty = MailboxPage { chrome: chrome(), letters: vec![] };
    contains_all(&rendered("mailbox-empty", &empty), &["Nothing has been sent yet"]);
    let letter = MailPage {
        chrome: chrome(),
        item,
        text: "Hello Ruth\n\nhttps://turnout.example/r/<token>".to_owned(),
        html_href: "/mailbox/0197/html".to_owned(),
        eml_href: "/mailbox/0197.eml".to_owned(),
        ics_href: Some("/mailbox/0197.ics".to_owned()),
        headers: vec![("Message-ID".to_owned(), "<0197@turnout.example>".to_owned())],
    };
    contains_all(&rendered("mail", &letter), &["/r/&#60;token&#62;", "&#60;0197@turnout.example"]);
}
