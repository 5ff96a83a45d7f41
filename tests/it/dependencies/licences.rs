//! Expressions of licences, as in `(MIT OR Apache-2.0) AND Unicode-3.0`.

/// Whether somebody to whom each licence in `allowed` is fine may use what stands under `expression`.
pub fn allows(expression: &str, allowed: &dyn Fn(&str) -> bool) -> bool {
    // Older manifests write a stroke for OR.
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut rest = words.as_slice();
    let fine = either(&mut rest, allowed);
    assert!(rest.is_empty(), "cannot read the licence {expression:?}");
    fine
}

fn either(words: &mut &[&str], allowed: &dyn Fn(&str) -> bool) -> bool {
    let mut fine = both(words, allowed);
    while let ["OR", rest @ ..] = *words {
        *words = rest;
        fine |= both(words, allowed);
    }
    fine
}

fn both(words: &mut &[&str], allowed: &dyn Fn(&str) -> bool) -> bool {
    let mut fine = one(words, allowed);
    while let ["AND", rest @ ..] = *words {
        *words = rest;
        fine &= one(words, allowed);
    }
    fine
}

fn one(words: &mut &[&str], allowed: &dyn Fn(&str) -> bool) -> bool {
    match *words {
        ["(", rest @ ..] => {
            *words = rest;
            let fine = either(words, allowed);
            let [")", rest @ ..] = *words else { return false };
            *words = rest;
            fine
        }
        [name, "WITH", exception, rest @ ..] => {
            *words = rest;
            allowed(&format!("{name} WITH {exception}"))
        }
        [name, rest @ ..] => {
            *words = rest;
            allowed(name)
        }
        [] => false,
    }
}

#[test]
fn reads_either_both_and_brackets() {
    let allowed = |name: &str| ["MIT", "ISC", "Apache-2.0 WITH LLVM-exception"].contains(&name);
    for fine in [
        "MIT",
        "MIT OR GPL-2.0-only",
        "GPL-2.0-only/MIT",
        "MIT AND ISC",
        "(GPL-2.0-only OR MIT) AND ISC",
        "GPL-2.0-only OR MIT AND ISC",
        "Apache-2.0 WITH LLVM-exception",
    ] {
        assert!(allows(fine, &allowed), "{fine}");
    }
    for wrong in [
        "GPL-2.0-only",
        "MIT AND GPL-2.0-only",
        "(MIT OR ISC) AND GPL-2.0-only",
        "MIT AND GPL-2.0-only OR Apache-2.0",
        "Apache-2.0",
        "",
    ] {
        assert!(!allows(wrong, &allowed), "{wrong}");
    }
}
