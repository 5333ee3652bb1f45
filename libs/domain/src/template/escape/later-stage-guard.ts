import { isUser, RefusedInsertion, type FormatScanner, type Insertion } from './format-scanner.js';

const PROBLEM = 'holds ${ or {{, which Nomad would run when it starts the task';
const HINT =
  'Nomad reads ${...} and, in its template blocks, {{...}} in the finished job once more. Let the user change it.';

/**
 * Nomad interprets the finished strings of a job once more: `${node...}` in most places, `{{ ... }}` in template blocks. What
 * an administrator wrote may use that; a user's field may not, whatever the quoting around it, nor become it by what stands
 * next to it.
 */
export class LaterStageGuard implements FormatScanner {
  private lastChar = '';
  /** The user's insertion that wrote the last character. */
  private lastUser: Insertion | undefined;

  constructor(private readonly inner: FormatScanner) {}

  follow(text: string): string {
    this.check(text, undefined);
    return this.inner.follow(text);
  }

  insert(insertion: Insertion): string {
    const user = isUser(insertion) ? insertion : undefined;
    if (user !== undefined && /[${]\{/.test(user.text)) throw new RefusedInsertion(user, PROBLEM, HINT);
    this.check(insertion.text, user);
    return this.inner.insert(insertion);
  }

  finish(): string {
    return this.inner.finish();
  }

  private check(text: string, user: Insertion | undefined): void {
    if (text === '') return;
    const culprit = user ?? this.lastUser;
    if (culprit !== undefined && text.startsWith('{') && /[${]/.test(this.lastChar)) {
      throw new RefusedInsertion(culprit, PROBLEM, HINT);
    }
    this.lastChar = text.at(-1) ?? '';
    this.lastUser = user;
  }
}
