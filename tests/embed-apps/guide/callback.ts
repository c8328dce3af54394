// Gives the guide's snippet what it takes from around it, and shows what it has.
import { LoopClient } from 'loop-partner/sdk';

const loop = new LoopClient({ clientId: process.env.LOOP_CLIENT_ID!, redirectUri: 'https://your-app.example.com/auth/loop/callback' });
const query = Object.fromEntries(new URLSearchParams(location.search));
Object.assign(globalThis, { req: { query }, storedVerifier: loop.codeVerifier });
const { biomarkers, tokens } = await import('./step-3');
Object.assign(globalThis, { biomarkers, tokens });
document.querySelector('ol')!.append(
  ...biomarkers.results.map(({ biomarker_name, value, unit }) => {
    const item = document.createElement('li');
    item.textContent = `${biomarker_name} ${value} ${unit}`;
    return item;
  }),
);
