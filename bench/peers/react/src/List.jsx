// The latest value of each biomarker: search, order, and a window over the rows, since there may be thousands.
import { createColumnHelper, flexRender, getCoreRowModel, getFilteredRowModel, getSortedRowModel, useReactTable } from '@tanstack/react-table';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useLayoutEffect, useRef, useState } from 'react';
import { Link } from 'react-router';
import { useResults } from './results.jsx';
import { day, rangeOf, valueOf } from '../../series.js';
import { Status, severity } from './Status.jsx';

const ROW = 49;
const column = createColumnHelper();
const columns = [
  column.accessor('name', { header: 'Biomarker', sortingFn: 'text', cell: ({ row }) => <Link to={`/biomarkers/${encodeURIComponent(row.original.code)}`}>{row.original.name}</Link> }),
  column.accessor((series) => valueOf(series.latest), { id: 'value', header: 'Value', enableSorting: false, enableGlobalFilter: false }),
  column.accessor((series) => rangeOf(series.latest), { id: 'range', header: 'Range', enableSorting: false, enableGlobalFilter: false }),
  column.accessor((series) => severity(series.latest.status), { id: 'status', header: 'Status', enableGlobalFilter: false, cell: ({ row }) => <Status of={row.original.latest.status} /> }),
  column.accessor((series) => series.latest.at, { id: 'date', header: 'Date', enableGlobalFilter: false, cell: (cell) => day(cell.getValue()) }),
];

export function List() {
  const { status, series, error } = useResults();
  if (status === 'failed') return <p role="alert">{error.message}</p>;
  if (status === 'loading') return <p role="status">Loading your results…</p>;
  return <Table data={series} />;
}

function Table({ data }) {
  const [sorting, setSorting] = useState([{ id: 'status', desc: true }]);
  const [globalFilter, setGlobalFilter] = useState('');
  const table = useReactTable({
    data,
    columns,
    state: { sorting, globalFilter },
    onSortingChange: setSorting,
    onGlobalFilterChange: setGlobalFilter,
    globalFilterFn: 'includesString',
    getRowId: (series) => series.code,
    getCoreRowModel: getCoreRowModel(),
    getFilteredRowModel: getFilteredRowModel(),
    getSortedRowModel: getSortedRowModel(),
  });
  const { rows } = table.getRowModel();
  return (
    <>
      <h1>Your results</h1>
      <div className="tools">
        <input type="search" aria-label="Search" placeholder="Search" value={globalFilter} onChange={(event) => setGlobalFilter(event.target.value)} />
        <p role="status" data-testid="count">
          {rows.length} of {data.length}
        </p>
      </div>
      <div role="table" aria-label="Your results" aria-rowcount={rows.length + 1} className="table">
        <div role="rowgroup">
          {table.getHeaderGroups().map((group) => (
            <div role="row" key={group.id} className="row head">
              {group.headers.map((header) => (
                <Head key={header.id} header={header} />
              ))}
            </div>
          ))}
        </div>
        <Rows rows={rows} />
      </div>
    </>
  );
}

const ORDERS = { asc: 'ascending', desc: 'descending' };

function Head({ header }) {
  const words = flexRender(header.column.columnDef.header, header.getContext());
  if (!header.column.getCanSort()) return <div role="columnheader">{words}</div>;
  return (
    <div role="columnheader" aria-sort={ORDERS[header.column.getIsSorted()] ?? 'none'}>
      <button type="button" onClick={header.column.getToggleSortingHandler()}>
        {words}
      </button>
    </div>
  );
}

function Rows({ rows }) {
  const place = useRef(null);
  const [margin, setMargin] = useState(0);
  useLayoutEffect(() => setMargin(place.current.offsetTop), []);
  const virtualizer = useWindowVirtualizer({ count: rows.length, estimateSize: () => ROW, overscan: 10, scrollMargin: margin });
  return (
    <div role="rowgroup" ref={place} className="rows" style={{ height: virtualizer.getTotalSize() }}>
      {virtualizer.getVirtualItems().map(({ index, key, start }) => (
        <div role="row" key={key} data-testid="row" aria-rowindex={index + 2} className="row" style={{ transform: `translateY(${start - margin}px)` }}>
          {rows[index].getVisibleCells().map((cell) => (
            <div role="cell" key={cell.id}>
              {flexRender(cell.column.columnDef.cell, cell.getContext())}
            </div>
          ))}
        </div>
      ))}
    </div>
  );
}
