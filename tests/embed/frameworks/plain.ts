import { define, type LoopErrorDetail, type LoopResult } from 'loop-partner';
import 'loop-partner/auto';

define({ prefix: 'acme', wasm: new URL('https://cdn.example/loop-elements.wasm'), catalogue: false });
const line = document.createElement('loop-number-line');
line.value = 128;
line.high = null;
line.addEventListener('loop-error', (event) => {
  const detail: LoopErrorDetail = event.detail;
  console.assert(detail.code !== 'load');
});
const list = document.querySelector('loop-biomarkers');
if (list) {
  const results: LoopResult[] = [];
  list.results = { results };
  list.addEventListener('loop-select', ({ detail }) => detail.code.trim());
  list.addEventListener('click', (event) => event.clientX);
}
// @ts-expect-error results are a list
document.createElement('loop-trend').results = 7;
