import type { ConfigWorld } from '../sources/config-world.js';

/** A machine that has only the files given; folders are what leads to them. */
export function fakeWorld(
  files: Readonly<Record<string, string | { readonly error: string }>> = {},
  change: Partial<ConfigWorld> = {},
): ConfigWorld {
  return {
    env: {},
    cwd: '/work',
    home: '/home/ann',
    hostname: 'box.example.com',
    isRoot: false,
    timeZone: 'Europe/Berlin',
    readFile: (path) => {
      const file = files[path];
      if (typeof file === 'string') return file;
      throw Object.assign(new Error('refused by the test'), { code: file?.error ?? 'ENOENT' });
    },
    listFolder: (path) =>
      Object.keys(files)
        .filter((name) => name.startsWith(`${path}/`))
        .map((name) => name.slice(path.length + 1).split('/')[0] ?? ''),
    ...change,
  };
}
