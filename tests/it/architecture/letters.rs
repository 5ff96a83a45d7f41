//! Letters enter the outbox through one door, which keeps what holds for all of them.

use super::source::{Module, crate_modules};

/// What puts letters into the outbox.
const DOOR: [&str; 2] = ["crate::store::enqueue::letter", "crate::store::enqueue::letters"];

/// The one place that may: it writes letters in the order in which they were made, with the change they tell of.
const WHO_MAY: &str = "actions::tell";

#[test]
fn only_tell_puts_letters_into_the_outbox() {
    let found: Vec<String> = crate_modules().iter().flat_map(|one| beside(one, WHO_MAY)).collect();
    assert!(found.is_empty(), "take what {WHO_MAY} offers:\n{}", found.join("\n"));
}

#[test]
fn and_tell_does_put_them_there() {
    let modules = crate_modules();
    let told = modules.iter().filter(|module| module.path == WHO_MAY);
    assert_eq!(told.flat_map(|module| beside(module, "nowhere")).count(), 2);
}

/// Where a module puts letters into the outbox that may not, or offers on what does.
fn beside(module: &Module, may: &str) -> Vec<String> {
    let names = module.names.iter();
    names
        .filter(|name| DOOR.iter().any(|door| name.is_in(door)))
        .filter(|name| module.path != may || name.offered)
        .map(|name| format!("{}:{} names {}", module.file, name.line, name.path))
        .collect()
}

/// Controls: what is forbidden, smuggled in.
mod bites {
    use super::super::source::Module;
    use super::{WHO_MAY, beside};

    #[test]
    fn on_a_letter_enqueued_by_any_name() {
        for text in [
            "fn f() { crate::store::enqueue::letter(x) }",
            "use crate::store::enqueue;\nfn f() { enqueue::letters(x) }",
            "use crate::store::{enqueue, outbox::About};\nfn f() { enqueue::letter(x) }",
            "use crate::store::enqueue as post;\nfn f() { post::letter(x) }",
            "use crate::store::enqueue::letters as put;",
        ] {
            let module = Module::new("actions::booking", "smuggled.rs", text);
            assert_eq!(beside(&module, WHO_MAY).len(), 1, "{text}");
            let module = Module::new(WHO_MAY, "smuggled.rs", text);
            assert_eq!(beside(&module, WHO_MAY).len(), 0, "{text}");
        }
    }

    #[test]
    fn on_the_door_offered_on() {
        let module = Module::new(WHO_MAY, "smuggled.rs", "pub use crate::store::enqueue::letter;");
        assert_eq!(beside(&module, WHO_MAY).len(), 1);
    }

    #[test]
    fn but_not_on_other_uses_of_the_outbox() {
        let text = "use crate::store::outbox::{self, About};\nfn f() { outbox::find(x) }";
        let module = Module::new("actions::booking", "smuggled.rs", text);
        assert_eq!(beside(&module, WHO_MAY), Vec::<String>::new());
    }
}
