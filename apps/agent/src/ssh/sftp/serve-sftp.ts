import { constants, type Stats } from 'node:fs';
import * as fs from 'node:fs/promises';
import { resolve } from 'node:path';
import ssh2, { type Attributes, type FileEntry, type SFTPWrapper } from 'ssh2';
import { callInside } from '../call-inside.js';
import { attributesOf, longName, statusOf } from './attributes.js';
import { Handles } from './handles.js';
import { serveExtensions } from './serve-extensions.js';

const { STATUS_CODE, OPEN_MODE } = ssh2.utils.sftp;
/** Entries of a folder that are told at once. */
const ENTRIES = 100;
const LONGEST_READ = 256 * 1024;

/** Serves files to a client of an image that has no program for it. Paths that are not absolute begin at `home`. */
export function serveSftp(sftp: SFTPWrapper, home: string): void {
  const handles = new Handles();
  const at = (path: string) => resolve(home, path);
  const answer = (id: number, deed: Promise<unknown>) => {
    deed.then(
      () => sftp.status(id, STATUS_CODE.OK),
      (error: unknown) => sftp.status(id, statusOf(error), error instanceof Error ? error.message : ''),
    );
  };
  const tell = <T>(id: number, deed: Promise<T>, say: (value: T) => void) => {
    deed
      .then(say)
      .catch((error: unknown) => sftp.status(id, statusOf(error), error instanceof Error ? error.message : ''));
  };
  const stat = (id: number, deed: Promise<Stats>) => tell(id, deed, (stats) => sftp.attrs(id, attributesOf(stats)));

  const unknown = (id: number) => sftp.status(id, STATUS_CODE.OP_UNSUPPORTED);

  serveExtensions(sftp, { handles, at, answer, tell, unknown });
  sftp.on('OPEN', (id, path, flags, { mode }) => {
    tell(id, open(at(path), flags, mode), (file) => sftp.handle(id, handles.add({ file })));
  });
  sftp.on('READ', (id, handle, offset, length) => {
    tell(id, handles.inTurn(handle, read(offset, length)), (bytes) => {
      if (bytes.length === 0) sftp.status(id, STATUS_CODE.EOF);
      else sftp.data(id, bytes);
    });
  });
  sftp.on('WRITE', (id, handle, offset, data) => answer(id, handles.inTurn(handle, write(offset, data))));
  const fileStat = (file: fs.FileHandle) => file.stat();
  sftp.on('FSTAT', (id, handle) => stat(id, handles.inTurn(handle, fileStat)));
  sftp.on('FSETSTAT', (id, handle, attrs) => answer(id, handles.inTurn(handle, change(attrs))));
  sftp.on('CLOSE', (id, handle) => answer(id, handles.close(handle)));
  sftp.on('OPENDIR', (id, path) => {
    const listed = fs
      .readdir(at(path))
      .then((names) => handles.add({ folder: at(path), names: ['.', '..', ...names] }));
    tell(id, listed, (handle) => sftp.handle(id, handle));
  });
  sftp.on('READDIR', (id, handle) => {
    tell(id, entriesOf(handles, handle), (entries) => {
      if (entries.length === 0) sftp.status(id, STATUS_CODE.EOF);
      else sftp.name(id, entries);
    });
  });
  sftp.on('LSTAT', (id, path) => stat(id, fs.lstat(at(path))));
  sftp.on('STAT', (id, path) => stat(id, fs.stat(at(path))));
  sftp.on('REMOVE', (id, path) => answer(id, fs.unlink(at(path))));
  sftp.on('RMDIR', (id, path) => answer(id, fs.rmdir(at(path))));
  sftp.on('REALPATH', (id, path) => {
    const real = fs.realpath(at(path)).catch(() => at(path));
    tell(id, real, (filename) => sftp.name(id, [{ filename, longname: filename, attrs: NOTHING }]));
  });
  sftp.on('READLINK', (id, path) => {
    tell(id, fs.readlink(at(path)), (filename) => sftp.name(id, [{ filename, longname: filename, attrs: NOTHING }]));
  });
  sftp.on('SETSTAT', (id, path, attrs) => answer(id, changeAt(at(path), attrs)));
  sftp.on('MKDIR', (id, path, { mode }) => answer(id, fs.mkdir(at(path), mode)));
  // as the protocol has it, this takes no place that is taken
  sftp.on('RENAME', (id, from, to) => answer(id, rename(at(from), at(to))));
  // ssh2 says the link first, whatever its types say
  sftp.on('SYMLINK', (id, link, target) => answer(id, fs.symlink(target, at(link))));
  // a client that has no more to say waits for the farewell
  sftp.on('end', () => {
    exitWell(sftp);
    sftp.end();
  });
  sftp.on('close', () => void handles.closeAll());
}

const NOTHING: Attributes = { mode: 0, uid: 0, gid: 0, size: 0, atime: 0, mtime: 0 };

/** scp asks for the code that this ends with, and ssh2 has no word for it. */
function exitWell(sftp: SFTPWrapper): void {
  const channel: unknown = Reflect.get(sftp, 'outgoing');
  // one that the client has closed is no more
  if (typeof channel !== 'object' || channel === null || Reflect.get(channel, 'state') !== 'open') return;
  callInside(Reflect.get(sftp, '_protocol'), 'exitStatus', [Reflect.get(channel, 'id'), 0]);
}

function open(path: string, flags: number, mode = 0o666): Promise<fs.FileHandle> {
  const { READ, WRITE, APPEND, CREAT, TRUNC, EXCL } = OPEN_MODE;
  const has = (flag: number) => (flags & flag) !== 0;
  const access = has(WRITE) ? (has(READ) ? constants.O_RDWR : constants.O_WRONLY) : constants.O_RDONLY;
  const options = [
    [APPEND, constants.O_APPEND],
    [CREAT, constants.O_CREAT],
    [TRUNC, constants.O_TRUNC],
    [EXCL, constants.O_EXCL],
  ] as const;
  return fs.open(
    path,
    options.reduce((all, [flag, option]) => (has(flag) ? all | option : all), access),
    mode & 0o7777,
  );
}

function read(offset: number, length: number) {
  return async (file: fs.FileHandle): Promise<Buffer> => {
    const bytes = Buffer.allocUnsafe(Math.min(length, LONGEST_READ));
    const { bytesRead } = await file.read(bytes, 0, bytes.length, offset);
    return bytes.subarray(0, bytesRead);
  };
}

function write(offset: number, data: Buffer) {
  return async (file: fs.FileHandle): Promise<void> => {
    for (let done = 0; done < data.length;) {
      done += (await file.write(data, done, data.length - done, offset + done)).bytesWritten;
    }
  };
}

function change({ mode, size, atime, mtime }: Partial<Attributes>) {
  return async (file: fs.FileHandle): Promise<void> => {
    if (size !== undefined) await file.truncate(size);
    if (mode !== undefined) await file.chmod(mode & 0o7777);
    if (mtime !== undefined) await file.utimes(atime ?? mtime, mtime);
  };
}

async function changeAt(path: string, { mode, size, atime, mtime }: Partial<Attributes>): Promise<void> {
  if (size !== undefined) await fs.truncate(path, size);
  if (mode !== undefined) await fs.chmod(path, mode & 0o7777);
  if (mtime !== undefined) await fs.utimes(path, atime ?? mtime, mtime);
}

async function rename(from: string, to: string): Promise<void> {
  const taken = await fs.lstat(to).then(
    () => true,
    () => false,
  );
  if (taken) throw new Error(`${to} is there already.`);
  await fs.rename(from, to);
}

async function entriesOf(handles: Handles, handle: Buffer): Promise<FileEntry[]> {
  const { folder, names } = handles.folder(handle);
  const entries = await Promise.all(
    names.splice(0, ENTRIES).map(async (filename): Promise<FileEntry[]> => {
      const stats = await fs.lstat(resolve(folder, filename)).catch(() => null);
      return stats ? [{ filename, longname: longName(filename, stats), attrs: attributesOf(stats) }] : [];
    }),
  );
  const told = entries.flat();
  // all of these have gone meanwhile, and an empty answer would be the end
  return told.length === 0 && names.length > 0 ? entriesOf(handles, handle) : told;
}
