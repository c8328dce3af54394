// What an element was given, as the results that the wasm reads: attributes, a property, or a table inside the element.

/** Something that an element cannot draw: a code, and the attribute that it is about. */
export class InputError extends Error {
  constructor(code, name = '') {
    super(code);
    this.code = code;
    this.attribute = name;
  }
}

const PLAIN = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const NONE = /^[+-]?(nan|infinity)$/i;

/** A number as people write it: `5.1`, or `5,1` where the comma can only be a decimal one. */
const plain = (words) => (/^[+-]?\d+,\d{1,2}$/.test(words) ? words.replace(',', '.') : words);

/** A number, `null` where there is none; what is no number is an error. */
function bound(element, name) {
  const words = plain((element.getAttribute(name) ?? '').trim());
  if (!words) return null;
  if (!PLAIN.test(words) || !Number.isFinite(Number(words))) throw new InputError('attribute', name);
  return Number(words);
}

/** A number, or the text that a lab printed in its place, such as `<0.3`. */
function value(element) {
  const words = plain((element.getAttribute('value') ?? '').trim());
  if (NONE.test(words) || (PLAIN.test(words) && !Number.isFinite(Number(words)))) throw new InputError('attribute', 'value');
  return PLAIN.test(words) ? Number(words) : words || null;
}

/** Where a value lies on the range that came with it, where nobody said so. Never `critical`: that is a judgement. */
function status({ value, reference_low: low, reference_high: high }) {
  const isNumber = (one) => typeof one === 'number' && Number.isFinite(one);
  if (!isNumber(value) || !(isNumber(low) || isNumber(high)) || low > (high ?? low)) return '';
  if (isNumber(low) && value < low) return 'low';
  return isNumber(high) && value > high ? 'high' : 'normal';
}

/** One result in the platform's form, of an entry that may leave out what one biomarker needs only once. */
function completed(entry, place, label) {
  if (typeof entry !== 'object' || entry === null) return entry;
  const least = { id: String(place), patient_id: '', biomarker_code: label, biomarker_name: label, value: null, reference_low: null, reference_high: null, collected_at: '' };
  const whole = { ...least, ...entry };
  return { ...whole, status: whole.status ?? status(whole) };
}

/** The list in what was given: a list, or the platform's answer, which has one. */
export function listed(given) {
  const list = Array.isArray(given) ? given : given?.results;
  if (!Array.isArray(list)) throw new InputError('data');
  return list;
}

/** The result that the attributes of a number line say; `null` where none says a value. */
function ofAttributes(element) {
  if (!element.hasAttribute('value')) return null;
  return {
    value: value(element),
    reference_low: bound(element, 'low'),
    reference_high: bound(element, 'high'),
    unit: element.getAttribute('unit') ?? '',
    collected_at: element.getAttribute('collected-at') ?? '',
    status: element.getAttribute('status') ?? undefined,
  };
}

/** Columns by what their heads say; `data-loop` on a head says it in any language. */
const COLUMNS = {
  value: /^(value|result|wert|ergebnis)\b/i,
  unit: /^(unit|einheit)/i,
  low: /^(low|from|min|von)/i,
  high: /^(high|to|max|bis)/i,
  range: /^(reference|range|normal|referenz|bereich)/i,
  date: /^(date|day|taken|collected|datum|tag)/i,
  status: /^(status|flag)/i,
};

/** A number in a table; `null` for what is none. */
const written = (words) => (PLAIN.test(plain(words)) ? Number(plain(words)) : null);

/** The ends that a range in one cell has: `60–100`, `< 100`, `≥ 40`. */
function ends(words) {
  const between = words.match(/^([\d.,]+)\s*(?:-|–|—|to|bis)\s*([\d.,]+)/i);
  if (between) return [written(between[1]), written(between[2])];
  const [, sign = '', end = ''] = words.match(/^(<|≤|up to|below|bis|unter|>|≥|above|from|über|ab)\s*=?\s*([\d.,]+)/i) ?? [];
  return /^(<|≤|up to|below|bis|unter)/i.test(sign) ? [null, written(end)] : [sign ? written(end) : null, null];
}

/** The results in a table, a row each. Its heads are in a `<thead>`, or a first row of nothing else. */
function ofTable(table) {
  const isHead = (row) => row && [...row.cells].every((cell) => cell.localName === 'th');
  const first = table.tHead?.rows[0] ?? (isHead(table.rows[0]) ? table.rows[0] : undefined);
  const heads = [...(first?.cells ?? [])];
  const places = {};
  heads.forEach((head, place) => {
    const said = head.dataset.loop ?? Object.keys(COLUMNS).find((name) => COLUMNS[name].test(head.textContent.trim()));
    if (said && !(said in places)) places[said] = place;
  });
  if (places.value === undefined) throw new InputError('table');
  const rows = [...table.tBodies].flatMap((body) => [...body.rows]).filter((row) => row !== first);
  return rows.map((row) => {
    const cell = (name) => row.cells[places[name]];
    const words = (name) => {
      const one = cell(name);
      return (one?.querySelector('data')?.value || one?.querySelector('time')?.dateTime || one?.textContent || '').trim();
    };
    const [from, to] = ends(words('range'));
    const result = {
      value: written(words('value')) ?? words('value'),
      unit: words('unit'),
      reference_low: written(words('low')) ?? from,
      reference_high: written(words('high')) ?? to,
      collected_at: words('date'),
    };
    const said = words('status').toLowerCase();
    return said ? { ...result, status: said } : result;
  });
}

/** What one biomarker's element draws: the property, else the attributes, else the table; `null` when there is none of them. */
export function ofOne(element, given) {
  const table = element.querySelector('table');
  const label = element.getAttribute('label') ?? table?.caption?.textContent.trim() ?? '';
  const single = given === undefined ? ofAttributes(element) : null;
  const list = given !== undefined ? listed(given) : single ? [single] : table ? ofTable(table) : null;
  const unit = element.getAttribute('unit');
  return list && list.map((entry, place) => completed(unit && entry?.unit === '' ? { ...entry, unit } : entry, place, label));
}
