// One biomarker: its latest value, its trend, its measurements.
import { useState } from 'preact/hooks';
import { Chart } from './Chart.jsx';
import { useResults } from './results.jsx';
import { day, rangeOf, valueOf } from '../../series.js';
import { Status } from './Status.jsx';

/** Rows before the button that shows the rest. */
const FIRST = 60;

export default function Biomarker({ code }) {
  const { status, series, error } = useResults();
  if (status === 'failed') return <p role="alert">{error.message}</p>;
  if (status === 'loading') return <p role="status">Loading your results…</p>;
  const found = series.find((one) => one.code === code);
  if (!found) return <p>There is no such result.</p>;
  return (
    <>
      <h1>{found.name}</h1>
      <p class="latest">
        <strong>{valueOf(found.latest)}</strong> <Status of={found.latest.status} /> <span>Range {rangeOf(found.latest)}</span>
      </p>
      <Chart points={found.points} name={found.name} />
      <Measurements points={found.points} />
    </>
  );
}

function Measurements({ points }) {
  const [whole, setWhole] = useState(false);
  const newest = points.toReversed();
  return (
    <>
      <table class="measurements">
        <thead>
          <tr>
            <th scope="col">Date</th>
            <th scope="col">Value</th>
            <th scope="col">Range</th>
            <th scope="col">Status</th>
          </tr>
        </thead>
        <tbody>
          {(whole ? newest : newest.slice(0, FIRST)).map((point) => (
            <tr key={point.id} data-testid="measurement">
              <td>{day(point.at)}</td>
              <td>{valueOf(point)}</td>
              <td>{rangeOf(point)}</td>
              <td>
                <Status of={point.status} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {!whole && points.length > FIRST && (
        <button type="button" onClick={() => setWhole(true)}>
          Show all {points.length}
        </button>
      )}
    </>
  );
}
