const LONGEST = 300;

/** Whether it is where VS Code opens a tunnel in the browser: what a space says is not trusted to be anything else. */
export function isTunnelAddress(text: string): boolean {
  const path = /^https:\/\/(?:insiders\.)?vscode\.dev\/tunnel\/[A-Za-z0-9-]+(?:\/[A-Za-z0-9._~%/-]*)?$/;
  return text.length <= LONGEST && path.test(text);
}
