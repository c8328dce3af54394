//! Check-ins: those that were answered, and which comes next.

use loop_contracts::clinical::{CheckIn, NextCheckIn};

use super::{classed, day, element, lines, list, said};
use crate::format;
use crate::language::Phrase;
use crate::markup::{Markup, Text, link};
use crate::views::words::whole;

/// Those that were answered, the newest first.
pub fn check_ins(answered: &[CheckIn]) -> Markup {
    let ranks = answered.iter().map(|check_in| {
        let completed = check_in.completed_at.timestamp();
        let at = completed.or_else(|| check_in.created_at.timestamp());
        at.map_or(i64::MAX, |at| -at.0)
    });
    list(ranks.collect(), &|place| row(&answered[place]))
}

fn row(check_in: &CheckIn) -> Markup {
    let of_ten = |mark: u8| {
        let mark = Phrase::CheckInMark.fill(&[&whole(usize::from(mark))]);
        Some(element("span").text(mark))
    };
    let weight = check_in
        .weight_kg
        .and_then(|weight| format::number(weight, 0))
        .map(|weight| element("span").text(Phrase::CheckInKilograms.fill(&[&weight])));
    let answers = [
        (Phrase::CheckInGoals, lines(&check_in.goals)),
        (Phrase::CheckInWins, lines(&check_in.wins)),
        (Phrase::CheckInBlockers, lines(&check_in.blockers)),
        (Phrase::CheckInMood, of_ten(check_in.mood)),
        (Phrase::CheckInSleep, of_ten(check_in.sleep_quality)),
        (Phrase::CheckInWeight, weight),
        (
            Phrase::CheckInChanges,
            said(
                None,
                check_in.protocol_changes.as_deref().unwrap_or_default(),
            ),
        ),
    ];
    let mut told = classed("dl", "care__answers");
    for (name, answer) in answers {
        if let Some(answer) = answer {
            let pair = element("div").with(element("dt").text(name));
            told = told.with(pair.with(element("dd").with(answer)));
        }
    }
    let when = day(&check_in.completed_at).or_else(|| day(&check_in.created_at));
    classed("li", "care__entry")
        .with(
            classed("h3", "care__name")
                .text(Phrase::CheckInDay.fill(&[&check_in.day_marker.to_string()])),
        )
        .with_all(when.map(|day| classed("span", "care__when").text(day)))
        .with(told)
}

/// Which check-in comes next, with the way to it; `None`: nobody has said yet when the person enrolled.
pub fn next_check_in(next: Option<&NextCheckIn>, href: impl Into<Text>) -> Markup {
    let words = match next {
        None => Phrase::CheckInUncounted.text().to_owned(),
        Some(next) => match next.day_marker {
            None => return super::quiet(Phrase::CheckInNoNext),
            Some(marker) => words_of(marker, next),
        },
    };
    classed("div", "care__next")
        .with(element("p").text(words))
        .with(link("button", href).text(Phrase::CheckInAnswer))
}

/// `Day 90, due 3 Mar 2027`
pub(super) fn words_of(marker: u32, next: &NextCheckIn) -> String {
    let marker = marker.to_string();
    match next.due_at.as_ref().and_then(day) {
        Some(due) => Phrase::CheckInNextDue.fill(&[&marker, &due]),
        None => Phrase::CheckInNext.fill(&[&marker]),
    }
}
