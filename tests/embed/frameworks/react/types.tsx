import 'loop-partner/react';
import type { LoopResult } from 'loop-partner';

export function Typed({ results }: { results: LoopResult[] }) {
  return (
    <>
      <loop-number-line value={128} high="100" unit="mg/dL" label="LDL" bare theme="dark" />
      <loop-trend results={[{ value: 1, collected_at: '2026-01-01' }]} className="wide" />
      <loop-biomarkers results={results} onloop-select={(event) => event.detail.code.trim()} onloop-error={({ detail }) => detail.message} />
      {/* @ts-expect-error a theme is light or dark */}
      <loop-number-line theme="blue" />
      {/* @ts-expect-error an element of another name */}
      <loop-number-lines />
    </>
  );
}
