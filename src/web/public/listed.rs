//! What the public can find, and which part of it is asked for.

use rocket::FromForm;

use crate::{
    domain::{
        alliance::Alliance,
        catalogue_filter::{Campaign, CatalogueFilter, Near},
        course::Course,
        finding::Wanted,
        id::{AllianceSlug, CourseSlug},
        session::{BookingStatus, Session},
    },
    store::{Concern, Conn, Matter, StoreError, catalogue, catalogue_merges, sessions},
    web::{
        Desk,
        asked::{self, Unusable},
    },
};

/// How many sessions a page of the catalogue shows.
pub const PAGE: usize = 20;

pub const NO_ALLIANCE: &str = "it is the short name of an alliance that is listed";
pub const NO_COURSE: &str = "it is the short name of a course that is listed";
const NO_MONTH: &str = "it looks like 2027-01";
const NO_FORMAT: &str = "it is online or in-person";
const NO_CAMPAIGN: &str = "it is a campaign of a course that is listed, such as living-wage";
const NO_PLACE: &str =
    "it is the beginning of a postcode, such as SE15, or the name of an alliance";

/// What the address asks for.
#[derive(Debug, FromForm)]
pub struct CatalogueQuery<'r> {
    pub q: Option<&'r str>,
    alliance: Option<&'r str>,
    course: Option<&'r str>,
    month: Option<&'r str>,
    format: Option<&'r str>,
    campaign: Option<&'r str>,
    pub near: Option<&'r str>,
    page: Option<&'r str>,
}

impl CatalogueQuery<'_> {
    /// Which sessions.
    ///
    /// # Errors
    /// Every part that cannot be used.
    pub fn filter(&self, known: &Known) -> Result<CatalogueFilter, Vec<Unusable>> {
        let mut faults = Vec::new();
        let words = taken(asked::words("q", self.q), &mut faults);
        let alliance = asked::one("alliance", self.alliance, NO_ALLIANCE).and_then(|slug| {
            let is_there =
                |slug: &AllianceSlug| known.alliances.iter().any(|one| one.slug == *slug);
            match slug.map(|slug| known.alliance_of(slug)) {
                Some(slug) if !is_there(&slug) => {
                    Err(Unusable::new("alliance", slug.as_str(), NO_ALLIANCE))
                }
                slug => Ok(slug),
            }
        });
        let course = asked::one("course", self.course, NO_COURSE).and_then(|slug| {
            let is_there = |slug: &CourseSlug| known.courses.iter().any(|one| one.slug == *slug);
            match slug.map(|slug| known.course_of(slug)) {
                Some(slug) if !is_there(&slug) => {
                    Err(Unusable::new("course", slug.as_str(), NO_COURSE))
                }
                slug => Ok(slug),
            }
        });
        let filter = CatalogueFilter {
            words: words.filter(|words| !words.is_empty()).map(str::to_owned),
            alliance: taken(alliance, &mut faults).flatten(),
            course: taken(course, &mut faults).flatten(),
            month: taken(asked::one("month", self.month, NO_MONTH), &mut faults).flatten(),
            format: taken(asked::one("format", self.format, NO_FORMAT), &mut faults).flatten(),
            campaign: taken(self.campaign(known), &mut faults).flatten(),
            near: taken(self.near(known), &mut faults).flatten(),
        };
        taken(asked::page(self.page), &mut faults);
        if faults.is_empty() { Ok(filter) } else { Err(faults) }
    }

    fn campaign(&self, known: &Known) -> Result<Option<Campaign>, Unusable> {
        let Some(typed) = asked::given(self.campaign) else { return Ok(None) };
        let campaign = Campaign::of(typed).filter(|one| known.campaigns().contains(one));
        campaign.map(Some).ok_or_else(|| Unusable::new("campaign", typed, NO_CAMPAIGN))
    }

    /// Near a postcode, or near an alliance by its name or short name.
    fn near(&self, known: &Known) -> Result<Option<Near>, Unusable> {
        let Some(typed) = asked::given(self.near) else { return Ok(None) };
        if let Ok(outward) = typed.parse() {
            return Ok(Some(Near::Postcode(outward)));
        }
        let wanted = Wanted::typed(typed);
        let mut alliances = known.alliances.iter();
        let found = alliances.find(|one| {
            one.slug.as_str() == typed
                || (!wanted.is_everything() && wanted.is_among([one.name.as_str()]))
        });
        let near = found.map(|alliance| Some(Near::Alliance(alliance.slug.clone())));
        near.ok_or_else(|| Unusable::new("near", typed, NO_PLACE))
    }

    /// Whether it asks in words of one's own: anybody can think of any, so such answers are not worth
    /// keeping.
    pub fn is_in_own_words(&self) -> bool {
        self.q.is_some() || self.near.is_some()
    }

    /// What a list of these sessions concerns: how full those are that it may show, and facts of all,
    /// which its choices and counts come from.
    pub fn concern(&self) -> Concern {
        let course = asked::one("course", self.course, NO_COURSE).ok().flatten();
        let alliance = asked::one("alliance", self.alliance, NO_ALLIANCE).ok().flatten();
        let places = course.map(Matter::Course).or_else(|| alliance.map(Matter::Alliance));
        let places = places.unwrap_or(Matter::Everything);
        Concern { facts: vec![Matter::Everything], places: vec![places] }
    }

    /// Which page, from 1.
    pub fn page(&self) -> Result<usize, Unusable> {
        asked::page(self.page)
    }
}

/// What can be asked for by name.
pub struct Known {
    pub alliances: Vec<Alliance>,
    pub courses: Vec<Course>,
    /// Alliances that became part of others, each with which.
    merged_alliances: Vec<(AllianceSlug, AllianceSlug)>,
    /// The same of courses.
    merged_courses: Vec<(CourseSlug, CourseSlug)>,
}

impl Known {
    pub async fn read(conn: &mut Conn) -> Result<Self, StoreError> {
        let alliances = catalogue::alliances(conn).await?;
        let courses = catalogue::courses(conn).await?;
        let merged_alliances = catalogue_merges::merged_alliances(conn).await?;
        let merged_courses = catalogue_merges::merged_courses(conn).await?;
        Ok(Self { alliances, courses, merged_alliances, merged_courses })
    }

    /// The alliance that is meant by a short name, also by one it had before it became part of another.
    fn alliance_of(&self, slug: AllianceSlug) -> AllianceSlug {
        let merged = self.merged_alliances.iter().find(|(gone, _)| *gone == slug);
        merged.map_or(slug, |(_, kept)| kept.clone())
    }

    fn course_of(&self, slug: CourseSlug) -> CourseSlug {
        let merged = self.merged_courses.iter().find(|(gone, _)| *gone == slug);
        merged.map_or(slug, |(_, kept)| kept.clone())
    }

    /// The campaigns that its courses serve, by name.
    pub fn campaigns(&self) -> Vec<Campaign> {
        let campaigns = self.courses.iter().filter_map(|course| Campaign::of(&course.campaign));
        let mut campaigns: Vec<_> = campaigns.collect();
        campaigns.sort_unstable();
        campaigns.dedup();
        campaigns
    }
}

fn taken<T>(asked: Result<T, Unusable>, faults: &mut Vec<Unusable>) -> Option<T> {
    asked.map_err(|fault| faults.push(fault)).ok()
}

/// The sessions the public sees: published or called off, and not over.
pub async fn listed(desk: &Desk, conn: &mut Conn) -> Result<Vec<Session>, StoreError> {
    let mut sessions = sessions::ending_after(conn, desk.ctx.now()).await?;
    sessions.retain(Session::is_listed);
    Ok(sessions)
}

pub fn can_book(session: &Session, now: chrono::DateTime<chrono::Utc>) -> bool {
    matches!(session.booking_status(now), BookingStatus::Open { .. })
        && session.occupancy.free() > 0
}
