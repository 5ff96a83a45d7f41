//! An allergy and an interpreter are ticked by whoever types the words beside them. The ticks, and not the
//! words, are what the kitchen is warned by and what reminds an organiser to book somebody.

use rocket::{http::Status, local::asynchronous::Client};
use turnout::{
    actions::{booking::book_places::book_places, retention::erase_due::erase_due},
    domain::{
        attendee::Ticks, audit::Actor, id::RegistrationId, occupancy::TeamPolicy::Together,
        staff::Role,
    },
};

use crate::support::{
    TestTurnout,
    browser::{page, post},
    plan::{attendee, request},
};

on_both_databases!(
    what_is_ticked_stands_out_and_a_doughnut_does_not,
    a_tick_is_a_need_that_is_seen_changed_and_forgotten,
);

const ROSTER: &str = "/trainer/sessions/S1/roster";

/// A booking as its leader and the office see it.
struct Team {
    id: RegistrationId,
    leader: Client,
    office: Client,
    /// Ada's private page.
    manage: String,
}

impl Team {
    /// Says under Ada's link who a person is and what she needs.
    async fn say(&self, person: u32, form: &str) {
        let (status, said) =
            post(&self.leader, &format!("{}/places/{person}", self.manage), form).await;
        assert_eq!(status, Status::SeeOther, "{said}");
    }
}

/// Ada, Ben and Cleo have places on S1.
async fn team(turnout: &TestTurnout) -> Team {
    turnout.plan("S1", "first", 10, |_| {}).await;
    let code = "S1".parse().expect("a code");
    let mut asked = request(&code, "Ada Obi", 3, Together);
    for (number, name) in [(1, "Ben Low"), (2, "Cleo Hall")] {
        asked.attendees[number] = Some(attendee(name));
    }
    let booked = book_places(&turnout.ctx, &Actor::Api, asked).await.expect("a booking");
    let letters = turnout.letters().await;
    let hers = letters.iter().find(|letter| letter.to.contains("ada.obi")).expect("a letter");
    let at = hers.text.find("https://turnout.example/r/").expect("a link");
    let link = hers.text[at..].split_whitespace().next().expect("a link");
    let login = turnout.account("office", Role::Administrator, &[]).await;
    Team {
        id: booked.registration.id,
        leader: turnout.browser().await,
        office: turnout.signed_in(&login).await,
        manage: link["https://turnout.example".len()..].to_owned(),
    }
}

async fn what_is_ticked_stands_out_and_a_doughnut_does_not(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let team = team(&turnout).await;
    let ben = "name=Ben+Low&email=ben.low@example.org&diet=Doughnuts+and+coconut&access=";
    team.say(2, ben).await;
    let cleo = "name=Cleo+Hall&email=cleo.hall@example.org&diet=Sesame&allergy=yes&access=&interpreter=yes";
    team.say(3, cleo).await;

    let roster = page(&team.office, ROSTER).await;
    let warned = "<li class=\"t-danger\"><b>Sesame</b>: Cleo Hall</li>";
    assert!(roster.contains(warned), "{roster}");
    assert!(roster.contains("1 doughnuts and coconut"), "{roster}");
    assert!(roster.contains("<li><b>Interpreter</b>: Cleo Hall</li>"), "{roster}");
    let kitchen = page(&team.office, "/trainer/sessions/S1/kitchen").await;
    let row = |need| format!("<th scope=\"row\">{need}</th><td class=\"num\">1</td>");
    let (allergies, others) = kitchen.split_once("Other food").expect("two lists");
    assert!(allergies.contains(&row("Sesame")) && others.contains(&row("Doughnuts and coconut")));
    assert!(
        !kitchen.contains("Cleo") && kitchen.contains("1 said nothing about food"),
        "{kitchen}"
    );
    let csv = page(&team.office, "/trainer/sessions/S1/roster.csv").await;
    let of =
        |name: &str| csv.lines().find(|line| line.contains(name)).unwrap_or_default().to_owned();
    assert!(of("Cleo").contains(",Sesame,,Yes,Yes,"), "{csv}");
    assert!(of("Ben").contains(",Doughnuts and coconut,,,,"), "{csv}");
    let todo = page(&team.office, "/office").await;
    assert!(
        todo.contains("Book an interpreter") && todo.contains("Asked for by 1 person"),
        "{todo}"
    );
    turnout.is_sound().await;
}

async fn a_tick_is_a_need_that_is_seen_changed_and_forgotten(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let team = team(&turnout).await;
    let form = "name=Ben+Low&email=ben.low@example.org&diet=&allergy=yes&access=";
    team.say(2, form).await;
    let asked = page(&team.leader, &format!("{}/places/2", team.manage)).await;
    assert!(asked.contains("name=\"allergy\" value=\"yes\" checked"), "{asked}");
    assert!(!asked.contains("name=\"interpreter\" value=\"yes\" checked"), "{asked}");
    assert!(page(&team.office, ROSTER).await.contains("Allergy, not said which"));
    let hers = page(&team.leader, &team.manage).await;
    assert!(hers.contains("Allergy") && hers.contains("No needs given"), "{hers}");
    let somebody_else = "name=Nora+New&email=nora@example.org&diet=&access=&verb=swap";
    team.say(2, somebody_else).await;
    assert!(
        !page(&team.office, ROSTER).await.contains("Allergy"),
        "whoever comes instead has none"
    );

    team.say(3, "name=Cleo+Hall&email=cleo.hall@example.org&access=BSL&diet=").await;
    assert!(page(&team.office, "/office").await.contains("Book an interpreter"), "said outright");
    turnout.clock.advance(chrono::Duration::days(28 + 40));
    erase_due(&turnout.ctx).await.expect("a sweep");
    let places = turnout.registration(team.id).await.places;
    let ticks = places.iter().filter_map(|place| place.attendee.as_ref()).map(|who| who.ticks);
    assert!(ticks.into_iter().all(|ticks| ticks == Ticks::default()));
    turnout.is_sound().await;
}
