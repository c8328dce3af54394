// The trend: a line over time with the latest reference range behind it.
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useLayoutEffect, useRef } from 'preact/hooks';

const HEIGHT = 320;

/** Fills the reference range between the axes, before the line is drawn. */
const band = (low, high, colour) => (plot) => {
  const { ctx, bbox } = plot;
  const [top, bottom] = [high == null ? bbox.top : plot.valToPos(high, 'y', true), low == null ? bbox.top + bbox.height : plot.valToPos(low, 'y', true)];
  ctx.save();
  ctx.fillStyle = colour;
  ctx.fillRect(bbox.left, top, bbox.width, bottom - top);
  ctx.restore();
};

export function Chart({ points, name }) {
  const place = useRef(null);
  const data = points.filter(({ value }) => typeof value === 'number');
  useLayoutEffect(() => {
    if (data.length < 2) return undefined;
    const { reference_low: low, reference_high: high, unit } = data.at(-1);
    const styles = getComputedStyle(place.current);
    const colour = (token) => styles.getPropertyValue(token);
    const axis = { stroke: styles.color, grid: { stroke: colour('--line'), width: 1 } };
    const widen = (plot, from, to) => uPlot.rangeNum(Math.min(from, low ?? from), Math.max(to, high ?? to), 0.1, true);
    const plot = new uPlot(
      {
        width: place.current.clientWidth,
        height: HEIGHT,
        scales: { y: { range: widen } },
        series: [{}, { label: name, stroke: colour('--accent'), width: 2, value: (_, value) => (value == null ? '' : `${value} ${unit ?? ''}`) }],
        axes: [axis, axis],
        hooks: { drawClear: [band(low, high, colour('--band'))] },
      },
      [data.map(({ at }) => at / 1000), data.map(({ value }) => value)],
      place.current,
    );
    const watch = new ResizeObserver(([{ contentRect: { width } }]) => {
      if (width !== plot.width) plot.setSize({ width, height: HEIGHT });
    });
    watch.observe(place.current);
    return () => {
      watch.disconnect();
      plot.destroy();
    };
  }, [points]);
  return <figure class="chart" data-testid="chart" ref={place} aria-label={`${name} over time`} />;
}
