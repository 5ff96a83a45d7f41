//! Sums of money as people ask for them and grant them.

/// The most somebody asks for, in pence: more is a slip of the finger.
pub const MOST_ASKED: u32 = 500_000;

/// Why an amount cannot be used; the words follow the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AmountFault {
    /// Nothing was typed.
    #[error("Enter how much, in pounds")]
    Missing,
    /// It is no sum of money.
    #[error("Enter pounds, or pounds and pence, such as 25 or 25.50")]
    Unreadable,
    /// Nothing is asked for.
    #[error("Enter more than £0")]
    Nothing,
    /// More than anybody asks for.
    #[error("Enter at most £5,000")]
    TooMuch,
}

/// What was typed for an amount, such as `25`, `£25.50` or `1,200`, in pence. A comma stands between thousands
/// and nowhere else: `12,50` would be read as twelve hundred pounds by one and as twelve pounds fifty by another.
///
/// # Errors
/// [`AmountFault`].
pub fn amount(typed: &str) -> Result<u32, AmountFault> {
    let plain = typed.trim();
    let plain = plain.strip_prefix('£').map_or(plain, str::trim_start);
    if plain.is_empty() {
        return Err(AmountFault::Missing);
    }
    let (whole, part) = plain.split_once('.').map_or((plain, None), |(a, b)| (a, Some(b)));
    let digits = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default();
    let mut pounds = first.to_owned();
    let mut is_readable = digits(first);
    for group in groups {
        is_readable &= digits(group) && group.len() == 3 && first.len() <= 3;
        pounds.push_str(group);
    }
    is_readable &= part.is_none_or(|part| digits(part) && part.len() <= 2);
    if !is_readable {
        return Err(AmountFault::Unreadable);
    }
    let pence = format!("{:0<2}", part.unwrap_or_default());
    let pence: u32 = pence.parse().map_err(|_| AmountFault::Unreadable)?;
    let pounds: u32 = pounds.parse().map_err(|_| AmountFault::TooMuch)?;
    let all = pounds.checked_mul(100).and_then(|all| all.checked_add(pence));
    match all {
        Some(0) => Err(AmountFault::Nothing),
        Some(all) if all <= MOST_ASKED => Ok(all),
        _ => Err(AmountFault::TooMuch),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_pounds_and_pence_and_nothing_that_could_be_read_twice() {
        use AmountFault::{Missing, Nothing, TooMuch, Unreadable};
        for (typed, read) in [
            ("25", Ok(2500)),
            ("25.5", Ok(2550)),
            (" £25.50 ", Ok(2550)),
            ("£ 30", Ok(3000)),
            ("1,200", Ok(120_000)),
            ("0.01", Ok(1)),
            ("5000", Ok(500_000)),
            ("", Err(Missing)),
            ("£", Err(Missing)),
            ("0", Err(Nothing)),
            ("0.00", Err(Nothing)),
            ("5000.01", Err(TooMuch)),
            ("99999999999999", Err(TooMuch)),
            ("12,50", Err(Unreadable)),
            ("1200,000", Err(Unreadable)),
            ("1,,200", Err(Unreadable)),
            (",5", Err(Unreadable)),
            ("25.505", Err(Unreadable)),
            ("25.", Err(Unreadable)),
            (".50", Err(Unreadable)),
            ("-5", Err(Unreadable)),
            ("+5", Err(Unreadable)),
            ("1e3", Err(Unreadable)),
            ("30 pounds", Err(Unreadable)),
            ("££5", Err(Unreadable)),
            ("٣", Err(Unreadable)),
            ("1 200", Err(Unreadable)),
        ] {
            assert_eq!(amount(typed), read, "{typed}");
        }
    }
}
