/**
 * Images made for the existing program may call its one executable for what is the command line's here, or is had in
 * another way: what to do instead, with the next command as it is to be typed. Null for anything else.
 */
export function movedCommand(
  [command, ...rest]: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  machine: string,
): string | null {
  const server = (env['KNOT_SERVER'] ?? '').replace(/\/$/, '');
  switch (command) {
    case 'connect':
      return `connect is of the command line, knot, which this fetches and signs in:\n${fetched(server, machine)}`;
    case 'tunnel':
      return `there are no tunnels: a port of a space has an address of its own.\n${shared(rest[1] ?? '8080')}`;
    case 'agent':
      return rest[0] === 'set-description' ? `${DESCRIBED}\n` : null;
    default:
      return null;
  }
}

const DESCRIBED = `the description of a space is changed from outside of it, in the dashboard or, from your own machine, by
  knot spaces change <space> --description "<text>"`;

function fetched(server: string, machine: string): string {
  const zip = `knot_linux_${machine === 'arm64' ? 'arm64' : 'amd64'}.zip`;
  const from = server === '' ? '"$KNOT_SERVER"' : server;
  return `  curl -fsSO ${from}/download/${zip} && unzip -o ${zip} knot && ./knot connect ${from}\n`;
}

/** Sharing takes more than a token that lies in a space should be good for. */
function shared(port: string): string {
  const digits = /^\d{1,5}$/.test(port) ? port : '8080';
  const agent = `Start the agent with KNOT_HTTP_PORT=${digits}, or let the template name the port.`;
  const then = 'Then let others in, in the dashboard or, from your own machine, by';
  return `${agent}\n${then}\n  knot spaces share-port <space> ${digits} public\n`;
}
