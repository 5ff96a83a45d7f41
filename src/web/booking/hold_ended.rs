//! A hold that ended before anything was booked, and taking it again.

use askama::Template;
use rocket::{Route, State, post, response::Redirect, routes};

use crate::{
    actions::booking::{
        hold_places::{extend_hold, hold_again},
        refusals::HoldError,
    },
    domain::{
        id::SessionCode,
        session::{BookingStatus, Session},
        wording,
    },
    token::Token,
    web::{
        Desk,
        booking::{
            steps::Steps,
            typing::{onward, typing},
        },
        failure::Failure,
        guard::SameOrigin,
        limits::Network,
        page::{Area, Chrome},
        paths::{self, Href},
    },
};

/// The places are not held any more.
#[derive(Debug, Template)]
#[template(path = "booking/hold_ended.html")]
pub struct HoldEndedPage {
    chrome: Chrome,
    session: Session,
    status: BookingStatus,
    /// Where they are held again.
    hold_href: Href,
}

impl HoldEndedPage {
    pub fn of(desk: &Desk, session: Session, token: &Token) -> Self {
        Self {
            chrome: desk.private_chrome(Area::Find),
            status: session.booking_status(desk.ctx.now()),
            hold_href: Steps::of(&session.code, token).hold,
            session,
        }
    }

    fn is_open(&self) -> bool {
        matches!(self.status, BookingStatus::Open { .. })
    }

    fn words(&self) -> &'static str {
        match self.status {
            BookingStatus::Open { .. } => {
                "What you typed is kept. If there are places still, we hold them again."
            }
            BookingStatus::NotYetOpen { .. } => "Booking has not opened yet.",
            BookingStatus::Cancelled => "The session was called off meanwhile.",
            BookingStatus::Finished => "The session is over.",
            BookingStatus::Closed | BookingStatus::Draft => "Booking has closed meanwhile.",
        }
    }
}

/// Makes a hold longer, or takes one that has ended again.
#[post("/sessions/<code>/register/<token>/hold")]
async fn hold(
    desk: &State<Desk>,
    _origin: SameOrigin,
    network: Network,
    code: SessionCode,
    token: Token,
) -> Result<Redirect, Failure> {
    let step = typing(desk, &code, &token).await?;
    let people = Steps::of(&code, &token).people;
    let id = step.registration.id;
    let held = if step.has_ended {
        hold_again(&desk.ctx, id, network.0.as_deref()).await
    } else {
        extend_hold(&desk.ctx, id).await
    };
    match held {
        // Whoever asks for more time twice has it once: the page says until when.
        Ok(()) | Err(HoldError::AlreadyExtended) => Ok(Redirect::to(people)),
        Err(error) => Err(onward(Failure::from(error), desk, (&step.session, Some(&token)))),
    }
}

pub fn routes() -> Vec<Route> {
    routes![hold]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::samples::*;

    #[test]
    fn a_hold_that_ended_is_taken_again_by_a_button() {
        let page = HoldEndedPage {
            chrome: chrome(Area::Find),
            status: BookingStatus::Open { closes: before() },
            hold_href: Steps::of(&session().code, &token()).hold,
            session: session(),
        };
        let html = rendered("hold-ended", &page);
        contains_all(&html, &["Nothing is booked.", "Hold them again", "Other dates"]);
        let html =
            rendered("hold-closed", &HoldEndedPage { status: BookingStatus::Closed, ..page });
        contains_all(&html, &["Booking has closed meanwhile."]);
        assert!(!html.contains("Hold them again"));
    }
}
