//! What was granted, how a person wants this app in this browser, and the way out.

use loop_contracts::scope::Scope;
use loop_sdk::Account;
use loop_ui::format;
use loop_ui::markup::{Markup, Text, classed, element};
use loop_ui::session::LoopSession;
use loop_ui::views::select::select_field;

use crate::leaving::disconnect;
use crate::preferences::{Theme, choose_theme, theme};

/// What may be chosen for the idle limit, in minutes, where the app's own is longer.
const IDLE_LIMITS: [i64; 3] = [2, 5, 10];
/// Milliseconds.
const MINUTE: i64 = 60_000;

/// The settings of whoever is connected.
pub(crate) fn settings() -> Markup {
    let session = LoopSession::use_context();
    super::focus_heading();
    let heading = |words: &'static str| classed("h2", "settings__title").text(words);
    let leave = setting(
        "Disconnect from Loop",
        "Clears your results from this tab and tells Loop to end this app’s access.",
    )
    .with(disconnect());
    classed("main", "page page--narrow")
        .attr("id", "main")
        .with(
            classed("h1", "page__title")
                .attr("tabindex", "-1")
                .text("Settings"),
        )
        .with(heading("What this app may see"))
        .live(move || session.account().map(|account| scopes(&account)))
        .with(heading("In this browser"))
        .with(
            classed("ul", "settings")
                .with(look(session))
                .with(idle_limit(session)),
        )
        .with(heading("Connection"))
        .with(classed("ul", "settings").with(leave))
}

fn look(session: LoopSession) -> Markup {
    let options = [
        ("".into(), "As this device".into()),
        (Theme::Light.as_str().into(), "Light".into()),
        (Theme::Dark.as_str().into(), "Dark".into()),
    ];
    let now = theme(session.session().env())
        .map_or("", Theme::as_str)
        .to_owned();
    choice("Appearance", "", options.into(), now, move |text| {
        choose_theme(session.session().env(), Theme::from_text(&text));
    })
}

fn idle_limit(session: LoopSession) -> Markup {
    let most = session.session().config().idle_limit / MINUTE;
    let shorter = IDLE_LIMITS.into_iter().filter(|limit| *limit < most);
    let options = shorter
        .chain([most])
        .map(|limit| (limit.to_string().into(), format!("{limit} minutes").into()));
    let now = (session.session().idle_limit() / MINUTE).to_string();
    choice(
        "Sign me out when nobody is there",
        "You are asked a minute before. A shorter time is safer on a shared device.",
        options.collect(),
        now,
        move |text| {
            if let Ok(minutes) = text.parse() {
                session.session().choose_idle_limit(minutes);
            }
        },
    )
}

/// One of a few, by values and texts.
fn choice(
    title: &'static str,
    detail: &'static str,
    options: Vec<(Text, Text)>,
    now: String,
    choose: impl Fn(String) + Send + 'static,
) -> Markup {
    let field = select_field(options, Box::new(move || now.clone()), Box::new(choose));
    setting(title, detail).with(field.attr("aria-label", title))
}

/// Each scope that was asked for, and whether it was granted.
fn scopes(account: &Account) -> Markup {
    let granted = account.granted.iter().map(|scope| (scope, "Allowed"));
    let missing = account.missing.iter().map(|scope| (scope, "Not allowed"));
    let row = |(scope, state): (&Scope, &'static str)| {
        let row = match scope.plain_words() {
            Some(words) => setting(words.title, words.detail),
            None => setting(format::clean(scope.as_str(), 60), ""),
        };
        row.with(classed("span", "setting__state").text(state))
    };
    let all = granted.chain(missing);
    let shown = all.filter(|(scope, _)| **scope != Scope::Openid);
    classed("ul", "settings").with_all(shown.map(row))
}

fn setting(title: impl Into<Text>, detail: &'static str) -> Markup {
    let text = classed("div", "setting__text")
        .with(classed("span", "setting__title").text(title))
        .with(classed("span", "setting__detail").text(detail));
    element("li").attr("class", "setting").with(text)
}
