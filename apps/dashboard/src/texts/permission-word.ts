import { texts } from './texts.js';

/** What a permission allows; one that only a newer server knows, by the server's word. */
export function permissionWord({ name, description }: { readonly name: string; readonly description: string }): string {
  const words: Readonly<Record<string, string | undefined>> = texts.permissions;
  return words[name] ?? description;
}
