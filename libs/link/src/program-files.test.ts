import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AGENT_FILES, CLI_FILES, ownFile, programFile } from './program-files.js';

const NAME = 'knot_agent_linux_amd64.zip';
let folder: string;
const agentFile = (name: string, safe: boolean) => programFile({ ...AGENT_FILES, folder }, name, safe);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'knot-agents-'));
  await writeFile(join(folder, NAME), 'a zip');
  await writeFile(join(folder, `${NAME}.sha256`), `abc  ${NAME}\n`);
  await writeFile(join(folder, 'secret'), 'not for you');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

describe('an agent for images', () => {
  it('is a zip with its digest as ETag, and the digest by itself', async () => {
    const zip = await agentFile(NAME, true);
    expect(zip).toMatchObject({ type: 'application/zip', size: 5, etag: '"abc"' });
    expect(await text(Readable.from(zip.open()))).toBe('a zip');
    const digest = await agentFile(`${NAME}.sha256`, true);
    expect(digest.open()).toBe(`abc  ${NAME}\n`);
    expect(digest.size).toBe(`abc  ${NAME}\n`.length);
  });

  it('goes to nobody over plain HTTP', async () => {
    await expect(agentFile(NAME, false)).rejects.toMatchObject({ code: 'access.denied' });
  });

  it.each(['secret', '../secret', 'knot_agent_linux_amd64.zip/../secret', 'knot_agent_linux_riscv.zip', ''])(
    'is not %j',
    async (name) => {
      await expect(agentFile(name, true)).rejects.toMatchObject({ code: 'resource.not_found' });
    },
  );

  it('that was not made is said to be so, with what makes it', async () => {
    await expect(agentFile('knot_agent_linux_arm64.zip', true)).rejects.toMatchObject({
      code: 'resource.not_found',
      hint: expect.stringContaining('build-agent'),
    });
  });
});

describe('a command line for people', () => {
  it.each(['linux', 'darwin', 'windows'])('is there for both machines of %s, and is not an agent', async (system) => {
    const files = { ...CLI_FILES, folder };
    for (const machine of ['amd64', 'arm64']) {
      const name = `knot_${system}_${machine}.zip`;
      await expect(programFile(files, name, true)).rejects.toMatchObject({
        hint: expect.stringContaining('build-cli'),
      });
      await writeFile(join(folder, name), 'zip');
      await writeFile(join(folder, `${name}.sha256`), `def  ${name}\n`);
      expect(await programFile(files, name, true)).toMatchObject({ etag: '"def"', size: 3 });
      await expect(programFile(files, name, false)).rejects.toMatchObject({ code: 'access.denied' });
    }
    await expect(programFile(files, NAME, true)).rejects.toMatchObject({ code: 'resource.not_found' });
  });
});

describe('a file of the folder that the configuration names', () => {
  it('is handed out by its plain name, like programs over HTTPS only', async () => {
    const file = await ownFile(folder, 'secret', true);
    expect(await text(Readable.from(file?.open() ?? ''))).toBe('not for you');
    await expect(ownFile(folder, 'secret', false)).rejects.toMatchObject({ code: 'access.denied' });
  });

  it.each(['../secret', '.', '..', '', '.hidden', 'no', 'a/b', `..\\secret`])('is not %j', async (name) => {
    await writeFile(join(folder, '.hidden'), '');
    expect(await ownFile(folder, name, true)).toBeNull();
  });
});
