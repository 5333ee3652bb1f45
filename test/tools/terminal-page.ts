import type { Page } from 'playwright-core';
import { eventually } from './eventually.js';

const SOON = { timeout: 60_000, interval: 200 };

/** The dashboard's page of a space's terminals, as its person sees it. Its letters are read where it is drawn by elements. */
export class TerminalPage {
  constructor(readonly page: Page) {}

  /** From the page of the space, as a person goes. */
  async open(space: string): Promise<void> {
    await this.page.goto(`/spaces/${space}`);
    await this.page.getByRole('link', { name: 'Terminal', exact: true }).click({ timeout: 60_000 });
    await this.is('connected');
  }

  /** `connecting`, `connected`, `away` or `ended` */
  async is(state: string): Promise<void> {
    await this.page.locator(`[data-terminal-state=${state}]`).waitFor({ timeout: 60_000 });
  }

  /** What stands below the terminal. */
  says(): Promise<string> {
    return this.page.locator('[data-terminal-state]:not([hidden]) [role=status]').innerText();
  }

  text(): Promise<string> {
    return this.page.locator('.xterm-rows').innerText();
  }

  async shows(text: string): Promise<void> {
    await eventually(
      () => this.text(),
      (seen) => seen.replaceAll(/\s/g, '').includes(text),
      { ...SOON, what: `${text} on the screen` },
    );
  }

  async enter(command: string): Promise<void> {
    await this.page.keyboard.type(command);
    await this.page.keyboard.press('Enter');
  }
}
