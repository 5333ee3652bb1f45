import { lstat, mkdir, readdir, readlink, rename, rm, symlink } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { isSystemError, KnotError } from '@knot/shared/errors';
import { sameMark, type Mark, type ObservedVolume, type Scope, type VolumeRef } from '@knot/domain';
import type { DriverClock } from '../clock.js';
import type { MarkedObject, WorkloadSpec } from '../driver.js';
import { headText, lookAtFolder, type Head } from './head-file.js';
import { writeFileWhole } from './json-file.js';
import type { Mount } from './local-job.js';
import { isSpaceId } from './space-folder.js';
import { isVolumeName } from './volumes-text.js';

const HEAD = '.knot.json';

/** The volumes of spaces: `<root>/volumes/<space uuid>/<name>`, marked by a `.knot.json` beside them. */
export class VolumeFolders {
  private readonly home: string;
  private readonly trash: string;
  private readonly drafts: string;

  constructor(
    root: string,
    private readonly clock: DriverClock,
  ) {
    this.home = join(root, 'volumes');
    this.trash = join(root, '.trash');
    this.drafts = join(root, '.drafts');
  }

  refsOf(mark: Mark, names: readonly string[]): readonly VolumeRef[] {
    return names.map((name) => ({ name, backendId: `${mark.space}/${name}` }));
  }

  async observe(mark: Mark, refs: readonly VolumeRef[]): Promise<readonly ObservedVolume[]> {
    return Promise.all(refs.map((ref) => this.observeOne(mark, ref)));
  }

  async create({ mark, display }: WorkloadSpec, refs: readonly VolumeRef[]): Promise<void> {
    for (const ref of refs) await this.createOne(mark, ref, display);
  }

  /** Takes away what is there and ours of `refs`; what lacks the mark or is none of this space's is refused. */
  async destroy(mark: Mark, refs: readonly VolumeRef[]): Promise<void> {
    for (const ref of refs) {
      const path = this.pathOf(mark, ref);
      const { state } = await this.lookAt(mark);
      if (state === 'foreign') throw foreignVolume(ref);
      if (state === 'own') await this.throwAway(path, ref);
    }
    await this.forgetWhenEmpty(mark);
  }

  async list(scope: Scope): Promise<readonly MarkedObject[]> {
    const spaces = (await readdir(this.home).catch(() => [])).filter(isSpaceId);
    const lists = await Promise.all(spaces.map((space) => this.listOf({ ...scope, space })));
    return lists.flat();
  }

  /**
   * Puts the links to its volumes into a space's folder and takes those away that were there `before`. What else is in
   * their way is refused, never taken away.
   */
  async mount(mark: Mark, folder: string, mounts: readonly Mount[], before: readonly Mount[]): Promise<void> {
    for (const { path } of before.filter((old) => !mounts.some((mount) => mount.path === old.path))) {
      const there = await lstat(join(folder, path)).catch(() => null);
      if (there?.isSymbolicLink()) await rm(join(folder, path));
    }
    for (const mount of mounts) {
      const target = this.pathOf(mark, { name: mount.volume, backendId: `${mark.space}/${mount.volume}` });
      const path = join(folder, mount.path);
      await makeRealFolders(folder, dirname(path));
      const there = await lstat(path).catch(() => null);
      if (there?.isSymbolicLink()) await rm(path);
      else if (there) {
        throw new KnotError(
          'backend.invalid',
          `The volume ${mount.volume} cannot be put at "${mount.path}": something else is there.`,
          'Move that away or give the volume another path.',
        );
      }
      await symlink(target, path);
    }
  }

  /** How the links differ from what they should be, in words; null when they do not. */
  async mountDrift(mark: Mark, folder: string, mounts: readonly Mount[]): Promise<string | null> {
    for (const mount of mounts) {
      const target = await readlink(join(folder, mount.path)).catch(() => null);
      if (target !== join(this.home, mark.space, mount.volume)) {
        return `the volume ${mount.volume} is not at "${mount.path}" any more`;
      }
    }
    return null;
  }

  private async observeOne(mark: Mark, ref: VolumeRef): Promise<ObservedVolume> {
    const as = (state: ObservedVolume['state'], message = '') => ({ ...ref, state, message });
    if (!isRefOf(mark, ref)) return as('failed', 'This is no volume of this space.');
    const { state } = await this.lookAt(mark);
    if (state === 'foreign') return as('failed', 'Its folder is there and was not made by this location.');
    const there = await lstat(this.pathOf(mark, ref)).catch(() => null);
    if (!there) return as('missing');
    return there.isDirectory() ? as('ready') : as('failed', 'What is in its place is not a folder.');
  }

  private async createOne(mark: Mark, ref: VolumeRef, display: WorkloadSpec['display']): Promise<void> {
    const path = this.pathOf(mark, ref);
    const { state } = await this.lookAt(mark);
    if (state === 'foreign') throw foreignVolume(ref);
    if (state === 'absent') {
      await this.makeHome({ mark, owner: display.owner, name: display.space, createdAt: this.clock.now() });
    }
    try {
      await mkdir(path, { mode: 0o700 });
    } catch (error) {
      if (!isSystemError(error, 'EEXIST')) throw error;
    }
  }

  private async makeHome(head: Head): Promise<void> {
    await mkdir(this.home, { recursive: true, mode: 0o700 });
    const draft = join(this.drafts, `volumes.${head.mark.space}.${process.pid}`);
    await mkdir(draft, { recursive: true, mode: 0o700 });
    await writeFileWhole(join(draft, HEAD), headText(head));
    try {
      await rename(draft, join(this.home, head.mark.space));
    } catch (error) {
      await rm(draft, { recursive: true, force: true });
      if (!isSystemError(error, 'ENOTEMPTY', 'EEXIST', 'ENOTDIR')) throw error;
      // Made by another at the same moment; whose it is shows at the next look.
      const { state } = await this.lookAt(head.mark);
      if (state !== 'own') throw foreignVolume({ name: '', backendId: head.mark.space });
    }
  }

  private async throwAway(path: string, ref: VolumeRef): Promise<void> {
    const there = await lstat(path).catch(() => null);
    if (!there) return;
    if (!there.isDirectory()) throw foreignVolume(ref);
    await mkdir(this.trash, { recursive: true, mode: 0o700 });
    const thrown = join(this.trash, `volume.${ref.backendId.replace('/', '.')}.${process.pid}.${this.clock.now()}`);
    await rename(path, thrown);
    await rm(thrown, { recursive: true, force: true }).catch(() => undefined);
  }

  private async forgetWhenEmpty(mark: Mark): Promise<void> {
    const home = join(this.home, mark.space);
    const { state } = await this.lookAt(mark);
    const names = state === 'own' ? await readdir(home) : [];
    if (names.length === 1 && names[0] === HEAD) await rm(home, { recursive: true, force: true });
  }

  private async listOf(mark: Mark): Promise<readonly MarkedObject[]> {
    const folder = await this.lookAt(mark);
    if (folder.state !== 'own') return [];
    const { owner, createdAt } = folder.head;
    const names = (await readdir(join(this.home, mark.space))).filter(isVolumeName);
    return this.refsOf(mark, names).map(({ name, backendId }) => {
      return { space: mark.space, kind: 'volume', backendId, owner, name, createdAt };
    });
  }

  private lookAt(mark: Mark) {
    const home = join(this.home, mark.space);
    return lookAtFolder(home, join(home, HEAD), mark);
  }

  private pathOf(mark: Mark, ref: VolumeRef): string {
    if (!isRefOf(mark, ref)) throw foreignVolume(ref);
    return join(this.home, ref.backendId);
  }
}

/** Whether a reference is what `refsOf` makes for this space: anything else could name a path elsewhere. */
function isRefOf(mark: Mark, { backendId }: VolumeRef): boolean {
  const [space = '', name = '', ...rest] = backendId.split('/');
  return isSpaceId(space) && space === mark.space && isVolumeName(name) && rest.length === 0;
}

/** Makes the folders on the way to `path`. A link on the way is refused: it may lead out of the space. */
async function makeRealFolders(base: string, path: string): Promise<void> {
  let at = base;
  for (const part of relative(base, path)
    .split(sep)
    .filter((name) => name !== '')) {
    at = join(at, part);
    await mkdir(at, { mode: 0o700 }).catch(() => undefined);
    const there = await lstat(at).catch(() => null);
    if (!there?.isDirectory()) {
      throw new KnotError(
        'backend.invalid',
        `A volume cannot be put below "${relative(base, at)}": that is no folder.`,
      );
    }
  }
}

function foreignVolume({ backendId }: VolumeRef): KnotError {
  return new KnotError(
    'backend.foreign',
    `The volume ${backendId} is not this space's at this location.`,
    'It is left alone.',
  );
}

/** Whether a mark lies in a scope. */
export function inScope(scope: Scope, mark: Mark): boolean {
  return sameMark(mark, { ...scope, space: mark.space });
}
