import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { afterAll } from 'vitest';

const CHROMIUM = process.env['KNOT_CHROMIUM'] ?? '/usr/bin/chromium';
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // web apps of spaces
  '--host-resolver-rules=MAP *.knot-apps.test 127.0.0.1',
];

let browser: Promise<Browser> | undefined;

afterAll(async () => {
  await (await browser)?.close();
});

/** A person at a browser of their own: own cookies, one window. */
export interface Person {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What no page of ours may do: break the content policy, ask another host, throw. */
  readonly faults: readonly string[];
}

/** By which protocol a page came, as its browser calls it. */
export function spokenBy(page: Page): Promise<string> {
  return page.evaluate(() => {
    const [entry] = performance.getEntriesByType('navigation');
    return entry instanceof PerformanceNavigationTiming ? entry.nextHopProtocol : '';
  });
}

export interface PersonOptions {
  readonly url: string;
  readonly colorScheme?: 'light' | 'dark';
  readonly viewport?: { width: number; height: number };
  readonly locale?: string;
  readonly timezoneId?: string;
  readonly hasTouch?: boolean;
  readonly ignoreHTTPSErrors?: boolean;
}

export async function newPerson({ url, ...options }: PersonOptions): Promise<Person> {
  browser ??= chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  const context = await (
    await browser
  ).newContext({
    baseURL: url,
    viewport: { width: 1280, height: 860 },
    locale: 'en-GB',
    timezoneId: 'UTC',
    ...options,
  });
  context.setDefaultTimeout(60_000);
  const faults: string[] = [];
  const page = await context.newPage();
  // told on the console, where the listener below hears of it
  await page.addInitScript(() =>
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sourceFile }) =>
      console.error(`Content Security Policy: ${violatedDirective} ${blockedURI} ${sourceFile}`),
    ),
  );
  page.on('pageerror', (error) => faults.push(`thrown: ${error.message}`));
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== url) faults.push(`asked another host: ${request.url()}`);
  });
  page.on('console', (message) => {
    if (/content security policy/i.test(message.text())) faults.push(message.text());
  });
  return { page, context, faults };
}
