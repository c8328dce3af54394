// Medians, quartiles and ratios, by numbers that anybody can check.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OURS } from './apps.mjs';
import { Figures, quantile, spread } from './statistics.mjs';

test('a quantile lies between neighbours, whatever the order', () => {
  for (const [values, share, wanted] of [
    [[3, 1, 2], 0.5, 2],
    [[4, 1, 3, 2], 0.5, 2.5],
    [[10, 0], 0.25, 2.5],
    [[10, 0], 0, 0],
    [[10, 0], 1, 10],
    [[7], 0.95, 7],
    [[100, 9], 0.5, 54.5],
  ]) {
    assert.equal(quantile(values, share), wanted, `${values} at ${share}`);
  }
  assert.deepEqual(spread([5, 1, 4, 2, 3]), { median: 3, q1: 2, q3: 4, runs: 5 });
});

test('a ratio is that of the medians, its quartiles those of runs that came one after the other', () => {
  const figures = new Figures();
  // Medians alike, and by turns a third, the same, and three times.
  for (const [ours, theirs] of [[10, 30], [20, 20], [30, 10]]) {
    figures.add(OURS, { time: ours });
    figures.add('peer', { time: theirs });
  }
  const { time } = figures.summary();
  assert.equal(time[OURS].median, 20);
  assert.equal(time.peer.median, 20);
  assert.deepEqual(time.ratios, { peer: { ratio: 1, q1: 0.67, q3: 2 } });
});

test('what could not be measured is left out, and a peer that has nothing of it has no ratio', () => {
  const figures = new Figures();
  figures.add(OURS, { memory: 8, never: null });
  figures.add(OURS, { memory: 10, never: undefined });
  figures.add('peer', { memory: 0 });
  figures.add('peer', { memory: 0 });
  const summary = figures.summary();
  assert.deepEqual(Object.keys(summary), ['memory']);
  assert.equal(summary.memory[OURS].median, 9);
  assert.deepEqual(summary.memory.ratios, { peer: undefined });
});
