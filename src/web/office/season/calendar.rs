//! The season in an organiser's own calendar: a secret address that she makes, replaces and ends.

use askama::Template;
use rocket::{Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::calendars::keep_feed::{make_feed, stop_feed},
    domain::{
        alliance::Alliance,
        id::{AllianceSlug, StaffLogin},
        private_feed::{FeedOwner, PrivateFeed, SeasonFeed},
        wording,
    },
    store::{catalogue, private_feeds},
    token::Token,
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, FormState, form_fields},
        guard::{Granted, SameOrigin, WatchSessions},
        page::{Area, Chrome, Page},
        paths,
        private_calendar::PrivateLinks,
    },
};

pub fn routes() -> Vec<Route> {
    routes![show, make, stop]
}

type Who = Granted<WatchSessions>;

form_fields! {
    enum Field {
        Alliance = "alliance",
        Drafts = "drafts",
    }
}

/// Whose feed it is, whatever it shows: each has one at a time.
pub fn owner(login: &StaffLogin) -> FeedOwner {
    FeedOwner::Season(SeasonFeed { login: login.clone(), alliance: None, drafts: false })
}

#[derive(Template)]
#[template(path = "office/season/calendar.html")]
struct SeasonCalendarPage {
    chrome: Chrome,
    form: FormState<Field>,
    alliances: Vec<Alliance>,
    feed: Option<PrivateFeed>,
    /// The address, if it has just been made.
    made: Option<PrivateLinks>,
}

impl SeasonCalendarPage {
    /// The alliances she can choose.
    fn choices(&self) -> Vec<(&str, &str)> {
        self.alliances.iter().map(|one| (one.slug.as_str(), one.name.as_str())).collect()
    }

    fn made_on(&self, feed: &PrivateFeed) -> String {
        wording::long_date(feed.created_at.date_naive())
    }
}

async fn page(
    desk: &Desk,
    who: &Who,
    form: FormState<Field>,
    made: Option<&Token>,
) -> Result<SeasonCalendarPage, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let mut alliances = catalogue::alliances(&mut conn).await?;
    alliances.retain(|one| who.reaches(&one.slug));
    let feed = private_feeds::of_owner(&mut conn, &owner(&who.member.login)).await?;
    let base_url = &desk.ctx.letterhead.base_url;
    let url = |token: &Token| format!("{base_url}{}", paths::public::private_feed(token));
    Ok(SeasonCalendarPage {
        chrome: desk.signed_in_chrome(Area::Sessions, &who.member),
        form,
        alliances,
        feed,
        made: made.map(|token| PrivateLinks::to(&url(token))),
    })
}

#[get("/office/season/calendar")]
async fn show(desk: &State<Desk>, who: Who) -> Result<Page<SeasonCalendarPage>, Failure> {
    Ok(Page::ok(page(desk, &who, FormState::default(), None).await?))
}

#[post("/office/season/calendar", data = "<fields>")]
async fn make(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    fields: Fields,
) -> Result<Page<SeasonCalendarPage>, Failure> {
    let mut form = FormState::sent(&fields);
    let drafts = form.ticked(Field::Drafts);
    let alliance = match form.value(Field::Alliance) {
        "" => None,
        slug => slug.parse::<AllianceSlug>().ok().filter(|slug| who.reaches(slug)),
    };
    if alliance.is_none() && !form.is(Field::Alliance, "") {
        form.fault(Field::Alliance, "Choose one of your alliances, or all of them");
    }
    if !form.is_valid() {
        return Ok(Page::unprocessable(page(desk, &who, form, None).await?));
    }
    let login = who.member.login.clone();
    let owner = FeedOwner::Season(SeasonFeed { login, alliance, drafts });
    let made = make_feed(&desk.ctx, &who.actor(), &owner).await?;
    Ok(Page::ok(page(desk, &who, form, Some(&made)).await?))
}

#[post("/office/season/calendar/stop")]
async fn stop(desk: &State<Desk>, _origin: SameOrigin, who: Who) -> Result<Redirect, Failure> {
    stop_feed(&desk.ctx, &who.actor(), &owner(&who.member.login)).await?;
    Ok(Redirect::to(paths::venues::season_calendar()))
}
