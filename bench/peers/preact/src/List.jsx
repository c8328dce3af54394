// The latest value of each biomarker: search, order, and a window over the rows, since there may be thousands.
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { useResults } from './results.jsx';
import { day, rangeOf, valueOf } from '../../series.js';
import { Status, severity } from './Status.jsx';

const ROW = 49;
/** Rows drawn above and below what can be seen. */
const MORE = 10;
const names = new Intl.Collator('en', { numeric: true });
const ORDERS = {
  name: (a, b) => names.compare(a.name, b.name),
  status: (a, b) => severity(a.latest.status) - severity(b.latest.status),
  date: (a, b) => a.latest.at - b.latest.at,
};

export function List() {
  const { status, series, error } = useResults();
  if (status === 'failed') return <p role="alert">{error.message}</p>;
  if (status === 'loading') return <p role="status">Loading your results…</p>;
  return <Table series={series} />;
}

function Table({ series }) {
  const [search, setSearch] = useState('');
  const [order, setOrder] = useState({ by: 'status', down: true });
  const ordered = useMemo(() => {
    const compare = ORDERS[order.by];
    return series.toSorted(order.down ? (a, b) => compare(b, a) : compare);
  }, [series, order]);
  const rows = useMemo(() => {
    const wanted = search.trim().toLowerCase();
    return wanted ? ordered.filter((one) => one.name.toLowerCase().includes(wanted)) : ordered;
  }, [ordered, search]);
  const head = (by, words) => (
    <div role="columnheader" aria-sort={order.by !== by ? 'none' : order.down ? 'descending' : 'ascending'}>
      <button type="button" onClick={() => setOrder({ by, down: order.by === by ? !order.down : by === 'status' })}>
        {words}
      </button>
    </div>
  );
  return (
    <>
      <h1>Your results</h1>
      <div class="tools">
        <input type="search" aria-label="Search" placeholder="Search" value={search} onInput={(event) => setSearch(event.currentTarget.value)} />
        <p role="status" data-testid="count">
          {rows.length} of {series.length}
        </p>
      </div>
      <div role="table" aria-label="Your results" aria-rowcount={rows.length + 1} class="table">
        <div role="rowgroup">
          <div role="row" class="row head">
            {head('name', 'Biomarker')}
            <div role="columnheader">Value</div>
            <div role="columnheader">Range</div>
            {head('status', 'Status')}
            {head('date', 'Date')}
          </div>
        </div>
        <Rows rows={rows} />
      </div>
    </>
  );
}

/** Those of the rows that can be seen, and a few more; all rows are of one height. */
function Rows({ rows }) {
  const place = useRef(null);
  const [[from, to], setWindow] = useState([0, 0]);
  useLayoutEffect(() => {
    const look = () => {
      const above = -place.current.getBoundingClientRect().top;
      const next = [Math.max(0, Math.floor(above / ROW) - MORE), Math.max(0, Math.ceil((above + innerHeight) / ROW) + MORE)];
      setWindow((now) => (now[0] === next[0] && now[1] === next[1] ? now : next));
    };
    look();
    addEventListener('scroll', look, { passive: true });
    addEventListener('resize', look);
    return () => {
      removeEventListener('scroll', look);
      removeEventListener('resize', look);
    };
  }, []);
  return (
    <div role="rowgroup" ref={place} class="rows" style={{ height: `${rows.length * ROW}px` }}>
      {rows.slice(from, to).map((series, index) => (
        <Row key={series.code} series={series} index={from + index} />
      ))}
    </div>
  );
}

function Row({ series, index }) {
  const { code, name, latest } = series;
  return (
    <div role="row" data-testid="row" aria-rowindex={index + 2} class="row" style={{ transform: `translateY(${index * ROW}px)` }}>
      <div role="cell">
        <a href={`/biomarkers/${encodeURIComponent(code)}`}>{name}</a>
      </div>
      <div role="cell">{valueOf(latest)}</div>
      <div role="cell">{rangeOf(latest)}</div>
      <div role="cell">
        <Status of={latest.status} />
      </div>
      <div role="cell">{day(latest.at)}</div>
    </div>
  );
}
