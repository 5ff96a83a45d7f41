//! The list of venues: a file that may be missing.

use std::path::Path;

use chrono::{DateTime, Utc};

use super::{
    catalogue::Catalogue,
    columns::{MORE_OF_VENUES, VENUES},
    fault::FaultList,
    report::{ImportReport, differing, says_other},
    table::{Keyed, Row, Table},
};
use crate::{
    domain::{
        id::VenueId,
        location::{Location, LocationFault},
        sitting::DayPlace,
        text::Name,
        venue::{Venue, VenueContact},
    },
    store::{StoreError, Tx, venues},
};

/// A venue, and whether it is archived.
pub(super) type Listed = (Venue, bool);

/// The venues of the file; none where there is no file.
pub(super) fn read(dir: &Path, catalogue: &Catalogue, faults: &FaultList) -> Keyed<Listed> {
    if !dir.join("venues.csv").exists() {
        return Keyed::none("venues.csv");
    }
    let table = Table::read(dir, "venues.csv", (&VENUES, &MORE_OF_VENUES), faults);
    table.keyed("id", |row| venue(row, catalogue))
}

fn venue(row: Row<'_>, catalogue: &Catalogue) -> Option<Listed> {
    let id = row.parse("id");
    let place = Location::venue(row.text("name"), row.text("address"));
    let column = match place {
        Err(LocationFault::Address) => "address",
        _ => "name",
    };
    let Location::Venue { name, address } = row.checked(column, place)? else { return None };
    let alliance = match row.text("alliance") {
        "" => Some(None),
        key => catalogue.alliances.find(row, "alliance", key).map(|one| Some(one.slug.clone())),
    };
    let contact = match row.text("contact_name") {
        "" => Some(None),
        typed => row.checked("contact_name", Name::parse(typed)).map(Some),
    };
    let (phone, email) = (row.optional("contact_phone"), row.optional("contact_email"));
    let capacity = row.optional_count("capacity");
    let [access_notes, directions, hire_notes] =
        ["access_notes", "directions", "hire_notes"].map(|column| row.optional_paragraph(column));
    let cost = row.optional_line::<120>("cost");
    let is_archived = row.yes("archived");
    let venue = Venue {
        id: id?,
        name,
        address,
        alliance: alliance?,
        access_notes: access_notes?,
        directions: directions?,
        capacity: capacity?,
        contact: VenueContact { name: contact?, phone: phone?, email: email? },
        cost: cost.map(|cost| (!cost.is_empty()).then_some(cost))?,
        hire_notes: hire_notes?,
    };
    Some((venue, is_archived?))
}

/// Where one day is held, if elsewhere than the others.
pub(super) fn day_place(row: Row<'_>, venues: &Keyed<Listed>) -> Option<Option<DayPlace>> {
    if ["venue", "address", "venue_id"].iter().all(|column| row.text(column).is_empty()) {
        return Some(None);
    }
    let venue = venue_id(row, venues)?;
    let place = row.checked("venue", Location::venue(row.text("venue"), row.text("address")))?;
    let Location::Venue { name, address } = place else { return None };
    Some(Some(DayPlace { venue, name, address }))
}

/// The venue of the list that is meant.
pub(super) fn venue_id(row: Row<'_>, venues: &Keyed<Listed>) -> Option<Option<VenueId>> {
    match row.text("venue_id") {
        "" => Some(None),
        id => venues.find(row, "venue_id", id).map(|(venue, _)| Some(venue.id.clone())),
    }
}

/// Adds the venues that are new; what is there stays as it is.
pub(super) async fn write(
    tx: &mut Tx,
    file: &Keyed<Listed>,
    now: DateTime<Utc>,
    report: &mut ImportReport,
) -> Result<(), StoreError> {
    for (line, (venue, is_archived)) in file.values() {
        let there = venues::find(tx, &venue.id).await?;
        let is_new = venues::insert(tx, venue).await?;
        if is_new && *is_archived {
            venues::update(tx, venue, Some(now)).await?;
        }
        let changed = there.map(|(there, _)| differs(venue, &there));
        report.venues.add(is_new, line, &venue.id, changed);
    }
    Ok(())
}

fn differs(file: &Venue, there: &Venue) -> Vec<&'static str> {
    differing([
        ("name", file.name != there.name),
        ("address", file.address != there.address),
        ("alliance", file.alliance != there.alliance),
        ("access_notes", says_other(&file.access_notes, &there.access_notes)),
        ("directions", says_other(&file.directions, &there.directions)),
        ("capacity", says_other(&file.capacity, &there.capacity)),
        ("the contact", file.contact != there.contact),
        ("cost", says_other(&file.cost, &there.cost)),
        ("hire_notes", says_other(&file.hire_notes, &there.hire_notes)),
    ])
}
