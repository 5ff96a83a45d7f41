//! What a file would make, against what is there: every fault, and every question.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::{
    actions::{ActionContext, booking::book_places::BookRequest},
    domain::{
        already::{Named, Sameness, already},
        id::{PersonId, StaffLogin},
        import::{
            self, Choice, Doubt, Grouped, ImportKind, InstitutionRow, Known, PersonRow, Read,
            RowFault, Said, SessionRows, Sheet, said,
        },
        occupancy::TeamPolicy,
        permission::{Permission, allows_everywhere, allows_in},
        person::{is_same_name, recognition_key},
        session::{BookingStatus, Session},
        staff::StaffMember,
        wording,
    },
    store::{
        Conn, StoreError, catalogue, imports::Import, institutions, people, person_questions,
        seated, session_plans, sessions,
    },
};

/// What would be made.
#[derive(Debug, Clone)]
pub enum Plan {
    /// Institutions for the list.
    Institutions(Vec<InstitutionRow>),
    /// Bookings of one session, each with its first row.
    Bookings(Vec<(u32, BookRequest)>),
    /// Drafts.
    Sessions(Vec<SessionRows>),
    /// People.
    People(Vec<PersonRow>),
}

impl Plan {
    /// How many things it makes.
    pub fn count(&self) -> usize {
        match self {
            Self::Institutions(rows) => rows.len(),
            Self::Bookings(rows) => rows.len(),
            Self::Sessions(rows) => rows.len(),
            Self::People(rows) => rows.len(),
        }
    }

    /// `3 bookings for 24 people`.
    pub fn words(&self) -> String {
        let count = self.count();
        match self {
            Self::Institutions(_) => wording::count(count, "institution", "institutions"),
            Self::Bookings(rows) => {
                let people = rows.iter().map(|(_, one)| one.attendees.len()).sum();
                let people = wording::count(people, "person", "people");
                format!("{} for {people}", wording::count(count, "booking", "bookings"))
            }
            Self::Sessions(_) => wording::count(count, "draft session", "draft sessions"),
            Self::People(_) => wording::count(count, "person", "people"),
        }
    }
}

/// A file, looked through.
#[derive(Debug, Clone)]
pub struct Looked {
    /// What it would make.
    pub plan: Plan,
    /// What must be put right.
    pub faults: Vec<RowFault>,
    /// A date that can be read in two ways, if somebody has not said which it is.
    pub ambiguous: Option<String>,
    /// What may be there already.
    pub doubts: Vec<Doubt>,
    /// How many rows are left out by what was chosen.
    pub left_out: usize,
    /// Something to know beforehand, such as that not everybody will fit.
    pub notes: Vec<String>,
}

impl Looked {
    fn of<T>(read: Read<T>, plan: Plan, doubts: Vec<Doubt>) -> Self {
        let left_out = doubts.iter().filter(|doubt| doubt.leaves_out()).count();
        let Read { faults, ambiguous, .. } = read;
        Self { plan, faults, ambiguous, doubts, left_out, notes: Vec::new() }
    }

    /// How many questions wait for an answer.
    pub fn open(&self) -> usize {
        self.doubts.iter().filter(|doubt| doubt.chosen.is_none()).count()
    }

    /// Whether it can be imported.
    pub fn is_ready(&self) -> bool {
        self.faults.is_empty() && self.open() == 0 && self.plan.count() > 0
    }
}

/// What rows are read against.
pub async fn known(conn: &mut Conn, member: &StaffMember) -> Result<Known, StoreError> {
    let mut alliances = catalogue::alliances(conn).await?;
    alliances.retain(|one| allows_in(member, Permission::ImportFiles, &one.slug));
    let archived = catalogue::archived_courses(conn).await?;
    let mut courses = catalogue::courses(conn).await?;
    courses.retain(|one| !archived.contains(&one.slug));
    let trainers = session_plans::possible_trainers(conn).await?.into_iter();
    let trainers =
        trainers.filter_map(|(login, name)| Some((login.parse::<StaffLogin>().ok()?, name)));
    let institutions = institutions::all(conn).await?;
    Ok(Known { alliances, institutions, courses, trainers: trainers.collect() })
}

/// Looks through a file whose rows are still there.
pub async fn look(
    ctx: &ActionContext,
    conn: &mut Conn,
    member: &StaffMember,
    import: &Import,
) -> Result<Option<Looked>, StoreError> {
    let Some(sheet) = &import.sheet else { return Ok(None) };
    let known = known(conn, member).await?;
    let today = ctx.now().date_naive();
    let (all, known) = (&import.said, &known);
    Ok(Some(match import.kind {
        ImportKind::Institutions => {
            let mut read = import::institutions(sheet, known, all, today);
            let doubts: Vec<_> = read.rows.iter().filter_map(|row| row.doubt.clone()).collect();
            let rows = std::mem::take(&mut read.rows);
            let leaves = |row: &InstitutionRow| row.doubt.as_ref().is_some_and(Doubt::leaves_out);
            let plan = Plan::Institutions(rows.into_iter().filter(|row| !leaves(row)).collect());
            Looked::of(read, plan, doubts)
        }
        ImportKind::Sessions => {
            let mut read = import::sessions(sheet, known, all, today);
            let rows = std::mem::take(&mut read.rows);
            look_at_sessions(ctx, conn, (rows, read), all).await?
        }
        ImportKind::People => {
            let mut read = import::people(sheet, known, all, today);
            let rows = std::mem::take(&mut read.rows);
            read.faults.extend(rows.iter().filter_map(|row| not_hers(member, row)));
            let within =
                (!allows_everywhere(member, Permission::ManagePeople)).then_some(&member.login);
            look_at_people(conn, within, (rows, read), all).await?
        }
        ImportKind::Bookings => look_at_bookings(ctx, conn, import, (sheet, known)).await?,
    }))
}

/// A session of the same course on the same day may be the same one.
async fn look_at_sessions(
    ctx: &ActionContext,
    conn: &mut Conn,
    (mut rows, read): (Vec<SessionRows>, Read<SessionRows>),
    all: &Said,
) -> Result<Looked, StoreError> {
    let there = sessions::ending_after(conn, ctx.now()).await?;
    let mut doubts = Vec::new();
    for row in &rows {
        let Some(first) = row.plan.sittings.first() else { continue };
        let is_alike = |one: &&Session| {
            let starts = one.sittings.first().map(|day| day.starts.date());
            one.course.slug == row.plan.course
                && one.alliance.slug == row.plan.alliance
                && starts == Some(first.starts.date())
        };
        let alike = there.iter().filter(is_alike).take(5);
        let alike: Vec<_> = alike
            .map(|one| {
                let words = format!("{}, {} ({})", one.course.title, wording::days(one), one.code);
                (one.code.to_string(), words)
            })
            .collect();
        if !alike.is_empty() {
            let says = format!("{}, {}", row.plan.course, wording::long_date(first.starts.date()));
            doubts.push(Doubt::new(("row", row.row), says, alike, all));
        }
    }
    drop_left_out(&mut rows, &doubts, |row| row.row);
    Ok(Looked::of(read, Plan::Sessions(rows), doubts))
}

fn drop_left_out<T>(rows: &mut Vec<T>, doubts: &[Doubt], row: impl Fn(&T) -> u32) {
    let left = doubts.iter().filter(|doubt| doubt.leaves_out()).map(|doubt| doubt.row);
    let left: BTreeSet<u32> = left.collect();
    rows.retain(|one| !left.contains(&row(one)));
}

/// An organiser sees people by their institutions: she brings none whom she would not see.
fn not_hers(member: &StaffMember, row: &PersonRow) -> Option<RowFault> {
    let why = match &row.institution {
        Some(one) if allows_in(member, Permission::ManagePeople, &one.alliance) => return None,
        None if allows_everywhere(member, Permission::ManagePeople) => return None,
        Some(one) => format!("{} belongs to an alliance that is not yours", one.name),
        None => {
            "no institution, and you see people by theirs: choose one for every row, or a column"
                .to_owned()
        }
    };
    Some(fault(row.row, why))
}

/// Somebody of the same name may be somebody we know.
async fn look_at_people(
    conn: &mut Conn,
    within: Option<&StaffLogin>,
    (mut rows, read): (Vec<PersonRow>, Read<PersonRow>),
    all: &Said,
) -> Result<Looked, StoreError> {
    let mut doubts = Vec::new();
    let nobody = PersonId::new(uuid::Uuid::nil());
    for row in &rows {
        let code = row.institution.as_ref().map(|one| &one.code);
        let key = recognition_key(&row.name, row.email.as_ref(), code);
        let mut alike = Vec::new();
        if let Some(id) = people::recognised(conn, &key).await?
            && let Some(one) = people::known(conn, id).await?
        {
            alike.push((one.id.to_string(), format!("{}, known already", one.name)));
        } else {
            for one in people::alike(conn, &row.person(nobody, DateTime::<Utc>::MIN_UTC)).await? {
                let is_seen = match within {
                    Some(login) => people::is_within(conn, one.id, login).await?,
                    None => true,
                };
                if is_seen && is_same_name(&one.name, &row.name) {
                    let email = one.email.as_ref().map(ToString::to_string);
                    let email = email.unwrap_or_else(|| "no address".to_owned());
                    alike.push((one.id.to_string(), format!("{}, {email}", one.name)));
                }
            }
        }
        if !alike.is_empty() {
            doubts.push(Doubt::new(("row", row.row), row.name.to_string(), alike, all));
        }
    }
    drop_left_out(&mut rows, &doubts, |row| row.row);
    Ok(Looked::of(read, Plan::People(rows), doubts))
}

/// Whether a session takes bookings by the office now.
fn is_open(session: &Session, ctx: &ActionContext) -> bool {
    use BookingStatus::{Cancelled, Closed, Draft, Finished, NotYetOpen, Open};
    match session.booking_status(ctx.now()) {
        Open { .. } | NotYetOpen { .. } | Closed => true,
        Draft | Cancelled | Finished => false,
    }
}

fn fault(row: u32, message: impl Into<String>) -> RowFault {
    RowFault { row, column: None, message: message.into() }
}

async fn look_at_bookings(
    ctx: &ActionContext,
    conn: &mut Conn,
    import: &Import,
    (sheet, known): (&Sheet, &Known),
) -> Result<Looked, StoreError> {
    let all = &import.said;
    let mut read = import::bookings(sheet, known, all, ctx.now().date_naive());
    let mut groups = std::mem::take(&mut read.rows);
    let session = match &import.session {
        Some(code) => sessions::find(conn, code).await?,
        None => None,
    };
    let Some(session) = session.filter(|session| is_open(session, ctx)) else {
        read.faults
            .push(fault(0, "The session takes no bookings: it is a draft, called off or over"));
        return Ok(Looked::of(read, Plan::Bookings(Vec::new()), Vec::new()));
    };
    let mut doubts: Vec<_> = groups.iter().filter_map(|one| one.doubt.clone()).collect();
    let there = there_already(conn, &session, &groups, all).await?;
    let left_out = there.iter().filter(|doubt| doubt.leaves_out()).map(|doubt| doubt.row);
    let left_out: BTreeSet<u32> = left_out.collect();
    doubts.extend(there);
    doubts.sort_by_key(|doubt| doubt.row);
    // Whoever does not know whom a row comes for leaves all of the booking out.
    groups
        .retain(|one| !one.doubt.as_ref().is_some_and(|doubt| doubt.chosen == Some(Choice::Leave)));
    for group in &mut groups {
        group.people.retain(|one| !left_out.contains(&one.row));
    }
    groups.retain(|one| !one.people.is_empty());
    let most = session.places_per_booking as usize;
    for group in groups.iter().filter(|group| group.people.len() > most) {
        let people = wording::count(group.people.len(), "person", "people");
        let words = format!(
            "{people} in one booking, and this session takes at most {most}: give them different words in a \
             column for the booking, or change the most places per booking on the session"
        );
        read.faults.push(fault(group.row(), words));
    }
    let count: usize = groups.iter().map(|one| one.people.len()).sum();
    let plan = Plan::Bookings(groups.into_iter().map(|one| request(&session, one)).collect());
    let mut looked = Looked::of(read, plan, doubts);
    looked.left_out = left_out.len();
    looked.notes = notes(&session, count, said(all, "letters") != "none");
    Ok(looked)
}

/// What becomes of them as the session stands.
fn notes(session: &Session, people: usize, tells: bool) -> Vec<String> {
    let free = session.occupancy.open_to_all() as usize;
    let mut notes = Vec::new();
    if people > free {
        let places = wording::count(free, "place is", "places are");
        notes.push(match session.waiting_list {
            true => format!("{places} free now: those who do not fit wait."),
            false => {
                format!(
                    "{places} free now, and there is no waiting list: the import will be refused."
                )
            }
        });
    }
    notes.push(match tells {
        true => {
            "Whoever has an address gets the letters that a booking by the office sends.".to_owned()
        }
        false => "Nobody is written to. Each booking can be told later on its own page.".to_owned(),
    });
    notes
}

/// Who of them is on the session already, or stands twice in the file. An address that is shared is no
/// question while a file is read.
async fn there_already(
    conn: &mut Conn,
    session: &Session,
    groups: &[Grouped],
    all: &Said,
) -> Result<Vec<Doubt>, StoreError> {
    let there = seated::of_session(conn, &session.code).await?;
    let mut named = Vec::new();
    for group in groups {
        let people = group.people.iter().filter_map(|one| Some((one.row, one.who.as_ref()?)));
        named.extend(people.map(|(row, who)| (row, who, group.sender.code())));
    }
    let key = |(_, who, from): &(u32, &crate::domain::attendee::Attendee, Option<_>)| {
        recognition_key(&who.name, who.email.as_ref(), *from)
    };
    let keys: Vec<String> = named.iter().map(key).collect();
    let known = seated::known(conn, &keys).await?;
    let person = |key: &String| known.iter().find(|(other, _)| other == key).map(|(_, id)| *id);
    let people: Vec<_> = keys.iter().map(person).collect();
    let recognised: Vec<_> = people.iter().flatten().copied().collect();
    let apart = person_questions::apart_from(conn, &recognised).await?;
    let apart: Vec<_> = people.iter().map(|person| apart.of(*person)).collect();
    let named: Vec<_> = named
        .iter()
        .zip(people.into_iter().zip(&apart))
        .map(|((row, who, institution), (person, others))| Named {
            number: *row,
            who,
            institution: *institution,
            person,
            others,
        })
        .collect();
    let found = already(&named, &there, None).into_iter();
    let same = found.filter(|one| one.sameness == Sameness::Person);
    let doubts = same.map(|one| {
        let words = match &one.there {
            Some(_) => one.words_for_office(),
            None => format!("{} stands in the file twice", one.name),
        };
        let alike = vec![("there".to_owned(), words)];
        Doubt::new(("row", one.number), one.name.to_string(), alike, all)
    });
    Ok(doubts.collect())
}

fn request(session: &Session, group: Grouped) -> (u32, BookRequest) {
    let row = group.row();
    let attendees: Vec<_> = group.people.into_iter().map(|one| one.who).collect();
    let count = u32::try_from(attendees.len()).unwrap_or(u32::MAX);
    let request = BookRequest {
        session: session.code.clone(),
        leader: group.leader,
        sender: group.sender,
        team: TeamPolicy::AsManyAsPossible,
        attendees,
        attempt: None,
        fingerprint: None,
        nomination: None,
        // Whoever imports has looked at who comes.
        vouched: true,
        // Everybody who may be there already was asked about.
        apart: (1..=count).collect(),
    };
    (row, request)
}
