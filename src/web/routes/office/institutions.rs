//! Institutions, of the alliances somebody looks after.

use rocket::{Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::catalogue::keep_catalogue::keep_institution,
    domain::{id::InstitutionCode, institution::Institution, text::Name},
    store::{Conn, catalogue, institutions},
    web::{
        Desk,
        failure::Failure,
        fields::Fields,
        form::FormState,
        guard::{Granted, ManageInstitutions, SameOrigin},
        office::{
            catalogue::{InstitutionPage, KeptLine, KeptListPage},
            in_words,
        },
        page::{Area, Page},
        paging::{self, Pager},
        routes::office::{Asked, catalogue::saved},
    },
};

type Who = Granted<ManageInstitutions>;

#[get("/office/institutions?<asked..>")]
async fn list(
    desk: &State<Desk>,
    who: Who,
    asked: Asked<'_>,
) -> Result<Page<KeptListPage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let within = (!who.reaches_everything()).then_some(&who.member.login);
    let page = paging::asked(asked.page);
    let window = paging::window(page);
    let found = institutions::search(&mut conn, asked.words(), within, window).await?;
    let alliances = catalogue::alliances(&mut conn).await?;
    let lines = found.items.into_iter().map(|(institution, is_archived)| {
        let alliance = alliances.iter().find(|one| one.slug == institution.alliance);
        KeptLine {
            href: format!("/office/institutions/{}", institution.code),
            about: format!(
                "{}, {}, {}. {}",
                alliance.map_or("", |one| one.name.as_str()),
                in_words(institution.kind.as_str()).to_lowercase(),
                institution.membership,
                institution.code
            ),
            name: institution.name,
            is_archived,
        }
    });
    let path = "/office/institutions";
    Ok(Page::ok(KeptListPage {
        chrome: desk.signed_in_chrome(Area::Office, &who.member),
        notice: saved(&asked),
        title: "Institutions",
        add: "New institution",
        path,
        add_path: "/office/new-institution",
        beside: Some(("/office/typed-institutions", "Names that leaders typed")),
        words: asked.words().to_owned(),
        lines: lines.collect(),
        pager: Pager::of(page, found.total, path, &[("q", asked.words())]),
    }))
}

async fn form_page(
    desk: &Desk,
    who: &Who,
    known: Option<&Institution>,
    form: FormState,
) -> Result<InstitutionPage, Failure> {
    let mut alliances = catalogue::alliances(&mut desk.ctx.store.read().await?).await?;
    alliances.retain(|alliance| who.reaches(&alliance.slug));
    let action = known.map(|one| format!("/office/institutions/{}", one.code));
    Ok(InstitutionPage {
        chrome: desk.signed_in_chrome(Area::Office, &who.member),
        heading: known.map_or_else(|| "New institution".to_owned(), |one| one.name.clone()),
        action: action.unwrap_or_else(|| "/office/new-institution".to_owned()),
        merge: known.map(|one| format!("/office/institutions/{}/merge", one.code)),
        notice: None,
        form,
        alliances,
    })
}

/// Reads an institution; what must be put right stands in the form.
fn read(fields: &Fields, code: InstitutionCode) -> (FormState, Option<Institution>) {
    let mut form = FormState::default();
    for field in ["name", "kind", "alliance", "membership", "archived"] {
        form.keep(field, fields.get(field));
    }
    let name = Name::parse(fields.get("name"));
    if name.is_err() {
        form.fault("name", "Enter a name, up to 120 letters");
    }
    let kind = fields.get("kind").parse();
    if kind.is_err() {
        form.fault("kind", "Choose what kind it is");
    }
    let alliance = fields.get("alliance").parse();
    if alliance.is_err() {
        form.fault("alliance", "Choose an alliance");
    }
    let membership = fields.get("membership").parse();
    if membership.is_err() {
        form.fault("membership", "Choose whether it is in membership");
    }
    let institution = match (name, kind, alliance, membership) {
        (Ok(name), Ok(kind), Ok(alliance), Ok(membership)) => {
            Some(Institution { code, name: name.to_string(), kind, alliance, membership })
        }
        _ => None,
    };
    (form, institution)
}

type Saved = Result<Redirect, Page<InstitutionPage>>;

#[get("/office/new-institution")]
async fn new(desk: &State<Desk>, who: Who) -> Result<Page<InstitutionPage>, Failure> {
    let mut form = FormState::default();
    form.keep("membership", "member");
    Ok(Page::ok(form_page(desk, &who, None, form).await?))
}

#[post("/office/new-institution", data = "<fields>")]
async fn add(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    fields: Fields,
) -> Result<Saved, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let mut number = institutions::count(&mut conn).await? + 1;
    while institutions::find(&mut conn, &InstitutionCode::numbered(number)).await?.is_some() {
        number += 1;
    }
    drop(conn);
    let (form, institution) = read(&fields, InstitutionCode::numbered(number));
    let Some(institution) = institution else {
        return Ok(Err(Page::unprocessable(form_page(desk, &who, None, form).await?)));
    };
    who.within(&institution.alliance)?;
    keep_institution(&desk.ctx, &who.actor(), &institution, false).await?;
    Ok(Ok(Redirect::to("/office/institutions?done=saved")))
}

/// The institution in an address, for somebody who may change it.
pub(super) async fn found(
    conn: &mut Conn,
    who: &Who,
    code: &InstitutionCode,
) -> Result<Institution, Failure> {
    let one = institutions::find(conn, code).await?.ok_or(Failure::NotFound)?;
    who.within(&one.alliance)?;
    Ok(one)
}

#[get("/office/institutions/<code>?<asked..>")]
async fn show(
    desk: &State<Desk>,
    who: Who,
    code: InstitutionCode,
    asked: Asked<'_>,
) -> Result<Page<InstitutionPage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let one = found(&mut conn, &who, &code).await?;
    let archived_at = institutions::archived_at(&mut conn, &one.code).await?;
    drop(conn);
    let mut form = FormState::default();
    form.keep("name", &one.name);
    form.keep("kind", one.kind.as_str());
    form.keep("alliance", one.alliance.as_str());
    form.keep("membership", one.membership.as_str());
    form.keep("archived", if archived_at.is_some() { "1" } else { "" });
    let mut page = form_page(desk, &who, Some(&one), form).await?;
    page.notice = (asked.done == Some("merged")).then_some("They are one institution now.");
    Ok(Page::ok(page))
}

#[post("/office/institutions/<code>", data = "<fields>")]
async fn save(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    code: InstitutionCode,
    fields: Fields,
) -> Result<Saved, Failure> {
    let known = found(&mut desk.ctx.store.read().await?, &who, &code).await?;
    let (form, institution) = read(&fields, known.code.clone());
    let Some(institution) = institution else {
        return Ok(Err(Page::unprocessable(form_page(desk, &who, Some(&known), form).await?)));
    };
    who.within(&institution.alliance)?;
    keep_institution(&desk.ctx, &who.actor(), &institution, fields.is("archived", "1")).await?;
    Ok(Ok(Redirect::to("/office/institutions?done=saved")))
}

pub fn routes() -> Vec<Route> {
    routes![list, new, add, show, save]
}
