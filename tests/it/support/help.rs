//! A session that helps whoever comes, and people who ask.

use rocket::{http::Status, local::asynchronous::Client};
use turnout::{
    actions::booking::book_places::book_places,
    domain::{
        audit::Actor,
        id::{HelpRequestId, RegistrationId, SessionCode},
        occupancy::TeamPolicy::Together,
        staff::Role,
    },
    store::help_requests,
};

use super::{
    TestTurnout,
    browser::post,
    plan::{attendee, request},
};

/// With what S1 helps.
pub const OFFER: &str = "/office/sessions/S1/help/offer";

/// S1 helps with travel, childcare, a bursary and an interpreter, within £50.
pub struct Hall {
    pub turnout: TestTurnout,
    pub office: Client,
    pub browser: Client,
    pub code: SessionCode,
}

/// Somebody who booked: her booking, her leader's link and her own.
pub struct Booked {
    pub id: RegistrationId,
    pub leader: String,
    pub own: String,
    /// What her letters say.
    pub letters: String,
}

pub async fn hall(turnout: TestTurnout) -> Hall {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 10, |_| {}).await;
    let login = turnout.account("olu", Role::Organiser, &["oxford"]).await;
    let office = turnout.signed_in(&login).await;
    let browser = turnout.browser().await;
    let hall = Hall { turnout, office, browser, code };
    let offered = "travel=yes&travel_words=up+to+%C2%A330+each&childcare=yes&bursary=yes&interpreter=yes&budget=50";
    let (status, to) = post(&hall.office, OFFER, offered).await;
    assert_eq!((status, &*to), (Status::SeeOther, "/office/sessions/S1/help?done=offered"));
    hall
}

impl Hall {
    pub async fn books(&self, who: &str, places: usize) -> Booked {
        let mut asked = request(&self.code, who, places, Together);
        for seat in asked.attendees.iter_mut().skip(1) {
            *seat = Some(attendee("Ben Low"));
        }
        let booked = book_places(&self.turnout.ctx, &Actor::Api, asked).await.expect("a booking");
        let address = format!("{}@example.org", who.to_lowercase().replace(' ', "."));
        let start = "https://turnout.example/p/";
        let letters = self.turnout.letters().await;
        let hers = letters.iter().find(|one| one.to.contains(&address) && one.text.contains(start));
        let (_, rest) = hers.expect("a letter").text.split_once(start).expect("a link");
        let secret: String = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
        let leader = format!("/r/{}", booked.token.secret());
        let id = booked.registration.id;
        let letters = letters.iter().map(|one| one.text.as_str()).collect();
        Booked { id, leader, own: format!("/p/{secret}"), letters }
    }

    /// Asks by her own link.
    pub async fn asks(&self, booked: &Booked, form: &str) {
        let (status, to) = post(&self.browser, &format!("{}/help", booked.own), form).await;
        assert_eq!(status, Status::SeeOther, "{to}");
    }

    /// What is asked on the session, in the order of the office's list.
    pub async fn requests(&self) -> Vec<help_requests::HelpSeen> {
        let mut conn = self.turnout.ctx.store.read().await.expect("a connection");
        help_requests::of_session(&mut conn, &self.code).await.expect("requests")
    }

    /// Somebody who asks for `pounds` for travel.
    pub async fn traveller(&self, who: &str, pounds: u32) -> (Booked, HelpRequestId) {
        let booked = self.books(who, 1).await;
        let form = format!("kind=travel&amount={pounds}&from=Reading&how=by+bus");
        self.asks(&booked, &form).await;
        let all = self.requests().await;
        let hers = all.iter().find(|one| one.registration == booked.id).expect("a request");
        (booked, hers.request.id)
    }

    pub async fn one(&self, id: HelpRequestId) -> help_requests::HelpSeen {
        let mut conn = self.turnout.ctx.store.read().await.expect("a connection");
        help_requests::find(&mut conn, id).await.expect("a row").expect("a request")
    }
}
