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
        forms::{Fields, FormField, FormState, WholeForm, form_fields},
        guard::{Granted, PlanSessions},
        words::in_words,
    },
};

form_fields! {
    /// What stands on the form.
    pub enum VenueField {
        Name = "name",
        Address = "address",
        Alliance = "alliance",
        Capacity = "capacity",
        Directions = "directions",
        Access = "access",
        ContactName = "contact_name",
        ContactPhone = "contact_phone",
        ContactEmail = "contact_email",
        Cost = "cost",
        HireNotes = "hire_notes",
        Archived = "archived",
    }
}

/// The form of a venue that is there.
pub fn filled(listed: &Listed<Venue>) -> FormState<VenueField> {
    let (venue, mut form) = (&listed.record, FormState::default());
    for field in VenueField::FIELDS {
        form.fill(*field, said(Some(venue), *field));
    }
    form.fill(VenueField::Archived, if listed.is_archived { "1" } else { "" });
    form.draw_from(Drawn::of(listed).to_string());
    form
}

/// What a venue says in a field.
fn said(venue: Option<&Venue>, field: VenueField) -> String {
    let Some(venue) = venue else { return String::new() };
    let contact = &venue.contact;
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    match field {
        VenueField::Name => venue.name.clone(),
        VenueField::Address => venue.address.clone(),
        VenueField::Alliance => {
            venue.alliance.as_ref().map(ToString::to_string).unwrap_or_default()
        }
        VenueField::Access => text(&venue.access_notes),
        VenueField::Directions => text(&venue.directions),
        VenueField::Capacity => venue.capacity.map(|holds| holds.to_string()).unwrap_or_default(),
        VenueField::ContactName => {
            contact.name.as_ref().map(ToString::to_string).unwrap_or_default()
        }
        VenueField::ContactPhone => {
            contact.phone.as_ref().map(ToString::to_string).unwrap_or_default()
        }
        VenueField::ContactEmail => {
            contact.email.as_ref().map(ToString::to_string).unwrap_or_default()
        }
        VenueField::Cost => text(&venue.cost),
        VenueField::HireNotes => text(&venue.hire_notes),
        VenueField::Archived => String::new(),
    }
}

/// Reads a venue; what must be put right stands in the form. What was not sent stays as it is known.
pub fn read(
    fields: &Fields,
    who: &Granted<PlanSessions>,
    (id, known): (VenueId, Option<&Venue>),
    alliances: &[Alliance],
) -> (FormState<VenueField>, Option<Venue>) {
    let mut form = FormState::sent(fields);
    for field in VenueField::FIELDS {
        if !fields.was_sent(&field.name()) {
            form.fill(*field, said(known, *field));
        }
    }
    let place = Location::venue(form.value(VenueField::Name), form.value(VenueField::Address));
    let place = place.map_err(|fault| {
        let is_address = fault == LocationFault::Address;
        let field = if is_address { VenueField::Address } else { VenueField::Name };
        form.fault(field, in_words(&fault.to_string()));
    });
    let alliance = alliance(&mut form, who, alliances);
    let venue = Venue {
        id,
        name: String::new(),
        address: String::new(),
        alliance: alliance.clone().flatten(),
        access_notes: paragraph(&mut form, VenueField::Access),
        directions: paragraph(&mut form, VenueField::Directions),
        capacity: capacity(&mut form),
        contact: contact(&mut form),
        cost: line(&mut form, VenueField::Cost),
        hire_notes: paragraph(&mut form, VenueField::HireNotes),
    };
    form.ticked(VenueField::Archived);
    match place {
        Ok(Location::Venue { name, address }) if form.is_valid() => {
            (form, Some(Venue { name, address, ..venue }))
        }
        _ => (form, None),
    }
}

/// Whose venue it is; all alliances' only where an administrator says so.
fn alliance(
    form: &mut FormState<VenueField>,
    who: &Granted<PlanSessions>,
    alliances: &[Alliance],
) -> Option<Option<AllianceSlug>> {
    let hers: Vec<_> = alliances.iter().filter(|one| who.reaches(&one.slug)).collect();
    let typed = form.value(VenueField::Alliance).to_owned();
    if let Some(one) = hers.iter().find(|one| one.slug.as_str() == typed) {
        return Some(Some(one.slug.clone()));
    }
    match (typed.as_str(), hers.as_slice()) {
        ("", _) if who.reaches_everything() => return Some(None),
        ("", [only]) => return Some(Some(only.slug.clone())),
        _ => form.fault(VenueField::Alliance, "Choose one of your alliances"),
    }
    None
}

fn paragraph(form: &mut FormState<VenueField>, field: VenueField) -> Option<String> {
    match Paragraph::parse_optional(form.value(field)) {
        Ok(text) => text.map(|text| text.as_str().to_owned()),
        Err(_) => {
            form.fault(field, "Use ordinary letters and signs, up to 1,000 of them");
            None
        }
    }
}

fn line(form: &mut FormState<VenueField>, field: VenueField) -> Option<String> {
    match Line::<200>::parse_optional(form.value(field)) {
        Ok(line) => line.map(|line| line.to_string()),
        Err(_) => {
            form.fault(field, "Use ordinary letters and signs, up to 200 of them");
            None
        }
    }
}

fn capacity(form: &mut FormState<VenueField>) -> Option<u32> {
    let typed = form.value(VenueField::Capacity).trim().to_owned();
    let holds = typed.parse().ok().filter(|holds| (1..=MOST_PLACES).contains(holds));
    if holds.is_none() && !typed.is_empty() {
        form.fault(VenueField::Capacity, "Enter a whole number from 1 to 100,000");
    }
    holds
}

fn contact(form: &mut FormState<VenueField>) -> VenueContact {
    let name = Name::parse_optional(form.value(VenueField::ContactName));
    if name.is_err() {
        form.fault(VenueField::ContactName, "Use ordinary letters and signs, up to 120 of them");
    }
    let mut phone = None;
    if !form.value(VenueField::ContactPhone).trim().is_empty() {
        phone = form.value(VenueField::ContactPhone).parse::<PhoneNumber>().ok();
        if phone.is_none() {
            form.fault(VenueField::ContactPhone, "Enter a telephone number, such as 020 7946 0142");
        }
    }
    let mut email = None;
    if !form.value(VenueField::ContactEmail).trim().is_empty() {
        email = form.value(VenueField::ContactEmail).parse::<EmailAddress>().ok();
        if email.is_none() {
            let words = "Enter an email address. It should look like name@example.org";
            form.fault(VenueField::ContactEmail, words);
        }
    }
    VenueContact { name: name.ok().flatten(), phone, email }
}
