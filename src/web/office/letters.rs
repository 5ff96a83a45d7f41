//! The outbox: which letters wait, went out or failed.

use std::collections::HashMap;

use askama::Template;
use chrono_tz::Tz;
use rocket::{FromForm, Route, State, get, post, response::Redirect, routes};
use uuid::Uuid;

use crate::{
    actions::{letters::retry_letter::retry_letter, sessions::news_to_come::letters_to_come},
    domain::{
        id::{LetterId, SessionCode},
        letter::{Letter, LetterKind, without_secrets},
        wording,
    },
    store::{
        catalogue,
        figures::{self, Queue},
        gathering::{self, WaitingNews},
        letter_search::{self, LetterLine, MOST, Progress},
        outbox, sessions,
    },
    web::{
        Desk, asked,
        failure::Failure,
        guard::{Granted, ReadLetters, SameOrigin},
        page::{Area, Chrome, Page},
        paging::{self, Pager},
        paths,
        words::{ReadersClock, clock_of, in_words, stamp},
    },
};

pub fn routes() -> Vec<Route> {
    routes![list, show, to_come, retry]
}

/// The letters of one progress.
#[derive(Template)]
#[template(path = "office/letters.html")]
struct LettersPage {
    chrome: Chrome,
    notice: Option<String>,
    progress: Progress,
    /// How many there are of each progress, and whether it is the one shown.
    counts: Vec<(Progress, i64, bool)>,
    letters: Vec<LetterLine>,
    /// News of sessions that waits for what changes next; its letters are written when it leaves.
    waiting: Vec<WaitingNews>,
    /// The clock its times are told by, but for letters about a session elsewhere.
    zone: ReadersClock,
    /// The zones of the sessions they are about, where alliances have several.
    zones: HashMap<SessionCode, Tz>,
    pager: Pager,
    /// What waits, for whoever may see all of it.
    queue: Option<Queue>,
}

impl LettersPage {
    fn name(&self, progress: &Progress) -> &'static str {
        match progress {
            Progress::Failed => "Failed",
            Progress::Returned => "Came back",
            Progress::Queued => "Waiting to be sent",
            Progress::Sent => "Sent",
        }
    }

    /// Whether there is something to say about why.
    fn has_reason(&self) -> bool {
        matches!(self.progress, Progress::Failed | Progress::Returned)
    }

    /// How many letters wait, since when, and what holds them up.
    fn queue_words(&self, queue: &Queue) -> String {
        let letters =
            wording::count(usize::try_from(queue.letters).unwrap_or(0), "letter", "letters");
        let waits = if queue.letters == 1 { "waits" } else { "wait" };
        let since = stamp(queue.oldest, self.zone);
        let why =
            queue.last_error.as_deref().map(|why| format!(" It did not leave because {why}."));
        let why = why.unwrap_or_default();
        format!("{letters} {waits} to be sent, the oldest since {since}.{why}")
    }

    /// How many there are, as far as they are counted.
    fn count(&self, count: &i64) -> String {
        if *count >= MOST { "100,000 and more".to_owned() } else { count.to_string() }
    }

    fn is_cut(&self) -> bool {
        self.pager.total >= MOST
    }

    fn is_failed(&self) -> bool {
        self.progress == Progress::Failed
    }

    fn leaves(&self, news: &WaitingNews) -> String {
        let elsewhere = self.zones.get(&news.session).copied();
        wording::deadline(news.leaves_at, self.zone.where_it_is(elsewhere).zone())
    }

    fn kind(&self, kind: &LetterKind) -> String {
        in_words(kind.as_str())
    }

    fn when(&self, letter: &LetterLine) -> String {
        let elsewhere = letter.session.as_ref().and_then(|code| self.zones.get(code)).copied();
        let zone = self.zone.where_it_is(elsewhere);
        match (self.progress, letter.sent_at) {
            (Progress::Sent, Some(at)) => format!("Sent {}", stamp(at, zone)),
            (Progress::Queued, _) if letter.is_held => {
                format!("Waits until {}: {HELD}", stamp(letter.due_at, zone))
            }
            (Progress::Queued, _) if letter.attempts > 0 => {
                let often = match letter.attempts {
                    1 => "once".to_owned(),
                    times => format!("{times} times"),
                };
                format!("Tried {often}, again {}", stamp(letter.due_at, zone))
            }
            _ => format!("Written {}", stamp(letter.written_at, zone)),
        }
    }
}

/// Why an invite waits.
const HELD: &str = "other invites went to this address today, and nobody has opened a link in one";

#[derive(Debug, FromForm)]
struct Asked<'r> {
    progress: Option<&'r str>,
    page: Option<&'r str>,
    done: Option<&'r str>,
}

#[get("/office/letters?<asked..>")]
async fn list(
    desk: &State<Desk>,
    who: Granted<ReadLetters>,
    asked: Asked<'_>,
) -> Result<Page<LettersPage>, Failure> {
    let would = "it is queued, failed, returned or sent";
    let progress: Progress = asked::one("progress", asked.progress, would)?.unwrap_or_default();
    let within = (!who.reaches_everything()).then_some(&who.member.login);
    let mut conn = desk.ctx.store.read().await?;
    let page = paging::asked(asked.page)?;
    let letters = letter_search::search(&mut conn, progress, within, paging::window(page)).await?;
    let (mut counts, mut total) = (Vec::new(), 0);
    for one in Progress::ALL {
        let count = letter_search::count(&mut conn, *one, within).await?;
        counts.push((*one, count, *one == progress));
        if *one == progress {
            total = count;
        }
    }
    let notice = asked.done.map(|done| match done {
        "retried" => "It is on its way again.".to_owned(),
        "all-retried" => "They are on their way again.".to_owned(),
        "none-retried" => "Nothing to send: no letter was given up.".to_owned(),
        _ => "Nothing to send: it has gone out already.".to_owned(),
    });
    let zone = clock_of(&who.member, &catalogue::alliances(&mut conn).await?);
    let queue = match within {
        None => figures::queue(&mut conn).await?.filter(|_| progress == Progress::Queued),
        Some(_) => None,
    };
    let waiting = match progress {
        Progress::Queued => gathering::waiting(&mut conn, desk.ctx.now(), within).await?,
        Progress::Failed | Progress::Returned | Progress::Sent => Vec::new(),
    };
    let of_letters = letters.iter().filter_map(|letter| letter.session.as_ref());
    let codes = of_letters.chain(waiting.iter().map(|news| &news.session));
    let zones = match zone.asks_for_zone() {
        true => sessions::time_zones(&mut conn, codes).await?,
        false => HashMap::new(),
    };
    Ok(Page::ok(LettersPage {
        chrome: desk.signed_in_chrome(Area::Office, &who.member),
        notice,
        progress,
        counts,
        zone,
        zones,
        waiting,
        letters,
        queue,
        pager: Pager::of(
            page,
            total,
            paths::office::letters(),
            &[("progress", progress.as_str())],
        )?,
    }))
}

/// One letter, as its reader gets it but for her private links (T4).
#[derive(Template)]
#[template(path = "office/letter.html")]
struct LetterPage {
    chrome: Chrome,
    letter: LetterLine,
    /// Its kind in words.
    kind: String,
    /// How far it came.
    stands: String,
    text: String,
}

#[get("/office/letters/<id>")]
async fn show(
    desk: &State<Desk>,
    who: Granted<ReadLetters>,
    id: LetterId,
) -> Result<Page<LetterPage>, Failure> {
    let within = (!who.reaches_everything()).then_some(&who.member.login);
    let mut conn = desk.ctx.store.read().await?;
    let line = letter_search::find(&mut conn, id, within).await?.ok_or(Failure::NotFound)?;
    let whole = outbox::find(&mut conn, id).await?.ok_or(Failure::NotFound)?;
    let zone = clock_of(&who.member, &catalogue::alliances(&mut conn).await?);
    let zone = match &line.session {
        Some(code) if zone.asks_for_zone() => {
            zone.where_it_is(sessions::time_zone(&mut conn, code).await?)
        }
        _ => zone,
    };
    let now = desk.ctx.now();
    let at = |moment| stamp(moment, zone);
    let stands = match (line.sent_at, &line.last_error) {
        (Some(sent), None) => format!("Sent {}.", at(sent)),
        (Some(sent), Some(why)) => format!("Sent {}, and came back: {why}.", at(sent)),
        (None, Some(why)) => format!("Not delivered: {why}."),
        (None, None) if line.is_held => {
            format!("Written {}. It waits until {}: {HELD}.", at(line.written_at), at(line.due_at))
        }
        (None, None) if line.due_at > now => {
            format!("Written {}. It leaves {}.", at(line.written_at), at(line.due_at))
        }
        (None, None) => format!("Written {}. It is on its way.", at(line.written_at)),
    };
    Ok(Page::ok(LetterPage {
        chrome: desk.signed_in_chrome(Area::Office, &who.member),
        kind: in_words(line.kind.as_str()),
        stands,
        text: without_secrets(&whole.leaving(now).text),
        letter: line,
    }))
}

/// The letters that news of a session is going to be (T4).
#[derive(Template)]
#[template(path = "office/letters_to_come.html")]
struct ToComePage {
    chrome: Chrome,
    news: WaitingNews,
    /// When they leave, in words.
    leaves: String,
    /// Whom each is to, its subject and its text.
    letters: Vec<(String, String, String)>,
}

#[get("/office/letters/to-come/<id>")]
async fn to_come(
    desk: &State<Desk>,
    who: Granted<ReadLetters>,
    id: Uuid,
) -> Result<Result<Page<ToComePage>, Redirect>, Failure> {
    let within = (!who.reaches_everything()).then_some(&who.member.login);
    let now = desk.ctx.now();
    let mut conn = desk.ctx.store.read().await?;
    let waiting = gathering::waiting(&mut conn, now, within).await?;
    let Some(news) = waiting.into_iter().find(|news| news.id == id) else {
        // They have left since, or nothing is different any more.
        return Ok(Err(Redirect::to(paths::office::letters_in(&Progress::Sent))));
    };
    let zone = clock_of(&who.member, &catalogue::alliances(&mut conn).await?);
    let elsewhere = sessions::time_zone(&mut conn, &news.session).await?;
    drop(conn);
    let letters = letters_to_come(&desk.ctx, id).await?;
    let shown = |letter: Letter| {
        let letter = letter.leaving(now);
        let name = letter.to_name.map_or_else(String::new, |name| format!("{name}, "));
        (format!("{name}{}", letter.to), letter.subject, without_secrets(&letter.text))
    };
    Ok(Ok(Page::ok(ToComePage {
        chrome: desk.signed_in_chrome(Area::Office, &who.member),
        leaves: wording::deadline(news.leaves_at, zone.where_it_is(elsewhere).zone()),
        letters: letters.into_iter().map(shown).collect(),
        news,
    })))
}

#[post("/office/letters/<id>/retry")]
async fn retry(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Granted<ReadLetters>,
    id: LetterId,
) -> Result<Redirect, Failure> {
    let within = (!who.reaches_everything()).then_some(&who.member.login);
    let retried = retry_letter(&desk.ctx, &who.actor(), id, within).await?;
    let done = if retried { "retried" } else { "gone" };
    Ok(Redirect::to(paths::office::letters().done(done)))
}
