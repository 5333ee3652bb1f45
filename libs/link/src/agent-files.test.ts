import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { agentFile } from './agent-files.js';

const NAME = 'knot_agent_linux_amd64.zip';
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'knot-agents-'));
  await writeFile(join(folder, NAME), 'a zip');
  await writeFile(join(folder, `${NAME}.sha256`), `abc  ${NAME}\n`);
  await writeFile(join(folder, 'secret'), 'not for you');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

describe('an agent for images', () => {
  it('is a zip with its digest as ETag, and the digest by itself', async () => {
    const zip = await agentFile(NAME, true, folder);
    expect(zip).toMatchObject({ type: 'application/zip', size: 5, etag: '"abc"' });
    expect(await text(Readable.from(zip.open()))).toBe('a zip');
    const digest = await agentFile(`${NAME}.sha256`, true, folder);
    expect(digest.open()).toBe(`abc  ${NAME}\n`);
    expect(digest.size).toBe(`abc  ${NAME}\n`.length);
  });

  it('goes to nobody over plain HTTP', async () => {
    await expect(agentFile(NAME, false, folder)).rejects.toMatchObject({ code: 'access.denied' });
  });

  it.each(['secret', '../secret', 'knot_agent_linux_amd64.zip/../secret', 'knot_agent_linux_riscv.zip', ''])(
    'is not %j',
    async (name) => {
      await expect(agentFile(name, true, folder)).rejects.toMatchObject({ code: 'resource.not_found' });
    },
  );

  it('that was not made is said to be so, with what makes it', async () => {
    await expect(agentFile('knot_agent_linux_arm64.zip', true, folder)).rejects.toMatchObject({
      code: 'resource.not_found',
      hint: expect.stringContaining('build-agent'),
    });
  });
});
