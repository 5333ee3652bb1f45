import type { Readable } from 'node:stream';
import { parseToldTerminal, TERMINAL_END_HEADER } from '@knot/contract';
import type { Clock } from '@knot/shared';
import { KnotError } from '@knot/shared/errors';
import type { Store } from '@knot/shared/store';
import { assertEnterable } from '../bytes/assert-enterable.js';
import type { SpaceWays } from '../bytes/space-ways.js';
import { found } from '../deeds/check.js';
import type { Call } from '../http/call.js';
import type { TerminalDto } from './terminal.dto.js';

/** More than an agent ever tells, bytes. */
const LONGEST = 64 * 1024;
const READ_MS = 10_000;

/** The terminals that somebody has in a space, whichever windows show them: straight from its agent. */
export class SpaceTerminals {
  constructor(private readonly parts: { readonly store: Store; readonly clock: Clock; readonly ways: SpaceWays }) {}

  list(call: Call, id: string): Promise<TerminalDto[]> {
    return this.ask(call, id, '');
  }

  /** Its shell is told to hang up. Throws `resource.not_found` where one has none of this id there. */
  async end(call: Call, id: string, terminal: string): Promise<void> {
    const own = await this.ask(call, id, '');
    if (!own.some((one) => one.id === terminal)) {
      throw new KnotError('resource.not_found', 'There is no such terminal of yours.', 'The list shows what there is.');
    }
    await this.ask(call, id, terminal);
  }

  private async ask(call: Call, id: string, ending: string): Promise<TerminalDto[]> {
    const space = found(await this.parts.store.get('space', id), 'space');
    await assertEnterable(this.parts, call.actor, space);
    const { location } = space;
    const wanted = { location, user: call.actor.id, way: { action: 'terminals' as const, space: id } };
    const stream = await this.parts.ways.open(wanted, { [TERMINAL_END_HEADER]: ending });
    const late = setTimeout(() => stream.destroy(new Error('no answer in time')), READ_MS);
    try {
      const lines = (await textOf(stream)).split('\n');
      return lines.flatMap((line) => parseToldTerminal(line) ?? []);
    } catch {
      throw new KnotError('server.unavailable', 'The agent of this space did not answer.', 'Try again in a moment.');
    } finally {
      clearTimeout(late);
      stream.destroy();
    }
  }
}

async function textOf(stream: Readable): Promise<string> {
  let text = '';
  for await (const chunk of stream) {
    text += String(chunk);
    if (text.length > LONGEST) throw new Error('too long');
  }
  return text;
}
