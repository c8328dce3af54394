//! Which path answers with what: pages with the page, files with themselves, nothing with 404.

use crate::door::Answer;
use crate::facts::{Facts, Spot};
use crate::verdict::{Line, Verdict, places};

pub(super) fn lines(facts: &Facts) -> Vec<Line> {
    vec![
        Line::new("routes.index", index(facts)),
        Line::new(
            "routes.pages",
            page(
                facts,
                &facts.deep,
                "answer it with index.html and 200, as every page of the app that is no file",
            ),
        ),
        Line::new(
            "routes.callback",
            page(
                facts,
                &facts.callback,
                "answer the path that is registered with index.html and 200, whatever its query; a redirect would lose the sign-in",
            ),
        ),
        Line::new("routes.files", files(facts)),
        Line::new("routes.missing", missing(facts)),
        Line::new("routes.types", types(facts)),
    ]
}

fn index(facts: &Facts) -> Verdict {
    match &facts.index.got {
        Err(_) => Verdict::after("tls.certificate"),
        Ok(answer) if answer.is_ok() && answer.is_page() && facts.page.is_app() => {
            Verdict::Pass("the app’s page is there".to_owned())
        }
        Ok(answer) if answer.is_ok() => Verdict::Fail(
            "there is a page, and it is not this app’s: serve the files of the build there, unchanged".to_owned(),
        ),
        Ok(_) => Verdict::Fail(format!(
            "{}: serve index.html there with 200",
            facts.index.told()
        )),
    }
}

/// The page that stands at `/`, also here.
fn page(facts: &Facts, spot: &Spot, remedy: &str) -> Verdict {
    let Some(index) = facts.index.ok().filter(|_| facts.page.is_app()) else {
        return Verdict::after("routes.index");
    };
    match &spot.got {
        Ok(answer) if answer.is_ok() && answer.body == index.body => {
            Verdict::Pass(format!("{} is the app’s page", spot.path))
        }
        Ok(answer) if answer.is_ok() => {
            Verdict::Fail(format!("{} is another page than /: {remedy}", spot.path))
        }
        _ => Verdict::Fail(format!("{}: {remedy}", spot.told())),
    }
}

fn files(facts: &Facts) -> Verdict {
    if !facts.page.is_app() {
        return Verdict::after("routes.index");
    }
    let lost = facts
        .files
        .iter()
        .filter(|(_, spot)| arrived(spot).is_none());
    let lost: Vec<String> = lost
        .map(|(_, spot)| match spot.ok() {
            Some(_) => format!("{}: 200, and a page", spot.path),
            None => spot.told(),
        })
        .collect();
    if lost.is_empty() {
        return Verdict::Pass(format!(
            "all {} files that the page names are there",
            facts.files.len()
        ));
    }
    let lost: Vec<&str> = lost.iter().map(String::as_str).collect();
    Verdict::Fail(format!(
        "{}: upload all files of one build, and index.html last",
        places(&lost)
    ))
}

/// A file that came as a file.
pub(super) fn arrived(spot: &Spot) -> Option<&Answer> {
    spot.ok().filter(|answer| !answer.is_page())
}

fn missing(facts: &Facts) -> Verdict {
    let index = facts.index.ok().map(|answer| &answer.body);
    let mut wrong = Vec::new();
    for spot in &facts.missing {
        match &spot.got {
            Ok(answer) if answer.status == 404 && index != Some(&answer.body) => {}
            Ok(answer) if answer.status == 404 => {
                wrong.push(format!("{}: 404 with the index page", spot.path));
            }
            _ => wrong.push(spot.told()),
        }
    }
    if facts.index.got.is_err() {
        return Verdict::after("tls.certificate");
    }
    if wrong.is_empty() {
        return Verdict::Pass("a missing .wasm, .js or .css is a 404".to_owned());
    }
    let wrong: Vec<&str> = wrong.iter().map(String::as_str).collect();
    Verdict::Fail(format!(
        "nobody has this file, and it answers {}: answer 404 and 404.html for a missing file, or a cache keeps the index page in its place",
        places(&wrong)
    ))
}

fn types(facts: &Facts) -> Verdict {
    let mut wrong = Vec::new();
    let files = facts.files.iter().map(|(_, spot)| spot);
    let all = files.chain([&facts.config]);
    let mut seen = 0;
    for spot in all {
        let Some((answer, kind)) = arrived(spot).zip(facts.table.kind_of(&spot.path)) else {
            continue;
        };
        seen += 1;
        if answer.kind() != kind {
            let given = answer.kind();
            wrong.push(format!(
                "{} is `{}` instead of `{kind}`",
                spot.path,
                super::headers::short(&given)
            ));
        }
    }
    if let Some(answer) = facts
        .index
        .ok()
        .filter(|answer| answer.kind() != "text/html")
    {
        let given = answer.kind();
        wrong.push(format!(
            "{} is `{}` instead of `text/html`",
            facts.index.path,
            super::headers::short(&given)
        ));
    }
    if seen == 0 && wrong.is_empty() {
        return Verdict::after("routes.files");
    }
    let wrong: Vec<&str> = wrong.iter().map(String::as_str).collect();
    let told = if wrong.is_empty() {
        Vec::new()
    } else {
        vec![format!(
            "{}: set the type by the file name’s ending",
            places(&wrong)
        )]
    };
    Verdict::of(told, format!("{seen} files have their type"))
}
