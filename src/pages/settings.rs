//! What was granted, how a person wants this app in this browser, and the way out.

use loop_contracts::scope::Scope;
use loop_sdk::Account;
use loop_ui::language::{Language, Phrase};
use loop_ui::markup::{Markup, Text, classed, element};
use loop_ui::session::{LoopSession, scope_words};
use loop_ui::views::select::select_field;
use loop_ui::views::units::UnitSystem;
use loop_ui::views::words::whole;

use crate::leaving::disconnect;
use crate::preferences::{self, Theme, choose_language, choose_theme, languages, theme};
use crate::record::Record;
use crate::routes::Page;

/// What may be chosen for the idle limit, in minutes, where the app's own is longer.
const IDLE_LIMITS: [i64; 3] = [2, 5, 10];
/// Milliseconds.
const MINUTE: i64 = 60_000;

/// The settings of whoever is connected.
pub(super) fn settings(_: Page) -> Markup {
    let session = LoopSession::use_context();
    super::focus_heading();
    let heading = |words: Phrase| classed("h2", "settings__title").text(words);
    let leave = setting(
        Phrase::SettingsDisconnect.into(),
        Some(Phrase::SettingsDisconnectWords),
    )
    .with(disconnect());
    classed("main", "page page--narrow")
        .attr("id", "main")
        .with(
            classed("h1", "page__title")
                .attr("tabindex", "-1")
                .text(Phrase::Settings),
        )
        .with(heading(Phrase::SettingsScopes))
        .live(move || session.account().map(|account| scopes(&account)))
        .with(heading(Phrase::SettingsBrowser))
        .with(
            classed("ul", "settings")
                .with_all(language(session))
                .with(units(session))
                .with(look(session))
                .with(idle_limit(session)),
        )
        .with(heading(Phrase::SettingsConnection))
        .with(classed("ul", "settings").with(leave))
}

/// `None` where the app has one language.
fn language(session: LoopSession) -> Option<Markup> {
    let languages = languages();
    let is_a_choice = languages.len() > 1;
    let options = languages
        .into_iter()
        .map(|(tag, name)| (tag.into(), name.into()));
    is_a_choice.then(|| {
        choice(
            Phrase::SettingsLanguage,
            Some(Phrase::SettingsLanguageWords),
            options.collect(),
            Language::current().tag.to_owned(),
            move |tag| choose_language(session.session().env(), &tag),
        )
    })
}

fn units(session: LoopSession) -> Markup {
    let record = Record::use_context();
    let words = [
        Phrase::SettingsUnitsPrinted,
        Phrase::SettingsUnitsConventional,
        Phrase::SettingsUnitsSi,
    ];
    let options = UnitSystem::ALL.into_iter().zip(words);
    choice(
        Phrase::SettingsUnits,
        Some(Phrase::SettingsUnitsWords),
        options
            .map(|(units, words)| (units.as_str().into(), words.into()))
            .collect(),
        preferences::units(session.session().env())
            .as_str()
            .to_owned(),
        move |text| {
            let units = UnitSystem::from_text(&text);
            preferences::choose_units(session.session().env(), units);
            record.results.tell_in(units);
        },
    )
}

fn look(session: LoopSession) -> Markup {
    let options = [
        ("".into(), Phrase::SettingsThemeSystem.into()),
        (
            Theme::Light.as_str().into(),
            Phrase::SettingsThemeLight.into(),
        ),
        (
            Theme::Dark.as_str().into(),
            Phrase::SettingsThemeDark.into(),
        ),
    ];
    let now = theme(session.session().env())
        .map_or("", Theme::as_str)
        .to_owned();
    choice(
        Phrase::SettingsTheme,
        None,
        options.into(),
        now,
        move |text| {
            choose_theme(session.session().env(), Theme::from_text(&text));
        },
    )
}

fn idle_limit(session: LoopSession) -> Markup {
    let most = session.session().config().idle_limit / MINUTE;
    let shorter = IDLE_LIMITS.into_iter().filter(|limit| *limit < most);
    let options = shorter
        .chain([most])
        .map(|limit| (limit.to_string().into(), minutes(limit).into()));
    let now = (session.session().idle_limit() / MINUTE).to_string();
    choice(
        Phrase::SettingsIdle,
        Some(Phrase::SettingsIdleWords),
        options.collect(),
        now,
        move |text| {
            if let Ok(minutes) = text.parse() {
                session.session().choose_idle_limit(minutes);
            }
        },
    )
}

fn minutes(limit: i64) -> String {
    let limit = usize::try_from(limit).unwrap_or_default();
    Phrase::SettingsMinutes.count(limit, &[&whole(limit)])
}

/// One of a few, by values and texts.
fn choice(
    title: Phrase,
    detail: Option<Phrase>,
    options: Vec<(Text, Text)>,
    now: String,
    choose: impl Fn(String) + Send + 'static,
) -> Markup {
    let field = select_field(options, Box::new(move || now.clone()), Box::new(choose));
    setting(title.into(), detail).with(field.attr("aria-label", title))
}

/// Each scope that was asked for, and whether it was granted.
fn scopes(account: &Account) -> Markup {
    let granted = account
        .granted
        .iter()
        .map(|scope| (scope, Phrase::SettingsAllowed));
    let missing = account
        .missing
        .iter()
        .map(|scope| (scope, Phrase::SettingsNotAllowed));
    let row = |(scope, state): (&Scope, Phrase)| {
        let (title, detail) = scope_words(scope);
        setting(title, detail).with(classed("span", "setting__state").text(state))
    };
    let all = granted.chain(missing);
    let shown = all.filter(|(scope, _)| **scope != Scope::Openid);
    classed("ul", "settings").with_all(shown.map(row))
}

fn setting(title: Text, detail: Option<Phrase>) -> Markup {
    let detail = detail.map_or("", Phrase::text);
    let text = classed("div", "setting__text")
        .with(classed("span", "setting__title").text(title))
        .with(classed("span", "setting__detail").text(detail));
    element("li").attr("class", "setting").with(text)
}
