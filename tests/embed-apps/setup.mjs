// The package is installed once, before the workers that build with it.
import { install } from '../support/package.mjs';

export default () => install(new URL('../../target/embed-packed/', import.meta.url).pathname);
