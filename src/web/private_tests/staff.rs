//! Signing in, the trainer's pages and the demo mailbox.

use super::{contains_all, rendered, samples::*};
use crate::{
    domain::roster::Roster,
    web::{
        form::FormState,
        mailbox::{MailItem, MailPage, MailboxPage},
        page::Area,
        spreadsheet::to_csv,
        trainer::{
            roster::{RosterPage, View, WALK_IN_LINES},
            roster_tables,
            sessions::{TrainerPage, TrainerSession},
            sign_in::{DeadLinkPage, SignInConfirmPage, SignInPage, SignInSentPage, SignOutPage},
        },
    },
};

#[test]
fn signing_in_and_out_ends_in_a_button() {
    let mut form = FormState::default();
    form.keep("email", "amina");
    form.fault("email", "Enter your email address");
    let chrome = || chrome(Area::Elsewhere);
    let ask = SignInPage { chrome: chrome(), passkeys: false, form };
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
        has_more: false,
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
        shown: roster.clone(),
        roster,
        walk_in_lines: WALK_IN_LINES,
        is_over: false,
        view: View::default(),
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
    for cell in html.split("<td").filter(|cell| cell.contains("class=\"need")) {
        assert!(cell.starts_with(" role=\"cell\" class=\"private\""), "a need is printed: {cell}");
    }
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
    let [people, _] = roster_tables::tables(&roster);
    let file = String::from_utf8(to_csv(&people).unwrap()).unwrap();
    contains_all(&file, &["\"'=HYPERLINK(", "Halal", "RM7K-4TQ2", "Name to follow"]);
    let (mut reader, mut rows) = (csv::Reader::from_reader(file.as_bytes()), 0);
    for row in reader.records() {
        rows += 1;
        assert!(row.unwrap().iter().all(|cell| !cell.starts_with(['=', '+', '-', '@'])));
    }
    assert_eq!(rows, roster.lines.len());
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
