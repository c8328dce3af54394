import { StrictMode, useEffect, useState, useSyncExternalStore } from 'react';
import { createRoot } from 'react-dom/client';
import { LoopClient } from 'loop-partner/session/react';

const loop = new LoopClient({ config: '/loop.config.json' });
const useAccount = () => useSyncExternalStore(loop.subscribe, () => loop.state).account;

function Flags() {
  const [words, setWords] = useState('Looking …');
  useEffect(() => {
    const leaving = new AbortController();
    const { signal } = leaving;
    loop.clinical().listRedFlags({ signal }).then(
      ({ flags }) => setWords(`Safety flags: ${flags.length}`),
      (error) => signal.aborted || setWords(`No safety flags: ${error.code}`),
    );
    return () => leaving.abort();
  }, []);
  return <p>{words}</p>;
}

function App() {
  const account = useAccount();
  const [code, setCode] = useState('ldl');
  return (
    <loop-provider config="/loop.config.json">
      <h1>Hello, {account?.name ?? 'Loop'}</h1>
      <loop-connect label="Connect with Loop" />
      {account && <loop-connect scopes="read:red_flags" label="Show safety flags" />}
      {account?.granted.includes('read:red_flags') && <Flags key={account.subject} />}
      {account && <loop-trend code={code} />}
      <loop-biomarkers onloop-select={({ detail }) => setCode(detail.code)} />
      <loop-account />
    </loop-provider>
  );
}

createRoot(document.getElementById('app')).render(<StrictMode><App /></StrictMode>);
