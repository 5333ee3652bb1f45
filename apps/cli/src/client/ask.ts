import { KnotError } from '@knot/shared/errors';
import type { CommandContext } from '../command-context.js';

type Asking = Pick<CommandContext, 'input' | 'stderr'>;

/** The answer to a question, or the next line of what is piped in. */
export async function ask({ input, stderr }: Asking, question: string, { hidden = false } = {}): Promise<string> {
  if (input.interactive) stderr.write(`${question}: `);
  const line = await input.readLine({ hidden });
  const text = hidden ? line : line?.trim();
  if (text !== undefined && text !== '') return text;
  const hint = input.interactive ? '' : 'Give it on standard input, one line each.';
  throw new KnotError('input.invalid', `${question} is missing`, hint);
}

/** A new password; typed twice where nobody sees it. */
export async function askNewPassword(context: Asking): Promise<string> {
  const password = await ask(context, 'Password', { hidden: true });
  if (context.input.interactive && (await ask(context, 'Password again', { hidden: true })) !== password) {
    throw new KnotError('input.invalid', 'the two passwords differ', 'Try again.');
  }
  return password;
}

/** Goes on only where the name is typed, or `--yes` was given. */
export async function confirmByName(
  context: Asking,
  { name, what, yes }: { readonly name: string; readonly what: string; readonly yes: boolean },
): Promise<void> {
  if (yes) return;
  if (!context.input.interactive) {
    throw new KnotError('confirm.required', `${what}, which needs a yes`, 'Give --yes where nobody is there to ask.');
  }
  context.stderr.write(`${what}. `);
  if ((await ask(context, `Type ${name} to go on`)) !== name) {
    throw new KnotError('confirm.required', 'that is not the name, so nothing was done');
  }
}
