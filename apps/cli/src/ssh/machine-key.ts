import { dirname, join } from 'node:path';
import ssh2 from 'ssh2';
import type { CommandContext } from '../command-context.js';

/** The key by which this machine gets into spaces by SSH. */
export interface MachineKey {
  /** The file with the private half. */
  readonly file: string;
  /** A line of a `.pub` file. */
  readonly publicKey: string;
}

/** Where it is kept: beside the file with server and token. */
export function machineKeyFile(configFile: string): string {
  return join(dirname(configFile), 'knot_id_ed25519');
}

/** The key of this machine, made where there is none yet. */
export function machineKey(context: CommandContext, configFile: string): MachineKey {
  const file = machineKeyFile(configFile);
  const known = publicKeyIn(context, `${file}.pub`);
  if (known !== null) return { file, publicKey: known };
  const comment = `knot on ${context.hostname}`.replace(/[^\x20-\x7e]/g, '?').slice(0, 64);
  const made = ssh2.utils.generateKeyPairSync('ed25519', { comment });
  context.writePrivateFile(file, made.private);
  context.writePrivateFile(`${file}.pub`, `${made.public}\n`);
  return { file, publicKey: made.public };
}

function publicKeyIn(context: CommandContext, file: string): string | null {
  try {
    return context.readFile(file).trim();
  } catch {
    return null;
  }
}
