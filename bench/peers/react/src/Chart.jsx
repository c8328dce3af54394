// The trend: a line over time with the latest reference range behind it.
import { CartesianGrid, Line, LineChart, ReferenceArea, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { day } from '../../series.js';

/** More dots than this would touch each other. */
const MOST_DOTS = 150;

export function Chart({ points, name }) {
  const data = points.filter(({ value }) => typeof value === 'number');
  if (data.length < 2) return null;
  const { reference_low: low, reference_high: high, unit } = data.at(-1);
  return (
    <figure className="chart" data-testid="chart" aria-label={`${name} over time`}>
      <ResponsiveContainer width="100%" height={320}>
        <LineChart data={data} margin={{ top: 16, right: 16, bottom: 8, left: 8 }}>
          <CartesianGrid vertical={false} stroke="var(--line)" />
          {(low != null || high != null) && <ReferenceArea y1={low ?? undefined} y2={high ?? undefined} fill="var(--band)" fillOpacity={1} ifOverflow="extendDomain" />}
          <XAxis dataKey="at" type="number" scale="time" domain={['dataMin', 'dataMax']} tickFormatter={day} minTickGap={32} />
          <YAxis domain={['auto', 'auto']} width={48} />
          <Tooltip labelFormatter={day} formatter={(value) => [`${value} ${unit ?? ''}`, name]} isAnimationActive={false} />
          <Line dataKey="value" type="linear" stroke="var(--accent)" strokeWidth={2} dot={data.length <= MOST_DOTS} isAnimationActive={false} />
        </LineChart>
      </ResponsiveContainer>
    </figure>
  );
}
