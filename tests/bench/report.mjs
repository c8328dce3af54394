// What a person reads: a table with a line for each figure.

const pad = (cells, widths) => cells.map((cell, place) => (place === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[place]))).join('  ').trimEnd();

/** A line for each figure: medians with their middle half, then ours by each peer's. `title` stands above. */
export function table(title, summary) {
  const figures = Object.entries(summary);
  const apps = Object.keys(figures[0][1]).filter((name) => name !== 'ratios');
  const peers = Object.keys(figures[0][1].ratios);
  const value = (of) => (of ? `${of.median} (${of.q1}–${of.q3})` : '–');
  const by = (of) => (of ? `${of.ratio} (${of.q1}–${of.q3})` : '–');
  const lines = figures.map(([name, of]) => [name, ...apps.map((app) => value(of[app])), ...peers.map((peer) => by(of.ratios[peer]))]);
  const all = [[title, ...apps, ...peers.map((peer) => `÷ ${peer}`)], ...lines];
  const widths = all[0].map((_, place) => Math.max(...all.map((line) => line[place].length)));
  return all.map((line) => pad(line, widths)).join('\n');
}

/** One JSON object, or the tables. */
export function tell(isJson, name, { tables, ...figures }) {
  if (isJson) console.log(JSON.stringify({ [name]: figures }));
  else console.log(tables.join('\n\n'));
}
