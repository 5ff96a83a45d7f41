use super::*;

#[test]
fn what_others_may_read_of_a_letter_opens_nothing() {
    let secret = "abcdefghijklmnopqrstuvwxyz";
    let text = format!("Open https://t.example/r/{secret}\nor https://t.example/p/{secret}/more");
    let shown = without_secrets(&text);
    assert_eq!(shown, "Open https://t.example/r/…\nor https://t.example/p/…/more");
    let waits = without_secrets("https://t.example/r/~abcdefgh-jklmnpq-rstvwxy~/places/1.");
    assert_eq!(waits, "https://t.example/r/…/places/1.");
    let slug = "https://t.example/courses/listening-to-whoever-comes-2";
    assert_eq!(without_secrets(slug), slug);
    let plain = "Course first, 10am to noon. Ünïcode; donaudampfschifffahrtsgesellschaft.";
    assert_eq!(without_secrets(plain), plain);
}

#[test]
fn only_letters_to_many_can_be_stopped() {
    assert_eq!(Circular::of(LetterKind::StayAsked), Some(Circular::Reminders));
    assert_eq!(Circular::of(LetterKind::AnswersAsked), Some(Circular::Messages));
    assert_eq!(Circular::of(LetterKind::FeedbackAsked), Some(Circular::Questions));
    assert_eq!(Circular::of(LetterKind::InvitationChanged), Some(Circular::Invitations));
    assert_eq!(Circular::of(LetterKind::Invite), None);
}

#[test]
fn what_the_outbox_sends_first_has_the_least_number() {
    let order = [Urgency::Link, Urgency::Offer, Urgency::News, Urgency::Circular];
    assert_eq!(order.map(Urgency::rank), [0, 1, 2, 3]);
}

#[test]
fn a_letter_waits_for_what_its_reader_must_know_first() {
    use LetterKind as K;
    let [link, offer, news, many] =
        [K::SignInLink, K::PlaceOffered, K::BookingConfirmed, K::Reminder];
    for (letter, waits_for) in [
        (link, &[link][..]),
        (offer, &[link, offer, news]),
        (news, &[link, offer, news]),
        (many, &[link, offer, news, many]),
    ] {
        for earlier in [link, offer, news, many] {
            let waits = letter.waits_for(earlier);
            assert_eq!(waits, waits_for.contains(&earlier), "{letter} after {earlier}");
        }
    }
}

#[test]
fn a_reader_stops_letters_by_the_words_for_them() {
    let called: Vec<_> =
        Circular::ALL.iter().map(|one| (one.called(), one.is_messages())).collect();
    assert_eq!(
        called,
        [
            ("reminders", false),
            ("messages to everybody on a session", true),
            ("questions about how it was", false),
            ("personal invitations", false),
        ]
    );
    for (kind, circular) in [
        (LetterKind::Reminder, Circular::Reminders),
        (LetterKind::Message, Circular::Messages),
        (LetterKind::PersonallyInvited, Circular::Invitations),
    ] {
        assert_eq!(Circular::of(kind), Some(circular));
    }
}

#[test]
fn a_secret_is_left_out_wherever_it_stands_and_nothing_else_is() {
    let shown = "https://t.example/?key=…&more=1";
    let asked = "https://t.example/?key=abcdefghijklmnopqrstuvwxyz&more=1";
    assert_eq!(without_secrets(asked), shown);
    // A secret has 26 letters or digits; what is shorter, or says no secret between its marks, stays.
    for plain in [
        "https://t.example/r/abcdefghijklmnopqrstuvwxy",
        "https://t.example/r/~abcdefgh jklmnpq-rstvwxy~/1",
        "https://t.example/r/~abcdefgh-jklmnpq-rstvwxyz/1",
    ] {
        assert_eq!(without_secrets(plain), plain);
    }
    let longer = "https://t.example/r/abcdefghijklmnopqrstuvwxyz0123";
    assert_eq!(without_secrets(longer), "https://t.example/r/…");
}

fn letter(kind: LetterKind, method: Option<CalendarMethod>) -> Letter {
    Letter {
        id: LetterId::new(uuid::Uuid::nil()),
        kind,
        to_name: None,
        to: "ada@example.org".parse().expect("an address"),
        subject: format!("{}: training", crate::domain::near_day::LEAD),
        text: format!("Dear Ada,\n\n{OWN_CALENDAR}\n\n{REFERENCE}\n\n{SAID}\n\nSee you.{STOP}"),
        html: format!("<p>Dear Ada,</p>{OWN_CALENDAR}{REFERENCE}{SAID}<p>See you.</p>{STOP}"),
        calendar: method.map(|method| CalendarPart { method, ics: String::new() }),
        thread: None,
        day: None,
        reply_to: None,
        session: None,
    }
}

#[test]
fn only_a_letter_with_something_for_the_calendar_asks_to_come() {
    use CalendarMethod::{Cancel, Publish, Request};
    for (kind, method, asks) in [
        (LetterKind::Invite, Some(Request), true),
        (LetterKind::BookingConfirmed, Some(Publish), true),
        (LetterKind::Invite, Some(Cancel), false),
        (LetterKind::Invite, None, false),
        (LetterKind::SessionChanged, Some(Request), false),
        (LetterKind::SessionChanged, None, false),
    ] {
        assert_eq!(letter(kind, method).is_invite(), asks, "{kind} with {method:?}");
    }
}

#[test]
fn what_was_not_filled_in_leaves_no_gap_and_the_day_is_counted_as_it_leaves() {
    let at = |text: &str| text.parse::<DateTime<Utc>>().expect("a moment");
    let zone = chrono_tz::Europe::London;
    let day = NearDay { starts_at: at("2027-06-05T08:30:00Z"), zone };
    let waits = Letter { day: Some(day), ..letter(LetterKind::Reminder, None) };
    let left = waits.leaving(at("2027-06-04T12:00:00Z"));
    assert_eq!(left.subject, "Tomorrow: training");
    assert_eq!(left.text, "Dear Ada,\n\nSee you.");
    assert_eq!(left.html, "<p>Dear Ada,</p><p>See you.</p>");
    assert_eq!(left.to.as_str(), "ada@example.org");
}
