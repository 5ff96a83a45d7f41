//! Adding or changing an institution.

use askama::Template;
use rocket::{Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::{
        catalogue::write_catalogue::{add_institution, change_institution},
        edit::EditError,
    },
    domain::{
        alliance::Alliance,
        audit::AuditedRecord,
        edit::{Drawn, Listed},
        id::InstitutionCode,
        institution::{Institution, InstitutionKind, Membership},
        office_note::NoteAbout,
        text::Name,
        wording,
    },
    store::{
        catalogue, institutions,
        person_records::{self, BookedLine, MemberLine},
    },
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, FormState, WholeForm, edited, form_fields},
        guard::{Granted, ManageInstitutions, SameOrigin},
        office::{
            addressed::institution_for,
            alike::{Alike, institutions_alike},
            edits::{self, EditLine},
            notes::{self, NoteField, Notes},
            query::PageQuery,
            seasons::{SeasonLine, seasons},
        },
        page::{Area, Chrome, Page},
        paths::{self, Href},
        words::{clock_of, in_words, zone_of},
    },
};

pub fn routes() -> Vec<Route> {
    routes![new, add, show, save, note]
}

type Who = Granted<ManageInstitutions>;

form_fields! {
    enum Field {
        Name = "name",
        Kind = "kind",
        Alliance = "alliance",
        Membership = "membership",
        Archived = "archived",
    }
}

/// Adding or changing an institution.
#[derive(Template)]
#[template(path = "office/institutions/show.html")]
struct InstitutionPage {
    chrome: Chrome,
    heading: String,
    action: Href,
    /// Where it is merged with another; `None` for a new one.
    merge: Option<Href>,
    notice: Option<String>,
    form: FormState<Field>,
    alliances: Vec<Alliance>,
    /// What was changed about it, latest first.
    edits: Vec<EditLine>,
    /// What is known of one that is there.
    record: Option<InstitutionRecord>,
    /// Others that are called alike.
    alike: Alike,
}

/// What an institution did, who belongs to it, and what is noted.
struct InstitutionRecord {
    seasons: Vec<SeasonLine>,
    bookings: Vec<BookedLine>,
    people: Vec<MemberLine>,
    notes: Notes,
}

/// How many people and bookings its page shows.
const SHOWN: i64 = 50;

async fn record(
    desk: &Desk,
    who: &Who,
    one: &Institution,
    (alliances, note): (&[Alliance], FormState<NoteField>),
) -> Result<InstitutionRecord, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let within = (!who.reaches_everything()).then_some(&who.member.login);
    let reader = (&who.member, clock_of(&who.member, alliances));
    let (about, action) =
        (NoteAbout::Institution(one.code.clone()), paths::records::institution_notes(&one.code));
    let found = person_records::turnout_of_institution(&mut conn, &one.code).await?;
    let code = &one.code;
    Ok(InstitutionRecord {
        seasons: seasons(found),
        bookings: person_records::bookings_of_institution(&mut conn, code, within, SHOWN).await?,
        people: person_records::members(&mut conn, code, SHOWN).await?,
        notes: notes::notes(desk, &mut conn, reader, &about, (note, action)).await?,
    })
}

impl InstitutionPage {
    fn choices(&self) -> Vec<(&str, &str)> {
        self.alliances.iter().map(|one| (one.slug.as_str(), one.name.as_str())).collect()
    }

    fn kinds(&self) -> Vec<(&'static str, String)> {
        InstitutionKind::ALL.iter().map(|one| (one.as_str(), in_words(one.as_str()))).collect()
    }

    fn memberships(&self) -> Vec<(&'static str, String)> {
        Membership::ALL.iter().map(|one| (one.as_str(), in_words(one.as_str()))).collect()
    }
}

async fn form_page(
    desk: &Desk,
    who: &Who,
    known: Option<&Institution>,
    form: FormState<Field>,
) -> Result<InstitutionPage, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let mut alliances = catalogue::alliances(&mut conn).await?;
    let edits = match known {
        Some(one) => {
            let (zone, about) = (clock_of(&who.member, &alliances), one.code.clone());
            edits::of(&mut conn, AuditedRecord::Institution(about), zone).await?
        }
        None => Vec::new(),
    };
    drop(conn);
    let record = match known {
        Some(one) => Some(record(desk, who, one, (&alliances, FormState::default())).await?),
        None => None,
    };
    alliances.retain(|alliance| who.reaches(&alliance.slug));
    let action = known.map(|one| paths::office::institution(&one.code));
    Ok(InstitutionPage {
        chrome: desk.signed_in_chrome(Area::Office, &who.member),
        heading: known.map_or_else(|| "New institution".to_owned(), |one| one.name.clone()),
        action: action.unwrap_or_else(paths::office::new_institution),
        merge: known.map(|one| paths::office::institution_merge(&one.code)),
        notice: None,
        form,
        alliances,
        edits,
        record,
        alike: Alike::new(),
    })
}

/// Reads an institution; what must be put right stands in the form.
fn read(fields: &Fields, code: InstitutionCode) -> (FormState<Field>, Option<Institution>) {
    let mut form = FormState::sent(fields);
    let name = Name::parse(form.value(Field::Name));
    let name = form.take(Field::Name, name, |_| "Enter a name, up to 120 letters".to_owned());
    let kind = form.choice(Field::Kind, "Choose what kind it is");
    let alliance = form.choice(Field::Alliance, "Choose an alliance");
    let membership = form.choice(Field::Membership, "Choose whether it is in membership");
    form.ticked(Field::Archived);
    let institution = match (name, kind, alliance, membership) {
        (Some(name), Some(kind), Some(alliance), Some(membership)) => {
            Some(Institution { code, name: name.to_string(), kind, alliance, membership })
        }
        _ => None,
    };
    let institution = institution.filter(|_| form.is_valid());
    (form, institution)
}

type Saved = Result<Redirect, Page<InstitutionPage>>;

#[get("/office/new-institution")]
async fn new(desk: &State<Desk>, who: Who) -> Result<Page<InstitutionPage>, Failure> {
    let mut form = FormState::default();
    form.fill(Field::Membership, "member");
    form.attempt_as(desk.attempt());
    Ok(Page::ok(form_page(desk, &who, None, form).await?))
}

#[post("/office/new-institution", data = "<fields>")]
async fn add(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    fields: Fields,
) -> Result<Saved, Failure> {
    let (mut form, institution) = read(&fields, InstitutionCode::numbered(1));
    let Some(institution) = institution else {
        return Ok(Err(Page::unprocessable(form_page(desk, &who, None, form).await?)));
    };
    who.within(&institution.alliance)?;
    let name = (institution.name.as_str(), None);
    let say = |words| form.fault(Field::Name, words);
    let alike = institutions_alike(desk, &fields, say, name).await?;
    if !alike.is_empty() {
        let page = form_page(desk, &who, None, form).await?;
        return Ok(Err(Page::conflict(InstitutionPage { alike, ..page })));
    }
    let attempt = fields.attempt();
    add_institution(&desk.ctx, &who.actor(), &institution, attempt.as_ref()).await?;
    Ok(Ok(Redirect::to(paths::office::institutions().done("saved"))))
}

/// The form of an institution that is there.
fn filled(listed: &Listed<Institution>) -> FormState<Field> {
    let (one, mut form) = (&listed.record, FormState::default());
    form.fill(Field::Name, &one.name);
    form.fill(Field::Kind, one.kind.as_str());
    form.fill(Field::Alliance, one.alliance.as_str());
    form.fill(Field::Membership, one.membership.as_str());
    form.fill(Field::Archived, if listed.is_archived { "1" } else { "" });
    form.draw_from(Drawn::of(listed).to_string());
    form
}

#[get("/office/institutions/<code>?<asked..>")]
async fn show(
    desk: &State<Desk>,
    who: Who,
    code: InstitutionCode,
    asked: PageQuery<'_>,
) -> Result<Page<InstitutionPage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let one = institution_for(&mut conn, &who, &code).await?;
    let archived_at = institutions::archived_at(&mut conn, &one.code).await?;
    drop(conn);
    let listed = Listed { record: one, is_archived: archived_at.is_some() };
    let form = filled(&listed);
    let mut page = form_page(desk, &who, Some(&listed.record), form).await?;
    page.notice = asked.done.and_then(|done| match done {
        "merged" => Some("They are one institution now.".to_owned()),
        done => notes::notice(done),
    });
    Ok(Page::ok(page))
}

#[post("/office/institutions/<code>/notes", data = "<fields>")]
async fn note(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    code: InstitutionCode,
    fields: Fields,
) -> Result<Saved, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let one = institution_for(&mut conn, &who, &code).await?;
    let archived_at = institutions::archived_at(&mut conn, &one.code).await?;
    let alliances = catalogue::alliances(&mut conn).await?;
    drop(conn);
    let about = NoteAbout::Institution(one.code.clone());
    let Err(typed) = notes::note(desk, &who.member, about, &fields).await? else {
        let there = paths::office::institution(&one.code).done("noted").at("notes");
        return Ok(Ok(Redirect::to(there)));
    };
    let listed = Listed { record: one, is_archived: archived_at.is_some() };
    let mut page = form_page(desk, &who, Some(&listed.record), filled(&listed)).await?;
    page.record = Some(record(desk, &who, &listed.record, (&alliances, typed)).await?);
    Ok(Err(Page::unprocessable(page)))
}

#[post("/office/institutions/<code>", data = "<fields>")]
async fn save(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    code: InstitutionCode,
    fields: Fields,
) -> Result<Saved, Failure> {
    let known = institution_for(&mut desk.ctx.store.read().await?, &who, &code).await?;
    let (mut form, institution) = read(&fields, known.code.clone());
    let Some(institution) = institution else {
        return Ok(Err(Page::unprocessable(form_page(desk, &who, Some(&known), form).await?)));
    };
    who.within(&institution.alliance)?;
    let name = (institution.name.as_str(), Some(&known));
    let say = |words| form.fault(Field::Name, words);
    let alike = institutions_alike(desk, &fields, say, name).await?;
    if !alike.is_empty() {
        let page = form_page(desk, &who, Some(&known), form).await?;
        return Ok(Err(Page::conflict(InstitutionPage { alike, ..page })));
    }
    let sent = Listed { record: institution, is_archived: fields.has(Field::Archived, "1") };
    let (actor, drawn) = (who.actor(), edited::drawn(&fields));
    match change_institution(&desk.ctx, &actor, &sent, drawn.as_ref()).await {
        Ok(()) => Ok(Ok(Redirect::to(paths::office::institutions().done("saved")))),
        Err(EditError::NoSuch) => Err(Failure::NotFound),
        Err(EditError::Store(error)) => Err(error.into()),
        Err(EditError::Conflicts(conflicts)) => {
            let (mut form, mut conn) = (filled(&conflicts.hers), desk.ctx.store.read().await?);
            let zone = zone_of(&who.member, &catalogue::alliances(&mut conn).await?);
            let reader = (&actor, zone);
            let field = |key: &str| Field::sent_as(key).unwrap_or(Field::Name);
            edited::tell_of(&mut conn, &mut form, &conflicts, reader, field).await?;
            drop(conn);
            Ok(Err(Page::conflict(form_page(desk, &who, Some(&known), form).await?)))
        }
    }
}
