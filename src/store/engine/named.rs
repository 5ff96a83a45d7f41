//! Texts that name what they take: written with numbers when they are compiled.

/// A text with names, as one with numbers; a name that is no field does not compile.
macro_rules! numbered {
    ($text:expr, $takes:ident) => {{
        const LENGTH: usize = $crate::store::engine::named::number::<0>($text, $takes::NAMES).1;
        const TEXT: [u8; LENGTH] =
            $crate::store::engine::named::number::<LENGTH>($text, $takes::NAMES).0;
        $crate::store::engine::named::text(&TEXT)
    }};
}

/// What `number` wrote, which is text.
pub const fn text(bytes: &'static [u8]) -> &'static str {
    match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(_) => panic!("a text with names is not UTF-8"),
    }
}

/// Writes a text with its names as numbers, as far as there is room, and how long the whole is.
pub const fn number<const ROOM: usize>(text: &str, names: &[&str]) -> ([u8; ROOM], usize) {
    let bytes = text.as_bytes();
    let mut to = Writer { bytes: [0; ROOM], length: 0 };
    let mut at = 0;
    while at < bytes.len() {
        let name = word(bytes, at);
        if name == 0 {
            to.byte(bytes[at]);
            at += 1;
            continue;
        }
        if same(bytes, at + 1, name, "columns") {
            let mut each = 0;
            while each < names.len() {
                to.comma(each);
                to.text(names[each]);
                each += 1;
            }
        } else if same(bytes, at + 1, name, "values") {
            let mut each = 0;
            while each < names.len() {
                to.comma(each);
                to.parameter(each + 1);
                each += 1;
            }
        } else {
            to.parameter(position(bytes, at + 1, name, names) + 1);
        }
        at += 1 + name;
    }
    (to.bytes, to.length)
}

/// How long the name is that a colon at `at` starts; 0 when none does. `::` is a cast.
const fn word(bytes: &[u8], at: usize) -> usize {
    if bytes[at] != b':' || (at > 0 && bytes[at - 1] == b':') {
        return 0;
    }
    let mut length = 0;
    while at + 1 + length < bytes.len()
        && (bytes[at + 1 + length].is_ascii_lowercase() || bytes[at + 1 + length] == b'_')
    {
        length += 1;
    }
    length
}

const fn same(bytes: &[u8], start: usize, length: usize, name: &str) -> bool {
    let name = name.as_bytes();
    let mut at = 0;
    while at < length && at < name.len() && bytes[start + at] == name[at] {
        at += 1;
    }
    at == length && at == name.len()
}

const fn position(bytes: &[u8], start: usize, length: usize, names: &[&str]) -> usize {
    let mut at = 0;
    while at < names.len() {
        if same(bytes, start, length, names[at]) {
            return at;
        }
        at += 1;
    }
    panic!("the text names something that is no field of what it takes")
}

struct Writer<const ROOM: usize> {
    bytes: [u8; ROOM],
    length: usize,
}

impl<const ROOM: usize> Writer<ROOM> {
    const fn byte(&mut self, byte: u8) {
        if self.length < ROOM {
            self.bytes[self.length] = byte;
        }
        self.length += 1;
    }

    const fn text(&mut self, text: &str) {
        let mut at = 0;
        while at < text.len() {
            self.byte(text.as_bytes()[at]);
            at += 1;
        }
    }

    const fn comma(&mut self, before: usize) {
        if before > 0 {
            self.text(", ");
        }
    }

    const fn parameter(&mut self, number: usize) {
        self.byte(b'$');
        if number >= 10 {
            self.byte(b'0' + (number / 10) as u8);
        }
        self.byte(b'0' + (number % 10) as u8);
    }
}

#[cfg(test)]
mod tests {
    use super::number;

    const NAMES: &[&str] = &["code", "title"];

    fn numbered(text: &str) -> String {
        let (bytes, length) = number::<200>(text, NAMES);
        String::from_utf8(bytes[..length].to_vec()).expect("text")
    }

    #[test]
    fn names_become_numbers_in_the_order_of_the_fields() {
        let text = "update t set title = :title where code = :code and at::text <> ': '";
        let with_numbers = "update t set title = $2 where code = $1 and at::text <> ': '";
        assert_eq!(numbered(text), with_numbers);
    }

    #[test]
    fn a_row_is_written_by_the_names_of_its_fields() {
        let text = "insert into t (:columns, at) values (:values, :code)";
        assert_eq!(numbered(text), "insert into t (code, title, at) values ($1, $2, $1)");
    }

    #[test]
    #[should_panic(expected = "no field")]
    fn a_name_that_is_no_field_is_refused() {
        numbered("select :codes");
    }
}
