import { KnotError } from '@knot/shared/errors';

/** What a script can tell from the exit code of `knot`; `knot --help` lists them. */
export const EXIT_CODES = {
  ok: 0,
  failed: 1,
  input: 2,
  access: 3,
  notFound: 4,
  state: 5,
  unavailable: 6,
} as const;

/** A command inside a space has ended, by this exit code: no error of ours. */
export class CommandEnded extends Error {
  constructor(readonly code: number) {
    super(`The command ended with ${code}.`);
  }
}

/** The exit code by the kind of the error, which its HTTP status in the error table gives. */
export function exitCodeOf(error: unknown): number {
  if (!(error instanceof KnotError)) return EXIT_CODES.failed;
  switch (error.httpStatus) {
    case 400:
    case 413:
    case 422:
    case 426:
    case 501:
      return EXIT_CODES.input;
    case 401:
    case 403:
      return EXIT_CODES.access;
    case 404:
      return EXIT_CODES.notFound;
    case 409:
    case 412:
      return EXIT_CODES.state;
    case 429:
    case 503:
      return EXIT_CODES.unavailable;
    default:
      return EXIT_CODES.failed;
  }
}
