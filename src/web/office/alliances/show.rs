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
        fields::Fields,
        form::FormState,
        forms::{
            ATTEMPT,
            edited::{self, DRAWN},
        },
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

/// Adding or changing an alliance: `name`, `zone`, `email`.
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
    form: FormState,
    /// What was changed about it, latest first.
    edits: Vec<EditLine>,
    /// Others that are called alike.
    alike: Alike,
}

fn alliance_page(
    desk: &Desk,
    who: &Granted<ManageAlliances>,
    known: Option<&Alliance>,
    (form, edits): (FormState, Vec<EditLine>),
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

/// The field that says what new sessions begin with.
const ON_DECLINE: &str = "on_decline";

/// Reads what new sessions begin with; `None` where the form does not say, or leaves what it showed.
fn read_decline(fields: &Fields, form: &mut FormState) -> Option<OnDecline> {
    if !fields.was_sent(ON_DECLINE) {
        return None;
    }
    let Ok(what) = fields.get(ON_DECLINE).parse::<OnDecline>() else {
        form.fault(ON_DECLINE, "Choose what happens when a calendar says no");
        return None;
    };
    let was = fields.get(DECLINE_DRAWN);
    (was != what.as_str()).then_some(what)
}

/// What the form showed of it.
const DECLINE_DRAWN: &str = "on_decline_drawn";

/// What was changed about an alliance.
async fn edits_of(desk: &Desk, alliance: &Alliance) -> Result<Vec<EditLine>, Failure> {
    let (mut conn, about) = (desk.ctx.store.read().await?, alliance.slug.clone());
    Ok(edits::of(&mut conn, AuditedRecord::Alliance(about), alliance.time_zone).await?)
}

/// What an alliance says of itself; a field that was not sent says what is known.
fn read_words(fields: &Fields, form: &mut FormState, known: Option<&Alliance>) -> AllianceWords {
    let mut words = known.map(|alliance| alliance.words.clone()).unwrap_or_default();
    if fields.was_sent("about") {
        match Paragraph::parse_optional(fields.get("about")) {
            Ok(text) => words.about = text.map(|text| text.as_str().to_owned()),
            Err(_) => form.fault("about", "Use ordinary letters and signs, up to 1,000 of them"),
        }
    }
    if fields.was_sent("colour") {
        match fields.get("colour").trim() {
            "" => words.colour = None,
            typed => match typed.parse::<Colour>() {
                Ok(colour) => words.colour = Some(colour),
                Err(fault) => form.fault("colour", in_words(&fault.to_string())),
            },
        }
    }
    words
}

fn read_alliance(
    fields: &Fields,
    slug: AllianceSlug,
    known: Option<&Alliance>,
) -> (FormState, Option<Alliance>) {
    let mut form = FormState::default();
    for field in ["name", "zone", "email", "about", "colour", ON_DECLINE, DRAWN, ATTEMPT] {
        form.keep(field, fields.get(field));
    }
    let name = Name::parse(fields.get("name"));
    if name.is_err() {
        form.fault("name", "Enter a name, up to 120 letters");
    }
    let zone = fields.get("zone").trim().parse();
    if zone.is_err() {
        form.fault("zone", "Enter a time zone, such as Europe/London");
    }
    let email = fields.get("email").parse();
    if email.is_err() {
        form.fault("email", "Enter an email address. It should look like name@example.org");
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
    form.keep("zone", "Europe/London");
    form.keep(ON_DECLINE, OnDecline::default().as_str());
    form.keep(ATTEMPT, desk.attempt());
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
    let slug = AllianceSlug::from_name(fields.get("name"), 1);
    let (mut form, alliance) = read_alliance(&fields, slug, None);
    let usual = read_decline(&fields, &mut form);
    let Some(alliance) = alliance.filter(|_| form.is_valid()) else {
        return Ok(Err(Page::unprocessable(alliance_page(desk, &who, None, (form, Vec::new())))));
    };
    let alike =
        alliances_alike(desk, &fields, |words| form.fault("name", words), (&alliance.name, None))
            .await?;
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
fn filled(alliance: &Alliance, usual: OnDecline) -> FormState {
    let mut form = FormState::default();
    form.keep(ON_DECLINE, usual.as_str());
    form.keep(DECLINE_DRAWN, usual.as_str());
    form.keep("name", &alliance.name);
    form.keep("zone", alliance.time_zone.name());
    form.keep("email", alliance.contact_email.as_str());
    form.keep("about", alliance.words.about.as_deref().unwrap_or_default());
    form.keep("colour", alliance.words.colour.map_or_else(String::new, |one| one.to_string()));
    form.keep(DRAWN, Drawn::of(alliance).to_string());
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
    let alike = alliances_alike(desk, &fields, |words| form.fault("name", words), name).await?;
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
            edited::tell(&mut conn, &mut form, &conflicts, reader, str::to_owned).await?;
            drop(conn);
            let filled = (form, edits_of(desk, &known).await?);
            Ok(Err(Page::conflict(alliance_page(desk, &who, Some(&known), filled))))
        }
    }
}
