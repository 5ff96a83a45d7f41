//! The form of a venue.

use crate::{
    domain::{
        alliance::Alliance,
        contact::{EmailAddress, PhoneNumber},
        edit::{Drawn, Listed},
        id::{AllianceSlug, VenueId},
        location::{Location, LocationFault},
        occupancy::MOST_PLACES,
        text::{Line, Name, Paragraph},
        venue::{Venue, VenueContact},
    },
    web::{
        fields::Fields,
        form::FormState,
        forms::{ATTEMPT, edited::DRAWN},
        guard::{Granted, PlanSessions},
        words::in_words,
    },
};

/// What stands on the form, in order.
pub const FIELDS: [&str; 12] = [
    "name",
    "address",
    "alliance",
    "access",
    "directions",
    "capacity",
    "contact_name",
    "contact_phone",
    "contact_email",
    "cost",
    "hire_notes",
    "archived",
];

/// The form of a venue that is there.
pub fn filled(listed: &Listed<Venue>) -> FormState {
    let (venue, mut form) = (&listed.record, FormState::default());
    for field in FIELDS {
        form.keep(field, said(Some(venue), field));
    }
    form.keep("archived", if listed.is_archived { "1" } else { "" });
    form.keep(DRAWN, Drawn::of(listed).to_string());
    form
}

/// What a venue says in a field.
fn said(venue: Option<&Venue>, field: &str) -> String {
    let Some(venue) = venue else { return String::new() };
    let contact = &venue.contact;
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    match field {
        "name" => venue.name.clone(),
        "address" => venue.address.clone(),
        "alliance" => venue.alliance.as_ref().map(ToString::to_string).unwrap_or_default(),
        "access" => text(&venue.access_notes),
        "directions" => text(&venue.directions),
        "capacity" => venue.capacity.map(|holds| holds.to_string()).unwrap_or_default(),
        "contact_name" => contact.name.as_ref().map(ToString::to_string).unwrap_or_default(),
        "contact_phone" => contact.phone.as_ref().map(ToString::to_string).unwrap_or_default(),
        "contact_email" => contact.email.as_ref().map(ToString::to_string).unwrap_or_default(),
        "cost" => text(&venue.cost),
        "hire_notes" => text(&venue.hire_notes),
        _ => String::new(),
    }
}

/// Reads a venue; what must be put right stands in the form. What was not sent stays as it is known.
pub fn read(
    fields: &Fields,
    who: &Granted<PlanSessions>,
    (id, known): (VenueId, Option<&Venue>),
    alliances: &[Alliance],
) -> (FormState, Option<Venue>) {
    let mut form = FormState::default();
    for field in FIELDS {
        let sent = fields.was_sent(field) || field == "archived";
        form.keep(field, if sent { fields.get(field).to_owned() } else { said(known, field) });
    }
    for field in [DRAWN, ATTEMPT] {
        form.keep(field, fields.get(field));
    }
    let place = Location::venue(form.value("name"), form.value("address"));
    let place = place.map_err(|fault| {
        let field = if fault == LocationFault::Address { "address" } else { "name" };
        form.fault(field, in_words(&fault.to_string()));
    });
    let alliance = alliance(&mut form, who, alliances);
    let venue = Venue {
        id,
        name: String::new(),
        address: String::new(),
        alliance: alliance.clone().flatten(),
        access_notes: paragraph(&mut form, "access"),
        directions: paragraph(&mut form, "directions"),
        capacity: capacity(&mut form),
        contact: contact(&mut form),
        cost: line(&mut form, "cost"),
        hire_notes: paragraph(&mut form, "hire_notes"),
    };
    form.ticked("archived");
    match place {
        Ok(Location::Venue { name, address }) if form.is_valid() => {
            (form, Some(Venue { name, address, ..venue }))
        }
        _ => (form, None),
    }
}

/// Whose venue it is; all alliances' only where an administrator says so.
fn alliance(
    form: &mut FormState,
    who: &Granted<PlanSessions>,
    alliances: &[Alliance],
) -> Option<Option<AllianceSlug>> {
    let hers: Vec<_> = alliances.iter().filter(|one| who.reaches(&one.slug)).collect();
    let typed = form.value("alliance").to_owned();
    if let Some(one) = hers.iter().find(|one| one.slug.as_str() == typed) {
        return Some(Some(one.slug.clone()));
    }
    match (typed.as_str(), hers.as_slice()) {
        ("", _) if who.reaches_everything() => return Some(None),
        ("", [only]) => return Some(Some(only.slug.clone())),
        _ => form.fault("alliance", "Choose one of your alliances"),
    }
    None
}

fn paragraph(form: &mut FormState, field: &str) -> Option<String> {
    match Paragraph::parse_optional(form.value(field)) {
        Ok(text) => text.map(|text| text.as_str().to_owned()),
        Err(_) => {
            form.fault(field, "Use ordinary letters and signs, up to 1,000 of them");
            None
        }
    }
}

fn line(form: &mut FormState, field: &str) -> Option<String> {
    match Line::<200>::parse_optional(form.value(field)) {
        Ok(line) => line.map(|line| line.to_string()),
        Err(_) => {
            form.fault(field, "Use ordinary letters and signs, up to 200 of them");
            None
        }
    }
}

fn capacity(form: &mut FormState) -> Option<u32> {
    let typed = form.value("capacity").trim().to_owned();
    let holds = typed.parse().ok().filter(|holds| (1..=MOST_PLACES).contains(holds));
    if holds.is_none() && !typed.is_empty() {
        form.fault("capacity", "Enter a whole number from 1 to 100,000");
    }
    holds
}

fn contact(form: &mut FormState) -> VenueContact {
    let name = Name::parse_optional(form.value("contact_name"));
    if name.is_err() {
        form.fault("contact_name", "Use ordinary letters and signs, up to 120 of them");
    }
    let mut phone = None;
    if !form.value("contact_phone").trim().is_empty() {
        phone = form.value("contact_phone").parse::<PhoneNumber>().ok();
        if phone.is_none() {
            form.fault("contact_phone", "Enter a telephone number, such as 020 7946 0142");
        }
    }
    let mut email = None;
    if !form.value("contact_email").trim().is_empty() {
        email = form.value("contact_email").parse::<EmailAddress>().ok();
        if email.is_none() {
            let words = "Enter an email address. It should look like name@example.org";
            form.fault("contact_email", words);
        }
    }
    VenueContact { name: name.ok().flatten(), phone, email }
}
