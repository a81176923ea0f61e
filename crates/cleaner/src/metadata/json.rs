//! JSON as pages write it: with raw line breaks, comments around it, commas too many, quotes too few.

use serde_json::{Map, Value};

/// The value in a script; what can be saved of it where it is broken. None where there is none.
pub(super) fn parse(script: &str) -> Option<Value> {
    let script = script.trim();
    match serde_json::from_str(script) {
        Ok(value) => Some(value),
        Err(_) => repair(script),
    }
}

const DEPTH_MAX: usize = 64;

/// Reads on over whatever is wrong. Linear in the script's length.
fn repair(script: &str) -> Option<Value> {
    let cdata = script.find("CDATA[").map_or(0, |at| at + "CDATA[".len());
    let start = cdata + script[cdata..].find(['{', '['])?;
    let mut reader = Reader {
        text: script,
        at: start,
    };
    let mut values = Vec::new();
    // Some pages write several values in one script.
    while let Some(value) = reader.value(0) {
        if matches!(value, Value::Object(_) | Value::Array(_)) {
            values.push(value);
        }
        let Some(next) = script[reader.at..].find(['{', '[']) else {
            break;
        };
        reader.at += next;
    }
    match values.len() {
        0 | 1 => values.pop(),
        _ => Some(Value::Array(values)),
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn skip(&mut self) {
        let rest = self.text[self.at..].trim_start();
        self.at = self.text.len() - rest.len();
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn value(&mut self, depth: usize) -> Option<Value> {
        self.skip();
        if depth > DEPTH_MAX {
            return None;
        }
        match self.peek()? {
            b'{' => Some(Value::Object(self.object(depth))),
            b'[' => Some(Value::Array(self.array(depth))),
            b'"' => Some(Value::String(self.string())),
            b'}' | b']' | b',' | b':' => None,
            _ => Some(self.bare()),
        }
    }

    fn object(&mut self, depth: usize) -> Map<String, Value> {
        let mut object = Map::new();
        self.at += 1;
        loop {
            self.skip();
            match self.peek() {
                None => return object,
                Some(b'}') => {
                    self.at += 1;
                    return object;
                }
                Some(b'"') => {
                    let key = self.string();
                    self.skip();
                    if self.peek() == Some(b':') {
                        self.at += 1;
                    }
                    if let Some(value) = self.value(depth + 1) {
                        object.entry(key).or_insert(value);
                    } else if depth >= DEPTH_MAX {
                        self.at = self.text.len();
                    }
                }
                // A closing bracket of another kind belongs to an outer list.
                Some(b']') => return object,
                Some(_) => self.step(),
            }
        }
    }

    fn array(&mut self, depth: usize) -> Vec<Value> {
        let mut array = Vec::new();
        self.at += 1;
        loop {
            self.skip();
            match self.peek() {
                None => return array,
                Some(b']') => {
                    self.at += 1;
                    return array;
                }
                Some(b'}') => return array,
                Some(b',' | b':') => self.at += 1,
                Some(_) => match self.value(depth + 1) {
                    Some(value) => array.push(value),
                    None => self.at = self.text.len(),
                },
            }
        }
    }

    fn step(&mut self) {
        let length = self.text[self.at..]
            .chars()
            .next()
            .map_or(1, char::len_utf8);
        self.at += length;
    }

    /// A string, closed by the quote after which a value may end.
    fn string(&mut self) -> String {
        let mut result = String::new();
        self.at += 1;
        let mut rest = self.text[self.at..].char_indices();
        while let Some((offset, c)) = rest.next() {
            match c {
                '"' if self.closes(self.at + offset + 1) => {
                    self.at += offset + 1;
                    return result;
                }
                '\\' => match rest.next() {
                    Some((_, 'n' | 'r' | 't')) => result.push(' '),
                    Some((offset, 'u')) => {
                        let from = self.at + offset + 1;
                        let digits = self.text.get(from..from + 4);
                        let code = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
                        if code.is_some() {
                            rest.by_ref().take(4).for_each(drop);
                        }
                        // Halves of a pair are dropped: they are emoji.
                        result.extend(code.and_then(char::from_u32));
                    }
                    Some((_, escaped)) => result.push(escaped),
                    None => break,
                },
                c => result.push(c),
            }
        }
        self.at = self.text.len();
        result
    }

    /// Whether what follows a quote may follow a string: a quote inside a headline is followed by words.
    fn closes(&self, at: usize) -> bool {
        let after = self.text[at..].trim_start();
        match after.as_bytes().first() {
            None | Some(b'}' | b']' | b':') => true,
            Some(b',') => {
                let next = after[1..].trim_start();
                next.is_empty()
                    || next.starts_with(['"', '{', '[', '}', ']', '-'])
                    || next.starts_with(|c: char| c.is_ascii_digit())
                    || ["true", "false", "null"]
                        .iter()
                        .any(|word| next.starts_with(word))
            }
            // A comma forgotten between two members on two lines.
            Some(b'"') => self.text[at..].starts_with(['\n', '\r']),
            Some(_) => false,
        }
    }

    fn bare(&mut self) -> Value {
        let rest = &self.text[self.at..];
        let length = rest
            .find([',', '}', ']', '\n'])
            .unwrap_or(rest.len())
            .max(1);
        let word = rest[..rest.ceil_char_boundary(length)].trim();
        self.at += rest.ceil_char_boundary(length);
        serde_json::from_str(word)
            .unwrap_or_else(|_| Value::String(word.trim_matches('\'').to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn saves_what_is_broken() {
        let wanted = json!({"a": "x y", "b": ["c", 1]});
        for script in [
            r#"{"a": "x y", "b": ["c", 1]}"#,
            "{\"a\": \"x\ty\", \"b\": [\"c\", 1]}"
                .replace('\t', " ")
                .as_str(),
            r#"<!-- {"a": "x y", "b": ["c", 1]} -->"#,
            r#"//<![CDATA[
               {"a": "x y", "b": ["c", 1,],} //]]>"#,
            r#"{"a": "x y", "b": ["c", 1]};"#,
            "{\"a\": \"x y\"\n \"b\": [\"c\", 1]}",
            r#"{"a": "x y", "b": ["c", 1"#,
        ] {
            assert_eq!(parse(script), Some(wanted.clone()), "{script}");
        }
    }

    #[test]
    fn keeps_quotes_that_were_not_escaped() {
        assert_eq!(
            parse(r#"{"a": "He said "no", twice", "b": "it's \u00e9"}"#),
            Some(json!({"a": "He said \"no\", twice", "b": "it's é"}))
        );
    }

    #[test]
    fn takes_line_breaks_in_strings_and_several_values() {
        assert_eq!(
            parse("{\"a\": \"x\ny\"} {\"b\": 1}"),
            Some(json!([{"a": "x\ny"}, {"b": 1}]))
        );
        assert_eq!(parse("var x = 1"), None);
    }

    proptest! {
        #[test]
        fn never_hangs_or_panics(script in "([{}\\[\\],:\"' \n\\\\]|u00e9|é|true|1){0,60}") {
            parse(&script);
        }
    }

    #[test]
    fn deep_nesting_is_no_danger() {
        parse(&"[".repeat(100_000));
        parse(&"{\"a\":".repeat(100_000));
    }
}
