// How the custom elements are tried: the package as it is published, on pages with a strict policy.
import { defineConfig } from '@playwright/test';
import journeys from '../playwright.config.mjs';

export default defineConfig({ ...journeys, testDir: '.', testMatch: '*.spec.mjs', workers: 2 });
