// Results of the platform as one series a biomarker, oldest first, with its latest measurement.

const dates = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeZone: 'UTC' });

export const day = (time) => dates.format(time);

export const valueOf = ({ value, unit }) => `${value} ${unit ?? ''}`;

export function rangeOf({ reference_low: low, reference_high: high }) {
  if (low != null && high != null) return `${low} – ${high}`;
  if (high != null) return `up to ${high}`;
  return low != null ? `from ${low}` : 'none';
}

export function series(results) {
  const byCode = new Map();
  for (const result of results) {
    const point = { ...result, at: Date.parse(result.collected_at) };
    const points = byCode.get(result.biomarker_code);
    if (points) points.push(point);
    else byCode.set(result.biomarker_code, [point]);
  }
  return Array.from(byCode, ([code, points]) => {
    points.sort((a, b) => a.at - b.at);
    const latest = points.at(-1);
    return { code, name: latest.biomarker_name || code, points, latest };
  });
}
