import { KnotError } from '../../errors/index.js';

/** Primary result codes of SQLite (the lower byte of `errcode`), with what a person should know and do. */
const SENTENCES: Readonly<Record<number, { readonly message: string; readonly hint: string }>> = {
  5: { message: 'another program holds the database', hint: 'Close the other program that has the file open.' },
  6: { message: 'another program holds the database', hint: 'Close the other program that has the file open.' },
  8: { message: 'the database cannot be written', hint: 'Check the owner and mode of the file and its folder.' },
  10: { message: 'the disk of the database failed', hint: "Check the disk and the system's log." },
  11: { message: 'the database file is damaged', hint: 'Put back a backup.' },
  13: { message: 'the disk of the database is full', hint: 'Make room on it; nothing of what was told done is lost.' },
  14: { message: 'the database cannot be opened', hint: 'Check that its folder exists and may be written.' },
  26: { message: 'the file is not a database', hint: 'Check the path, or put back a backup.' },
};

/** Any error of a store on SQLite as the port promises it; `file` is named to the reader. */
export function toStoreError(error: unknown, file: string): KnotError {
  if (error instanceof KnotError) return error;
  if (isClosed(error)) return new KnotError('store.unavailable', `the store is closed (${file})`);
  const code = resultCode(error);
  const known = code === null ? undefined : SENTENCES[code & 0xff];
  if (known !== undefined) {
    return new KnotError('store.unavailable', `${known.message} (${file})`, known.hint, {}, { cause: error });
  }
  const text = error instanceof Error ? error.message : String(error);
  return new KnotError('internal', `the store failed: ${text}`, '', {}, { cause: error });
}

function resultCode(error: unknown): number | null {
  if (typeof error !== 'object' || error === null) return null;
  if ('driverError' in error) return resultCode(error.driverError);
  return 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : null;
}

/** What node:sqlite says of a connection, or a statement of one, after `close`. */
function isClosed(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_INVALID_STATE';
}

/** Another process has the write lock just now. */
export function isBusy(error: unknown): boolean {
  return ((resultCode(error) ?? 0) & 0xff) === 5;
}
