import type { FileHandle } from 'node:fs/promises';

/** What one client may have open at once. */
export const MOST_HANDLES = 256;

type Handle =
  { readonly file: FileHandle; turn?: Promise<unknown> } | { readonly folder: string; readonly names: string[] };

/** What a client has open, by the names that it was told. */
export class Handles {
  private readonly open = new Map<number, Handle>();
  private next = 0;

  add(handle: Handle): Buffer {
    if (this.open.size >= MOST_HANDLES) {
      if ('file' in handle) void handle.file.close();
      throw new Error(`${MOST_HANDLES} files are open.`);
    }
    this.next += 1;
    this.open.set(this.next, handle);
    const name = Buffer.alloc(4);
    name.writeUInt32BE(this.next);
    return name;
  }

  /**
   * Does something to a file once all that was asked of it before is done. The order counts: scp cuts a file short whose
   * pieces are answered in another one, and whoever appends says no place.
   */
  async inTurn<T>(name: Buffer, deed: (file: FileHandle) => Promise<T>): Promise<T> {
    const handle = this.open.get(numberOf(name));
    if (!handle || !('file' in handle)) throw new Error('This file is not open.');
    const done = (handle.turn ?? Promise.resolve()).then(() => deed(handle.file));
    handle.turn = done.catch(() => undefined);
    return done;
  }

  folder(name: Buffer): Extract<Handle, { folder: string }> {
    const handle = this.open.get(numberOf(name));
    if (!handle || !('folder' in handle)) throw new Error('This folder is not open.');
    return handle;
  }

  async close(name: Buffer): Promise<void> {
    const handle = this.open.get(numberOf(name));
    this.open.delete(numberOf(name));
    if (handle && 'file' in handle) await handle.file.close();
  }

  async closeAll(): Promise<void> {
    const handles = [...this.open.values()];
    this.open.clear();
    await Promise.allSettled(handles.flatMap((handle) => ('file' in handle ? [handle.file.close()] : [])));
  }
}

function numberOf(name: Buffer): number {
  return name.length === 4 ? name.readUInt32BE() : 0;
}
