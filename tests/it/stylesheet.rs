//! What the one stylesheet promises.

const STYLES: &str = include_str!("../../static/app.css");

/// The declarations of each block for the dark, and whatever stands there besides.
fn in_the_dark(styles: &str) -> Vec<String> {
    let blocks = styles.split("@media (prefers-color-scheme: dark)").skip(1);
    let mut found = Vec::new();
    for block in blocks {
        let (mut depth, mut inside) = (0, String::new());
        for sign in block.chars() {
            depth += i32::from(sign == '{') - i32::from(sign == '}');
            if depth == 0 && sign == '}' {
                break;
            }
            inside.push(sign);
        }
        let inside = inside.trim_start_matches([' ', '{', '\n']);
        let (selector, declarations) = inside.split_once('{').expect("a rule");
        found.extend((selector.trim() != ":root").then(|| selector.trim().to_owned()));
        let declarations = declarations.trim().trim_end_matches('}').split(';');
        found.extend(declarations.map(str::trim).filter(|one| !one.is_empty()).map(str::to_owned));
    }
    found
}

/// Whether a declaration gives a variable a colour, and nothing else.
fn is_colour(declaration: &str) -> bool {
    declaration.split_once(':').is_some_and(|(name, value)| {
        let digits = value.trim().strip_prefix('#');
        let is_hex = |digits: &str| digits.chars().all(|digit| digit.is_ascii_hexdigit());
        name.starts_with("--") && digits.is_some_and(is_hex)
    })
}

/// That is why the browser tests look for nothing but contrast there (`accessibility.test.mjs`).
#[test]
fn in_the_dark_nothing_but_colours_is_different() {
    let found = in_the_dark(STYLES);
    assert!(found.len() > 20, "{found:?}");
    let others: Vec<_> = found.iter().filter(|one| !is_colour(one)).collect();
    assert!(others.is_empty(), "{others:?}");
    for smuggled in
        [":root { --ink: #fff; --r: 1rem; }", "p { --ink: #fff; }", ":root { color: #fff; }"]
    {
        let styles = format!("@media (prefers-color-scheme: dark) {{ {smuggled} }}");
        assert!(!in_the_dark(&styles).iter().all(|one| is_colour(one)), "{smuggled}");
    }
}
