//! One request for help: what is asked, and the decision.

use askama::Template;
use chrono::NaiveDate;
use rocket::{Either, Route, State, get, http::Status, post, response::Redirect, routes};

use crate::{
    actions::help_requests::{
        decide::{DecideHelpError, Deciding, decide_help},
        pay::pay_help,
        read::note_help_read,
    },
    domain::{
        help_amount::{AmountFault, amount as read_amount},
        help_request::{Granting, HelpDecision, HelpState, Paid},
        id::HelpRequestId,
        session::Session,
        support::pounds,
        text::{Name, Paragraph},
        wording,
    },
    store::{
        Conn, help_offers,
        help_requests::{self, HelpSeen},
        sessions,
    },
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, FormState, form_fields},
        guard::{DecideRequests, Granted, SameOrigin},
        office::help_requests::{
            money::{Money, MoneyLine},
            said,
        },
        page::{Area, Chrome, Page},
        paths,
        words::{in_words, stamp},
    },
};

pub fn routes() -> Vec<Route> {
    routes![show, decide]
}

type Who = Granted<DecideRequests>;

form_fields! {
    enum Field {
        Version = "version",
        Over = "over",
        Decision = "decision",
        Amount = "amount",
        ByWhom = "by_whom",
        Reason = "reason",
        PaidOn = "paid_on",
        PaidHow = "paid_how",
    }
}

#[derive(Template)]
#[template(path = "office/help_requests/one.html")]
struct HelpPage {
    chrome: Chrome,
    session: Session,
    notice: Option<&'static str>,
    seen: HelpSeen,
    money: Money,
    form: FormState<Field>,
    /// A question about the budget that is to be answered first.
    question: Option<String>,
    /// What somebody else decided meanwhile.
    meanwhile: Option<String>,
    today: NaiveDate,
}

impl HelpPage {
    fn whose(&self) -> &str {
        said::whose(&self.seen)
    }

    fn standing(&self) -> &'static str {
        said::standing(&self.seen, said::is_on(&self.session))
    }

    /// Who decided, and when.
    fn decided(&self) -> Option<String> {
        let (by, at) = self.seen.request.decided.as_ref()?;
        Some(format!("{by}, {}", stamp(*at, self.session.zone())))
    }

    fn asked_at(&self) -> String {
        stamp(self.seen.request.asked_at, self.session.zone())
    }

    /// Whether the request is one to decide, be it again.
    fn can_decide(&self) -> bool {
        let request = &self.seen.request;
        request.state != HelpState::Withdrawn && request.paid.is_none()
    }

    fn can_grant(&self) -> bool {
        self.seen.is_coming && said::is_on(&self.session)
    }

    /// Whether there is money to be paid.
    fn can_pay(&self) -> bool {
        let request = &self.seen.request;
        request.granted_words().is_some() && request.paid.is_none()
    }

    fn over(&self) -> Option<String> {
        let over =
            self.seen.request.over.filter(|_| self.seen.request.state == HelpState::Granted)?;
        Some(pounds(over.into()))
    }

    fn money(&self) -> Vec<MoneyLine> {
        self.money.lines()
    }

    fn paid_on(&self, on: &NaiveDate) -> String {
        wording::date(*on)
    }
}

/// The request in an address, for whoever decides on its session.
async fn found(
    conn: &mut Conn,
    who: &Who,
    id: HelpRequestId,
) -> Result<(Session, HelpSeen), Failure> {
    let seen = help_requests::find(conn, id).await?.ok_or(Failure::NotFound)?;
    let session = sessions::find(conn, &seen.request.session).await?.ok_or(Failure::NotFound)?;
    who.on(&session)?;
    Ok((session, seen))
}

async fn page(desk: &Desk, who: &Who, id: HelpRequestId) -> Result<HelpPage, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let (session, seen) = found(&mut conn, who, id).await?;
    let budget = help_offers::of_session(&mut conn, &session.code).await?.budget();
    let spent = help_requests::spent(&mut conn, &session.code).await?;
    drop(conn);
    note_help_read(&desk.ctx, &who.actor(), &seen).await?;
    let today = desk.ctx.now().with_timezone(&session.zone()).date_naive();
    let request = &seen.request;
    let mut form = FormState::default();
    let amount = request.granted.amount.or(request.wanted.amount);
    let amount = amount.map(|pence| format!("{}.{:02}", pence / 100, pence % 100));
    form.fill(Field::Amount, amount.unwrap_or_default());
    form.fill(Field::ByWhom, request.granted.by_whom.as_ref().map_or("", Name::as_str));
    form.fill(Field::Reason, request.reason.as_ref().map_or("", Paragraph::as_str));
    form.fill(Field::Version, request.version.to_string());
    form.fill(Field::PaidOn, today.to_string());
    let decision = match request.state {
        HelpState::Granted => "grant",
        HelpState::Refused => "refuse",
        HelpState::Later => "later",
        HelpState::Asked | HelpState::Withdrawn => "",
    };
    form.fill(Field::Decision, decision);
    Ok(HelpPage {
        chrome: desk.signed_in_chrome(Area::Sessions, &who.member),
        session,
        notice: None,
        seen,
        money: Money { budget, spent },
        form,
        question: None,
        meanwhile: None,
        today,
    })
}

#[get("/office/help/<id>?<done>")]
async fn show(
    desk: &State<Desk>,
    who: Who,
    id: HelpRequestId,
    done: Option<&str>,
) -> Result<Page<HelpPage>, Failure> {
    let notice = match done {
        Some("decided") => Some("Decided."),
        Some("paid") => Some("Saved."),
        _ => None,
    };
    let page = page(desk, &who, id).await?;
    Ok(Page::ok(HelpPage { notice, ..page }))
}

/// What was typed for a decision, if it can be used.
fn typed(fields: &Fields, form: &mut FormState<Field>) -> Option<HelpDecision> {
    for field in [Field::Decision, Field::Amount, Field::ByWhom, Field::Reason] {
        form.fill(field, fields.of(field));
    }
    let reason = form.paragraph(Field::Reason, "the reason");
    let decision = match fields.of(Field::Decision) {
        "grant" => {
            let amount = match read_amount(fields.of(Field::Amount)) {
                Err(AmountFault::Missing) => None,
                Ok(pence) => Some(pence),
                Err(fault) => {
                    form.fault(Field::Amount, fault.to_string());
                    None
                }
            };
            let by_whom = form.optional_line(Field::ByWhom, "who does it");
            Some(HelpDecision::Grant(Granting { amount, by_whom }))
        }
        "refuse" => match reason {
            Some(reason) => Some(HelpDecision::Refuse(reason)),
            None => {
                form.fault(Field::Reason, "Say why: it is told to whoever asked");
                None
            }
        },
        "later" => Some(HelpDecision::Later),
        _ => {
            form.fault(Field::Decision, "Choose whether it is granted, refused, or decided later");
            None
        }
    };
    decision.filter(|_| form.is_valid())
}

/// What was typed for a payment, if it can be used.
fn paid(fields: &Fields, page: &mut HelpPage) -> Option<Paid> {
    let form = &mut page.form;
    form.fill(Field::PaidHow, fields.of(Field::PaidHow));
    let typed = fields.of(Field::PaidOn).trim();
    let on = match typed {
        "" => Some(page.today),
        typed => typed.parse::<NaiveDate>().ok().filter(|day| *day <= page.today),
    };
    if !typed.is_empty() {
        form.fill(Field::PaidOn, typed);
    }
    if on.is_none() {
        form.fault(Field::PaidOn, "Enter the day it was paid, today or before");
    }
    let how = form.optional_line(Field::PaidHow, "how it was paid");
    on.filter(|_| form.is_valid()).map(|on| Paid { on, how, by: None })
}

type Answer = Either<Redirect, Page<HelpPage>>;

#[post("/office/help/<id>", data = "<fields>")]
async fn decide(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    id: HelpRequestId,
    fields: Fields,
) -> Result<Answer, Failure> {
    let mut page = page(desk, &who, id).await?;
    let here = paths::help_requests::one(&id);
    let by = &who.member.login;
    let done = match fields.get("action") {
        "paid" => match paid(&fields, &mut page) {
            Some(paid) => pay_help(&desk.ctx, by, id, Some(paid)).await.map(|()| "paid"),
            None => return Ok(Either::Right(Page::unprocessable(page))),
        },
        "unpaid" => pay_help(&desk.ctx, by, id, None).await.map(|()| "paid"),
        _ => {
            let Some(decision) = typed(&fields, &mut page.form) else {
                return Ok(Either::Right(Page::unprocessable(page)));
            };
            let version = fields.of(Field::Version).parse().ok();
            let over = fields.of(Field::Over).parse().ok();
            let deciding = Deciding { decision, version, over };
            decide_help(&desk.ctx, by, id, &deciding).await.map(|_| "decided")
        }
    };
    match done {
        Ok(word) => Ok(Either::Left(Redirect::to(here.done(word)))),
        Err(refused) => Ok(Either::Right(again(page, refused)?)),
    }
}

/// The page again, with what kept it from being done.
fn again(mut page: HelpPage, refused: DecideHelpError) -> Result<Page<HelpPage>, Failure> {
    let words = in_words(&refused.to_string());
    let status = match refused {
        DecideHelpError::Store(error) => return Err(error.into()),
        DecideHelpError::NoSuchRequest => return Err(Failure::NotFound),
        DecideHelpError::Over(over) => {
            let by = over.iter().map(|one| one.by).max().unwrap_or_default();
            page.form.fill(Field::Over, by.to_string());
            page.question = Some(words);
            Status::Ok
        }
        DecideHelpError::Meanwhile(seen) => {
            page.form.fill(Field::Version, seen.request.version.to_string());
            page.seen = *seen;
            let by = page.decided().map_or_else(String::new, |by| format!(" ({by})"));
            page.meanwhile = Some(format!("{}{by}", page.standing()));
            Status::Conflict
        }
        DecideHelpError::MoreThanAsked(_) | DecideHelpError::NoAmount => {
            page.form.fault(Field::Amount, words);
            Status::UnprocessableEntity
        }
        DecideHelpError::Closed | DecideHelpError::IsPaid => {
            page.form.fault(Field::Decision, words);
            Status::Conflict
        }
    };
    Ok(Page { status, template: page })
}
