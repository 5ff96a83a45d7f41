//! What a course or a session asks: kept by the office, answered wherever a place is taken, read by whom it is for.

use chrono::Duration;
use rocket::{
    http::{ContentType, Status},
    local::asynchronous::Client,
};
use turnout::{
    actions::{
        booking::change_attendee::change_attendee, people::know_people::know_people,
        questions::answer::asks, retention::erase_due::erase_due,
    },
    domain::{
        audit::Actor, id::RegistrationId, registration::Registration, session::Trainer, staff::Role,
    },
    store::{answers, own_data, registrations},
};

use crate::support::{
    TestTurnout,
    browser::{page, post},
    form::Form,
    plan::{attendee, name},
};

on_both_databases!(
    questions_are_asked_on_the_way_to_a_booking_and_again_under_its_links,
    a_program_is_told_what_is_asked_and_what_is_missing,
    whoever_comes_instead_is_asked_anew_and_whoever_is_spelt_better_is_not,
    a_changed_question_keeps_old_answers_readable,
    each_reads_what_is_for_her,
    answers_are_erased_in_time_and_handed_out,
    an_organiser_keeps_questions_of_her_own_sessions,
);

/// The private link of a place, as its letter has it.
async fn own_link(turnout: &TestTurnout, address: &str) -> String {
    let letters = turnout.letters().await;
    let hers = letters.iter().filter(|letter| letter.to.contains(address));
    let links = hers.flat_map(|letter| letter.text.split_whitespace());
    let site = "https://turnout.example";
    let own = links.filter_map(|word| word.strip_prefix(site)).find(|path| path.starts_with("/p/"));
    let own = own.expect("a private link").trim_end_matches(['.', ',']);
    own.split('/').take(3).collect::<Vec<_>>().join("/")
}

const QUESTIONS: &str = "/office/sessions/S1/questions";

/// An organiser, and a session that asks: how somebody comes, where from if by car, food for the kitchen, once for
/// all a purchase order, and a consent.
async fn asking(turnout: &TestTurnout) -> Client {
    let led = turnout.account("leads", Role::Trainer, &[]).await;
    turnout
        .plan("S1", "first", 10, |session| {
            session.trainers = vec![Trainer { login: led, name: "Lead".to_owned() }];
        })
        .await;
    let login = turnout.account("organiser", Role::Organiser, &["oxford"]).await;
    let office = turnout.signed_in(&login).await;
    for form in [
        "wording=How+do+you+come%3F&kind=choice&options=By+train%0ABy+car&asked=person&required=1&helper=1",
        "wording=Where+do+you+park%3F&kind=text&most=20&asked=person&required=1&when_question=Q0001&when_says=By+car\
         &trainer=1",
        "wording=Soup+or+salad%3F&kind=several&options=Soup%0ASalad&asked=person&kitchen=1",
        "wording=Purchase+order&kind=text&asked=booking",
        "wording=I+may+be+photographed&kind=consent&asked=person&sheet=1",
        "wording=Anything+about+your+health%3F&kind=long-text&asked=person&sensitive=1",
    ] {
        let (status, to) = post(&office, QUESTIONS, form).await;
        assert_eq!(status, Status::SeeOther, "{to}");
    }
    office
}

/// The first step of a booking for two, of which the second name follows; where its second step is.
async fn held(browser: &Client) -> String {
    let body =
        "places=2&self=yes&name=Ada+Obi&email=ada@example.org&institution=none&team=together";
    let (status, people) = post(browser, "/sessions/S1/register", body).await;
    assert_eq!(status, Status::SeeOther, "{people}");
    let named = "p1_name=Ada+Obi&p1_email=ada@example.org&p2_follows=yes&action=continue";
    let (status, next) = post(browser, &people, named).await;
    assert!(status == Status::SeeOther && next.ends_with("/questions"), "{status} {next}");
    next
}

const ANSWERED: &str = "q.Q0001.1=By+car&q.Q0002.1=Yard+3&q.Q0003.1=Salad&q.Q0004=PO+7&q.Q0005.1=yes\
    &q.Q0006.1=Asthma&action=continue";

/// Ada's booking of the session that asks, with everything answered; its private link.
async fn booked(turnout: &TestTurnout) -> (Client, String, Registration) {
    let browser = turnout.browser().await;
    let questions = held(&browser).await;
    let (status, check) = post(&browser, &questions, ANSWERED).await;
    assert!(status == Status::SeeOther && check.ends_with("/check"), "{status} {check}");
    let (status, to) = post(&browser, &check, "").await;
    assert_eq!(status, Status::SeeOther, "{to}");
    let link = to.trim_end_matches("/booked").to_owned();
    (browser, link, the_booking(turnout).await)
}

async fn the_booking(turnout: &TestTurnout) -> Registration {
    let mut conn = turnout.ctx.store.read().await.expect("a connection");
    let code = "S1".parse().expect("a code");
    let all = registrations::of_session(&mut conn, &code).await.expect("bookings");
    all.into_iter().next().expect("a booking")
}

/// What stands on a booking: the number of the place, 0 for all of it, the question and the answer.
async fn standing(turnout: &TestTurnout, id: RegistrationId) -> Vec<String> {
    let booking = turnout.registration(id).await;
    let mut conn = turnout.ctx.store.read().await.expect("a connection");
    let all = answers::of_registration(&mut conn, id).await.expect("answers");
    let line = |one: &answers::StandingAnswer| {
        let place = booking.places.iter().find(|place| Some(place.id) == one.place);
        let number = place.map_or(0, |place| place.number);
        format!("{number} {}: {}", one.answered.question, one.answered.said())
    };
    all.iter().map(line).collect()
}

async fn questions_are_asked_on_the_way_to_a_booking_and_again_under_its_links(
    turnout: TestTurnout,
) {
    let turnout = turnout.season().await;
    asking(&turnout).await;
    let browser = turnout.browser().await;
    let questions = held(&browser).await;
    let shown = page(&browser, &questions).await;
    assert!(shown.contains("How do you come?") && shown.contains("About this booking"), "{shown}");
    assert!(shown.contains("Only if you said \u{201c}By car\u{201d}"), "{shown}");
    let check = questions.replace("/questions", "/check");
    // Nothing is booked before what must be is answered.
    let (status, to) = post(&browser, &check, "").await;
    assert_eq!((status, to.as_str()), (Status::SeeOther, questions.as_str()));
    let (status, again) = post(&browser, &questions, "q.Q0001.1=By+car&q.Q0004=PO+7").await;
    assert_eq!(status, Status::UnprocessableEntity);
    assert!(again.contains("Answer this question") && again.contains("Tick this box"), "{again}");
    // What was typed is there when she comes back.
    let shown = page(&browser, &questions).await;
    assert!(
        shown.contains("value=\"By car\" checked") && shown.contains("value=\"PO 7\""),
        "{shown}"
    );
    // Where she parks is not asked of whoever comes by train, and what she typed there is not kept.
    let by_train = "q.Q0001.1=By+train&q.Q0002.1=Yard+3&q.Q0004=PO+7&q.Q0005.1=yes";
    let (status, to) = post(&browser, &questions, by_train).await;
    assert_eq!((status, to.as_str()), (Status::SeeOther, check.as_str()));
    assert!(page(&browser, &check).await.contains("I may be photographed"));
    let (status, to) = post(&browser, &check, "").await;
    assert_eq!(status, Status::SeeOther, "{to}");
    let booking = the_booking(&turnout).await;
    let said = standing(&turnout, booking.id).await;
    assert_eq!(said, ["1 Q0001: By train", "0 Q0004: PO 7", "1 Q0005: Agreed"]);
    // Whoever is named later is asked then, by the leader or under her own link.
    let link = to.trim_end_matches("/booked");
    let person = format!("{link}/places/2");
    let named = Form::open(&browser, &person).await.with("name", "Bo Lee");
    let (status, to) = named.with("email", "bo@example.org").send(&browser).await;
    assert_eq!(status, Status::SeeOther, "{to}");
    assert!(page(&browser, link).await.contains("2 questions are still to be answered"));
    let own = own_link(&turnout, "bo@example.org").await;
    assert!(page(&browser, &own).await.contains("2 questions for you"));
    let (status, again) = post(&browser, &format!("{own}/questions"), "q.Q0001.2=By+train").await;
    assert_eq!(status, Status::UnprocessableEntity, "{again}");
    assert!(!again.contains("PO 7") && !again.contains("Ada"), "the team\u{2019}s are not hers");
    let own_answers = "q.Q0001.2=By+train&q.Q0005.2=yes";
    let (status, _) = post(&browser, &format!("{own}/questions"), own_answers).await;
    assert_eq!(status, Status::SeeOther);
    assert!(!page(&browser, link).await.contains("still to be answered"));
    turnout.is_sound().await;
}

async fn sent(browser: &Client, body: &str) -> (Status, serde_json::Value) {
    let request = browser.post("/api/v1/sessions/S1/registrations").header(ContentType::JSON);
    let answer = request.body(body).dispatch().await;
    let status = answer.status();
    let body = answer.into_string().await.unwrap_or_default();
    (status, serde_json::from_str(&body).expect("JSON"))
}

async fn a_program_is_told_what_is_asked_and_what_is_missing(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    asking(&turnout).await;
    let program = turnout.browser().await;
    let session: serde_json::Value =
        serde_json::from_str(&page(&program, "/api/v1/sessions/S1").await).expect("JSON");
    let asked = session["questions"].as_array().expect("questions");
    assert_eq!(asked.len(), 6);
    assert_eq!(asked[1]["only_where"]["says"], "By car");
    let (status, problem) = sent(
        &program,
        r#"{"leader":{"name":"Ada Obi","email":"ada@example.org"},
            "places":[{"name":"Ada Obi","answers":{"Q0001":"By car","Q0003":["Tea"],"Q0099":"x"}}, {}]}"#,
    )
    .await;
    assert_eq!(status, Status::UnprocessableEntity, "{problem}");
    let errors = problem["errors"].as_array().expect("errors");
    let mut pointers: Vec<_> = errors.iter().filter_map(|one| one["pointer"].as_str()).collect();
    pointers.sort_unstable();
    let of = |code: &str| format!("/places/0/answers/{code}");
    assert_eq!(pointers, [of("Q0002"), of("Q0003"), of("Q0005"), of("Q0099")]);
    let (status, made) = sent(
        &program,
        r#"{"leader":{"name":"Ada Obi","email":"ada@example.org"}, "answers":{"Q0004":"PO 7"},
            "places":[{"name":"Ada Obi","answers":{"Q0001":"By train","Q0003":["Salad","Soup"],"Q0005":true}},{}]}"#,
    )
    .await;
    assert_eq!(status, Status::Created, "{made}");
    let said = standing(&turnout, the_booking(&turnout).await.id).await;
    assert_eq!(
        said,
        ["1 Q0001: By train", "1 Q0003: Soup, Salad", "0 Q0004: PO 7", "1 Q0005: Agreed"]
    );
}

async fn whoever_comes_instead_is_asked_anew_and_whoever_is_spelt_better_is_not(
    turnout: TestTurnout,
) {
    let turnout = turnout.season().await;
    asking(&turnout).await;
    let (browser, link, booking) = booked(&turnout).await;
    let (actor, id) = (Actor::Leader, booking.id);
    let mut ada = attendee("Ada Obi");
    ada.email = "ada@example.org".parse().ok();
    let mut better = ada.clone();
    better.name = name("Ada Obie");
    change_attendee(&turnout.ctx, &actor, id, booking.places[0].id, better).await.expect("hers");
    assert_eq!(standing(&turnout, id).await.len(), 6, "the same person keeps what she said");
    let place = turnout.registration(id).await.places[0].id;
    change_attendee(&turnout.ctx, &actor, id, place, attendee("Di Fox")).await.expect("another");
    let said = standing(&turnout, id).await;
    assert_eq!(said, ["0 Q0004: PO 7"], "nothing of hers passes on");
    assert!(page(&browser, &link).await.contains("2 questions are still to be answered"));
}

async fn a_changed_question_keeps_old_answers_readable(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let office = asking(&turnout).await;
    let (browser, link, booking) = booked(&turnout).await;
    let (first, reference) = (format!("{QUESTIONS}/Q0001"), booking.reference.to_string());
    let stale = Form::open(&office, &first).await.with("help", "By bus is a train too");
    let form = Form::open(&office, &first).await.with("options", "Bus\nBy car");
    let form = form.with("wording", "How will you travel?");
    assert_eq!(form.send(&office).await.0, Status::SeeOther);
    // Another's change to other fields merges, to the same is told.
    let (status, shown) = stale.with("wording", "How do you get here?").send(&office).await;
    assert_eq!(status, Status::Conflict);
    assert!(shown.contains("you changed this to"), "{shown}");
    let record = page(&office, &format!("/office/bookings/{reference}")).await;
    assert!(record.contains("How do you come?") && record.contains("By car"), "{record}");
    assert!(record.contains("As it was asked then"), "{record}");
    let shown = page(&browser, &format!("{link}/questions")).await;
    assert!(shown.contains("How will you travel?"), "{shown}");
    // The answer that another question hangs on cannot be taken away; nor can the question.
    let (status, shown) =
        Form::open(&office, &first).await.with("options", "Bus\nTram").send(&office).await;
    assert_eq!(status, Status::UnprocessableEntity);
    assert!(
        shown.contains("Another question is asked only of whoever answers this one"),
        "{shown}"
    );
    let (_, to) = post(&office, QUESTIONS, "retire=Q0001").await;
    assert_eq!(to, format!("{QUESTIONS}?done=needed"));
    let (_, to) = post(&office, QUESTIONS, "up=Q0002").await;
    assert_eq!(to, format!("{QUESTIONS}?done=first"), "not above the question it hangs on");
    let (_, to) = post(&office, QUESTIONS, "retire=Q0003").await;
    assert_eq!(to, format!("{QUESTIONS}?done=retired"));
    let said = standing(&turnout, booking.id).await;
    assert!(said.contains(&"1 Q0003: Salad".to_owned()), "{said:?}");
    assert!(!page(&browser, &format!("{link}/questions")).await.contains("Soup or salad"));
    let (_, to) = post(&office, QUESTIONS, "ask=Q0003").await;
    assert_eq!(to, format!("{QUESTIONS}?done=again"));
}

async fn each_reads_what_is_for_her(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let office = asking(&turnout).await;
    let (_, _, booking) = booked(&turnout).await;
    let trainer = turnout.signed_in(&"leads".parse().expect("a login")).await;
    let roster = "/trainer/sessions/S1/roster";
    let all = page(&office, roster).await;
    assert!(all.contains("Yard 3") && all.contains("Asthma") && all.contains("PO 7"), "{all}");
    let hers = page(&trainer, roster).await;
    assert!(
        hers.contains("Yard 3") && !hers.contains("Asthma") && !hers.contains("PO 7"),
        "{hers}"
    );
    assert!(hers.contains("print-only\">I may be photographed: Agreed"), "{hers}");
    let csv = page(&office, "/trainer/sessions/S1/roster.csv").await;
    assert!(csv.contains("PO 7") && csv.contains("Asthma"), "{csv}");
    let sheet = page(&trainer, "/trainer/sessions/S1/roster.csv").await;
    assert!(sheet.contains("Where do you park?") && sheet.contains("Yard 3"), "{sheet}");
    assert!(!sheet.contains("Asthma") && !sheet.contains("Salad"), "{sheet}");
    let kitchen = page(&trainer, "/trainer/sessions/S1/kitchen").await;
    assert!(kitchen.contains("Soup or salad?") && kitchen.contains("Salad: 1"), "{kitchen}");
    assert!(!kitchen.contains("Yard") && !kitchen.contains("Asthma") && !kitchen.contains("Ada"));
    turnout.clock.advance(Duration::days(28));
    turnout.sign_in(&office, &"organiser".parse().expect("a login")).await;
    let door = page(&office, "/trainer/sessions/S1/check-in/1").await;
    assert!(door.contains("How do you come?: By car"), "{door}");
    assert!(!door.contains("Yard 3") && !door.contains("Asthma"), "{door}");
    // The letters to her team say nothing of it.
    for letter in turnout.letters().await {
        assert!(
            !letter.text.contains("Asthma") && !letter.text.contains("PO 7"),
            "{}",
            letter.text
        );
    }
    let mut conn = turnout.ctx.store.read().await.expect("a connection");
    let session = turnout.session(&"S1".parse().expect("a code")).await;
    let asked = asks(&mut conn, &session, &booking, None).await.expect("a read");
    assert_eq!((asked.is_asked, asked.missing), (true, 0));
}

async fn answers_are_erased_in_time_and_handed_out(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let office = asking(&turnout).await;
    let (_, _, booking) = booked(&turnout).await;
    while know_people(&turnout.ctx).await.expect("a round") {}
    let login = turnout.account("admin", Role::Administrator, &[]).await;
    let admin = turnout.signed_in(&login).await;
    let people = page(&admin, "/office/people?q=Ada").await;
    let person =
        people.split("/office/people/").nth(1).expect("Ada").split('"').next().expect("an id");
    let mut conn = turnout.ctx.store.read().await.expect("a connection");
    let person = person.parse().expect("somebody");
    let parts = own_data::parts(&mut conn, person).await.expect("what is held");
    drop(conn);
    let part = parts.iter().find(|part| part.key == "answers").expect("answers");
    assert_eq!(part.records.len(), 6, "hers, and what she answered for the booking");
    drop(office);
    // The needs go 30 days after the last day, and so do the answers; what was agreed to stays with the name.
    turnout.clock.advance(Duration::days(28 + 31));
    erase_due(&turnout.ctx).await.expect("what is due is erased");
    assert_eq!(standing(&turnout, booking.id).await, ["1 Q0005: Agreed"]);
    turnout.is_sound().await;
    turnout.clock.advance(Duration::days(3 * 365));
    erase_due(&turnout.ctx).await.expect("what is due is erased");
    assert!(standing(&turnout, booking.id).await.is_empty());
    turnout.is_sound().await;
}

async fn an_organiser_keeps_questions_of_her_own_sessions(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let office = asking(&turnout).await;
    let list = page(&office, QUESTIONS).await;
    let order = |html: &str, one: &str, other: &str| html.find(one) < html.find(other);
    assert!(order(&list, "Soup or salad", "Purchase order"), "{list}");
    let (_, to) = post(&office, QUESTIONS, "up=Q0004").await;
    assert_eq!(to, format!("{QUESTIONS}?done=moved"));
    assert!(order(&page(&office, QUESTIONS).await, "Purchase order", "Soup or salad"));
    for (form, fault) in [
        ("wording=&kind=text&asked=person", "Enter the question"),
        ("wording=Which%3F&kind=choice&options=One&asked=person", "at least two answers"),
        ("wording=A&kind=file&asked=person", "Choose what kind of answer"),
        (
            "wording=A&kind=text&asked=booking&when_question=Q0001&when_says=By+car",
            "stands before this one",
        ),
        (
            "wording=A&kind=text&asked=person&when_question=Q0001&when_says=By+sea",
            "One of the answers",
        ),
        ("wording=A&kind=text&asked=person&sensitive=1&sheet=1", "never stands on paper"),
    ] {
        let (status, shown) = post(&office, QUESTIONS, form).await;
        assert_eq!(status, Status::UnprocessableEntity, "{form}");
        assert!(shown.to_lowercase().contains(&fault.to_lowercase()), "{form}: {shown}");
    }
    // The course\u{2019}s questions are an administrator\u{2019}s; every session of it asks them first.
    assert_eq!(
        post(&office, "/office/courses/first/questions", "usual=1").await.0,
        Status::Forbidden
    );
    let login = turnout.account("admin", Role::Administrator, &[]).await;
    let admin = turnout.signed_in(&login).await;
    let form = Form::open(&admin, "/office/courses/first/questions").await.with("usual", "1");
    assert_eq!(form.send(&admin).await.0, Status::SeeOther);
    assert_eq!(form.send(&admin).await.0, Status::SeeOther, "sent twice, it makes one");
    let session: serde_json::Value =
        serde_json::from_str(&page(&admin, "/api/v1/sessions/S1").await).expect("JSON");
    let asked = session["questions"].as_array().expect("questions");
    assert_eq!((asked.len(), asked[0]["kind"].as_str()), (8, Some("long-text")));
    let log = page(&admin, "/office/audit?session=S1").await;
    assert!(log.contains("Question kept") || log.contains("question"), "{log}");
}
