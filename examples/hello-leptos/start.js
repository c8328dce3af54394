// Begins the app: a file, because a strict content security policy allows no inline script.
import init from './hello-leptos.js';

await init({ module_or_path: '/hello-leptos_bg.wasm' });
