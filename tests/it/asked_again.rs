//! What belongs to a session goes with a copy of it; and whoever booked before a question was asked is asked for the
//! answer, once a day at most.

use chrono::Duration;
use rocket::{http::Status, local::asynchronous::Client};
use turnout::{
    actions::booking::{book_places::book_places, change_attendee::change_attendee},
    domain::{
        audit::Actor,
        handout::HandedOut,
        id::SessionCode,
        occupancy::TeamPolicy::Together,
        question::{Question, QuestionOf},
        staff::Role,
    },
    store::{answers, feedback_questions, handouts, questions},
};

use crate::support::{
    TestTurnout,
    browser::{page, post},
    form::Form,
    plan::{attendee, request},
    sheets::upload_to,
};

on_both_databases!(
    a_repeated_session_has_its_questions_and_handouts_and_no_answers,
    a_copied_session_has_them_too_and_a_discarded_one_leaves_nothing,
    whoever_booked_before_a_question_is_asked_once_a_day,
    a_leader_answers_for_those_without_an_address,
    nobody_is_asked_who_stopped_such_letters_or_when_it_is_too_late,
    the_waiting_list_and_the_requests_show_answers,
);

const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n";
const SILENT: &str = "/office/sessions/S1/unanswered";

fn code(text: &str) -> SessionCode {
    text.parse().expect("a code")
}

async fn planned(turnout: TestTurnout, capacity: u32) -> (TestTurnout, Client) {
    let turnout = turnout.season().await;
    turnout.plan("S1", "first", capacity, |_| {}).await;
    let login = turnout.account("ruth", Role::Organiser, &["oxford"]).await;
    let office = turnout.signed_in(&login).await;
    (turnout, office)
}

async fn asks(office: &Client, form: &str) {
    let (status, to) = post(office, "/office/sessions/S1/questions", form).await;
    assert_eq!(status, Status::SeeOther, "{to}");
}

const DIET: &str =
    "wording=Soup+or+salad%3F&kind=choice&options=Soup%0ASalad&asked=person&required=1";

/// Two questions, of which the second hangs on the first, one that is asked afterwards, a link and a file.
async fn furnished(office: &Client) {
    asks(office, "wording=How+do+you+come%3F&kind=choice&options=By+train%0ABy+car&asked=person")
        .await;
    asks(
        office,
        "wording=Where+do+you+park%3F&kind=text&asked=person&when_question=Q0001&when_says=By+car",
    )
    .await;
    let afterwards = "/office/sessions/S1/feedback-questions";
    assert_eq!(
        post(office, afterwards, "wording=Was+it+warm%3F&kind=scale").await.0,
        Status::SeeOther
    );
    let list = "/office/sessions/S1/handouts";
    let fields = [("title", "How to listen"), ("audience", "confirmed")];
    assert_eq!(upload_to(office, list, &fields, ("a.pdf", PDF)).await.0, Status::SeeOther);
}

/// What hangs on a session.
async fn belongings(
    turnout: &TestTurnout,
    of: &SessionCode,
) -> (Vec<Question>, usize, Vec<Vec<u8>>) {
    let mut conn = turnout.ctx.store.read().await.expect("a connection");
    let own = questions::of(&mut conn, &QuestionOf::Session(of.clone())).await.expect("questions");
    let handed = HandedOut::Session(of.clone());
    let after = feedback_questions::of(&mut conn, &handed).await.expect("questions");
    let mut files = Vec::new();
    for one in handouts::of(&mut conn, &handed).await.expect("handouts") {
        files.extend(handouts::content(&mut conn, one.id).await.expect("a file"));
    }
    (own, after.len(), files)
}

async fn is_furnished(turnout: &TestTurnout, of: &SessionCode) {
    let (own, afterwards, files) = belongings(turnout, of).await;
    let words: Vec<_> = own.iter().map(|one| one.wording.as_str()).collect();
    assert_eq!(words, ["How do you come?", "Where do you park?"], "{of}");
    let when = own[1].shown_when.as_ref().expect("it hangs on the first");
    assert_eq!((&when.question, when.says.as_str()), (&own[0].code, "By car"));
    assert_eq!((afterwards, files), (1, vec![PDF.to_vec()]), "{of}");
}

async fn a_repeated_session_has_its_questions_and_handouts_and_no_answers(turnout: TestTurnout) {
    let (turnout, office) = planned(turnout, 9).await;
    furnished(&office).await;
    let booked =
        book_places(&turnout.ctx, &Actor::Api, request(&code("S1"), "Ada Obi", 1, Together));
    let reference = booked.await.expect("a booking").registration.reference;
    let answered = format!("/office/bookings/{reference}/questions");
    post(&office, &answered, "q.Q0001.1=By+car&q.Q0002.1=Yard+3").await;
    let html = page(&office, "/office/sessions/S1/repeat?weeks=2").await;
    let words = "Each draft gets 2 questions, 1 question asked afterwards and 1 handout";
    assert!(html.contains(words), "{html}");
    let (_, to) = post(&office, "/office/sessions/S1/repeat", "week=1&week=2").await;
    assert!(to.ends_with("done=repeated-2"), "{to}");
    for copy in ["S002", "S003"] {
        is_furnished(&turnout, &code(copy)).await;
        let mut conn = turnout.ctx.store.read().await.expect("a connection");
        assert!(answers::of_session(&mut conn, &code(copy)).await.expect("answers").is_empty());
    }
    is_furnished(&turnout, &code("S1")).await;
    turnout.is_sound().await;
}

async fn a_copied_session_has_them_too_and_a_discarded_one_leaves_nothing(turnout: TestTurnout) {
    let (turnout, office) = planned(turnout, 9).await;
    furnished(&office).await;
    let copy = "/office/new-session?copy=S1";
    let html = page(&office, copy).await;
    let words = "It gets 2 questions, 1 question asked afterwards and 1 handout of S1 as well.";
    assert!(html.contains(words), "{html}");
    let form = Form::open(&office, copy).await.with("d1_date", "2027-03-06");
    let (status, to) = form.with("d1_start", "10:00").with("d1_end", "12:00").send(&office).await;
    assert_eq!(status, Status::SeeOther, "{to}");
    is_furnished(&turnout, &code("S002")).await;
    let (status, to) = post(&office, "/office/sessions/S002/discard", "").await;
    assert_eq!(status, Status::SeeOther, "{to}");
    assert_eq!(belongings(&turnout, &code("S002")).await, (vec![], 0, vec![]));
    is_furnished(&turnout, &code("S1")).await;
}

/// The page of questions that a letter leads to.
fn link(text: &str) -> String {
    let site = "https://turnout.example";
    let mut links = text.split_whitespace().filter_map(|word| word.strip_prefix(site));
    links.find(|path| path.ends_with("/questions")).expect("a link").to_owned()
}

async fn whoever_booked_before_a_question_is_asked_once_a_day(turnout: TestTurnout) {
    let (turnout, office) = planned(turnout, 9).await;
    let mut team = request(&code("S1"), "Ada Obi", 2, Together);
    team.attendees[1] = Some(attendee("Ben Low"));
    book_places(&turnout.ctx, &Actor::Api, team).await.expect("a booking");
    turnout.letters().await;
    assert!(page(&office, SILENT).await.contains("Nobody: whatever must be answered"));
    asks(&office, DIET).await;
    assert!(
        page(&office, "/office/sessions/S1/questions").await.contains("2 people have not answered")
    );
    let html = page(&office, SILENT).await;
    assert!(html.contains("Ask 2 people") && html.contains("Not yet"), "{html}");
    let (_, to) = post(&office, SILENT, "").await;
    assert_eq!(to, format!("{SILENT}?done=asked-2"));
    assert!(page(&office, &to).await.contains("2 people are asked."));
    let letters = turnout.letters().await;
    assert_eq!(letters.len(), 2, "one letter each");
    let to = |who: &str| letters.iter().find(|one| one.to.contains(who)).expect("a letter");
    for (who, answer, kind) in
        [("ben.low", "q.Q0001.2=Soup", "/p/"), ("ada.obi", "q.Q0001.1=Salad&q.Q0001.2=Soup", "/r/")]
    {
        let letter = to(who);
        assert!(letter.subject.starts_with("Please answer: Course first"), "{}", letter.subject);
        assert!(letter.text.contains("1 question must still be answered"), "{}", letter.text);
        let link = link(&letter.text);
        assert!(link.starts_with(kind), "{who}: {link}");
        let browser = turnout.browser().await;
        assert!(page(&browser, &link).await.contains("Soup or salad?"));
        // Within a day nobody is asked again.
        let (status, said) = post(&office, SILENT, "").await;
        assert_eq!(status, Status::UnprocessableEntity);
        assert!(said.contains("at most once a day"), "{said}");
        assert!(page(&office, SILENT).await.contains("Asked within a day"));
        let (status, there) = post(&browser, &link, answer).await;
        assert_eq!(status, Status::SeeOther, "{there}");
    }
    assert!(page(&office, SILENT).await.contains("Nobody: whatever must be answered"));
    let log = page(&office, "/office/audit?session=S1").await;
    assert!(log.contains("Answers asked"), "{log}");
    asks(&office, "wording=Where+from%3F&kind=text&asked=booking&required=1").await;
    turnout.clock.advance(Duration::hours(25));
    let office = turnout.signed_in(&"ruth".parse().expect("a login")).await;
    let (_, to) = post(&office, SILENT, "").await;
    assert_eq!(to, format!("{SILENT}?done=asked-1"), "the leader alone is asked of the booking");
    turnout.is_sound().await;
}

async fn a_leader_answers_for_those_without_an_address(turnout: TestTurnout) {
    let (turnout, office) = planned(turnout, 9).await;
    let mut team = request(&code("S1"), "Ada Obi", 2, Together);
    let mut mary = attendee("Sister Mary");
    mary.email = None;
    team.attendees[1] = Some(mary);
    let booked = book_places(&turnout.ctx, &Actor::Api, team).await.expect("a booking");
    asks(&office, DIET).await;
    turnout.letters().await;
    let html = page(&office, SILENT).await;
    assert!(html.contains("Ada Obi, for Sister Mary too") && html.contains("2 answers"), "{html}");
    post(&office, SILENT, "").await;
    let letters = turnout.letters().await;
    assert_eq!(letters.len(), 1);
    assert!(
        letters[0].text.contains("No email address of Sister Mary is known"),
        "{}",
        letters[0].text
    );
    // Somebody else in her place is asked for herself, although the leader was asked today (H1).
    let (id, by) = (booked.registration.id, Actor::Leader);
    let place = booked.registration.places[1].id;
    let cleo = attendee("Cleo Hall");
    change_attendee(&turnout.ctx, &by, id, place, cleo).await.expect("a swap");
    turnout.letters().await;
    let (_, to) = post(&office, SILENT, "").await;
    assert_eq!(to, format!("{SILENT}?done=asked-1"));
    assert!(turnout.letters().await[0].to.contains("cleo.hall"));
}

async fn nobody_is_asked_who_stopped_such_letters_or_when_it_is_too_late(turnout: TestTurnout) {
    let (turnout, office) = planned(turnout, 9).await;
    let booked = request(&code("S1"), "Ada Obi", 1, Together);
    book_places(&turnout.ctx, &Actor::Api, booked).await.expect("a booking");
    asks(&office, DIET).await;
    turnout.letters().await;
    post(&office, SILENT, "").await;
    let letter = turnout.letters().await.remove(0);
    let at = letter.text.find("/stop/").expect("a link that stops them");
    let stop = letter.text[at..].split_whitespace().next().expect("a path").to_owned();
    post(&turnout.browser().await, &stop, "stop=1").await;
    turnout.clock.advance(Duration::hours(25));
    let office = turnout.signed_in(&"ruth".parse().expect("a login")).await;
    assert_eq!(post(&office, SILENT, "").await.0, Status::UnprocessableEntity);
    assert!(page(&office, SILENT).await.contains("Wants no messages: ring them"));
    turnout.clock.advance(Duration::days(30));
    let office = turnout.signed_in(&"ruth".parse().expect("a login")).await;
    let (status, said) = post(&office, SILENT, "").await;
    assert_eq!(status, Status::UnprocessableEntity);
    assert!(said.contains("takes no more changes"), "{said}");
    assert!(turnout.letters().await.iter().all(|one| !one.subject.contains("Please answer")));
}

async fn the_waiting_list_and_the_requests_show_answers(turnout: TestTurnout) {
    let (turnout, office) = planned(turnout, 1).await;
    asks(&office, DIET).await;
    for (name, answer) in [("Ada Obi", "Soup"), ("Ben Low", "Salad")] {
        let booked = request(&code("S1"), name, 1, Together);
        let booked = book_places(&turnout.ctx, &Actor::Api, booked).await.expect("a booking");
        let path = format!("/office/bookings/{}/questions", booked.registration.reference);
        post(&office, &path, &format!("q.Q0001.1={answer}")).await;
    }
    for list in ["/office/sessions/S1/waiting-list", "/office/sessions/S1/requests"] {
        let html = page(&office, list).await;
        for words in ["1 answer", "Soup or salad?", "Salad"] {
            assert!(html.contains(words), "{list}: {words}: {html}");
        }
    }
}
