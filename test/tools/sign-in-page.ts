import type { Person } from './browser.js';
import { ADMINISTRATOR } from './cluster.js';

/** Signs in on the page that asks for it, as a person does, in whatever language it is. */
export async function fillSignIn(
  { page }: Pick<Person, 'page'>,
  who: { username: string; password: string } = ADMINISTRATOR,
) {
  await page.locator('input[name=username]').fill(who.username);
  await page.locator('input[name=password]').fill(who.password);
  await page.keyboard.press('Enter');
}

/** Through that page; leaves them on the spaces. */
export async function enter(person: Pick<Person, 'page'>, who?: { username: string; password: string }) {
  await person.page.goto('/sign-in');
  await fillSignIn(person, who);
  await person.page.waitForURL('**/spaces');
}
