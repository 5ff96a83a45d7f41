//! Who asks for help on any session, first what is to be decided, narrowed by kind, alliance and where it stands; and
//! the same as a file for the accounts.

use std::collections::HashMap;

use askama::Template;
use rocket::{FromForm, Route, State, get, routes};

use crate::{
    actions::people::export_list::{Exported, list_exported},
    domain::{
        alliance::Alliance,
        help_request::{HelpKind, HelpState},
        id::{AllianceSlug, SessionCode},
        session::Session,
        support::pounds,
        wording,
    },
    store::{
        Conn, Window, catalogue,
        help_lists::{self, Narrowed},
        help_requests::HelpSeen,
        sessions,
    },
    web::{
        Desk,
        asked::{self, given},
        download::Download,
        failure::Failure,
        guard::{DecideRequests, Granted},
        office::help_requests::said,
        page::{Area, Chrome, Page},
        paging::{self, Listing},
        paths::{self, Href},
        spreadsheet::{Cell, Table, to_csv},
    },
};

pub fn routes() -> Vec<Route> {
    routes![list, csv]
}

type Who = Granted<DecideRequests>;

/// The most lines of a file.
const MOST_LINES: i64 = 100_000;

/// What narrows the list.
#[derive(Debug, FromForm)]
struct Asked<'r> {
    kind: Option<&'r str>,
    state: Option<&'r str>,
    alliance: Option<&'r str>,
    page: Option<&'r str>,
}

#[derive(Template)]
#[template(path = "office/help_requests/list.html")]
struct HelpListPage {
    chrome: Chrome,
    shown: Listing<HelpSeen>,
    sessions: HashMap<SessionCode, Session>,
    alliances: Vec<Alliance>,
    kind: Option<HelpKind>,
    state: Option<HelpState>,
    alliance: Option<AllianceSlug>,
    csv: Href,
}

impl HelpListPage {
    fn kinds(&self) -> &'static [HelpKind] {
        HelpKind::ALL
    }

    fn states(&self) -> &'static [HelpState] {
        HelpState::ALL
    }

    fn is_narrowed(&self) -> bool {
        self.kind.is_some() || self.state.is_some() || self.alliance.is_some()
    }

    fn session(&self, seen: &HelpSeen) -> Option<&Session> {
        self.sessions.get(&seen.request.session)
    }

    fn days(&self, session: &Session) -> String {
        wording::days(session)
    }

    fn standing(&self, seen: &HelpSeen) -> &'static str {
        said::standing(seen, self.session(seen).is_some_and(said::is_on))
    }

    fn asked(&self, seen: &HelpSeen) -> String {
        said::asked(seen)
    }

    fn whose<'a>(&self, seen: &'a HelpSeen) -> &'a str {
        said::whose(seen)
    }
}

/// What an address asks for.
struct Filter {
    kind: Option<HelpKind>,
    state: Option<HelpState>,
    alliance: Option<AllianceSlug>,
}

impl Filter {
    fn of(asked: &Asked<'_>) -> Result<Self, Failure> {
        let kind = "it is bursary, childcare, interpreter or travel";
        let state = "it is asked, later, granted, refused or withdrawn";
        let alliance = "it is the short name of an alliance";
        Ok(Self {
            kind: asked::one("kind", asked.kind, kind)?,
            state: asked::one("state", asked.state, state)?,
            alliance: asked::one("alliance", asked.alliance, alliance)?,
        })
    }

    fn narrowed<'a>(&'a self, who: &'a Who) -> Narrowed<'a> {
        Narrowed {
            kind: self.kind,
            state: self.state,
            alliance: self.alliance.as_ref(),
            within: (!who.reaches_everything()).then_some(&who.member.login),
        }
    }
}

async fn sessions_of(
    conn: &mut Conn,
    shown: &[HelpSeen],
) -> Result<HashMap<SessionCode, Session>, Failure> {
    let mut known = HashMap::new();
    for seen in shown {
        let code = &seen.request.session;
        if !known.contains_key(code)
            && let Some(session) = sessions::find(conn, code).await?
        {
            known.insert(code.clone(), session);
        }
    }
    Ok(known)
}

#[get("/office/help?<asked..>", rank = 1)]
async fn list(
    desk: &State<Desk>,
    who: Who,
    asked: Asked<'_>,
) -> Result<Page<HelpListPage>, Failure> {
    let filter = Filter::of(&asked)?;
    let page = paging::asked(asked.page)?;
    let mut conn = desk.ctx.store.read().await?;
    let window = paging::window(page);
    let found = help_lists::list(&mut conn, &filter.narrowed(&who), window).await?;
    let sessions = sessions_of(&mut conn, &found.items).await?;
    let mut alliances = catalogue::alliances(&mut conn).await?;
    alliances.retain(|one| who.reaches(&one.slug));
    let narrowed = [
        ("kind", given(asked.kind).unwrap_or_default()),
        ("state", given(asked.state).unwrap_or_default()),
        ("alliance", given(asked.alliance).unwrap_or_default()),
    ];
    let csv = narrowed.iter().filter(|(_, value)| !value.is_empty());
    let csv = csv.fold(paths::help_requests::csv(), |csv, (name, value)| csv.with(name, value));
    Ok(Page::ok(HelpListPage {
        chrome: desk.signed_in_chrome(Area::Office, &who.member),
        shown: Listing::found(found, page, paths::help_requests::list(), &narrowed)?,
        sessions,
        alliances,
        kind: filter.kind,
        state: filter.state,
        alliance: filter.alliance,
        csv,
    }))
}

/// For the accounts: who, what and how much; neither why nor anything about children.
fn table(lines: &[HelpSeen]) -> Table {
    let heads = [
        "session",
        "reference",
        "name",
        "kind",
        "state",
        "asked",
        "granted",
        "over_budget",
        "decided_by",
        "paid_on",
        "paid_how",
    ];
    let sum = |pence: Option<u32>| {
        pence.map_or_else(String::new, |pence| pounds(pence.into()).replace('£', ""))
    };
    let row = |seen: &HelpSeen| -> Vec<Cell> {
        let request = &seen.request;
        let granted = request.granted.amount.filter(|_| request.state == HelpState::Granted);
        let over = request.over.filter(|_| request.state == HelpState::Granted);
        let by = request.decided.as_ref().map(|(by, _)| by.to_string());
        let paid = request.paid.as_ref();
        let how = paid.and_then(|paid| paid.how.as_ref()).map(ToString::to_string);
        vec![
            request.session.as_str().into(),
            seen.reference.to_string().into(),
            said::whose(seen).into(),
            request.wanted.kind.as_str().into(),
            request.state.as_str().into(),
            sum(request.wanted.amount).into(),
            sum(granted).into(),
            sum(over).into(),
            by.unwrap_or_default().into(),
            paid.map_or_else(String::new, |paid| paid.on.to_string()).into(),
            how.unwrap_or_default().into(),
        ]
    };
    Table {
        name: "Help",
        heads: heads.into_iter().map(str::to_owned).collect(),
        rows: lines.iter().map(row).collect(),
    }
}

#[get("/office/help.csv?<asked..>")]
async fn csv(desk: &State<Desk>, who: Who, asked: Asked<'_>) -> Result<Download, Failure> {
    let filter = Filter::of(&asked)?;
    let mut conn = desk.ctx.store.read().await?;
    let window = Window { offset: 0, limit: MOST_LINES };
    let lines = help_lists::list(&mut conn, &filter.narrowed(&who), window).await?.items;
    drop(conn);
    list_exported(&desk.ctx, &who.actor(), Exported::Help, lines.len()).await?;
    Download::csv("help", to_csv(&table(&lines)))
}
