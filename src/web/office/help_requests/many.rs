//! One decision for several who ask for help on a session: ticked in a table, looked at once more, then made.

use askama::Template;
use rocket::{Route, State, post, response::Redirect, routes};

use crate::{
    actions::help_requests::decide::{DecideHelpError, Deciding, decide_help},
    domain::{
        help_budget::{HelpSpent, Over},
        help_request::{Granting, HelpDecision},
        id::{HelpRequestId, SessionCode},
        session::Session,
        support::pounds,
        text::Paragraph,
        wording,
    },
    store::{
        Conn, help_offers,
        help_requests::{self, HelpSeen},
    },
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, text::complaint},
        guard::{DecideRequests, Granted, SameOrigin},
        next::Next,
        office::{addressed::session_for, help_requests::said},
        page::{Area, Chrome, Page},
        paths,
    },
};

pub fn routes() -> Vec<Route> {
    routes![decide]
}

type Who = Granted<DecideRequests>;

/// What the decisions are called in forms, and in the words of the last look.
const DECISIONS: [(&str, &str); 3] =
    [("grant", "Grant"), ("refuse", "Refuse"), ("later", "Decide later on")];

/// The last look at one decision for several.
#[derive(Template)]
#[template(path = "office/help_requests/many.html")]
struct DecideManyPage {
    chrome: Chrome,
    session: Session,
    /// Those who were ticked and can be decided on.
    asking: Vec<HelpSeen>,
    decision: &'static str,
    reason: String,
    fault: Option<String>,
    /// How many were ticked that are decided or gone.
    gone: usize,
    /// Which budgets would be exceeded.
    over: Vec<Over>,
}

impl DecideManyPage {
    fn refuses(&self) -> bool {
        self.decision == "refuse"
    }

    /// `Grant 3 requests, £75.00`.
    fn words(&self) -> String {
        let start = DECISIONS.iter().find(|one| one.0 == self.decision).map_or("", |one| one.1);
        let requests = wording::count(self.asking.len(), "request", "requests");
        let amounts = self.asking.iter().filter_map(|one| one.request.wanted.amount);
        let sum: i64 = amounts.map(i64::from).sum();
        let sum = if sum > 0 { format!(", {}", pounds(sum)) } else { String::new() };
        format!("{start} {requests}{sum}")
    }

    fn of(&self, seen: &HelpSeen) -> String {
        format!("{}: {}", said::whose(seen), said::asked(seen))
    }

    /// `£40.00 over the £500.00 for this session`.
    fn question(&self) -> Option<String> {
        let words: Vec<_> = self.over.iter().map(Over::words).collect();
        (!words.is_empty()).then(|| words.join(", and "))
    }

    /// By how much she knows that it is exceeded.
    fn by(&self) -> u64 {
        self.over.iter().map(|one| one.by).max().unwrap_or_default()
    }
}

/// Which budgets granting all of them exceeds, and by how much the worst.
async fn over(
    conn: &mut Conn,
    code: &SessionCode,
    asking: &[HelpSeen],
) -> Result<Vec<Over>, Failure> {
    let budget = help_offers::of_session(conn, code).await?.budget();
    let mut spent: HelpSpent = help_requests::spent(conn, code).await?;
    let mut worst: Vec<Over> = Vec::new();
    for seen in asking {
        let wanted = &seen.request.wanted;
        let amount = wanted.amount.unwrap_or_default();
        for one in budget.over(&spent, wanted.kind, amount) {
            worst.retain(|known| known.of != one.of);
            worst.push(one);
        }
        spent.0.entry(wanted.kind).or_default().granted += u64::from(amount);
    }
    Ok(worst)
}

fn decision(word: &str, reason: Option<Paragraph>) -> Option<HelpDecision> {
    match (word, reason) {
        ("grant", _) => Some(HelpDecision::Grant(Granting::default())),
        ("refuse", Some(reason)) => Some(HelpDecision::Refuse(reason)),
        ("later", _) => Some(HelpDecision::Later),
        _ => None,
    }
}

/// What was typed for a reason, or what is wrong with it.
fn reason(fields: &Fields, decision: &str) -> Result<Option<Paragraph>, String> {
    let reason = Paragraph::parse_optional(fields.get("reason"));
    match reason {
        Err(fault) => Err(complaint(fault, "the reason")),
        Ok(None) if decision == "refuse" => Err("Say why: it is told to whoever asked".to_owned()),
        Ok(reason) => Ok(reason),
    }
}

#[post("/office/sessions/<code>/help/many", data = "<fields>")]
async fn decide(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    code: SessionCode,
    fields: Fields,
) -> Result<Next<DecideManyPage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let session = session_for(&mut conn, &who, &code).await?;
    let back = |done: &str| {
        let list = paths::help_requests::of_session(&code);
        Ok(Next::Go(Box::new(Redirect::to(list.done(done)))))
    };
    let ticked = fields.all("tick");
    let named = |one: &&(&str, &str)| one.0 == fields.get("decision");
    let Some((word, _)) = DECISIONS.iter().find(named).filter(|_| !ticked.is_empty()) else {
        return back("none-ticked");
    };
    let wanted: Vec<HelpRequestId> = ticked.iter().filter_map(|one| one.parse().ok()).collect();
    let mut asking = help_requests::of_session(&mut conn, &code).await?;
    asking.retain(|one| {
        let request = &one.request;
        wanted.contains(&request.id) && request.state.is_undecided() && one.is_coming
    });
    let gone = ticked.len().saturating_sub(asking.len());
    let over = match *word {
        "grant" => over(&mut conn, &code, &asking).await?,
        _ => Vec::new(),
    };
    drop(conn);
    let is_sure = fields.is("sure", "yes") && !asking.is_empty();
    let typed = reason(&fields, word);
    let known: Option<u64> = fields.get("over").parse().ok();
    if let (true, Ok(reason)) = (is_sure, &typed)
        && let Some(decision) = decision(word, reason.clone())
        && over.iter().all(|one| known.is_some_and(|known| known >= one.by))
    {
        return back(&decide_all(desk, &who, asking, (decision, known)).await?);
    }
    let fault = typed.err().filter(|_| is_sure);
    let is_unusable = fault.is_some();
    let chrome = desk.signed_in_chrome(Area::Sessions, &who.member);
    let reason = fields.get("reason").to_owned();
    let page =
        DecideManyPage { chrome, session, asking, decision: word, reason, fault, gone, over };
    let page = if is_unusable { Page::unprocessable(page) } else { Page::ok(page) };
    Ok(Next::Show(Box::new(page)))
}

/// Gives all of them one decision; the word for what came of it. Whoever was decided on meanwhile stays as she is.
async fn decide_all(
    desk: &Desk,
    who: &Who,
    asking: Vec<HelpSeen>,
    (decision, over): (HelpDecision, Option<u64>),
) -> Result<String, Failure> {
    let (mut done, mut left) = (0, 0);
    for seen in asking {
        let version = Some(seen.request.version);
        let deciding = Deciding { decision: decision.clone(), version, over };
        match decide_help(&desk.ctx, &who.member.login, seen.request.id, &deciding).await {
            Ok(_) => done += 1,
            Err(DecideHelpError::Store(error)) => return Err(error.into()),
            Err(_) => left += 1,
        }
    }
    Ok(format!("decided-{done}-{left}"))
}
