//! Adding or changing an alliance.

use askama::Template;
use rocket::{Either, Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::{
        catalogue::{
            usual_decline::set_usual_decline,
            write_catalogue::{add_alliance as add, change_alliance},
        },
        edit::EditError,
    },
    domain::{
        alliance::Alliance,
        audit::AuditedRecord,
        colour::Colour,
        edit::Drawn,
        id::AllianceSlug,
        page_words::AllianceWords,
        reply::OnDecline,
        text::{Name, Paragraph},
    },
    store::{catalogue, catalogue_merges, replies},
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, FormState, WholeForm, edited, form_fields},
        guard::{Granted, ManageAlliances, SameOrigin},
        office::{
            alike::{Alike, alliances_alike},
            edits::{self, EditLine},
        },
        page::{Area, Chrome, Page},
        paths::{self, Href},
        words::in_words,
    },
};

pub fn routes() -> Vec<Route> {
    routes![new_alliance, add_alliance, show_alliance, save_alliance]
}

form_fields! {
    enum Field {
        Name = "name",
        Zone = "zone",
        Email = "email",
        About = "about",
        Colour = "colour",
        // What the form showed of what new sessions begin with.
        DeclineDrawn = "on_decline_drawn",
        OnDecline = "on_decline",
    }
}

/// Adding or changing an alliance.
#[derive(Template)]
#[template(path = "office/alliances/show.html")]
struct AlliancePage {
    chrome: Chrome,
    heading: String,
    action: Href,
    /// Where its letters are worded, once it is there.
    letters: Option<Href>,
    /// Where it is merged with another; `None` for a new one.
    merge: Option<Href>,
    form: FormState<Field>,
    /// What was changed about it, latest first.
    edits: Vec<EditLine>,
    /// Others that are called alike.
    alike: Alike,
}

fn alliance_page(
    desk: &Desk,
    who: &Granted<ManageAlliances>,
    known: Option<&Alliance>,
    (form, edits): (FormState<Field>, Vec<EditLine>),
) -> AlliancePage {
    let action = known.map(|alliance| paths::office::alliance(&alliance.slug));
    AlliancePage {
        chrome: desk.signed_in_chrome(Area::Office, &who.member),
        heading: known.map_or_else(|| "New alliance".to_owned(), |one| one.name.clone()),
        letters: known.map(|alliance| paths::office::wording_of(&alliance.slug)),
        action: action.unwrap_or_else(paths::office::new_alliance),
        merge: known.map(|alliance| paths::records::alliance_merge(&alliance.slug)),
        form,
        edits,
        alike: Alike::new(),
    }
}

/// Reads what new sessions begin with; `None` where the form does not say, or leaves what it showed.
fn read_decline(fields: &Fields, form: &mut FormState<Field>) -> Option<OnDecline> {
    if !fields.was_sent_for(Field::OnDecline) {
        return None;
    }
    let Ok(what) = fields.of(Field::OnDecline).parse::<OnDecline>() else {
        form.fault(Field::OnDecline, "Choose what happens when a calendar says no");
        return None;
    };
    let was = fields.of(Field::DeclineDrawn);
    (was != what.as_str()).then_some(what)
}

/// What was changed about an alliance.
async fn edits_of(desk: &Desk, alliance: &Alliance) -> Result<Vec<EditLine>, Failure> {
    let (mut conn, about) = (desk.ctx.store.read().await?, alliance.slug.clone());
    Ok(edits::of(&mut conn, AuditedRecord::Alliance(about), alliance.time_zone).await?)
}

/// What an alliance says of itself; a field that was not sent says what is known.
fn read_words(
    fields: &Fields,
    form: &mut FormState<Field>,
    known: Option<&Alliance>,
) -> AllianceWords {
    let mut words = known.map(|alliance| alliance.words.clone()).unwrap_or_default();
    if fields.was_sent_for(Field::About) {
        match Paragraph::parse_optional(fields.of(Field::About)) {
            Ok(text) => words.about = text.map(|text| text.as_str().to_owned()),
            Err(_) => {
                form.fault(Field::About, "Use ordinary letters and signs, up to 1,000 of them");
            }
        }
    }
    if fields.was_sent_for(Field::Colour) {
        match fields.of(Field::Colour).trim() {
            "" => words.colour = None,
            typed => match typed.parse::<Colour>() {
                Ok(colour) => words.colour = Some(colour),
                Err(fault) => form.fault(Field::Colour, in_words(&fault.to_string())),
            },
        }
    }
    words
}

fn read_alliance(
    fields: &Fields,
    slug: AllianceSlug,
    known: Option<&Alliance>,
) -> (FormState<Field>, Option<Alliance>) {
    let mut form = FormState::sent(fields);
    let name = Name::parse(fields.of(Field::Name));
    if name.is_err() {
        form.fault(Field::Name, "Enter a name, up to 120 letters");
    }
    let zone = fields.of(Field::Zone).trim().parse();
    if zone.is_err() {
        form.fault(Field::Zone, "Enter a time zone, such as Europe/London");
    }
    let email = fields.of(Field::Email).parse();
    if email.is_err() {
        form.fault(Field::Email, "Enter an email address. It should look like name@example.org");
    }
    let words = read_words(fields, &mut form, known);
    let alliance = match (name, zone, email) {
        (Ok(name), Ok(time_zone), Ok(contact_email)) => {
            Some(Alliance { slug, name: name.to_string(), time_zone, contact_email, words })
        }
        _ => None,
    };
    let alliance = alliance.filter(|_| form.is_valid());
    (form, alliance)
}

#[get("/office/new-alliance")]
fn new_alliance(desk: &State<Desk>, who: Granted<ManageAlliances>) -> Page<AlliancePage> {
    let mut form = FormState::default();
    form.fill(Field::Zone, "Europe/London");
    form.fill(Field::OnDecline, OnDecline::default().as_str());
    form.attempt_as(desk.attempt());
    Page::ok(alliance_page(desk, &who, None, (form, Vec::new())))
}

type SavedAlliance = Result<Redirect, Page<AlliancePage>>;

#[post("/office/new-alliance", data = "<fields>")]
async fn add_alliance(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Granted<ManageAlliances>,
    fields: Fields,
) -> Result<SavedAlliance, Failure> {
    let slug = AllianceSlug::from_name(fields.of(Field::Name), 1);
    let (mut form, alliance) = read_alliance(&fields, slug, None);
    let usual = read_decline(&fields, &mut form);
    let Some(alliance) = alliance.filter(|_| form.is_valid()) else {
        return Ok(Err(Page::unprocessable(alliance_page(desk, &who, None, (form, Vec::new())))));
    };
    let say = |words| form.fault(Field::Name, words);
    let alike = alliances_alike(desk, &fields, say, (&alliance.name, None)).await?;
    if !alike.is_empty() {
        let page = alliance_page(desk, &who, None, (form, Vec::new()));
        return Ok(Err(Page::conflict(AlliancePage { alike, ..page })));
    }
    let actor = who.actor();
    let slug = add(&desk.ctx, &actor, &alliance, fields.attempt().as_ref()).await?;
    if let Some(usual) = usual {
        set_usual_decline(&desk.ctx, &actor, &slug, usual).await?;
    }
    Ok(Ok(Redirect::to(paths::office::alliances().done("saved"))))
}

async fn usual_of(desk: &Desk, slug: &AllianceSlug) -> Result<OnDecline, Failure> {
    let usual = replies::usual_decline(&mut desk.ctx.store.read().await?, slug).await?;
    Ok(usual.unwrap_or_default())
}

async fn alliance(desk: &Desk, slug: &AllianceSlug) -> Result<Alliance, Failure> {
    let all = catalogue::alliances(&mut desk.ctx.store.read().await?).await?;
    all.into_iter().find(|alliance| alliance.slug == *slug).ok_or(Failure::NotFound)
}

/// The form of an alliance that is there.
fn filled(alliance: &Alliance, usual: OnDecline) -> FormState<Field> {
    let mut form = FormState::default();
    form.fill(Field::OnDecline, usual.as_str());
    form.fill(Field::DeclineDrawn, usual.as_str());
    form.fill(Field::Name, &alliance.name);
    form.fill(Field::Zone, alliance.time_zone.name());
    form.fill(Field::Email, alliance.contact_email.as_str());
    form.fill(Field::About, alliance.words.about.as_deref().unwrap_or_default());
    form.fill(Field::Colour, alliance.words.colour.map_or_else(String::new, |one| one.to_string()));
    form.draw_from(Drawn::of(alliance).to_string());
    form
}

#[get("/office/alliances/<slug>")]
async fn show_alliance(
    desk: &State<Desk>,
    who: Granted<ManageAlliances>,
    slug: AllianceSlug,
) -> Result<Either<Page<AlliancePage>, Redirect>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    if let Some(kept) = catalogue_merges::successor_of_alliance(&mut conn, &slug).await? {
        return Ok(Either::Right(Redirect::to(paths::office::alliance(&kept))));
    }
    drop(conn);
    let alliance = alliance(desk, &slug).await?;
    let usual = usual_of(desk, &slug).await?;
    let filled = (filled(&alliance, usual), edits_of(desk, &alliance).await?);
    Ok(Either::Left(Page::ok(alliance_page(desk, &who, Some(&alliance), filled))))
}

#[post("/office/alliances/<slug>", data = "<fields>")]
async fn save_alliance(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Granted<ManageAlliances>,
    slug: AllianceSlug,
    fields: Fields,
) -> Result<SavedAlliance, Failure> {
    let known = alliance(desk, &slug).await?;
    let (mut form, alliance) = read_alliance(&fields, slug.clone(), Some(&known));
    let usual = read_decline(&fields, &mut form);
    let Some(alliance) = alliance.filter(|_| form.is_valid()) else {
        let filled = (form, edits_of(desk, &known).await?);
        return Ok(Err(Page::unprocessable(alliance_page(desk, &who, Some(&known), filled))));
    };
    let name = (alliance.name.as_str(), Some(&known));
    let say = |words| form.fault(Field::Name, words);
    let alike = alliances_alike(desk, &fields, say, name).await?;
    if !alike.is_empty() {
        let filled = (form, edits_of(desk, &known).await?);
        let page = alliance_page(desk, &who, Some(&known), filled);
        return Ok(Err(Page::conflict(AlliancePage { alike, ..page })));
    }
    let (actor, drawn) = (who.actor(), edited::drawn(&fields));
    let changed = change_alliance(&desk.ctx, &actor, &alliance, drawn.as_ref()).await;
    if let (Ok(_), Some(usual)) = (&changed, usual) {
        set_usual_decline(&desk.ctx, &actor, &slug, usual).await?;
    }
    match changed {
        Ok(0) => Ok(Ok(Redirect::to(paths::office::alliances().done("saved")))),
        Ok(people) => {
            Ok(Ok(Redirect::to(paths::office::alliances().done(format_args!("saved-{people}")))))
        }
        Err(EditError::NoSuch) => Err(Failure::NotFound),
        Err(EditError::Store(error)) => Err(error.into()),
        Err(EditError::Conflicts(conflicts)) => {
            let usual = usual_of(desk, &slug).await?;
            let (mut form, mut conn) =
                (filled(&conflicts.hers, usual), desk.ctx.store.read().await?);
            let reader = (&actor, known.time_zone);
            let field = |key: &str| Field::sent_as(key).unwrap_or(Field::Name);
            edited::tell_of(&mut conn, &mut form, &conflicts, reader, field).await?;
            drop(conn);
            let filled = (form, edits_of(desk, &known).await?);
            Ok(Err(Page::conflict(alliance_page(desk, &who, Some(&known), filled))))
        }
    }
}
