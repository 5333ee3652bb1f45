import { appDomain, appPaths, parseApp, type AppName, type AppNaming } from '@knot/domain';
import type { Store } from '@knot/shared/store';
import { eachRow } from '../deeds/each-row.js';

export interface NamedApp {
  readonly naming: AppNaming;
  readonly name: AppName;
  /** Whose leaf answers there; null for the origin's own domain, which leads to every space. */
  readonly location: string | null;
}

/** The domains under which apps have names: the origin's own, and those of leaves that users reach themselves. */
export class AppDomains {
  constructor(
    private readonly store: Store,
    /** Null where only leaves have domains. */
    private readonly own: AppNaming | null,
    /** `server.url`. */
    private readonly url: string,
  ) {}

  /**
   * What a host and a path may name; nothing where they name no app. A leaf's domain is for the spaces of its own location
   * alone, and another leaf that says it is its own takes nothing away.
   */
  async named(host: string, path: string): Promise<readonly NamedApp[]> {
    const { own } = this;
    const name = own && parseApp(own, host, path);
    // a leaf's domain may be one below the origin's
    if (own && name && name !== 'other') return [{ naming: own, name, location: null }];
    const named: NamedApp[] = [];
    for await (const { id, facts } of eachRow(this.store, 'locationStatus')) {
      const naming = leafNaming(facts, this.url);
      const theirs = naming && parseApp(naming, host, path);
      if (naming && theirs && theirs !== 'other') named.push({ naming, name: theirs, location: id });
    }
    return named;
  }
}

/**
 * How apps are named behind a leaf's own address; null where it carries none. Never as paths of the dashboard's own host,
 * whatever a leaf says: pages of apps there would be one site with it.
 */
export function leafNaming(
  { wildcardDomain, directUrl = '', appsUrl = '' }: LeafHosts,
  originUrl: string,
): AppNaming | null {
  if (directUrl === '') return null;
  if (wildcardDomain !== '') return appDomain(`*${wildcardDomain}`, directUrl);
  const paths = appPaths(appsUrl);
  return paths?.host === new URL(originUrl).hostname ? null : paths;
}

interface LeafHosts {
  readonly wildcardDomain: string;
  readonly directUrl?: string;
  readonly appsUrl?: string;
}
