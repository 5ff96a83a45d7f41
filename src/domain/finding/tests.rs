use super::*;

#[test]
fn what_phones_and_spreadsheets_type_finds_the_name() {
    for (name, typed) in [
        ("Élodie Ñandú", "elodie|ÉLODIE|E\u{301}lodie|nandu|ñandú elodie|\u{feff}elodie"),
        ("Łukasz Żak", "lukasz|ŁUKASZ|zak|Żak, Łukasz|ŁukaszŻak|ｌｕｋａｓｚ"),
        (
            "Sarah O\u{2019}Neill",
            "oneill|O'Neill|O\u{2019}Neill|o neill|O\u{2018}NEILL|O\u{2bc}Neill|O`Neill|O\u{2032}Neill|O\u{b4}Neill|O\u{ff07}Neill|ONeill, Sarah",
        ),
        ("O'Neill Sarah", "sarah oneill|O\u{2019}Neill"),
        (
            "Mary-Anne Smith\u{2010}Jones",
            "mary anne|maryanne|mary\u{2011}anne|smith-jones|smithjones|smith\u{2013}jones",
        ),
        ("Søren Ærø Þór Đặng Ħaġ", "soren|aero|thor|dang|hag"),
        ("Groß STRAẞE", "gross|GROSS|groß|strasse|straße"),
        ("İbrahim Işık", "ibrahim|isik|ISIK|ışık"),
        ("Ὀδυσσεύς", "οδυσσευσ|ΟΔΥΣΣΕΎΣ"),
        ("李\u{3000}伟", "李伟|李 伟|伟"),
        ("Kẹ́mi\u{200B} Ọlá", "kemi|Kemi ola|kemi\u{a0}ola|Ke\u{323}mi"),
        ("Église de Peckham", "eglise|EGLISE de peckham|église"),
        ("St. Mary's & All Saints", "st marys|St Mary\u{2019}s|mary's all saints|st. mary & all"),
        ("مُحَمَّد", "محمد"),
        ("C++ Club", "c++"),
    ] {
        for typed in typed.split('|') {
            assert!(Wanted::typed(typed).is_among([name]), "{typed:?} finds {name:?}");
        }
    }
}

#[test]
fn other_names_are_not_found() {
    for (name, typed) in
        [("Elodie", "elodia"), ("Łukasz", "lucasz"), ("Ann", "%"), ("Ann", "_"), ("Ann", "-")]
    {
        assert!(!Wanted::typed(typed).is_among([name]), "{typed:?} finds {name:?}");
    }
    for nothing in ["", " ", "\u{a0}\u{200b}"] {
        assert!(Wanted::typed(nothing).is_everything(), "{nothing:?}");
    }
}

#[test]
fn a_telephone_number_is_found_however_it_is_written() {
    for (kept, typed) in [
        (
            "07700 900117",
            "07700900117|07700 900 117|+44 7700 900117|+447700900117|0044 7700 900117|'07700900117|+44 (0)7700 900117|(07700) 900-117|900117|07700|tel:+447700900117|٠\u{200e}07700 900117",
        ),
        ("+44 (0)20 7946 0142", "020 7946 0142|02079460142|+442079460142|7946 0142"),
        ("+1 212-555-0100", "(212) 555-0100|+12125550100|1-212-555-0100|001 212 555 0100"),
        ("+48 600 100 200", "600100200|+48600100200|0048 600 100 200"),
        ("600 100 200", "+48 600 100 200"),
    ] {
        let key = search_key(["Ann"]) + " " + &phone_key(kept);
        for typed in typed.split('|').filter(|typed| typed.is_ascii()) {
            assert!(Wanted::typed(typed).is_in(&key), "{typed:?} finds {kept:?}");
        }
        assert!(!Wanted::typed("07700 900118").is_in(&key));
    }
}

#[test]
fn names_stand_where_people_look_for_them() {
    let sorted = [
        "ada obi",
        "Ada Obi",
        "Ann Zed",
        "Anna Abel",
        "Čapek",
        "Émile",
        "Élodie",
        "Eric",
        "Łukasz",
        "Luz",
        "Mary Ann",
        "Mary-Anne",
        "O\u{2019}Neill A",
        "O'Neill B",
        "Oneill C",
        "O\u{2bc}Neill D",
        "Ørsted",
        "Paul",
        "Zygmunt",
        "Żak",
        "李伟",
    ];
    let order = |one: &&str| sort_key(one);
    let mut shuffled = sorted.to_vec();
    shuffled.reverse();
    shuffled.sort_by_cached_key(order);
    let at = |name: &str| shuffled.iter().position(|one| *one == name);
    assert!(at("Čapek") < at("Émile") && at("Élodie") < at("Émile") && at("Émile") < at("Eric"));
    assert!(at("Eric") < at("Łukasz") && at("Łukasz") < at("Luz") && at("Luz") < at("Mary Ann"));
    assert!(at("Ann Zed") < at("Anna Abel"));
    assert!(at("Mary Ann") < at("Mary-Anne"));
    let neills = ["O\u{2019}Neill A", "O'Neill B", "Oneill C", "O\u{2bc}Neill D"].map(at);
    assert!(neills.is_sorted(), "{shuffled:?}");
    assert!(at("Ørsted") < at("Paul") && at("Żak") < at("Zygmunt") && at("Zygmunt") < at("李伟"));
    assert_ne!(sort_key("Élodie"), sort_key("E\u{301}lodie"), "one of them is always first");
}

#[test]
fn a_letter_that_few_keyboards_have_is_found_by_the_one_that_stands_for_it() {
    for (letters, plain) in [
        ("æ Æ", "ae"),
        ("œ Œ", "oe"),
        ("þ Þ", "th"),
        ("ß ẞ", "ss"),
        ("ŋ Ŋ ɲ Ɲ ƞ Ƞ", "n"),
        ("ĸ ƙ Ƙ ꝁ Ꝁ", "k"),
        ("ı ɨ Ɨ", "i"),
        ("ƀ Ƀ ɓ Ɓ", "b"),
        ("ƈ Ƈ ȼ Ȼ", "c"),
        ("đ Đ ð Ð ɗ Ɗ ɖ Ɖ", "d"),
        ("ə Ə ǝ Ǝ ɛ Ɛ ɇ Ɇ", "e"),
        ("ƒ Ƒ", "f"),
        ("ǥ Ǥ ɠ Ɠ", "g"),
        ("ħ Ħ ɦ Ɦ", "h"),
        ("ɉ Ɉ", "j"),
        ("ł Ł ƚ Ƚ ɫ Ɫ ⱡ Ⱡ", "l"),
        ("ø Ø ɔ Ɔ ɵ Ɵ", "o"),
        ("ƥ Ƥ ᵽ Ᵽ", "p"),
        ("ɍ Ɍ", "r"),
        ("ʂ Ʂ ȿ Ȿ", "s"),
        ("ŧ Ŧ ƭ Ƭ ʈ Ʈ ⱦ Ⱦ", "t"),
        ("ʉ Ʉ", "u"),
        ("ʋ Ʋ", "v"),
        ("ɏ Ɏ ƴ Ƴ", "y"),
        ("ƶ Ƶ ȥ Ȥ ɀ Ɀ ʒ Ʒ", "z"),
    ] {
        for letter in letters.split(' ') {
            assert_eq!(folded(letter), plain, "{letter}");
        }
    }
}

#[test]
fn a_number_has_one_key_however_it_is_written_and_keeps_what_only_looks_like_a_country() {
    for (written, key) in [
        ("+44 (0)7700 900117", "7700900117"),
        ("07700 900117", "7700900117"),
        ("447700900117", "7700900117"),
        ("+44 1632 9601", "16329601"),
        ("4416 329601", "4416329601"),
        ("1 212 555 0100", "2125550100"),
        ("+1 212 555 01", "21255501"),
        ("1 212 555 01", "121255501"),
        ("0048 600 100 200", "48600100200"),
    ] {
        assert_eq!(phone_key(written), key, "{written}");
    }
}

#[test]
fn what_is_looked_for_are_words_or_the_digits_that_every_way_of_writing_has() {
    for (typed, words) in [
        ("Łukasz  O\u{2019}Neill", &["lukasz", "oneill"][..]),
        ("07700 900117", &["7700900117"]),
        ("+48 612 345 678", &["12345678"]),
        ("?", &["-"]),
        (" ", &[]),
    ] {
        assert_eq!(Wanted::typed(typed).words(), words, "{typed}");
    }
}

#[test]
fn a_dash_stands_where_a_space_would() {
    for dash in ["-", "\u{2010}", "\u{2013}"] {
        let anne = sort_key(&format!("Mary{dash}Anne"));
        assert!(sort_key("Mary Abel") < anne && anne < sort_key("Mary Bell"), "{dash}");
    }
}
