//! What can happen the day after a booking; numbers choose among what there is.

use proptest::prelude::*;
use turnout::domain::reply::PartStat;

/// Who answers an invite, and what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// Her own calendar.
    Herself,
    /// Somebody else, in her name.
    Another,
    /// Her own calendar, to what she was asked first.
    HerFirst,
}

/// Who does what, with which window or phone.
#[derive(Debug, Clone)]
pub enum Step {
    /// A leader books for one to three people; the last may share her address.
    Book { people: usize, shares: bool },
    /// The leader opens the form of somebody's place and leaves it open.
    Open(usize),
    /// She corrects the surname in the form that is open longest.
    Correct,
    /// Somebody else comes instead.
    Swap(usize),
    /// Somebody says what she eats, by her own link.
    Needs(usize, u8),
    /// Somebody gives her place up, by her own link.
    GiveUp(usize),
    /// The leader gives up somebody's place.
    Cancel(usize),
    /// An organiser opens the form of the session, in a window of his own.
    Draw(usize),
    /// He changes one field in it and saves.
    Save(usize, usize, u8),
    /// He opens the page of other times.
    DrawTimes(usize),
    /// He moves a day by some hours and saves.
    Move(usize, usize, i64),
    /// A day is added a week after the last.
    AddDay,
    /// A day is taken away.
    RemoveDay(usize),
    /// Hours pass.
    Hours(i64),
    /// It is half an hour before the next day.
    NextDay,
    /// A phone at the door sees somebody, or takes it back.
    See { phone: usize, seat: usize, here: bool },
    /// A phone finds a signal.
    Sync(usize),
    /// The day that ran last is closed.
    Close,
    /// The session is called off.
    CallOff,
    /// Somebody's calendar answers to one of her days.
    Answer { seat: usize, day: usize, answer: PartStat, by: By },
    /// Somebody's calendar says no to all of them.
    Decline(usize),
    /// She keeps the place that her calendar declined.
    Keep(usize),
    /// A calendar says yes after its place went to somebody else.
    TooLate,
    /// It is half past nine in the evening.
    Evening,
}

fn answer() -> impl Strategy<Value = PartStat> {
    prop_oneof![Just(PartStat::Accepted), Just(PartStat::Tentative), Just(PartStat::Declined)]
}

fn by() -> impl Strategy<Value = By> {
    prop_oneof![4 => Just(By::Herself), 1 => Just(By::Another), 1 => Just(By::HerFirst)]
}

pub fn step() -> impl Strategy<Value = Step> {
    let (seat, two) = (0..12_usize, 0..2_usize);
    prop_oneof![
        6 => (1..4_usize, any::<bool>()).prop_map(|(people, shares)| Step::Book { people, shares }),
        3 => seat.clone().prop_map(Step::Open),
        3 => Just(Step::Correct),
        3 => seat.clone().prop_map(Step::Swap),
        3 => (seat.clone(), 0..3_u8).prop_map(|(seat, what)| Step::Needs(seat, what)),
        1 => seat.clone().prop_map(Step::GiveUp),
        1 => seat.clone().prop_map(Step::Cancel),
        3 => two.clone().prop_map(Step::Draw),
        3 => (two.clone(), 0..3_usize, 1..4_u8).prop_map(|(who, field, what)| Step::Save(who, field, what)),
        2 => two.clone().prop_map(Step::DrawTimes),
        2 => (two.clone(), 0..3_usize, 1..4_i64).prop_map(|(who, day, by)| Step::Move(who, day, by)),
        2 => Just(Step::AddDay),
        1 => (0..3_usize).prop_map(Step::RemoveDay),
        2 => (1..60_i64).prop_map(Step::Hours),
        2 => Just(Step::NextDay),
        3 => (seat.clone(), 0..4_usize, answer(), by())
            .prop_map(|(seat, day, answer, by)| Step::Answer { seat, day, answer, by }),
        3 => seat.clone().prop_map(Step::Decline),
        1 => seat.clone().prop_map(Step::Keep),
        1 => Just(Step::TooLate),
        1 => Just(Step::Evening),
        5 => (two.clone(), seat, any::<bool>()).prop_map(|(phone, seat, here)| Step::See { phone, seat, here }),
        3 => two.prop_map(Step::Sync),
        2 => Just(Step::Close),
        1 => Just(Step::CallOff),
    ]
}
