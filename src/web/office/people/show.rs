//! Somebody we know: what she took part in, and how to reach her.

use askama::Template;
use rocket::{Either, Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::{edit::EditError, people::know_people::keep_person},
    domain::{
        alliance::Alliance,
        audit::AuditedRecord,
        contact::{ContactFault, EmailAddress, PhoneNumber},
        edit::{Drawn, Listed},
        finding::sort_key,
        id::{InstitutionCode, PersonId},
        institution::Institution,
        office_note::NoteAbout,
        person::Person,
        place::PlaceStatus,
        session::Session,
        wording,
    },
    store::{
        catalogue, institutions,
        people::{self, SeatOfPerson},
        person_questions,
        person_records::{self, BookedLine},
        sessions,
    },
    web::{
        Desk,
        certificate::Attended,
        failure::Failure,
        forms::{Fields, FormState, WholeForm, edited, form_fields},
        guard::{Granted, ManagePeople, SameOrigin},
        office::{
            addressed::person_for,
            alike::{Alike, people_alike},
            edits::{self, EditLine},
            nominations::of_person::OfPerson,
            notes::{self, NoteField, Notes},
            people::{
                contact_lines::{ContactField, ContactLine, contacts},
                unmerge::{self, TakeBack, to_take_back},
            },
            query::PageQuery,
            seasons::{SeasonLine, seasons},
        },
        page::{Area, Chrome, Page},
        paths,
        refusal::MergedAway,
        words::{clock_of, in_words, zone_of},
    },
};

pub fn routes() -> Vec<Route> {
    routes![show, save, note]
}

type Who = Granted<ManagePeople>;

form_fields! {
    enum Field {
        Name = "name",
        Email = "email",
        Phone = "phone",
        Institution = "institution",
        Archived = "archived",
    }
}

#[derive(Template)]
#[template(path = "office/people/show.html")]
pub(super) struct PersonPage {
    chrome: Chrome,
    notice: Option<String>,
    person: Person,
    /// What she took part in, latest first.
    took: Vec<Took>,
    led: i64,
    alike: Vec<Person>,
    /// The institutions to choose from, by alliance.
    groups: Vec<(String, Vec<Institution>)>,
    form: FormState<Field>,
    /// What was changed about it, latest first.
    edits: Vec<EditLine>,
    seasons: Vec<SeasonLine>,
    /// The bookings she made, latest first.
    made: Vec<BookedLine>,
    notes: Notes,
    /// What she was nominated for and asked to.
    asked: OfPerson,
    /// Others of the name that was typed.
    namesakes: Alike,
    contacts: Vec<ContactLine>,
    /// One more address or number, as it was typed.
    contact: FormState<ContactField>,
    /// Who became part of her within the last day.
    merges: Vec<TakeBack>,
}

impl PersonPage {
    /// What her institution is called.
    fn institution(&self) -> String {
        let Some(code) = &self.person.institution else { return String::new() };
        let mut known = self.groups.iter().flat_map(|(_, members)| members);
        known.find(|one| one.code == *code).map_or_else(|| code.to_string(), |one| one.name.clone())
    }

    fn learned(&self) -> String {
        let minutes = self.took.iter().map(|one| one.attended().minutes).sum();
        wording::duration(minutes)
    }

    /// How much of a session she attended, on all her places together.
    fn attended_on(&self, session: &Session) -> Attended {
        let hers = self.took.iter().filter(|one| one.session.code == session.code);
        let days: i64 = hers.map(|one| one.seat.attended).sum();
        Attended::of(session, usize::try_from(days).unwrap_or(0))
    }

    /// The courses she did: more than half of the days.
    fn courses(&self) -> String {
        let done = self.took.iter().filter(|one| self.attended_on(&one.session).is_enough());
        let mut titles: Vec<&str> = done.map(|one| one.session.course.title.as_str()).collect();
        titles.sort_by_cached_key(|title| sort_key(title));
        titles.dedup();
        if titles.is_empty() { "None yet".to_owned() } else { titles.join(", ") }
    }
}

/// What somebody did on one session.
#[derive(Debug, Clone)]
struct Took {
    session: Session,
    seat: SeatOfPerson,
}

impl Took {
    fn attended(&self) -> Attended {
        Attended::of(&self.session, usize::try_from(self.seat.attended).unwrap_or(0))
    }

    fn words(&self) -> String {
        match self.seat.status {
            PlaceStatus::Confirmed if self.seat.attended > 0 => {
                format!("Came to {}", self.attended().words())
            }
            status => in_words(status.as_str()),
        }
    }
}

fn groups(alliances: Vec<Alliance>, listed: &[Institution]) -> Vec<(String, Vec<Institution>)> {
    let of = |alliance: Alliance| {
        let members = listed.iter().filter(|one| one.alliance == alliance.slug).cloned();
        (alliance.name, members.collect())
    };
    alliances.into_iter().map(of).collect()
}

/// How many bookings somebody's page shows.
const SHOWN: i64 = 50;

async fn page(
    desk: &Desk,
    who: &Who,
    person: Person,
    form: FormState<Field>,
    notice: Option<String>,
) -> Result<PersonPage, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let mut took = Vec::new();
    for seat in people::seats(&mut conn, person.id).await? {
        let session = sessions::find(&mut conn, &seat.session).await?;
        took.extend(session.map(|session| Took { session, seat }));
    }
    let mut alike = people::alike(&mut conn, &person).await?;
    if !who.reaches_everything() {
        let mut seen = Vec::new();
        for other in alike {
            if people::is_within(&mut conn, other.id, &who.member.login).await? {
                seen.push(other);
            }
        }
        alike = seen;
    }
    let alliances = catalogue::alliances(&mut conn).await?;
    let listed = institutions::all(&mut conn).await?;
    let zone = clock_of(&who.member, &alliances);
    let edits = edits::of(&mut conn, AuditedRecord::Person(person.id), zone).await?;
    let within = (!who.reaches_everything()).then_some(&who.member.login);
    let (about, action) = (NoteAbout::Person(person.id), paths::records::person_notes(&person.id));
    let found = person_records::turnout_of_person(&mut conn, person.id).await?;
    let (reader, note) = ((&who.member, zone), FormState::default());
    Ok(PersonPage {
        seasons: seasons(found),
        made: person_records::bookings_of_person(&mut conn, person.id, within, SHOWN).await?,
        notes: notes::notes(desk, &mut conn, reader, &about, (note, action)).await?,
        asked: OfPerson::read(&mut conn, who, person.id).await?,
        namesakes: Alike::new(),
        contacts: contacts(&person_questions::all_of(&mut conn, person.clone()).await?),
        contact: FormState::default(),
        merges: to_take_back(desk, &mut conn, (who, person.id)).await?,
        edits,
        chrome: desk.signed_in_chrome(Area::Office, &who.member),
        notice,
        led: people::led(&mut conn, person.id).await?,
        person,
        took,
        alike,
        groups: groups(alliances, &listed),
        form,
    })
}

/// Her page with what was typed of one more address or number.
pub(super) async fn person_page(
    desk: &Desk,
    who: &Who,
    person: Person,
    contact: FormState<ContactField>,
) -> Result<PersonPage, Failure> {
    let form = filled(&listed(&person));
    Ok(PersonPage { contact, ..page(desk, who, person, form, None).await? })
}

fn listed(person: &Person) -> Listed<Person> {
    Listed { record: person.clone(), is_archived: person.archived_at.is_some() }
}

/// The form of somebody we know.
fn filled(listed: &Listed<Person>) -> FormState<Field> {
    let (person, mut form) = (&listed.record, FormState::default());
    form.fill(Field::Name, person.name.as_str());
    form.fill(Field::Email, person.email.as_ref().map_or("", EmailAddress::as_str));
    form.fill(Field::Phone, person.phone.as_ref().map_or("", PhoneNumber::as_str));
    form.fill(Field::Institution, person.institution.as_ref().map_or("", |code| code.as_str()));
    form.fill(Field::Archived, if listed.is_archived { "1" } else { "" });
    form.draw_from(Drawn::of(listed).to_string());
    form
}

#[get("/office/people/<id>?<asked..>")]
async fn show(
    desk: &State<Desk>,
    who: Who,
    id: PersonId,
    asked: PageQuery<'_>,
) -> Result<Either<Page<PersonPage>, Redirect>, Failure> {
    let person = person_for(&mut desk.ctx.store.read().await?, &who, id).await?;
    if let Some(kept) = person.merged_into {
        return Ok(Either::Right(Redirect::to(paths::office::person(&kept))));
    }
    let form = filled(&listed(&person));
    let notice = asked.done.and_then(|done| match done {
        "saved" => Some("Saved.".to_owned()),
        "merged" => Some("They are one person now.".to_owned()),
        "unmerged" => Some("They are two people again.".to_owned()),
        done => unmerge::returned(done).or_else(|| notes::notice(done)),
    });
    Ok(Either::Left(Page::ok(page(desk, &who, person, form, notice).await?)))
}

const NO_INSTITUTION: &str = "Choose an institution from the list";

/// What was typed, read into the person; else what is wrong stands in `form`.
fn typed(mut person: Person, form: &mut FormState<Field>) -> Option<Person> {
    let name = form.line::<120>(Field::Name, "a name");
    person.email = form.optional_email(Field::Email, "the email address");
    person.phone = match form.value(Field::Phone).parse::<PhoneNumber>() {
        Err(ContactFault::Empty) => None,
        phone => {
            let words = |_| "Check the telephone number, such as 07700 900117".to_owned();
            form.take(Field::Phone, phone, words)
        }
    };
    person.institution = match form.value(Field::Institution).trim() {
        "" => None,
        code => {
            let code = code.parse::<InstitutionCode>();
            form.take(Field::Institution, code, |_| NO_INSTITUTION.to_owned())
        }
    };
    form.ticked(Field::Archived);
    person.name = name?;
    form.is_valid().then_some(person)
}

#[post("/office/people/<id>/notes", data = "<fields>")]
async fn note(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    id: PersonId,
    fields: Fields,
) -> Result<Either<Redirect, Page<PersonPage>>, Failure> {
    let mut person = person_for(&mut desk.ctx.store.read().await?, &who, id).await?;
    if let Some(kept) = person.merged_into {
        person = person_for(&mut desk.ctx.store.read().await?, &who, kept).await?;
    }
    let about = NoteAbout::Person(person.id);
    let Err(typed) = notes::note(desk, &who.member, about, &fields).await? else {
        let there = paths::office::person(&person.id).done("noted").at("notes");
        return Ok(Either::Left(Redirect::to(there)));
    };
    let form = filled(&listed(&person));
    let mut page = page(desk, &who, person, form, None).await?;
    page.notes.form = typed;
    Ok(Either::Right(Page::unprocessable(page)))
}

#[post("/office/people/<id>", data = "<fields>")]
async fn save(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    id: PersonId,
    fields: Fields,
) -> Result<Either<Redirect, Page<PersonPage>>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let person = person_for(&mut conn, &who, id).await?;
    if let Some(kept) = person.merged_into {
        let failure = Failure::from(MergedAway);
        return Err(failure.leads(paths::office::person(&kept), "Who they are now"));
    }
    let mut form = FormState::sent(&fields);
    let mut new = typed(person.clone(), &mut form);
    if let Some(code) = new.as_ref().and_then(|new| new.institution.as_ref())
        && institutions::find(&mut conn, code).await?.is_none()
    {
        form.fault(Field::Institution, NO_INSTITUTION);
        new = None;
    }
    let Some(new) = new else {
        drop(conn);
        let page = page(desk, &who, person, form, None).await?;
        return Ok(Either::Right(Page::unprocessable(page)));
    };
    if new.name != person.name {
        let mut namesakes = people::namesakes(&mut conn, &new).await?;
        if !who.reaches_everything() {
            let mut seen = Vec::new();
            for one in namesakes {
                if people::is_within(&mut conn, one.id, &who.member.login).await? {
                    seen.push(one);
                }
            }
            namesakes = seen;
        }
        let namesakes =
            people_alike(desk, &fields, |words| form.fault(Field::Name, words), namesakes).await?;
        if !namesakes.is_empty() {
            drop(conn);
            let page = page(desk, &who, person, form, None).await?;
            return Ok(Either::Right(Page::conflict(PersonPage { namesakes, ..page })));
        }
    }
    drop(conn);
    let sent = Listed { record: new, is_archived: fields.has(Field::Archived, "1") };
    let (actor, drawn) = (who.actor(), edited::drawn(&fields));
    match keep_person(&desk.ctx, &actor, &sent, drawn.as_ref()).await {
        Ok(()) => Ok(Either::Left(Redirect::to(paths::office::person(&id).done("saved")))),
        Err(EditError::NoSuch) => Err(Failure::NotFound),
        Err(EditError::Store(error)) => Err(error.into()),
        Err(EditError::Conflicts(conflicts)) => {
            let (mut form, mut conn) = (filled(&conflicts.hers), desk.ctx.store.read().await?);
            let zone = zone_of(&who.member, &catalogue::alliances(&mut conn).await?);
            let field = |key: &str| Field::sent_as(key).unwrap_or(Field::Name);
            edited::tell_of(&mut conn, &mut form, &conflicts, (&actor, zone), field).await?;
            drop(conn);
            let page = page(desk, &who, person, form, None).await?;
            Ok(Either::Right(Page::conflict(page)))
        }
    }
}
