import { useState } from 'react';
import 'loop-partner/react';
import results from '../results.json';

export function App() {
  const [code, setCode] = useState('tsh');
  const [value, setValue] = useState(1);
  return (
    <>
      <button onClick={() => setValue(value + 1)}>More</button>
      <loop-number-line id="line" label="Counted" value={value} high={2} />
      <loop-biomarkers id="list" results={results} onloop-select={(event) => setCode(event.detail.code)} />
      <loop-biomarker id="one" results={results} code={code} />
    </>
  );
}
