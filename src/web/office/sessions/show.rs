//! One session, as the office looks after it.

use askama::Template;
use chrono::{DateTime, Utc};
use rocket::{Route, State, get, routes};

use crate::{
    domain::{
        clash::{Clash, VenueUse, clashes, venue_questions},
        composition::{Composition, GroupLine},
        id::SessionCode,
        permission::{Permission, allows},
        session::{Publication, Session},
        support::pounds,
        venue::Venue,
        wording,
    },
    store::{
        Conn, composition,
        door::{self, SittingTally},
        gathering, help_requests,
        letter_search::Progress,
        pledges, sessions, supports, undelivered, venues, watch,
    },
    web::{
        Desk,
        failure::Failure,
        guard::{Granted, WatchSessions},
        office::sessions::facts::facts,
        office::{filling::Filling, overview::arranging::lines, query::PageQuery, venues::words},
        page::{Area, Chrome, Page},
        paths,
        plot::Steps,
    },
};

pub fn routes() -> Vec<Route> {
    routes![show]
}

/// Where everything about a session can be seen and done.
#[derive(Template)]
#[template(path = "office/sessions/show.html")]
struct SessionPage {
    chrome: Chrome,
    notice: Option<String>,
    line: Filling,
    /// Trainers who lead something else at the same time.
    clashes: Vec<Clash>,
    /// What is asked about its venue.
    questions: Vec<String>,
    /// The venue on the list, with whom to ask there.
    venue: Option<Venue>,
    tallies: Vec<SittingTally>,
    plot: Option<Steps>,
    can_plan: bool,
    /// What is still to be arranged for it, and what all of it costs.
    /// How far help is for whoever asks for it.
    help: Option<String>,
    arranged: Option<String>,
    /// Who comes, against whom it hopes for.
    composition: Composition,
    /// When letters about what changed leave, while they wait for more (T3).
    letters_leave: Option<String>,
    /// At how many addresses letters do not arrive.
    lost: usize,
    now: DateTime<Utc>,
}

impl SessionPage {
    fn session(&self) -> &Session {
        &self.line.session
    }

    /// Days at whose door anything happened.
    fn met(&self) -> Vec<&SittingTally> {
        let met = |tally: &&SittingTally| {
            tally.closed_at.is_some() || tally.attended > 0 || tally.walk_ins > 0
        };
        self.tallies.iter().filter(met).collect()
    }

    fn facts(&self) -> Vec<(&'static str, String)> {
        facts(self.session())
    }

    fn lost_words(&self) -> String {
        wording::count(self.lost, "address", "addresses")
    }

    fn is_draft(&self) -> bool {
        self.line.is_draft()
    }

    fn cancelled_because(&self) -> Option<&str> {
        match &self.session().publication {
            Publication::Cancelled { reason, .. } => Some(reason),
            Publication::Draft | Publication::Published => None,
        }
    }

    /// The groups of those who come and those who should.
    fn groups(&self) -> Vec<GroupLine> {
        self.composition.lines(&self.session().aims.hopes)
    }

    /// How many people it needs, if it needs any number: and whether so many come.
    fn minimum(&self) -> Option<(u32, bool)> {
        self.session().aims.minimum.map(|needs| (needs, self.line.fill.confirmed >= needs))
    }

    /// `Decide by Tue 9 March`.
    fn decide_by(&self) -> Option<String> {
        let day = self.session().aims.decide_by?;
        Some(format!("Decide by {}.", wording::long_date(day)))
    }

    fn is_open(&self) -> bool {
        !self.line.is_cancelled() && self.session().ends_at().is_some_and(|ends| ends > self.now)
    }
}

#[get("/office/sessions/<code>?<asked..>")]
async fn show(
    desk: &State<Desk>,
    who: Granted<WatchSessions>,
    code: SessionCode,
    asked: PageQuery<'_>,
) -> Result<Page<SessionPage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let session = sessions::find(&mut conn, &code).await?.ok_or(Failure::NotFound)?;
    who.on(&session)?;
    let fill = watch::fill_of(&mut conn, &code).await?;
    let times = pledges::booking_times(&mut conn, &code).await?;
    let until = session.ends_at().map_or(desk.ctx.now(), |end| end.min(desk.ctx.now()));
    let plot = Steps::of(&times, session.occupancy.capacity, until, session.zone());
    let coming = sessions::ending_after(&mut conn, desk.ctx.now()).await?;
    let venues = venues::all(&mut conn).await?;
    let venues: Vec<_> = venues.into_iter().map(|(venue, _)| venue).collect();
    let is_held = !matches!(session.publication, Publication::Cancelled { .. });
    let used = Some(VenueUse::of(&session)).filter(|_| is_held);
    let questions = used.map(|used| venue_questions(&used, &venues, &coming)).unwrap_or_default();
    Ok(Page::ok(SessionPage {
        chrome: desk.signed_in_chrome(Area::Sessions, &who.member),
        notice: asked.done.and_then(|done| notice(done, &session)),
        clashes: clashes(&session, &coming),
        questions: questions.iter().map(words).collect(),
        venue: venues.into_iter().find(|one| session.venue.as_ref() == Some(&one.id)),
        plot,
        tallies: door::tallies(&mut conn, &code).await?,
        can_plan: allows(&who.member, Permission::PlanSessions, &session),
        letters_leave: gathering::leaves_at(&mut conn, &code, desk.ctx.now())
            .await?
            .map(|at| wording::deadline(at, session.zone())),
        lost: undelivered::of_session(&mut conn, &code).await?.len(),
        arranged: arranged(&mut conn, &code).await?,
        help: help(&mut conn, &code).await?,
        composition: composition::of_session(&mut conn, &code).await?,
        line: Filling { session, fill },
        now: desk.ctx.now(),
    }))
}

/// `2 to decide, £85.00 granted, £40.00 paid`.
async fn help(conn: &mut Conn, code: &SessionCode) -> Result<Option<String>, Failure> {
    let all = help_requests::spent(conn, code).await?.all();
    let sum = |pence: u64, what: &str| {
        let pence = i64::try_from(pence).unwrap_or(i64::MAX);
        (pence > 0).then(|| format!("{} {what}", pounds(pence)))
    };
    let open = (all.undecided > 0).then(|| format!("{} to decide", all.undecided));
    let sums = [open, sum(all.granted, "granted"), sum(all.paid, "paid")];
    let said: Vec<_> = sums.into_iter().flatten().collect();
    Ok((!said.is_empty()).then(|| said.join(", ")))
}

/// `1 to arrange, £85.00`.
async fn arranged(conn: &mut Conn, code: &SessionCode) -> Result<Option<String>, Failure> {
    let needed = supports::needed_on(conn, code).await?;
    let lines = lines(supports::of_session(conn, code).await?, needed);
    let open = lines.iter().filter(|line| line.to_do().is_some()).count();
    let costs = lines.iter().filter_map(|line| line.kept.as_ref()?.cost);
    let pence: i64 = costs.map(i64::from).sum();
    let open = (open > 0).then(|| format!("{open} to arrange"));
    let costs = (pence > 0).then(|| pounds(pence));
    let said: Vec<_> = open.into_iter().chain(costs).collect();
    Ok((!said.is_empty()).then(|| said.join(", ")))
}

fn notice(done: &str, session: &Session) -> Option<String> {
    let words = match done {
        "planned" => "Saved as a draft. Look it over, then publish it.",
        "saved" => "Saved.",
        "goes-ahead" => "It goes ahead. Nobody is reminded of the number any more.",
        "nothing-to-decide" => "There is nothing to decide about this session.",
        "published" => "Published. Everybody can see it and book.",
        "places" => "Saved. Freed places are offered to the waiting list.",
        other => return counted(other, session),
    };
    Some(words.to_owned())
}

/// Until when a session can be booked, where that is set: it moved with the days.
fn closes(session: &Session) -> String {
    session.booking_closes.map_or_else(String::new, |at| {
        format!(" Booking closes at {}.", wording::deadline(at, session.zone()))
    })
}

/// What was done to so many.
fn counted(done: &str, session: &Session) -> Option<String> {
    let (verb, count) = done.split_once('-')?;
    let count: usize = count.parse().ok()?;
    Some(match verb {
        "repeated" => {
            let drafts = wording::count(count, "draft is", "drafts are");
            format!("{drafts} ready. Find them under Sessions, Drafts.")
        }
        "moved" => {
            let people = wording::count(count, "person", "people");
            format!("Saved. We are telling {people}.{}", closes(session))
        }
        "cancelled" => {
            let people = wording::count(count, "person", "people");
            format!("The session is cancelled. We are telling {people}.")
        }
        _ => return None,
    })
}
