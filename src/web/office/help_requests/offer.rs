//! With what a session helps, and what that may cost.

use std::borrow::Cow;

use askama::Template;
use rocket::{Either, Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::help_requests::offer::{OfferHelpError, offer_help},
    domain::{
        help_request::{HelpKind, HelpOffer},
        id::SessionCode,
        session::Session,
        support::{MOST_PENCE, pence},
        text::Name,
        wording,
    },
    store::help_offers::{self, Offered},
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, FormField, FormState},
        guard::{Granted, PlanSessions, SameOrigin},
        office::addressed::session_for,
        page::{Area, Chrome, Page},
        paths,
    },
};

pub fn routes() -> Vec<Route> {
    routes![show, save]
}

type Who = Granted<PlanSessions>;

/// What is asked about a kind of help.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Offered,
    Words,
    Budget,
}

/// The fields, in the order of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Field {
    Of(HelpKind, Part),
    /// The budget for everything.
    Budget,
}

impl FormField for Field {
    fn name(self) -> Cow<'static, str> {
        match self {
            Self::Of(kind, Part::Offered) => kind.as_str().into(),
            Self::Of(kind, Part::Words) => format!("{kind}_words").into(),
            Self::Of(kind, Part::Budget) => format!("{kind}_budget").into(),
            Self::Budget => "budget".into(),
        }
    }
}

#[derive(Template)]
#[template(path = "office/help_requests/offer.html")]
struct OfferPage {
    chrome: Chrome,
    session: Session,
    form: FormState<Field>,
}

impl OfferPage {
    fn kinds(&self) -> &'static [HelpKind] {
        HelpKind::ALL
    }

    fn offered(&self, kind: &HelpKind) -> Field {
        Field::Of(*kind, Part::Offered)
    }

    fn words(&self, kind: &HelpKind) -> Field {
        Field::Of(*kind, Part::Words)
    }

    fn budget(&self, kind: &HelpKind) -> Field {
        Field::Of(*kind, Part::Budget)
    }
}

fn sum(budget: u32) -> String {
    format!("{}.{:02}", budget / 100, budget % 100).trim_end_matches(".00").to_owned()
}

/// What is offered, as the hidden field has it.
fn drawn(offered: &Offered) -> String {
    let line = |one: &HelpOffer| {
        let budget = one.budget.map_or_else(String::new, |pence| pence.to_string());
        let words = one.words.as_ref().map_or("", Name::as_str);
        format!("{}|{budget}|{words}", one.kind)
    };
    let mut lines: Vec<_> = offered.offers.iter().map(line).collect();
    lines.push(offered.whole.map_or_else(String::new, |pence| pence.to_string()));
    lines.join("\n")
}

fn filled(offered: &Offered) -> FormState<Field> {
    let mut form = FormState::default();
    for one in &offered.offers {
        let field = |part| Field::Of(one.kind, part);
        form.fill(field(Part::Offered), "yes");
        form.fill(field(Part::Words), one.words.as_ref().map_or("", Name::as_str));
        form.fill(field(Part::Budget), one.budget.map(sum).unwrap_or_default());
    }
    form.fill(Field::Budget, offered.whole.map(sum).unwrap_or_default());
    form.draw_from(drawn(offered));
    form
}

/// A sum that was typed, if any was.
fn typed_sum(field: Field, form: &mut FormState<Field>) -> Option<u32> {
    let typed = form.value(field).trim();
    if typed.is_empty() {
        return None;
    }
    let (read, most) = (pence(typed), MOST_PENCE / 100);
    let words = |()| format!("Enter pounds, such as 500 or 85.50, at most {most}");
    form.take(field, read.ok_or(()), words)
}

/// What was sent, for each kind of help there is.
fn sent(fields: &Fields) -> FormState<Field> {
    let parts = [Part::Offered, Part::Words, Part::Budget];
    let of = |kind: &HelpKind| parts.map(|part| Field::Of(*kind, part));
    let all: Vec<_> = HelpKind::ALL.iter().flat_map(of).chain([Field::Budget]).collect();
    FormState::sent_for(fields, &all)
}

fn typed(form: &mut FormState<Field>) -> Option<Offered> {
    let mut offers = Vec::new();
    for kind in HelpKind::ALL {
        let field = |part| Field::Of(*kind, part);
        let words = form.optional_line(field(Part::Words), "the words");
        let budget = typed_sum(field(Part::Budget), form);
        if matches!(form.value(field(Part::Offered)), "yes" | "1" | "on" | "true") {
            offers.push(HelpOffer { kind: *kind, words, budget });
        }
    }
    let whole = typed_sum(Field::Budget, form);
    form.is_valid().then_some(Offered { offers, whole })
}

#[get("/office/sessions/<code>/help/offer")]
async fn show(desk: &State<Desk>, who: Who, code: SessionCode) -> Result<Page<OfferPage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let session = session_for(&mut conn, &who, &code).await?;
    let form = filled(&help_offers::of_session(&mut conn, &code).await?);
    let chrome = desk.signed_in_chrome(Area::Sessions, &who.member);
    Ok(Page::ok(OfferPage { chrome, session, form }))
}

#[post("/office/sessions/<code>/help/offer", data = "<fields>")]
async fn save(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    code: SessionCode,
    fields: Fields,
) -> Result<Either<Redirect, Page<OfferPage>>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let session = session_for(&mut conn, &who, &code).await?;
    let known = help_offers::of_session(&mut conn, &code).await?;
    drop(conn);
    let chrome = desk.signed_in_chrome(Area::Sessions, &who.member);
    let mut form = sent(&fields);
    if let Some(offered) = typed(&mut form) {
        let seen = form.drawn().replace('\r', "");
        let is_stale = !seen.is_empty() && seen != drawn(&known);
        let saved = match is_stale && known != offered {
            true => Err(OfferHelpError::Meanwhile),
            false => offer_help(&desk.ctx, &who.actor(), &code, (&offered, Some(&known))).await,
        };
        match saved {
            Ok(()) => {
                let list = paths::help_requests::of_session(&code);
                return Ok(Either::Left(Redirect::to(list.done("offered"))));
            }
            Err(OfferHelpError::NoSuchSession) => return Err(Failure::NotFound),
            Err(OfferHelpError::Store(error)) => return Err(error.into()),
            Err(OfferHelpError::Meanwhile) => {
                form.draw_from(drawn(&known));
                let names: Vec<_> = known.offers.iter().map(|one| one.kind.asked()).collect();
                let now =
                    if names.is_empty() { "nothing".to_owned() } else { wording::list(&names) };
                let words = "Somebody else changed it meanwhile. It offers";
                let words = format!("{words} {now} now. Save again to have it as below");
                form.fault(Field::Of(HelpKind::Bursary, Part::Offered), words);
                return Ok(Either::Right(Page::conflict(OfferPage { chrome, session, form })));
            }
        }
    }
    Ok(Either::Right(Page::unprocessable(OfferPage { chrome, session, form })))
}
