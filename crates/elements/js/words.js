// What the elements say when there is nothing to draw with, or to draw. Everything else is said by the wasm.

const WORDS = {
  en: {
    load: 'This part of the page could not be loaded.',
    crashed: 'This part of the page has stopped. Load the page again to see it.',
    data: 'These results could not be read.',
    attribute: '“{0}” is not a number.',
    table: 'No column of this table was found to hold the values: data-loop="value" on its head says it.',
    unknown: 'There is no result for this biomarker.',
    no_provider: 'This page has no <loop-provider>: put one around this part of it.',
    config_missing: 'The configuration of this page could not be loaded.',
    config_wrong: 'The configuration of this page is wrong. {0}',
    config_differs: 'This page has two configurations that differ: give each <loop-provider> the same.',
    unsupported_browser: 'This browser cannot do this safely.',
  },
  de: {
    load: 'Dieser Teil der Seite konnte nicht geladen werden.',
    crashed: 'Dieser Teil der Seite hat angehalten. Laden Sie die Seite neu, um ihn zu sehen.',
    data: 'Diese Ergebnisse konnten nicht gelesen werden.',
    attribute: '„{0}“ ist keine Zahl.',
    table: 'Keine Spalte dieser Tabelle wurde als die der Werte erkannt: data-loop="value" an ihrem Kopf sagt es.',
    unknown: 'Zu diesem Biomarker gibt es kein Ergebnis.',
    no_provider: 'Diese Seite hat kein <loop-provider>: Es gehört um diesen Teil der Seite.',
    config_missing: 'Die Konfiguration dieser Seite konnte nicht geladen werden.',
    config_wrong: 'Die Konfiguration dieser Seite ist falsch. {0}',
    config_differs: 'Diese Seite hat zwei verschiedene Konfigurationen: Jedes <loop-provider> braucht dieselbe.',
    unsupported_browser: 'Dieser Browser kann das nicht sicher.',
  },
};

/** The sentence for an error, in a language that is known, else in English. `name` is an attribute's. */
export function sentence(code, language, name) {
  const words = WORDS[language] ?? WORDS.en;
  return (words[code] ?? words.load).replace('{0}', () => name);
}
