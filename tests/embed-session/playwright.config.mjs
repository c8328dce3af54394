// The elements of the session and the SDK, as the journeys run. LOOP_APP names the built package, which the platform serves.
import config from '../playwright.config.mjs';

export default { ...config, testDir: '.' };
