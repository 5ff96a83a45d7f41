//! The hook that looks at the first line of a commit's message.

use std::process::{Command, Output};

fn hook(message: &str) -> Output {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("COMMIT_EDITMSG");
    std::fs::write(&file, message).expect("a message");
    let hook = concat!(env!("CARGO_MANIFEST_DIR"), "/.githooks/commit-msg");
    Command::new(hook).arg(&file).output().expect("bash")
}

fn accepts(message: &str) -> bool {
    hook(message).status.success()
}

/// What the hook says about a message it refuses.
fn refusal(message: &str) -> String {
    let output = hook(message);
    assert!(!output.status.success(), "accepted: {message}");
    String::from_utf8(output.stderr).expect("text")
}

#[test]
fn an_order_of_sixty_characters_is_accepted() {
    assert!(accepts("Offer a freed place to the whole team"));
    assert!(accepts("Offer a freed place\n\nA team that waits together must not be torn.\n"));
    assert!(accepts(&format!("Add {}", "x".repeat(56))));
    // Characters, not bytes.
    assert!(accepts(&format!("Add {}", "é".repeat(56))));
    for word in ["Process", "Bring", "Feed", "Embed", "Focus", "Merge"] {
        assert!(accepts(&format!("{word} what trainers sent")), "{word}");
    }
}

#[test]
fn what_is_long_or_says_two_things_is_refused() {
    let long = refusal(&format!("Add {}", "x".repeat(57)));
    assert!(long.contains("60 characters at most; this has 61"), "{long}");
    let two = refusal("Show the desk as it is now; break the trainers' page");
    assert!(two.contains("one subject"), "{two}");
}

#[test]
fn what_is_no_order_is_refused() {
    for header in ["Added a page", "Adds a page", "Adding a page", "a page", "feat: a page", ""] {
        assert!(refusal(header).contains("begin with an order"), "{header}");
    }
    assert!(refusal("Fix: a page").contains("leave out the label"));
    assert!(refusal("Add a page.").contains("no full stop"));
    assert!(refusal("Add a page\nand say why").contains("leave the second line empty"));
}

#[test]
fn what_git_writes_itself_is_accepted() {
    let branch = "a-name-that-is-rather-long-and-was-not-chosen-by-whoever-merges";
    assert!(accepts(&format!("Merge branch '{branch}' into main")));
    assert!(accepts(&format!("Merge remote-tracking branch 'origin/{branch}'")));
    assert!(accepts(&format!("Revert \"Add {}\"", "x".repeat(56))));
    assert!(accepts("fixup! Add a page"));
    assert!(accepts("Add a page\n# Please enter the commit message for your changes.\n"));
}
