//! Addresses that a spreadsheet reads by itself: made, listed and ended.

use askama::Template;
use rocket::{Either, Route, State, get, post, response::Redirect, routes};
use uuid::Uuid;

use crate::{
    actions::sheet_address::{Address, end_address, make_address},
    domain::{alliance::Alliance, id::AllianceSlug, wording},
    store::{
        catalogue,
        sheet_links::{self, SheetLink},
    },
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, FormState, form_fields},
        guard::{Granted, ManageBookings, SameOrigin},
        page::{Area, Chrome, Page},
        paths,
    },
};

pub fn routes() -> Vec<Route> {
    routes![list, make, ask_end, end]
}

type Who = Granted<ManageBookings>;

form_fields! {
    enum Field {
        Alliance = "alliance",
        Names = "names",
    }
}

#[derive(Template)]
#[template(path = "office/sheets.html")]
struct SheetsPage {
    chrome: Chrome,
    notice: Option<&'static str>,
    form: FormState<Field>,
    alliances: Vec<Alliance>,
    /// Whether one may be about all alliances.
    may_all: bool,
    links: Vec<SheetLink>,
    /// The address, if it has just been made.
    made: Option<String>,
    /// The one that is asked about.
    asked: Option<SheetLink>,
}

impl SheetsPage {
    /// What one may be about.
    fn choices(&self) -> Vec<(&str, &str)> {
        let all = self.may_all.then_some(("all", "All alliances"));
        let each = self.alliances.iter().map(|one| (one.slug.as_str(), one.name.as_str()));
        all.into_iter().chain(each).collect()
    }

    fn about(&self, link: &SheetLink) -> String {
        let known = link.alliance.as_ref().map(|slug| {
            let one = self.alliances.iter().find(|one| one.slug == *slug);
            one.map_or_else(|| slug.to_string(), |one| one.name.clone())
        });
        let whose = known.unwrap_or_else(|| "All alliances".to_owned());
        let shows = if link.with_names { "with names" } else { "counts only" };
        format!("{whose}, {shows}")
    }

    fn history(&self, link: &SheetLink) -> String {
        let made = wording::long_date(link.created_at.date_naive());
        let read = match link.last_read {
            Some(day) => format!("last read on {} (UTC)", wording::long_date(day)),
            None => "never read".to_owned(),
        };
        format!("Made by {} on {made}, {read}", link.made_by)
    }
}

async fn page(desk: &Desk, who: &Who, mut form: FormState<Field>) -> Result<SheetsPage, Failure> {
    form.attempt_as(desk.attempt());
    let mut conn = desk.ctx.store.read().await?;
    let may_all = who.reaches_everything();
    let of = (!may_all).then_some(&who.member.login);
    let mut alliances = catalogue::alliances(&mut conn).await?;
    alliances.retain(|one| who.reaches(&one.slug));
    Ok(SheetsPage {
        chrome: desk.signed_in_chrome(Area::Office, &who.member),
        notice: None,
        form,
        alliances,
        may_all,
        links: sheet_links::open(&mut conn, of).await?,
        made: None,
        asked: None,
    })
}

#[get("/office/sheets?<done>")]
async fn list(
    desk: &State<Desk>,
    who: Who,
    done: Option<&str>,
) -> Result<Page<SheetsPage>, Failure> {
    let page = page(desk, &who, FormState::default()).await?;
    let notice = done.filter(|done| *done == "ended").map(|_| "The address is ended.");
    Ok(Page::ok(SheetsPage { notice, ..page }))
}

#[post("/office/sheets", data = "<fields>")]
async fn make(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    fields: Fields,
) -> Result<Page<SheetsPage>, Failure> {
    let mut form = FormState::sent(&fields);
    let typed = fields.of(Field::Alliance).trim();
    let slug: Option<AllianceSlug> = match typed {
        "" | "all" if who.reaches_everything() => None,
        typed => match typed.parse::<AllianceSlug>().ok().filter(|slug| who.reaches(slug)) {
            Some(slug) => Some(slug),
            None => {
                form.fault(Field::Alliance, "Choose one of your alliances");
                return Ok(Page::unprocessable(page(desk, &who, form).await?));
            }
        },
    };
    let with_names = fields.has(Field::Names, "yes");
    let attempt = fields.attempt();
    let about = (slug, with_names);
    let token = match make_address(&desk.ctx, &who.member, about, attempt.as_ref()).await? {
        Address::Made(token) => token,
        Address::MadeBefore => {
            let page = page(desk, &who, FormState::default()).await?;
            let notice = Some("This address was made before, and is shown only once.");
            return Ok(Page::ok(SheetsPage { notice, ..page }));
        }
        Address::NotHers => return Err(Failure::Forbidden),
    };
    let made = format!("{}{}", desk.ctx.letterhead.base_url, paths::files::sheet(&token));
    let page = page(desk, &who, FormState::default()).await?;
    Ok(Page::ok(SheetsPage { made: Some(made), ..page }))
}

/// The address in a page's address, for whoever made it and administrators.
async fn link_for(desk: &Desk, who: &Who, id: Uuid) -> Result<SheetLink, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let link = sheet_links::by_id(&mut conn, id).await?;
    let is_hers = |link: &SheetLink| who.reaches_everything() || link.made_by == who.member.login;
    link.filter(is_hers).ok_or(Failure::NotFound)
}

#[get("/office/sheets/<id>/end")]
async fn ask_end(desk: &State<Desk>, who: Who, id: Uuid) -> Result<Page<SheetsPage>, Failure> {
    let asked = Some(link_for(desk, &who, id).await?);
    let page = page(desk, &who, FormState::default()).await?;
    Ok(Page::ok(SheetsPage { asked, ..page }))
}

#[post("/office/sheets/<id>/end")]
async fn end(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    id: Uuid,
) -> Result<Either<Redirect, Page<SheetsPage>>, Failure> {
    link_for(desk, &who, id).await?;
    end_address(&desk.ctx, &who.actor(), id).await?;
    Ok(Either::Left(Redirect::to(paths::files::sheets().done("ended"))))
}
