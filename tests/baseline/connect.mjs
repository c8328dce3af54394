// The way through sign-in and consent, for a person whom the identity server may know already.
import { allow, backInTheApp } from '../support/journey.mjs';

/** From the page's Connect button until it is back. */
export async function connectHere(page, place) {
  await page.getByRole('main').getByRole('button', { name: /^connect/i }).click();
  await page.waitForURL((url) => url.origin === place.identity);
  const person = page.getByRole('button', { name: /Maya Lindqvist/ });
  const yes = page.getByRole('button', { name: 'Allow' });
  await person.or(yes).first().waitFor();
  if (!(await yes.isVisible())) await person.click();
  await allow(page);
  await backInTheApp(page, place);
}
