// What all elements have in common: a shadow root, properties that may come early, one drawing a turn, states, events, and the end.
import { BUILT, glue } from './built.js';
import { InputError } from './input.js';
import { byNumber, hasBroken, offBreak, onBreak, runtime, spoken, whyNotLoaded } from './runtime.js';
import { sentence } from './words.js';

/** Where there are no elements, as on a server, the classes are still there to be imported. */
const Base = globalThis.HTMLElement ?? class {};

/** One sheet for all. */
let sheet;
function styled(root) {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(BUILT.css);
  }
  root.adoptedStyleSheets = [sheet];
}

/** What a framework gives, as the text of an attribute; `null` for what takes it away. */
function attributeText(value) {
  if (value === null || value === undefined || value === false) return null;
  if (value === true) return '';
  try {
    return String(value);
  } catch {
    return '';
  }
}

/** A property for each attribute, so that frameworks may set either. */
export function reflect(type, names) {
  for (const name of names) {
    const property = name.replace(/-([a-z])/g, (_, letter) => letter.toUpperCase());
    Object.defineProperty(type.prototype, property, {
      configurable: true,
      enumerable: true,
      get() {
        return type.flags.includes(name) ? this.hasAttribute(name) : this.getAttribute(name);
      },
      set(value) {
        const text = attributeText(value);
        if (text === null) this.removeAttribute(name);
        else this.setAttribute(name, text);
      },
    });
  }
}

/** What a session adds: `ofSession` gives what an element draws when nobody gave it anything, `follow` says when that changes. */
export const hooks = { ofSession: () => null, follow: () => () => undefined };

/** Dispatches an event. For the elements alone. */
export const TELL = Symbol('tell');

export class LoopElement extends Base {
  /** The name without its prefix; what the wasm calls it. */
  static kind = '';
  /** Attributes that are there or not. */
  static flags = [];
  /** Whether names of biomarkers are looked up in the catalogue. */
  static withCatalogue = false;
  /** Whether what the page wrote inside stays beside what is drawn. */
  static keepsContent = false;

  #view;
  #error;
  #slot;
  #results;
  #since = Date.now();
  #text;
  #drawing = 0;
  #turn = 0;
  #isPending = false;
  #isReady = false;
  #said = '';
  #watch;
  #unfollow;
  #broken = () => this.#fail('crashed');

  constructor() {
    super();
    const root = this.attachShadow({ mode: 'open' });
    styled(root);
    const part = (tag, name) => {
      const element = document.createElement(tag);
      element.setAttribute('part', name);
      element.hidden = true;
      root.append(element);
      return element;
    };
    this.#view = part('div', 'view');
    this.#error = part('div', 'error');
    this.#error.className = 'element-error';
    this.#error.setAttribute('role', 'alert');
    this.#slot = document.createElement('slot');
    root.append(this.#slot);
    // Nobody follows a link of a view: the page is told.
    for (const name of ['click', 'auxclick']) this.#view.addEventListener(name, (event) => this.#follow(event));
  }

  /** The results: the platform's answer, or the list in it. `undefined` or `null` takes them back. */
  get results() {
    return this.#results;
  }

  set results(results) {
    this.#results = results ?? undefined;
    this.#since = Date.now();
    this.#later();
  }

  /** When the results were set, which is now for those who read them. */
  get since() {
    return this.#since;
  }

  connectedCallback() {
    // What was set before the class was known hides the accessors.
    for (const name of ['results', ...Object.keys(this).filter((name) => name in Object.getPrototypeOf(this))]) {
      if (!Object.hasOwn(this, name)) continue;
      const value = this[name];
      delete this[name];
      this[name] = value;
    }
    this.#watch ??= new MutationObserver(() => this.#later());
    this.#watch.observe(this, { childList: true, subtree: true, characterData: true });
    onBreak(this.#broken);
    this.#unfollow ??= hooks.follow(() => this.#later());
    this.#later();
  }

  disconnectedCallback() {
    // A node that is moved is somewhere else in the same turn, and keeps what it shows.
    queueMicrotask(() => {
      if (!this.isConnected) this.#free();
    });
  }

  connectedMoveCallback() {}

  attributeChangedCallback() {
    this.#later();
  }

  /** What to draw, as an object; `null` when there is nothing yet. */
  read() {
    return null;
  }

  #later() {
    if (this.#isPending || !this.isConnected) return;
    this.#isPending = true;
    queueMicrotask(() => {
      this.#isPending = false;
      if (this.isConnected) this.#draw();
    });
  }

  /** The text of what to draw, and whether it is of the session; `null` where there is nothing, or an error is shown. */
  #input() {
    try {
      const input = this.read() ?? hooks.ofSession(this);
      if (input !== null) return [JSON.stringify(input), Boolean(input.of_session)];
      this.#show(null);
    } catch (error) {
      // Also what a getter or `toJSON` of the page's own data throws.
      if (error instanceof InputError) this.#fail(error.code, error.attribute);
      else this.#fail('data');
    }
    return null;
  }

  async #draw() {
    const turn = ++this.#turn;
    const input = this.#input();
    if (input === null) return;
    const [text, isOfSession] = input;
    const { kind, withCatalogue } = this.constructor;
    // What a session has loaded waits for the catalogue by itself; its buttons do not.
    const wasm = await runtime(this, withCatalogue && !isOfSession);
    if (isOfSession) runtime(this, true);
    // Somebody else draws by now, or nobody has to.
    if (turn !== this.#turn || !this.isConnected) return;
    if (!wasm) return this.#fail(hasBroken() ? 'crashed' : 'load');
    // Nothing new: what the person chose in it stays.
    if (text === this.#text) return;
    this.#drawing ||= wasm.drawNew(kind, this.#view) ?? 0;
    if (isOfSession) byNumber.set(this.#drawing, (name, detail) => this[TELL](name, detail));
    const drawn = wasm.drawAgain(this.#drawing, text);
    if (hasBroken()) return;
    if (drawn !== 1) return this.#fail(drawn === 3 ? 'unknown' : 'data');
    this.#text = text;
    this.#show(this.#view);
    if (this.#isReady) return;
    this.#isReady = true;
    this[TELL]('loop-ready', {});
  }

  /** Shows the view, the error above what the page wrote inside, or that alone. */
  #show(shown) {
    this.#view.hidden = shown !== this.#view;
    this.#error.hidden = shown !== this.#error;
    this.#slot.hidden = shown === this.#view && !this.constructor.keepsContent;
    if (shown !== this.#error) this.#said = '';
    if (shown === this.#view || this.#text === undefined) return;
    // What is not shown is not there either.
    this.#text = undefined;
    glue.drawAgain(this.#drawing, '');
  }

  #fail(code, more = '') {
    const message = sentence(code, spoken(), more);
    this.#error.textContent = message;
    const isNews = this.#said !== message;
    this.#show(this.#error);
    this.#said = message;
    const detail = { code, message, ...(code === 'attribute' && { attribute: more }), ...(code === 'load' && { reason: whyNotLoaded() }) };
    if (isNews) this[TELL]('loop-error', detail);
  }

  #follow(event) {
    // Of the view: a link of the page around the element is the page's.
    const link = event.target.closest?.('a');
    if (!link) return;
    event.preventDefault();
    if (event.type !== 'click') return;
    if (link.classList.contains('back')) this[TELL]('loop-back', {});
    else this[TELL]('loop-select', { code: link.getAttribute('href').slice(1) });
  }

  [TELL](name, detail) {
    this.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true, detail }));
  }

  #free() {
    this.#turn += 1;
    this.#watch?.disconnect();
    offBreak(this.#broken);
    this.#unfollow?.();
    this.#unfollow = undefined;
    byNumber.delete(this.#drawing);
    if (this.#drawing) glue.drawNoMore(this.#drawing);
    this.#drawing = 0;
    this.#text = undefined;
    this.#isReady = false;
    this.#show(null);
  }
}
