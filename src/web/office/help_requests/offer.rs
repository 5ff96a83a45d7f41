//! With what a session helps, and what that may cost.

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
        fields::Fields,
        form::FormState,
        forms::text::complaint,
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

#[derive(Template)]
#[template(path = "office/help_requests/offer.html")]
struct OfferPage {
    chrome: Chrome,
    session: Session,
    form: FormState,
}

impl OfferPage {
    fn kinds(&self) -> &'static [HelpKind] {
        HelpKind::ALL
    }

    fn words(&self, kind: &HelpKind) -> &'static str {
        names(*kind).0
    }

    fn budget(&self, kind: &HelpKind) -> &'static str {
        names(*kind).1
    }
}

/// What the words about a kind, and its budget, are sent as.
const fn names(kind: HelpKind) -> (&'static str, &'static str) {
    match kind {
        HelpKind::Bursary => ("bursary_words", "bursary_budget"),
        HelpKind::Childcare => ("childcare_words", "childcare_budget"),
        HelpKind::Interpreter => ("interpreter_words", "interpreter_budget"),
        HelpKind::Travel => ("travel_words", "travel_budget"),
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

fn filled(offered: &Offered) -> FormState {
    let mut form = FormState::default();
    for one in &offered.offers {
        let kind = one.kind.as_str();
        form.keep(kind, "yes");
        form.keep(names(one.kind).0, one.words.as_ref().map_or("", Name::as_str));
        form.keep(names(one.kind).1, one.budget.map(sum).unwrap_or_default());
    }
    form.keep("budget", offered.whole.map(sum).unwrap_or_default());
    form.keep("drawn", drawn(offered));
    form
}

/// A sum that was typed, if any was.
fn typed_sum(fields: &Fields, field: &str, form: &mut FormState) -> Option<u32> {
    let typed = fields.get(field).trim();
    let read = if typed.is_empty() { None } else { pence(typed) };
    if read.is_none() && !typed.is_empty() {
        let most = MOST_PENCE / 100;
        form.fault(field, format!("Enter pounds, such as 500 or 85.50, at most {most}"));
    }
    read
}

fn typed(fields: &Fields, form: &mut FormState) -> Option<Offered> {
    form.keep("drawn", fields.get("drawn"));
    let mut offers = Vec::new();
    for kind in HelpKind::ALL {
        let (words, budget) = names(*kind);
        for field in [kind.as_str(), words, budget] {
            form.keep(field, fields.get(field));
        }
        let (said, budget) =
            (Name::parse_optional(fields.get(words)), typed_sum(fields, budget, form));
        if let Err(fault) = said {
            form.fault(words, complaint(fault, "the words"));
        }
        let is_offered = matches!(fields.get(kind.as_str()), "yes" | "1" | "on" | "true");
        if let (true, Ok(words)) = (is_offered, said) {
            offers.push(HelpOffer { kind: *kind, words, budget });
        }
    }
    form.keep("budget", fields.get("budget"));
    let whole = typed_sum(fields, "budget", form);
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
    let mut form = FormState::default();
    if let Some(offered) = typed(&fields, &mut form) {
        let seen = fields.get("drawn").replace('\r', "");
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
                form.keep("drawn", drawn(&known));
                let names: Vec<_> = known.offers.iter().map(|one| one.kind.asked()).collect();
                let now =
                    if names.is_empty() { "nothing".to_owned() } else { wording::list(&names) };
                let words = "Somebody else changed it meanwhile. It offers";
                form.fault("bursary", format!("{words} {now} now. Save again to have it as below"));
                return Ok(Either::Right(Page::conflict(OfferPage { chrome, session, form })));
            }
        }
    }
    Ok(Either::Right(Page::unprocessable(OfferPage { chrome, session, form })))
}
