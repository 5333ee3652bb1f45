/** The text with a capital letter at its beginning: names of backends like `this machine` begin sentences too. */
export function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
