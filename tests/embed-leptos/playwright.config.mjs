// The example of a Leptos app of its own, as the journeys run. LOOP_APP names the built example.
import config from '../playwright.config.mjs';

export default { ...config, testDir: '.' };
