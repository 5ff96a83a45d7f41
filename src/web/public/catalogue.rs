//! The catalogue.

use askama::Template;
use chrono::{DateTime, Utc};
use rocket::{Route, State, get, http::uri::Origin, routes};

use crate::{
    domain::{
        alliance::Alliance,
        catalogue_filter::{Campaign, CatalogueFilter, Format, Month, Near},
        id::CourseSlug,
        series::told,
        session::{BookingMode, Session},
        wording,
    },
    web::{
        Desk,
        asked::Unusable,
        failure::Failure,
        kept::{Head, Kept},
        page::{Area, Chrome, render},
        paths::{self, Href},
        public::{
            listed::{CatalogueQuery, Known, PAGE, can_book, listed},
            places_words::PlacesWords,
            rows::{Group, Row, grouped},
        },
        refusal::PastTheEnd,
    },
};

/// What the filters offer.
#[derive(Debug, Clone)]
struct FilterChoices {
    pub alliances: Vec<Alliance>,
    pub courses: Vec<(CourseSlug, String)>,
    /// The months with a sitting.
    pub months: Vec<Month>,
    pub campaigns: Vec<Campaign>,
}

/// The catalogue.
#[derive(Debug, Template)]
#[template(path = "public/catalogue.html")]
struct CataloguePage {
    chrome: Chrome,
    /// What was asked for.
    filter: CatalogueFilter,
    /// What can be asked for.
    choices: FilterChoices,
    /// This page's rows under their headings: months, or how far away.
    groups: Vec<Group>,
    /// How many there are on all pages.
    total: usize,
    /// Which page, from 1.
    page: u32,
    /// How many pages.
    pages: u32,
    /// The next training that can be booked.
    next: Option<Session>,
    /// Wider searches: label, address, how many they find.
    wider: Vec<(String, Href, usize)>,
    now: DateTime<Utc>,
}

impl CataloguePage {
    fn places(&self, session: &Session) -> PlacesWords {
        PlacesWords::of(session, self.now)
    }

    fn closes(&self, session: &Session) -> String {
        let closes = session.closes_at().map(|at| wording::moment(at, session.zone()));
        closes.map_or_else(String::new, |at| format!("Book by {at}"))
    }

    /// What was asked for, in words: `leadership, Leeds, online`.
    fn chosen(&self) -> String {
        let alliance = self.choices.alliances.iter().find(|one| self.is_alliance(one));
        let course = self.choices.courses.iter().find(|(slug, _)| self.is_course(slug));
        let format = match () {
            () if self.is_format("online") => Some("online".to_owned()),
            () if self.is_format("in-person") => Some("in person".to_owned()),
            () => None,
        };
        let parts = [
            self.filter.words.clone(),
            alliance.map(|one| one.name.clone()),
            course.map(|(_, title)| title.clone()),
            self.filter.month.map(Month::name),
            format,
            self.filter.campaign.as_ref().map(Campaign::name),
            self.near().map(|near| format!("near {near}")),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }

    fn is_alliance(&self, alliance: &Alliance) -> bool {
        self.filter.alliance.as_ref() == Some(&alliance.slug)
    }

    fn is_course(&self, slug: &CourseSlug) -> bool {
        self.filter.course.as_ref() == Some(slug)
    }

    fn is_month(&self, month: &Month) -> bool {
        self.filter.month.as_ref() == Some(month)
    }

    fn is_format(&self, word: &str) -> bool {
        self.filter.format.is_some_and(|format: Format| format.as_str() == word)
    }

    fn is_campaign(&self, campaign: &Campaign) -> bool {
        self.filter.campaign.as_ref() == Some(campaign)
    }

    /// Near to what, as people say it.
    fn near(&self) -> Option<String> {
        match self.filter.near.as_ref()? {
            Near::Postcode(outward) => Some(outward.to_string()),
            Near::Alliance(slug) => {
                let alliance = self.choices.alliances.iter().find(|one| one.slug == *slug);
                alliance.map(|one| one.name.clone())
            }
        }
    }

    fn near_value(&self) -> String {
        self.near().unwrap_or_default()
    }

    fn typed(&self) -> &str {
        self.filter.words.as_deref().unwrap_or_default()
    }

    /// The address of another page of the same search.
    fn page_href(&self, page: u32) -> Href {
        page_href(&self.filter, page)
    }
}

/// What leads to the same sessions when it is typed.
fn near_typed(near: &Near) -> String {
    match near {
        Near::Postcode(outward) => outward.to_string(),
        Near::Alliance(slug) => slug.to_string(),
    }
}

fn page_href(filter: &CatalogueFilter, page: u32) -> Href {
    let mut href = paths::public::catalogue();
    let parts = [
        ("q", filter.words.clone()),
        ("alliance", filter.alliance.as_ref().map(ToString::to_string)),
        ("course", filter.course.as_ref().map(ToString::to_string)),
        ("month", filter.month.map(Month::code)),
        ("format", filter.format.map(|format| format.to_string())),
        ("campaign", filter.campaign.as_ref().map(|one| one.slug().to_owned())),
        ("near", filter.near.as_ref().map(near_typed)),
    ];
    for (name, value) in parts {
        if let Some(value) = value {
            href = href.with(name, value);
        }
    }
    href.with("page", page)
}

#[get("/?<asked..>")]
async fn index(
    desk: &State<Desk>,
    asked: CatalogueQuery<'_>,
    address: &Origin<'_>,
) -> Result<Kept, Failure> {
    if asked.is_in_own_words() {
        return Ok(Kept::once(Head::page(), render(&catalogue(desk, &asked).await?)?));
    }
    let draw = async || {
        let page = render(&catalogue(desk, &asked).await?)?;
        Ok::<_, Failure>((Head::page(), page, asked.concern()))
    };
    desk.kept(&address.to_string(), draw).await
}

/// That something cannot be asked for; everything there is can.
fn unusable(unusable: Unusable) -> Failure {
    Failure::from(unusable).leads(paths::public::catalogue(), "All training")
}

async fn catalogue(desk: &Desk, asked: &CatalogueQuery<'_>) -> Result<CataloguePage, Failure> {
    let now = desk.ctx.now();
    let mut conn = desk.ctx.store.read().await?;
    let all = listed(desk, &mut conn).await?;
    let known = Known::read(&mut conn).await?;
    drop(conn);
    let filter = asked.filter(&known);
    let filter = filter.map_err(|mut faults| unusable(faults.swap_remove(0)))?;
    let mut months: Vec<Month> = all
        .iter()
        .flat_map(|session| &session.sittings)
        .map(|sitting| Month::of(sitting.starts.date()))
        .collect();
    months.sort_unstable();
    months.dedup();
    let choices = FilterChoices {
        campaigns: known.campaigns(),
        alliances: known.alliances,
        courses: known.courses.into_iter().map(|course| (course.slug, course.title)).collect(),
        months,
    };
    let found = filter.found(&all);
    let rows = told(&found);
    let pages = rows.len().div_ceil(PAGE).max(1);
    let page = asked.page().map_err(unusable)?;
    if page > pages {
        let last = page_href(&filter, u32::try_from(pages).unwrap_or(1));
        return Err(Failure::from(PastTheEnd).leads(last, "The last page"));
    }
    let bookable = |session: &&&Session| can_book(session, now);
    // What is asked for by nearness is answered by nearness.
    let has_next = page == 1 && filter.near.is_none();
    let next = has_next.then(|| found.iter().find(bookable).map(|one| (*one).clone())).flatten();
    let rows = rows.into_iter().skip((page - 1) * PAGE).take(PAGE);
    let groups = grouped(rows, (&filter, &all), now);
    let wider = if found.is_empty() { wider(&filter, &all) } else { Vec::new() };
    Ok(CataloguePage {
        chrome: desk.chrome(Area::Find),
        choices,
        total: found.len(),
        groups,
        page: u32::try_from(page).unwrap_or(1),
        pages: u32::try_from(pages).unwrap_or(1),
        next,
        wider,
        now,
        filter,
    })
}

/// Wider searches with how many sessions each finds, for when nothing was found.
fn wider(filter: &CatalogueFilter, all: &[Session]) -> Vec<(String, Href, usize)> {
    let mut wider = Vec::new();
    let mut offer = |label: String, href: Href, filter: CatalogueFilter| {
        let count = all.iter().filter(|session| filter.matches(session)).count();
        if count > 0 {
            wider.push((label, href, count));
        }
    };
    if let Some(course) = &filter.course {
        let only = CatalogueFilter { course: Some(course.clone()), ..Default::default() };
        let title = all.iter().find(|s| s.course.slug == *course).map(|s| s.course.title.clone());
        let title = title.unwrap_or_else(|| course.to_string());
        offer(format!("{title}, everywhere"), paths::public::catalogue_of_course(course), only);
    }
    if let Some(alliance) = &filter.alliance {
        let only = CatalogueFilter { alliance: Some(alliance.clone()), ..Default::default() };
        let name = all.iter().find(|s| s.alliance.slug == *alliance);
        let name = name.map_or_else(|| alliance.to_string(), |s| s.alliance.name.clone());
        offer(
            format!("All training by {name}"),
            paths::public::catalogue_of_alliance(alliance),
            only,
        );
    }
    offer("All training".to_owned(), paths::public::catalogue(), CatalogueFilter::default());
    wider
}

pub fn routes() -> Vec<Route> {
    routes![index]
}
