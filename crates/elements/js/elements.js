// The elements that draw results, and how a page defines elements.
import { LoopElement, reflect } from './element.js';
import { listed, ofOne } from './input.js';
import { settings } from './runtime.js';

/** A value on its range. */
export class LoopNumberLine extends LoopElement {
  static kind = 'number-line';
  static flags = ['bare'];
  static observedAttributes = ['value', 'low', 'high', 'unit', 'label', 'status', 'collected-at', 'bare', 'code'];

  read() {
    const results = ofOne(this, this.results);
    return results && { results, bare: this.hasAttribute('bare'), code: this.getAttribute('code') ?? '' };
  }
}

/** Measurements of one biomarker over time. */
export class LoopTrend extends LoopElement {
  static kind = 'trend';
  static observedAttributes = ['label', 'unit', 'code'];

  read() {
    const results = ofOne(this, this.results);
    return results && { results, code: this.getAttribute('code') ?? '' };
  }
}

/** All results of a person. */
export class LoopBiomarkers extends LoopElement {
  static kind = 'biomarkers';
  static withCatalogue = true;
  static observedAttributes = [];

  read() {
    return this.results === undefined ? null : { results: listed(this.results), now: this.since };
  }
}

/** One biomarker. */
export class LoopBiomarker extends LoopElement {
  static kind = 'biomarker';
  static flags = ['back'];
  static withCatalogue = true;
  static observedAttributes = ['code', 'back'];

  read() {
    return this.results === undefined ? null : { results: listed(this.results), code: this.getAttribute('code') ?? '' };
  }
}

/** Those that need no session. */
export const VIEWS = [LoopNumberLine, LoopTrend, LoopBiomarkers, LoopBiomarker];

/**
 * What defines these elements under a prefix of the page's choice. Whatever is defined already stays, so that a second copy of this
 * script does no harm. `wasm` is an address, an answer, bytes or a module in place of the file beside this one, or a function that
 * gives one; `catalogue` is the address of another catalogue, or `false` for none.
 */
export function definer(elements) {
  for (const type of elements) {
    const own = Object.getOwnPropertyNames(type.prototype);
    reflect(
      type,
      [...type.observedAttributes, 'theme'].filter((name) => !own.includes(name)),
    );
  }
  return function define({ prefix = 'loop', wasm, catalogue } = {}) {
    if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(prefix)) throw new TypeError('A prefix is of small letters and digits, such as `acme`.');
    if (wasm !== undefined) settings.wasm = wasm;
    if (catalogue !== undefined) settings.catalogue = catalogue;
    const registry = globalThis.customElements;
    if (!registry) return;
    for (const type of elements) {
      const name = `${prefix}-${type.kind}`;
      // A class stands for one name.
      if (!registry.get(name)) registry.define(name, class extends type {});
    }
  };
}
