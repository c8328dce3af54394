//! What a person chose to see: which results, of which body system, in which order, and what they search for.

use crate::language::Phrase;
use crate::views::series::Results;

/// The longest search, in characters.
pub const SEARCH_MAX: usize = 80;

/// Which results are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Filter {
    /// All.
    #[default]
    All,
    /// Low, high and critical.
    OutOfRange,
    /// The platform says normal.
    InRange,
    /// The platform uses a word this version does not know, or none.
    Other,
    /// What is new in the newest draw: see [`Draw`](crate::views::draw::Draw).
    Changed,
}

/// In which order, and under which headings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// Out of range first, then by body system.
    #[default]
    OutsideFirst,
    /// By body system, each with what is out of range on top.
    System,
    /// One list, by name.
    Name,
    /// One list, newest first.
    Newest,
    /// One list, by how much the latest value differs from the one before, in percent.
    Change,
}

impl Filter {
    /// Each with its word in the text form.
    const WORDS: [(Self, &'static str); 5] = [
        (Self::All, "all"),
        (Self::OutOfRange, "outside"),
        (Self::InRange, "inside"),
        (Self::Other, "other"),
        (Self::Changed, "changed"),
    ];
}

impl Order {
    /// Each with its word in the text form, and its name.
    pub(super) const WORDS: [(Self, &'static str, Phrase); 5] = [
        (Self::OutsideFirst, "outside", Phrase::OrderOutside),
        (Self::System, "system", Phrase::BodySystem),
        (Self::Name, "name", Phrase::OrderName),
        (Self::Newest, "newest", Phrase::OrderNewest),
        (Self::Change, "change", Phrase::OrderChange),
    ];

    pub(super) fn word(self) -> &'static str {
        let found = Self::WORDS.iter().find(|(order, ..)| *order == self);
        found.map_or("", |(_, word, _)| word)
    }

    pub(super) fn name(self) -> &'static str {
        let found = Self::WORDS.iter().find(|(order, ..)| *order == self);
        found.map_or("", |(.., name)| name.text())
    }

    /// The order of a word; the usual one for a word that is none.
    pub(super) fn read(word: &str) -> Self {
        let found = Self::WORDS.iter().find(|(_, known, _)| *known == word);
        found.map_or(Self::default(), |(order, ..)| *order)
    }
}

/// What a person chose. It belongs in memory and in the tab's session store, and never in a URL: what somebody looks for in
/// their results is about their health.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// Which results.
    pub filter: Filter,
    /// Of which body system, by its id; empty for all. One that no result has counts as all.
    pub system: String,
    /// In which order.
    pub order: Order,
    /// What is searched for, as it was typed.
    pub search: String,
}

impl Choice {
    /// Whether it may leave something out.
    pub fn is_narrow(&self) -> bool {
        self.filter != Filter::All || !self.system.is_empty() || !self.search.trim().is_empty()
    }

    /// Whether only letters at the end of the search distinguish it from an earlier choice. Of Latin letters alone: the small
    /// form of a Greek sigma depends on what follows.
    pub(super) fn is_narrower(&self, before: &Self) -> bool {
        self.search.is_ascii()
            && self.search.starts_with(&before.search)
            && (self.filter, &self.system, self.order)
                == (before.filter, &before.system, before.order)
    }

    /// The body system, where results have one of that id.
    pub(super) fn system_in(&self, results: &Results) -> Option<&'static str> {
        if self.system.is_empty() {
            return None;
        }
        let mut systems = results.systems().map(|(id, _)| id);
        systems.find(|id| *id == self.system)
    }

    /// Everything, in the order that was chosen.
    pub fn widen(&mut self) {
        *self = Self {
            order: self.order,
            ..Self::default()
        };
    }

    /// As text, to be read by [`Choice::from_text`]; `None` when nothing was chosen.
    pub fn to_text(&self) -> Option<String> {
        let filter = Filter::WORDS
            .iter()
            .find(|(filter, _)| *filter == self.filter)?
            .1;
        (*self != Self::default())
            .then(|| [filter, &self.system, self.order.word(), &self.search].join("\n"))
    }

    /// Reads [`Choice::to_text`]. The text is untrusted: each part that makes no sense counts as not chosen.
    pub fn from_text(text: &str) -> Self {
        let mut parts = text.splitn(4, '\n');
        let mut next = || parts.next().unwrap_or_default();
        let filter = next();
        let found = Filter::WORDS.iter().find(|(_, word)| *word == filter);
        Self {
            filter: found.map_or(Filter::All, |(filter, _)| *filter),
            system: next().chars().take(SEARCH_MAX).collect(),
            order: Order::read(next()),
            search: next().chars().take(SEARCH_MAX).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_choice_comes_back_from_its_text() {
        for (filter, _) in Filter::WORDS {
            for (order, ..) in Order::WORDS {
                for (system, search) in [("", ""), ("thyroid", "free t4"), ("", "line\nbreak")] {
                    let choice = Choice {
                        filter,
                        system: system.to_owned(),
                        order,
                        search: search.to_owned(),
                    };
                    let text = choice.to_text();
                    assert_eq!(text.is_none(), choice == Choice::default());
                    assert_eq!(Choice::from_text(&text.unwrap_or_default()), choice);
                }
            }
        }
    }

    #[test]
    fn what_makes_no_sense_is_not_chosen() {
        for text in ["", "\n", "\n\n\n", "x\n\ny\n", "ALL\n\nNAME\n", "\u{202e}"] {
            assert_eq!(Choice::from_text(text), Choice::default(), "{text:?}");
        }
        let long = format!("all\n{0}\nname\n{0}", "ä".repeat(100_000));
        let choice = Choice::from_text(&long);
        assert_eq!(choice.order, Order::Name);
        assert_eq!(choice.search.chars().count(), SEARCH_MAX);
        assert_eq!(choice.system.chars().count(), SEARCH_MAX);
    }

    proptest! {
        #[test]
        fn any_text_is_read_and_stays_as_it_was_read(text in "\\PC*(\n\\PC*){0,5}") {
            let choice = Choice::from_text(&text);
            let again = choice.to_text().map(|text| Choice::from_text(&text));
            prop_assert_eq!(again.unwrap_or_default(), choice);
        }
    }

    #[test]
    fn widening_keeps_the_order() {
        let mut choice = Choice::from_text("changed\nthyroid\nname\ntsh");
        assert!(choice.is_narrow());
        choice.widen();
        assert!(!choice.is_narrow());
        assert_eq!(choice.order, Order::Name);
        assert!(!Choice::from_text("all\n\nname\n  ").is_narrow());
    }
}
