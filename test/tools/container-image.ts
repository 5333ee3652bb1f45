import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface ImageOptions {
  /** With its tag, e.g. `knot.test/busybox:1`. */
  readonly name: string;
  /** Path in the image to path here. */
  readonly files?: Readonly<Record<string, string>>;
  /** Path in the image to where the link leads. */
  readonly links?: Readonly<Record<string, string>>;
  readonly folders?: readonly string[];
  readonly entrypoint: readonly string[];
  readonly env?: readonly string[];
  readonly user?: string;
}

/** Packs a container image of one layer as an archive that `ctr images import` and `docker load` take. */
export function packImage(folder: string, options: ImageOptions): string {
  const { name, files = {}, links = {}, folders = [], entrypoint, env = [], user = '' } = options;
  const place = join(folder, name.replaceAll(/[^a-z0-9]/g, '-'));
  const root = join(place, 'root');
  for (const path of ['tmp', ...folders]) mkdirSync(join(root, path), { recursive: true });
  for (const [path, from] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    cpSync(from, join(root, path), { recursive: true, verbatimSymlinks: true });
  }
  for (const [path, to] of Object.entries(links)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    execFileSync('ln', ['-sf', to, join(root, path)]);
  }
  const layer = join(place, 'layer.tar');
  execFileSync('tar', ['-C', root, '--owner=0', '--group=0', '--numeric-owner', '-cf', layer, '.']);
  const digest = createHash('sha256').update(readFileSync(layer)).digest('hex');
  const config = JSON.stringify({
    architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
    os: 'linux',
    config: { Entrypoint: entrypoint, Env: ['PATH=/bin:/usr/bin:/usr/local/bin', ...env], WorkingDir: '/', User: user },
    rootfs: { type: 'layers', diff_ids: [`sha256:${digest}`] },
    history: [{ created_by: 'knot tests' }],
  });
  const id = createHash('sha256').update(config).digest('hex');
  mkdirSync(join(place, 'archive', digest), { recursive: true });
  const at = (path: string) => join(place, 'archive', path);
  renameSync(layer, at(`${digest}/layer.tar`));
  writeFileSync(at(`${id}.json`), config);
  writeFileSync(
    at('manifest.json'),
    JSON.stringify([{ Config: `${id}.json`, RepoTags: [name], Layers: [`${digest}/layer.tar`] }]),
  );
  const archive = `${place}.tar`;
  execFileSync('tar', ['-C', join(place, 'archive'), '-cf', archive, '.']);
  execFileSync('rm', ['-rf', place]);
  return archive;
}
