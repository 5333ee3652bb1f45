import type { Duplex } from 'node:stream';
import { APP_COOKIE_MS, PORT_HOST_HEADER, type AppPass } from '@knot/contract';
import {
  appPlace,
  isOneSite,
  parseApp,
  portNamed,
  portShare,
  type AppName,
  type AppNaming,
  type SpacePort,
} from '@knot/domain';
import { AppDoor, enterApp, ticketRefused, type AppAsked, type ClientAddress, type OpenedApp } from '@knot/link';
import type { Logger } from '@knot/shared';
import { KnotError } from '@knot/shared/errors';
import type { AgentSession } from '../agents/agent-session.js';
import type { Agents } from '../agents/agents.js';
import type { OwnSpace, OwnSpaces } from '../bytes/own-spaces.js';
import type { ProofEnds } from '../bytes/proof-ends.js';
import type { Uses } from '../bytes/uses.js';
import { openPort } from '../ports/open-port.js';
import type { LeafAppPasses } from './leaf-app-passes.js';
import { isOpenTo } from './is-open-to.js';
import type { PortRules } from './port-rules.js';

export interface LeafAppsParts {
  readonly naming: AppNaming;
  readonly disabled: boolean;
  readonly addressOf: ClientAddress;
  /** The dashboard's address; '' before the origin has told it. */
  readonly originUrl: () => Promise<string>;
  readonly agents: Agents;
  readonly spaces: OwnSpaces;
  readonly rules: PortRules;
  readonly passes: LeafAppPasses;
  readonly ends: ProofEnds;
  readonly uses: Uses;
  readonly logger: Logger;
}

interface Found {
  readonly space: OwnSpace;
  readonly port: SpacePort;
  readonly agent: AgentSession;
}

/** Something that is open, looked at again whenever its space has changed. */
interface Open {
  readonly space: string;
  readonly still: () => Promise<boolean>;
  readonly cut: () => void;
}

/** Web apps of spaces behind this leaf's own hosts: who may open one is known here, with or without the origin. */
export class LeafApps {
  readonly door: AppDoor<AppName>;
  private readonly open = new Set<Open>();
  private readonly oneSite: boolean;

  constructor(private readonly parts: LeafAppsParts) {
    const { naming, disabled, addressOf, logger } = parts;
    const { scheme } = naming;
    this.oneSite = isOneSite(naming);
    this.door = new AppDoor({
      hosts: { scheme, parse: (...at) => parseApp(naming, ...at), place: (name) => appPlace(naming, name) },
      disabled,
      addressOf,
      open: (asked) => this.opened(asked),
      enter: async (request, response, asked) =>
        enterApp(request, response, asked, {
          scheme,
          ownOrigin: URL.parse(await parts.originUrl())?.origin ?? '',
          cookieMs: APP_COOKIE_MS,
          trade: (ticket) => this.trade(asked, ticket),
        }),
      signInAddress: async ({ headers, url = '/' }) => {
        const query = new URLSearchParams({ host: (headers.host ?? '').replace(/:\d+$/, ''), path: url });
        return `${await parts.originUrl()}/apps/open?${query.toString()}`;
      },
      home: () => parts.originUrl(),
      note: (error, address) => {
        if (error.code === 'internal') logger.warn({ err: error }, 'a request to an app failed');
        if (!['auth.failed', 'access.denied', 'access.csrf'].includes(error.code)) return;
        parts.agents.refusals.note({ actor: 'app', action: 'app.open', address, message: error.message });
      },
    });
  }

  /** A space, or what all of them go by, is another one than before: null for all. */
  async review(space: string | null): Promise<void> {
    for (const one of this.open) {
      if ((space === null || one.space === space) && !(await one.still())) one.cut();
    }
  }

  private async trade({ name, site: host }: AppAsked<AppName>, ticket: string): Promise<string> {
    const { spaces, passes } = this.parts;
    const space = await spaces.named(name.user, name.space);
    const pass = space && passes.ticket(ticket, { host, space: space.id });
    if (!pass || pass.user === '') throw ticketRefused();
    return passes.cookie(pass);
  }

  private async opened(asked: AppAsked<AppName>): Promise<OpenedApp | null> {
    const { name, host, site, cookie } = asked;
    await this.assertApart(host);
    const space = await this.parts.spaces.named(name.user, name.space);
    const agent = space && this.parts.agents.sessions.get(space.id);
    const port = agent ? portNamed(agent.ports, name.port) : null;
    if (space && agent && port && (await this.isPublic(space, port))) {
      return this.app({ space, agent, port }, host, null, name);
    }
    const due = space && { host: site, space: space.id };
    const pass = due && cookie !== '' ? await this.parts.passes.ofCookie(cookie, due) : null;
    if (!space || !pass || this.parts.ends.has(pass.session, pass.until - APP_COOKIE_MS)) return null;
    if (agent && port) return this.app({ space, agent, port }, host, pass, name);
    const message = `${space.name} offers no web page as ${name.port}, or nothing listens there now.`;
    throw new KnotError('resource.not_found', message, `knot spaces show ${space.name} lists what it offers.`);
  }

  /** Asks the origin where it is there, and then goes by what this leaf was told. */
  private async app(
    { space, agent, port }: Found,
    host: string,
    pass: AppPass | null,
    name: AppName,
  ): Promise<OpenedApp> {
    const cuts = new Set<() => void>();
    const cut = () => cuts.forEach((one) => one());
    const held =
      pass &&
      (await this.parts.uses.admit({ proof: pass.session, space: space.id, port: name.port }, { cut, wait: true }));
    const [release, sure] = [held?.release ?? (() => undefined), held?.sure ?? false];
    if (pass) {
      if (!sure && !(await this.allows(space, port, pass))) {
        release();
        throw new KnotError('access.denied', 'It is not shared with you.', 'Ask its owner.');
      }
    }
    const still = async () => {
      const now = await this.parts.spaces.get(space.id);
      if (now?.owner !== space.owner) return false;
      // whom the origin lets in it watches too
      if (sure) return true;
      return pass ? this.allows(now, port, pass) : this.isPublic(now, port);
    };
    const basic = Buffer.from(`knot:${space.servicePassword}`).toString('base64');
    return {
      personal: pass !== null,
      ...(port.kind === 'desktop' && { authorization: `Basic ${basic}` }),
      giveUp: release,
      connect: async (): Promise<Duplex> => {
        try {
          const headers = { 'knot-port': String(port.port), [PORT_HOST_HEADER]: host };
          return await openPort(agent, { ...headers, 'knot-user': pass?.user ?? '' });
        } catch (error) {
          release();
          throw error;
        }
      },
      watch: async (end, over) => {
        const open: Open = { space: space.id, still, cut: end };
        cuts.add(end);
        this.open.add(open);
        try {
          await over;
        } finally {
          this.open.delete(open);
          release();
        }
      },
    };
  }

  /** Cookies know no ports: what people are signed in with at the dashboard would come along. */
  private async assertApart(host: string): Promise<void> {
    if (host !== URL.parse(await this.parts.originUrl())?.hostname) return;
    const message = `${host} is the host of the dashboard, so no app is opened there.`;
    throw new KnotError('access.denied', message, 'server.apps_url of the leaf needs a host name of its own.');
  }

  private async isPublic(space: OwnSpace, { port }: SpacePort): Promise<boolean> {
    return !this.oneSite && (await this.shareOf(space, port)) === 'public';
  }

  private async allows(space: OwnSpace, { port }: SpacePort, pass: AppPass): Promise<boolean> {
    // to a browser all apps here are one site: nobody's pages are to come near those of others
    if (this.oneSite && pass.user !== space.ownerId) return false;
    return isOpenTo(pass, space, await this.shareOf(space, port));
  }

  private async shareOf(space: OwnSpace, port: number) {
    return portShare(port, { ...space, policy: await this.parts.rules.policy() }).share;
  }
}
