//! XPath, as site rules use it, as CSS selectors.
//!
//! What has no counterpart is an error that names it: text conditions, `ancestor::`, arithmetic.

/// The selectors of an expression, one for each alternative, with `@attribute` at the end where the
/// expression ends in one.
pub(super) fn translate(xpath: &str) -> Result<Vec<String>, String> {
    let mut reader = Reader { rest: xpath.trim() };
    let mut selectors = Vec::new();
    loop {
        selectors.extend(reader.path()?);
        if !reader.take("|") {
            break;
        }
    }
    match reader.rest {
        "" => Ok(selectors),
        rest => Err(format!("“{}”", clipped(rest))),
    }
}

fn clipped(text: &str) -> &str {
    &text[..text.floor_char_boundary(60)]
}

struct Reader<'a> {
    rest: &'a str,
}

/// Alternatives of one path; `or` inside of its conditions multiplies them.
const ALTERNATIVES_MAX: usize = 24;

impl<'a> Reader<'a> {
    fn take(&mut self, token: &str) -> bool {
        self.rest = self.rest.trim_start();
        match self.rest.strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn expect(&mut self, token: &str) -> Result<(), String> {
        if self.take(token) {
            Ok(())
        } else {
            Err(format!(
                "“{}” where “{token}” was expected",
                clipped(self.rest)
            ))
        }
    }

    fn name(&mut self) -> Option<&'a str> {
        self.rest = self.rest.trim_start();
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
        let end = self.rest.find(|c| !is_part(c)).unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at(end);
        let is_axis = rest.starts_with("::");
        if name.is_empty() || is_axis || rest.trim_start().starts_with('(') {
            return None;
        }
        self.rest = rest;
        Some(name)
    }

    fn string(&mut self) -> Result<&'a str, String> {
        self.rest = self.rest.trim_start();
        let quote = self.rest.chars().next().filter(|c| matches!(c, '"' | '\''));
        let quote = quote.ok_or_else(|| format!("“{}”", clipped(self.rest)))?;
        let inner = &self.rest[1..];
        let end = inner.find(quote).ok_or("a quote left open")?;
        self.rest = &inner[end + 1..];
        Ok(&inner[..end])
    }

    /// `//div[@id='a']/p`
    fn path(&mut self) -> Result<Vec<String>, String> {
        self.take("(");
        let mut selectors = vec![String::new()];
        let mut is_first = true;
        loop {
            let combinator = if self.take("//") {
                " "
            } else if self.take("/") {
                if is_first { "" } else { " > " }
            } else if is_first && (self.take("./") || !self.rest.is_empty()) {
                " "
            } else {
                break;
            };
            if self.take("text()") || self.take("node()") {
                break;
            }
            if self.take("@") {
                let attribute = self.name().ok_or("an attribute without a name")?;
                selectors
                    .iter_mut()
                    .for_each(|css| css.push_str(&format!("@{attribute}")));
                return Ok(selectors);
            }
            let (combinator, steps) = self.step(if is_first { "" } else { combinator })?;
            selectors = selectors
                .iter()
                .flat_map(|css| {
                    steps
                        .iter()
                        .map(move |step| format!("{css}{combinator}{step}"))
                })
                .collect();
            if selectors.len() > ALTERNATIVES_MAX {
                return Err("too many alternatives".to_owned());
            }
            is_first = false;
        }
        self.take(")");
        if is_first {
            return Err(format!("“{}”", clipped(self.rest)));
        }
        Ok(selectors)
    }

    /// One element with its conditions: what stands before it in CSS, and its alternatives.
    fn step(&mut self, combinator: &'static str) -> Result<(&'static str, Vec<String>), String> {
        let combinator = if self.take("following-sibling::") {
            " ~ "
        } else if self.take("descendant::") {
            " "
        } else {
            self.take("child::");
            combinator
        };
        let element = if self.take("*") {
            "*"
        } else {
            let what = clipped(self.rest);
            self.name().ok_or_else(|| format!("“{what}”"))?
        };
        let mut steps = vec![element.to_ascii_lowercase()];
        while self.take("[") {
            let conditions = self.condition()?;
            self.expect("]")?;
            steps = product(&steps, &conditions);
        }
        Ok((combinator, steps))
    }

    /// `a or b`: alternatives.
    fn condition(&mut self) -> Result<Vec<String>, String> {
        let mut alternatives = self.conjunction()?;
        while self.take("or ") {
            alternatives.extend(self.conjunction()?);
        }
        Ok(alternatives)
    }

    fn conjunction(&mut self) -> Result<Vec<String>, String> {
        let mut together = self.single()?;
        while self.take("and ") {
            together = product(&together, &self.single()?);
        }
        Ok(together)
    }

    fn single(&mut self) -> Result<Vec<String>, String> {
        self.rest = self.rest.trim_start();
        if let Some(inner) = self.rest.strip_prefix("not(") {
            self.rest = inner;
            let inner = self.condition()?;
            self.expect(")")?;
            return Ok(vec![format!(":not({})", inner.join(", "))]);
        }
        if self.take("(") {
            let inner = self.condition()?;
            self.expect(")")?;
            return Ok(inner);
        }
        if self.take("last()") {
            return Ok(vec![":last-of-type".to_owned()]);
        }
        if self.take("position()") {
            self.expect("=")?;
        }
        let digits = self.rest.bytes().take_while(u8::is_ascii_digit).count();
        if digits > 0 {
            let (number, rest) = self.rest.split_at(digits);
            self.rest = rest;
            return Ok(vec![format!(":nth-of-type({number})")]);
        }
        for (function, operator) in [
            ("contains(", "*="),
            ("starts-with(", "^="),
            ("ends-with(", "$="),
        ] {
            if self.take(function) {
                return self.test(operator).map(|css| vec![css]);
            }
        }
        if self.take("@") {
            let name = self.name().ok_or("an attribute without a name")?;
            if self.take("!=") {
                return Ok(vec![format!(
                    "[{name}]:not({})",
                    attribute(name, "=", self.string()?)
                )]);
            }
            if self.take("=") {
                return Ok(vec![attribute(name, "=", self.string()?)]);
            }
            return Ok(vec![format!("[{name}]")]);
        }
        // An element inside: `div[h2]`, `div[.//h2[@class='x']]`.
        let relation = if self.take(".//") || self.take("descendant::") {
            ""
        } else if self.take("./") || self.rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            "> "
        } else {
            return Err(format!("“{}”", clipped(self.rest)));
        };
        let mut inner = vec![String::new()];
        let mut combinator = relation;
        loop {
            let (_, steps) = self.step("")?;
            inner = inner
                .iter()
                .flat_map(|css| {
                    steps
                        .iter()
                        .map(move |step| format!("{css}{combinator}{step}"))
                })
                .collect();
            combinator = if self.take("//") {
                " "
            } else if self.take("/") {
                " > "
            } else {
                break;
            };
        }
        Ok(vec![format!(":has({})", inner.join(", "))])
    }

    /// The rest of `contains(@class, 'x')`, with the usual disguises of a whole class.
    fn test(&mut self, operator: &str) -> Result<String, String> {
        let is_word = self.take("concat(");
        if is_word {
            self.string()?;
            self.expect(",")?;
        }
        let is_normal = self.take("normalize-space(");
        let is_lowered = !is_normal && self.take("translate(");
        let what = clipped(self.rest);
        if !self.take("@") {
            return Err(format!("a condition on text: “{what}”"));
        }
        let name = self.name().ok_or("an attribute without a name")?;
        if is_lowered {
            self.expect(",")?;
            self.string()?;
            self.expect(",")?;
            self.string()?;
        }
        if is_normal || is_lowered {
            self.expect(")")?;
        }
        if is_word {
            self.expect(",")?;
            self.string()?;
            self.expect(")")?;
        }
        self.expect(",")?;
        let value = self.string()?;
        self.expect(")")?;
        let word = value.trim();
        let is_whole = operator == "*=" && is_word && !word.contains(' ') && !word.is_empty();
        Ok(if is_whole {
            attribute(name, "~=", word)
        } else {
            attribute(name, operator, value)
        })
    }
}

fn attribute(name: &str, operator: &str, value: &str) -> String {
    let value = value.replace('\\', "\\\\").replace('"', "\\\"");
    format!("[{name}{operator}\"{value}\"]")
}

fn product(left: &[String], right: &[String]) -> Vec<String> {
    left.iter()
        .flat_map(|first| right.iter().map(move |second| format!("{first}{second}")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::translate;

    #[test]
    fn what_rules_use_is_translated() {
        for (xpath, css) in [
            ("//div[@id='story']", "div[id=\"story\"]"),
            ("//article//p", "article p"),
            (
                "/html/body/div[2]/p",
                "html > body > div:nth-of-type(2) > p",
            ),
            ("//h1 | //h2", "h1, h2"),
            ("//div[contains(@class, \"lead\")]", "div[class*=\"lead\"]"),
            (
                "//div[contains(concat(' ', normalize-space(@class), ' '), ' lead ')]/p",
                "div[class~=\"lead\"] > p",
            ),
            ("//a[starts-with(@href, '/tag/')]", "a[href^=\"/tag/\"]"),
            (
                "//*[@itemprop='articleBody' and not(@hidden)]",
                "*[itemprop=\"articleBody\"]:not([hidden])",
            ),
            (
                "//div[@class='a' or @class='b']",
                "div[class=\"a\"], div[class=\"b\"]",
            ),
            (
                "//meta[@name='date']/@content",
                "meta[name=\"date\"]@content",
            ),
            ("//span[@class='by']/text()", "span[class=\"by\"]"),
            ("//ul[li/a]", "ul:has(> li > a)"),
            ("//div[.//h2[@class='x']]", "div:has(h2[class=\"x\"])"),
            ("//h2/following-sibling::ul", "h2 ~ ul"),
            ("(//div[@class='text'])", "div[class=\"text\"]"),
            ("//p[last()]", "p:last-of-type"),
            ("//div[@data-x!='y']", "div[data-x]:not([data-x=\"y\"])"),
        ] {
            let got = translate(xpath).map(|all| all.join(", "));
            assert_eq!(got.as_deref(), Ok(css), "{xpath}");
        }
    }

    #[test]
    fn what_cannot_be_translated_is_named() {
        for (xpath, named) in [
            (
                "//p[contains(text(), 'Read more')]",
                "a condition on text: “text(), 'Read more')]”",
            ),
            ("//p/ancestor::div", "“ancestor::div”"),
            ("//p[", "“”"),
            ("substring-after(//p, ':')", "“substring-after(//p, ':')”"),
            ("", "“”"),
            ("//div[@id='a", "a quote left open"),
        ] {
            assert_eq!(translate(xpath), Err(named.to_owned()), "{xpath}");
        }
    }
}
