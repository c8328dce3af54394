//! A check-in while it is being written: texts as they were typed, and what is wrong with them. Pure.

use loop_contracts::clinical::NewCheckIn;
use loop_contracts::json::Decimal;
use loop_contracts::time::DateTime;

use crate::language::Phrase;

/// A question of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// One goal a line.
    Goals,
    /// One success a line.
    Wins,
    /// One obstacle a line.
    Blockers,
    /// 1 to 10.
    Mood,
    /// 1 to 10.
    Sleep,
    /// Kilograms; may be left empty.
    Weight,
    /// May be left empty.
    Changes,
}

impl Field {
    /// In the order of the form.
    pub const ALL: [Self; 7] = [
        Self::Goals,
        Self::Wins,
        Self::Blockers,
        Self::Mood,
        Self::Sleep,
        Self::Weight,
        Self::Changes,
    ];

    /// The question of that id.
    pub fn of(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.id() == id)
    }

    /// Its id in the page.
    pub fn id(self) -> &'static str {
        [
            "goals", "wins", "blockers", "mood", "sleep", "weight", "changes",
        ][self as usize]
    }
}

/// What was typed. It is nowhere but in memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    texts: [String; 7],
    /// What was wrong when it was last to be sent: the question, and what to do.
    pub mistakes: Vec<(Field, Phrase)>,
}

impl Draft {
    /// What stands in a field.
    pub fn get(&self, field: Field) -> &str {
        &self.texts[field as usize]
    }

    /// Takes what was typed.
    pub fn set(&mut self, field: Field, text: String) {
        self.texts[field as usize] = text;
    }

    /// What is wrong with a field, when it was last to be sent.
    pub fn mistake(&self, field: Field) -> Option<Phrase> {
        let mistake = self.mistakes.iter().find(|(of, _)| *of == field);
        mistake.map(|(_, words)| *words)
    }

    /// The check-in; `None` when something is wrong, which is then in [`Draft::mistakes`].
    pub fn read(&mut self, day_marker: u32, enrolled_at: DateTime) -> Option<NewCheckIn> {
        self.mistakes.clear();
        let mut wrong = Vec::new();
        let lines = |field| -> Vec<String> {
            let lines = self.get(field).lines().map(str::trim);
            lines
                .filter(|line| !line.is_empty())
                .map(str::to_owned)
                .collect()
        };
        let lists = [
            (Field::Goals, Phrase::CheckInWrongGoals),
            (Field::Wins, Phrase::CheckInWrongWins),
            (Field::Blockers, Phrase::CheckInWrongBlockers),
        ];
        let [goals, wins, blockers] = lists.map(|(field, words)| {
            let list = lines(field);
            if list.is_empty() {
                wrong.push((field, words));
            }
            list
        });
        let marks = [
            (Field::Mood, Phrase::CheckInWrongMood),
            (Field::Sleep, Phrase::CheckInWrongSleep),
        ];
        let [mood, sleep_quality] = marks.map(|(field, words)| {
            let mark = self.get(field).parse::<u8>().unwrap_or_default();
            if !(1..=10).contains(&mark) {
                wrong.push((field, words));
            }
            mark
        });
        let weight = self.get(Field::Weight).trim().replacen(',', ".", 1);
        let weight_kg = Decimal::new(&weight).filter(|weight| weight.value() > 0.0);
        if weight_kg.is_none() && !weight.is_empty() {
            wrong.push((Field::Weight, Phrase::CheckInWrongWeight));
        }
        let changes = self.get(Field::Changes).trim();
        let new = NewCheckIn {
            day_marker,
            enrolled_at,
            goals,
            wins,
            blockers,
            mood,
            sleep_quality,
            protocol_changes: (!changes.is_empty()).then(|| changes.to_owned()),
            weight_kg,
        };
        let is_good = wrong.is_empty();
        self.mistakes = wrong;
        is_good.then_some(new)
    }
}
