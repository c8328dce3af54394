// Apps of others with a session, as the journeys run: the platform guide's own code, and the examples.
import config from '../playwright.config.mjs';

export default { ...config, testDir: '.', globalSetup: './setup.mjs' };
