//! Somebody's paths and record: what counted, what she claims, and what an organiser writes down.

use askama::Template;
use rocket::{Either, Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::path::{
        claim::{take_out, write_down},
        decide_claim::{ClaimDecision, decide_claim},
        needed,
        send_link::{Sent, end_path_links, send_path_link},
    },
    domain::{
        id::{PathRecordId, PersonId},
        path::{Hours, PathRecord, RecordKind, RecordState},
        person::Person,
        wording,
    },
    store::{
        Conn, path_learning, path_links, path_people, path_records,
        paths::{self as stored_paths, PathFound},
    },
    web::{
        Desk,
        certificate::transcript,
        download::Download,
        failure::Failure,
        forms::{Fields, FormState},
        guard::{Granted, ManagePeople, SameOrigin},
        office::{addressed::person_for, paths::may_see, query::PageQuery},
        page::{Area, Chrome, Page},
        path_form::{self, PathField},
        path_reason::{ReasonField, reason},
        path_view::{PathView, home, organisation, sorts, views},
        paths,
    },
};

pub fn routes() -> Vec<Route> {
    routes![show, write, decide, ask_out, out, link, end, transcript_pdf]
}

type Who = Granted<ManagePeople>;

#[derive(Template)]
#[template(path = "office/people/path.html")]
struct PersonPathPage {
    chrome: Chrome,
    notice: Option<String>,
    person: Person,
    views: Vec<PathView>,
    /// Paths she was taken off, with when and why.
    past: Vec<(String, String)>,
    /// What she claims and nobody has decided about.
    claims: Vec<PathRecord>,
    /// Everything an organiser can take out.
    records: Vec<PathRecord>,
    /// The paths she can be put on.
    open: Vec<PathFound>,
    /// How many of her links open something.
    links: i64,
    /// The kinds of action to choose from.
    sorts: Vec<String>,
    form: FormState<PathField>,
    /// The claim whose form was sent, with what is wrong.
    refused: Option<(PathRecordId, FormState<ReasonField>)>,
    today: String,
}

impl PersonPathPage {
    fn sorts(&self) -> Vec<(&str, &str)> {
        self.sorts.iter().map(|sort| (sort.as_str(), sort.as_str())).collect()
    }

    fn needed(&self, view: &PathView) -> String {
        needed(&view.rules)
    }

    fn about(&self, record: &PathRecord) -> String {
        let kind = match record.kind {
            RecordKind::Course => "Course elsewhere",
            RecordKind::Action => "Action",
        };
        let parts = [
            Some(kind.to_owned()),
            record.sort.clone(),
            record.by_whom.clone(),
            Some(wording::long_date(record.done_on)),
            Some(Hours(record.minutes).words()),
            (record.state == RecordState::Refused).then(|| "not confirmed".to_owned()),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }

    /// The form of deciding about a claim.
    fn deciding(&self, claim: &PathRecord) -> FormState<ReasonField> {
        let hers = self.refused.as_ref().filter(|(id, _)| *id == claim.id);
        hers.map(|(_, form)| form.clone()).unwrap_or_default()
    }

    fn is_error(&self) -> bool {
        !self.form.is_valid() || self.refused.is_some()
    }
}

async fn past(conn: &mut Conn, id: PersonId) -> Result<Vec<(String, String)>, Failure> {
    let mut past = Vec::new();
    for on in path_people::of_person(conn, id).await? {
        let Some((at, why)) = on.ended else { continue };
        let found = stored_paths::find(conn, &on.path).await?;
        let name = found.map_or_else(|| on.path.to_string(), |found| found.path.name);
        let why = why.map(|why| format!(": {why}")).unwrap_or_default();
        let day = wording::long_date(at.date_naive());
        past.push((name, format!("taken off on {day}{why}")));
    }
    Ok(past)
}

async fn page(
    desk: &Desk,
    who: &Who,
    person: Person,
    form: FormState<PathField>,
) -> Result<PersonPathPage, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let zone = home(&mut conn, person.id).await?.zone;
    let today = desk.ctx.now().with_timezone(&zone).date_naive();
    let views = views(&mut conn, person.id, today).await?;
    let learning = path_learning::of(&mut conn, person.id).await?;
    let mut records = learning.records;
    records.reverse();
    let (claims, records) = records.into_iter().partition(|one| one.state == RecordState::Asked);
    let mut open = stored_paths::all(&mut conn).await?;
    open.retain(|found| {
        let is_on = views.iter().any(|view| view.on.path == found.path.slug);
        found.is_open() && may_see(who, found) && !is_on
    });
    Ok(PersonPathPage {
        chrome: desk.signed_in_chrome(Area::Office, &who.member),
        notice: None,
        past: past(&mut conn, person.id).await?,
        claims,
        records,
        open,
        links: path_links::count(&mut conn, person.id).await?,
        sorts: sorts(&views),
        views,
        person,
        form,
        refused: None,
        today: today.to_string(),
    })
}

fn notice(done: &str) -> Option<String> {
    let words = match done {
        "on" => "She is on the path. If we have her address, her link is on its way.",
        "newer" => "She is on the newer version. An email with her link tells her.",
        "newer-untold" => "She is on the newer version, and was not written to: tell her yourself.",
        "granted" => "The certificate is granted. If we have her address, an email says so.",
        "written" => "Written down. It counts.",
        "confirmed" => "Confirmed. If we have her address, an email says so.",
        "refused" => "Not confirmed. If we have her address, an email says so, and why.",
        "out" => "Taken out.",
        "sent" => "A link to her path is on its way.",
        "ended" => "Her links open nothing any more.",
        "no-address" => "We have no address of hers, so no link was sent.",
        "on-none" => "She is on no path, so there is nothing to send.",
        "too-many" => "Several links went to her address within the hour. Please wait a little.",
        _ => return None,
    };
    Some(words.to_owned())
}

#[get("/office/people/<id>/path?<asked..>")]
async fn show(
    desk: &State<Desk>,
    who: Who,
    id: PersonId,
    asked: PageQuery<'_>,
) -> Result<Either<Page<PersonPathPage>, Redirect>, Failure> {
    let person = person_for(&mut desk.ctx.store.read().await?, &who, id).await?;
    if let Some(kept) = person.merged_into {
        return Ok(Either::Right(Redirect::to(paths::path::person(&kept))));
    }
    let form = path_form::empty(desk.attempt());
    let shown = page(desk, &who, person, form).await?;
    let notice = asked.done.and_then(notice);
    Ok(Either::Left(Page::ok(PersonPathPage { notice, ..shown })))
}

#[post("/office/people/<id>/path/records", data = "<fields>")]
async fn write(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    id: PersonId,
    fields: Fields,
) -> Result<Result<Redirect, Page<PersonPathPage>>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let person = person_for(&mut conn, &who, id).await?;
    let hers = views(&mut conn, id, desk.ctx.now().date_naive()).await?;
    drop(conn);
    let (form, done) = path_form::read(&fields, &sorts(&hers), desk.ctx.now());
    let Some(done) = done else {
        return Ok(Err(Page::unprocessable(page(desk, &who, person, form).await?)));
    };
    write_down(&desk.ctx, &who.actor(), (id, &done), fields.attempt().as_ref()).await?;
    Ok(Ok(Redirect::to(paths::path::person(&id).done("written"))))
}

#[post("/office/people/<id>/path/records/<record>", data = "<fields>")]
async fn decide(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    id: PersonId,
    record: PathRecordId,
    fields: Fields,
) -> Result<Result<Redirect, Page<PersonPathPage>>, Failure> {
    let person = person_for(&mut desk.ctx.store.read().await?, &who, id).await?;
    let mut form = FormState::sent(&fields);
    let answer = match fields.get("answer") {
        "confirm" => Some(ClaimDecision::Confirm),
        "refuse" => reason(&mut form, "it does not count").map(ClaimDecision::Refuse),
        _ => {
            form.fault(ReasonField::Reason, "Confirm it, or say why it does not count");
            None
        }
    };
    let Some(answer) = answer else {
        let shown = page(desk, &who, person, path_form::empty(desk.attempt())).await?;
        let refused = Some((record, form));
        return Ok(Err(Page::unprocessable(PersonPathPage { refused, ..shown })));
    };
    let done = if answer == ClaimDecision::Confirm { "confirmed" } else { "refused" };
    let decided = decide_claim(&desk.ctx, &who.actor(), (id, record), &answer).await;
    decided.map_err(|error| Failure::from(error).leads(paths::path::person(&id), "Her path"))?;
    Ok(Ok(Redirect::to(paths::path::person(&id).done(done))))
}

#[derive(Template)]
#[template(path = "office/people/take_out.html")]
struct TakeOutPage {
    chrome: Chrome,
    person: Person,
    record: PathRecord,
}

#[get("/office/people/<id>/path/records/<record>/take-out")]
async fn ask_out(
    desk: &State<Desk>,
    who: Who,
    id: PersonId,
    record: PathRecordId,
) -> Result<Page<TakeOutPage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let person = person_for(&mut conn, &who, id).await?;
    let found = path_records::find(&mut conn, record).await?.filter(|one| one.person == id);
    let record = found.ok_or(Failure::NotFound)?;
    let chrome = desk.signed_in_chrome(Area::Office, &who.member);
    Ok(Page::ok(TakeOutPage { chrome, person, record }))
}

#[post("/office/people/<id>/path/records/<record>/take-out")]
async fn out(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    id: PersonId,
    record: PathRecordId,
) -> Result<Redirect, Failure> {
    person_for(&mut desk.ctx.store.read().await?, &who, id).await?;
    take_out(&desk.ctx, &who.actor(), (id, record)).await?;
    Ok(Redirect::to(paths::path::person(&id).done("out")))
}

#[post("/office/people/<id>/path/link")]
async fn link(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    id: PersonId,
) -> Result<Redirect, Failure> {
    person_for(&mut desk.ctx.store.read().await?, &who, id).await?;
    let done = match send_path_link(&desk.ctx, &who.actor(), id, false).await? {
        Sent::Written => "sent",
        Sent::NoAddress => "no-address",
        Sent::OnNone => "on-none",
        Sent::TooMany => "too-many",
    };
    Ok(Redirect::to(paths::path::person(&id).done(done)))
}

#[post("/office/people/<id>/path/link/end")]
async fn end(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    id: PersonId,
) -> Result<Redirect, Failure> {
    person_for(&mut desk.ctx.store.read().await?, &who, id).await?;
    end_path_links(&desk.ctx, &who.actor(), id).await?;
    Ok(Redirect::to(paths::path::person(&id).done("ended")))
}

/// Her transcript; her page where the font of the PDF lacks a letter of it.
#[get("/office/people/<id>/path/transcript.pdf")]
async fn transcript_pdf(
    desk: &State<Desk>,
    who: Who,
    id: PersonId,
) -> Result<Either<Download, Redirect>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let person = person_for(&mut conn, &who, id).await?;
    let zone = home(&mut conn, id).await?.zone;
    let today = desk.ctx.now().with_timezone(&zone).date_naive();
    let hers = views(&mut conn, id, today).await?;
    drop(conn);
    let shown = transcript::of(&person, &hers, (today, organisation(desk)));
    match transcript::can_write(&shown) {
        true => Ok(Either::Left(Download::pdf("transcript", transcript::render(&shown))?)),
        false => Ok(Either::Right(Redirect::to(paths::path::person(&id)))),
    }
}
