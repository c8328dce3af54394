// What the elements say when there is nothing to draw with, or to draw. Everything else is said by the wasm.

const WORDS = {
  en: {
    load: 'This part of the page could not be loaded.',
    crashed: 'This part of the page has stopped. Load the page again to see it.',
    data: 'These results could not be read.',
    attribute: '“{0}” is not a number.',
    unknown: 'There is no result for this biomarker.',
  },
  de: {
    load: 'Dieser Teil der Seite konnte nicht geladen werden.',
    crashed: 'Dieser Teil der Seite hat angehalten. Laden Sie die Seite neu, um ihn zu sehen.',
    data: 'Diese Ergebnisse konnten nicht gelesen werden.',
    attribute: '„{0}“ ist keine Zahl.',
    unknown: 'Zu diesem Biomarker gibt es kein Ergebnis.',
  },
};

/** The sentence for an error, in a language that is known, else in English. `name` is an attribute's. */
export function sentence(code, language, name) {
  return (WORDS[language] ?? WORDS.en)[code].replace('{0}', name);
}
