// Medians, their spread, and ratios of ours to a peer.
import { OURS } from './apps.mjs';

const quantileOf = (sorted, share) => {
  const place = (sorted.length - 1) * share;
  const below = Math.floor(place);
  const next = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (sorted[next] - sorted[below]) * (place - below);
};

const rounded = (number, digits) => Number(number.toFixed(digits));

/** The value below which that share of them lies, between neighbours where it lies between. */
export const quantile = (values, share) => quantileOf(values.toSorted((a, b) => a - b), share);

/** `{median, q1, q3, runs}`: the middle, and between which values the middle half lies. */
export function spread(values, digits = 1) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share) => rounded(quantileOf(sorted, share), digits);
  return { median: at(0.5), q1: at(0.25), q3: at(0.75), runs: sorted.length };
}

/**
 * Ours by a peer's: of the medians, and the quartiles of the ratios of runs that came one after the other, so that what slows the
 * machine for a while slows both.
 */
function ratio(ours, theirs) {
  const pairs = ours.map((one, run) => one / theirs[run]).filter(Number.isFinite);
  // A peer without WebAssembly has no memory of it.
  if (pairs.length === 0) return undefined;
  const { q1, q3 } = spread(pairs, 2);
  return { ratio: rounded(quantile(ours, 0.5) / quantile(theirs, 0.5), 2), q1, q3 };
}

/** What was measured, by app and by the name of the figure. */
export class Figures {
  #values = new Map();

  /** Notes a run of an app: `{figure: number}`. A figure that is null was not measurable. */
  add(app, figures) {
    for (const [figure, value] of Object.entries(figures)) {
      if (value === null || value === undefined) continue;
      if (!this.#values.has(figure)) this.#values.set(figure, new Map());
      const of = this.#values.get(figure);
      if (!of.has(app)) of.set(app, []);
      of.get(app).push(value);
    }
  }

  /** `{figure: {app: spread, …, ratios: {peer: ratio}}}`. */
  summary(digits = 1) {
    const figures = [...this.#values].map(([figure, of]) => {
      const apps = Object.fromEntries([...of].map(([app, values]) => [app, spread(values, digits)]));
      const ours = of.get(OURS);
      const peers = [...of].filter(([app]) => app !== OURS && ours);
      return [figure, { ...apps, ratios: Object.fromEntries(peers.map(([app, values]) => [app, ratio(ours, values)])) }];
    });
    return Object.fromEntries(figures);
  }
}
