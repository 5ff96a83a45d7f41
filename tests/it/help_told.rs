//! What was decided of help is told once to each person; several are decided together; what was granted is arranged and
//! known at the door; whoever comes instead of somebody has asked for nothing.

use chrono::Duration;
use rocket::{http::Status, local::asynchronous::Client};
use turnout::{
    actions::{
        booking::{
            book_places::{Booked, book_places},
            change_attendee::change_attendee,
            move_places::{MoveRequest, move_places},
        },
        help_requests::tell::tell_decided,
        sessions::change_session::cancel_session,
    },
    domain::{
        attendee::Attendee,
        audit::Actor,
        help_request::HelpState,
        id::{HelpRequestId, SessionCode},
        occupancy::TeamPolicy::Together,
        staff::Role,
    },
    mail::reading::ReadLetter,
    store::help_requests::{self, HelpSeen},
};

use crate::support::{
    TestTurnout,
    browser::{page, post},
    plan::{attendee, request},
};

on_both_databases!(
    what_is_decided_within_two_minutes_is_one_letter,
    what_is_as_she_was_told_is_not_told_again,
    whoever_comes_only_if_is_offered_the_way_out,
    a_leader_is_told_for_those_without_an_address,
    several_are_decided_together_after_one_more_look,
    open_requests_are_on_the_overview_until_they_are_decided,
    what_was_granted_is_arranged_and_on_the_roster,
    whoever_comes_instead_has_asked_for_nothing,
    what_nobody_decided_goes_along_to_another_date,
    nobody_is_told_of_help_at_a_session_that_is_called_off,
);

const OFFER: &str = "/office/sessions/S1/help/offer";
const OF_S1: &str = "/office/sessions/S1/help";
const EVERYTHING: &str = "travel=yes&childcare=yes&bursary=yes&interpreter=yes&budget=100";

struct Hall {
    turnout: TestTurnout,
    office: Client,
    browser: Client,
    code: SessionCode,
}

/// S1 helps with everything, and letters of what follows each other wait for two minutes.
async fn hall(turnout: TestTurnout) -> Hall {
    let mut turnout = turnout.season().await;
    turnout.ctx.gather = Duration::minutes(2);
    let code = turnout.plan("S1", "first", 10, |_| {}).await;
    let login = turnout.account("olu", Role::Organiser, &["oxford"]).await;
    let office = turnout.signed_in(&login).await;
    let browser = turnout.browser().await;
    post(&office, OFFER, EVERYTHING).await;
    Hall { turnout, office, browser, code }
}

impl Hall {
    /// Somebody books for these people, and asks for each of them.
    async fn books(&self, people: &[Attendee], forms: &[&str]) -> Booked {
        let mut team = request(&self.code, "Ada Obi", people.len(), Together);
        team.attendees = people.iter().cloned().map(Some).collect();
        let booked = book_places(&self.turnout.ctx, &Actor::Api, team).await.expect("a booking");
        self.turnout.letters().await;
        for (number, form) in (1..).zip(forms) {
            let help = format!("/r/{}/places/{number}/help", booked.token.secret());
            let (status, html) = post(&self.browser, &help, form).await;
            assert_eq!(status, Status::SeeOther, "{html}");
        }
        booked
    }

    async fn requests(&self, code: &SessionCode) -> Vec<HelpSeen> {
        let mut conn = self.turnout.ctx.store.read().await.expect("a connection");
        help_requests::of_session(&mut conn, code).await.expect("requests")
    }

    async fn decide(&self, id: HelpRequestId, form: &str) {
        let (status, html) = post(&self.office, &format!("/office/help/{id}"), form).await;
        assert_eq!(status, Status::SeeOther, "{html}");
    }

    /// Who is told once everything has waited.
    async fn told(&self) -> Vec<ReadLetter> {
        self.turnout.clock.advance(Duration::minutes(2));
        tell_decided(&self.turnout.ctx).await.expect("a look");
        self.turnout.letters().await
    }
}

fn ada() -> [Attendee; 1] {
    [attendee("Ada Obi")]
}

const TRAVEL: &str = "kind=travel&amount=30&from=Reading&how=bus";

async fn what_is_decided_within_two_minutes_is_one_letter(turnout: TestTurnout) {
    let hall = hall(turnout).await;
    let booked = hall.books(&ada(), &[TRAVEL]).await;
    let help = format!("/r/{}/places/1/help", booked.token.secret());
    post(&hall.browser, &help, "kind=interpreter&language=BSL").await;
    for seen in hall.requests(&hall.code).await {
        hall.decide(seen.request.id, "decision=grant").await;
    }
    tell_decided(&hall.turnout.ctx).await.expect("a look");
    assert!(hall.turnout.letters().await.is_empty(), "it waits for the next decision");
    let [letter] = hall.told().await.try_into().expect("one letter");
    assert!(letter.to.contains("ada.obi@example.org"), "{}", letter.to);
    assert!(letter.subject.starts_with("An answer about help: Course first"), "{}", letter.subject);
    assert!(letter.text.contains("Travel: granted, £30.00"), "{}", letter.text);
    assert!(letter.text.contains("What you asked for: granted"), "{}", letter.text);
    // Who needs an interpreter is in no letter.
    assert!(!letter.text.contains("BSL") && !letter.text.contains("nterpreter"), "{}", letter.text);
    assert!(letter.text.contains("/help"), "{}", letter.text);
    assert!(hall.told().await.is_empty());
}

async fn what_is_as_she_was_told_is_not_told_again(turnout: TestTurnout) {
    let hall = hall(turnout).await;
    hall.books(&ada(), &[TRAVEL]).await;
    let id = hall.requests(&hall.code).await[0].request.id;
    // Left for later is no news, and what is taken back before it was told never happened.
    hall.decide(id, "decision=later").await;
    hall.decide(id, "decision=grant&amount=30&version=2").await;
    hall.decide(id, "decision=later&version=3").await;
    assert!(hall.told().await.is_empty());
    hall.decide(id, "decision=grant&amount=30&version=4").await;
    assert_eq!(hall.told().await.len(), 1);
    hall.decide(id, "decision=grant&amount=20&version=5").await;
    hall.decide(id, "decision=grant&amount=30&version=6").await;
    assert!(hall.told().await.is_empty(), "it is as she knows it");
    hall.decide(id, "decision=refuse&reason=The+money+is+gone&version=7").await;
    let [letter] = hall.told().await.try_into().expect("one letter");
    assert!(letter.text.contains("Travel: not granted. The money is gone"), "{}", letter.text);
    hall.decide(id, "decision=refuse&reason=Others+come+from+afar&version=8").await;
    let [letter] = hall.told().await.try_into().expect("one letter");
    assert!(letter.text.contains("Others come from afar"), "{}", letter.text);
}

async fn whoever_comes_only_if_is_offered_the_way_out(turnout: TestTurnout) {
    let hall = hall(turnout).await;
    hall.books(&ada(), &[&format!("{TRAVEL}&depends=yes")]).await;
    let id = hall.requests(&hall.code).await[0].request.id;
    hall.decide(id, "decision=refuse&reason=There+is+no+money").await;
    let [letter] = hall.told().await.try_into().expect("one letter");
    let link = letter.text.split_whitespace().find(|word| word.ends_with("/cancel"));
    let link = link.expect("a way out").replace("https://turnout.example", "");
    assert!(page(&hall.browser, &link).await.contains("Give up"), "{link}");
    // Nothing was given up by itself.
    assert!(hall.requests(&hall.code).await[0].is_coming);
}

async fn a_leader_is_told_for_those_without_an_address(turnout: TestTurnout) {
    let hall = hall(turnout).await;
    let [mut ben, mut cleo] = [attendee("Ben Low"), attendee("Cleo Hall")];
    (ben.email, cleo.email) = (None, None);
    hall.books(&[attendee("Ada Obi"), ben, cleo], &[TRAVEL, TRAVEL, TRAVEL]).await;
    for seen in hall.requests(&hall.code).await {
        hall.decide(seen.request.id, "decision=grant&amount=10").await;
    }
    // One letter, which has her own answer too.
    let [letter] = hall.told().await.try_into().expect("one letter");
    for line in [
        "\nTravel: granted, £10.00",
        "Ben Low, travel: granted, £10.00",
        "Cleo Hall, travel: granted, £10.00",
    ] {
        assert!(letter.text.contains(line), "{line}: {}", letter.text);
    }
}

async fn several_are_decided_together_after_one_more_look(turnout: TestTurnout) {
    let hall = hall(turnout).await;
    let [ben, cleo] = [attendee("Ben Low"), attendee("Cleo Hall")];
    let sixty = "kind=travel&amount=60&from=Reading&how=bus";
    hall.books(&[attendee("Ada Obi"), ben, cleo], &[sixty, sixty, TRAVEL]).await;
    let all = hall.requests(&hall.code).await;
    let ticks: Vec<_> = all.iter().map(|one| format!("tick={}", one.request.id)).collect();
    let (many, ticked) = (format!("{OF_S1}/many"), ticks.join("&"));
    let html = page(&hall.office, OF_S1).await;
    assert!(
        html.contains("name=\"tick\"") && html.contains("Grant what those ticked ask"),
        "{html}"
    );
    let (_, to) = post(&hall.office, &many, "decision=grant").await;
    assert!(to.ends_with("?done=none-ticked"), "{to}");
    let (status, html) = post(&hall.office, &many, &format!("{ticked}&decision=grant")).await;
    assert_eq!(status, Status::Ok);
    assert!(html.contains("Grant 3 requests, £150.00?"), "{html}");
    assert!(html.contains("£50.00 over the £100.00 for this session. Grant them all the same?"));
    // Whoever has not seen the question is asked it.
    let sure = format!("{ticked}&decision=grant&sure=yes");
    let (status, _) = post(&hall.office, &many, &sure).await;
    assert_eq!(status, Status::Ok);
    assert!(hall.requests(&hall.code).await.iter().all(|one| one.request.state.is_undecided()));
    let (_, to) = post(&hall.office, &many, &format!("{sure}&over=5000")).await;
    assert!(to.ends_with("?done=decided-3-0"), "{to}");
    assert!(page(&hall.office, &to).await.contains("3 requests are decided."));
    // One reason for all, which must be given; what is decided already is left out.
    let (_, html) = post(&hall.office, &many, &format!("{ticked}&decision=refuse&sure=yes")).await;
    assert!(html.contains("None of them is still to be decided"), "{html}");
    let later = hall.books(&[attendee("Dai Rees")], &[TRAVEL]).await;
    let all = hall.requests(&hall.code).await;
    let one = all.iter().find(|one| one.registration == later.registration.id).expect("hers");
    let form = format!("tick={}&decision=refuse&sure=yes", one.request.id);
    let (status, html) = post(&hall.office, &many, &form).await;
    assert_eq!(status, Status::UnprocessableEntity);
    assert!(html.contains("Say why: it is told to whoever asked"), "{html}");
    let (_, to) = post(&hall.office, &many, &format!("{form}&reason=It+is+spent")).await;
    assert!(to.ends_with("?done=decided-1-0"), "{to}");
}

async fn open_requests_are_on_the_overview_until_they_are_decided(turnout: TestTurnout) {
    let hall = hall(turnout).await;
    hall.books(&ada(), &[&format!("{TRAVEL}&depends=yes")]).await;
    let html = page(&hall.office, "/office").await;
    assert!(html.contains("1 request for help so that they can come: Course first"), "{html}");
    assert!(html.contains("1 comes only if so."), "{html}");
    let id = hall.requests(&hall.code).await[0].request.id;
    hall.decide(id, "decision=grant").await;
    assert!(!page(&hall.office, "/office").await.contains("for help so that they can come"));
}

async fn what_was_granted_is_arranged_and_on_the_roster(turnout: TestTurnout) {
    let hall = hall(turnout).await;
    let childcare = "kind=childcare&children=2&ages=2+and+5&hours=9+to+1&amount=20";
    let both = [attendee("Ada Obi"), attendee("Ben Low")];
    hall.books(&both, &["kind=interpreter&language=BSL", childcare]).await;
    let roster = "/trainer/sessions/S1/roster";
    assert!(!page(&hall.office, roster).await.contains("BSL"), "nothing is granted yet");
    for seen in hall.requests(&hall.code).await {
        hall.decide(seen.request.id, "decision=grant").await;
    }
    let html = page(&hall.office, roster).await;
    assert!(html.contains("Interpreter: BSL") && html.contains("Childcare: 2 children"), "{html}");
    let html = page(&hall.office, "/office/sessions/S1/supports").await;
    assert!(html.contains("Asked for by 1 person") && html.contains("Childcare"), "{html}");
    assert!(
        page(&hall.office, "/office?show=later").await.contains("Book an interpreter")
            || page(&hall.office, "/office").await.contains("Book an interpreter")
    );
}

async fn whoever_comes_instead_has_asked_for_nothing(turnout: TestTurnout) {
    let hall = hall(turnout).await;
    let booked = hall.books(&ada(), &[TRAVEL]).await;
    let (id, place) = (booked.registration.id, booked.registration.places[0].id);
    let ctx = &hall.turnout.ctx;
    change_attendee(ctx, &Actor::Leader, id, place, attendee("Zoe Quill")).await.expect("a swap");
    let help = format!("/r/{}/places/1/help", booked.token.secret());
    let html = page(&hall.browser, &help).await;
    assert!(!html.contains("Reading") && html.contains("Ask for travel"), "{html}");
    let [old] = hall.requests(&hall.code).await.try_into().expect("one request");
    assert_eq!((old.name.as_deref(), old.is_coming), (Some("Ada Obi"), false));
}

async fn what_nobody_decided_goes_along_to_another_date(turnout: TestTurnout) {
    let hall = hall(turnout).await;
    let other = hall.turnout.plan("S2", "first", 10, |_| {}).await;
    post(&hall.office, "/office/sessions/S2/help/offer", "travel=yes").await;
    let booked = hall.books(&ada(), &[TRAVEL]).await;
    let asked = MoveRequest {
        registration: booked.registration.id,
        places: vec![booked.registration.places[0].id],
        to: other.clone(),
        may_wait: false,
        apart: true,
    };
    move_places(&hall.turnout.ctx, &Actor::Leader, &asked).await.expect("a move");
    let [there] = hall.requests(&other).await.try_into().expect("one request");
    assert_eq!(there.request.state, HelpState::Asked);
    assert_eq!(there.request.wanted.amount, Some(3000));
    let [here] = hall.requests(&hall.code).await.try_into().expect("one request");
    assert_eq!(here.request.state, HelpState::Withdrawn);
}

async fn nobody_is_told_of_help_at_a_session_that_is_called_off(turnout: TestTurnout) {
    let hall = hall(turnout).await;
    let booked = hall.books(&ada(), &[TRAVEL]).await;
    let id = hall.requests(&hall.code).await[0].request.id;
    hall.decide(id, "decision=grant").await;
    let ctx = &hall.turnout.ctx;
    cancel_session(ctx, &Actor::CommandLine, &hall.code, None, None).await.expect("called off");
    let letters = hall.told().await;
    assert!(letters.iter().all(|one| !one.subject.contains("An answer about help")));
    let list = page(&hall.office, OF_S1).await;
    assert!(list.contains("Granted, but does not come"), "{list}");
    let help = format!("/r/{}/places/1/help", booked.token.secret());
    assert_eq!(hall.browser.get(help).dispatch().await.status(), Status::Ok);
}
