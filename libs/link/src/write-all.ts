import type { Duplex } from 'node:stream';

/**
 * Writes, and resolves once the kernel has all of it. A socket is handed to HTTP/2 only after its last write of ours is
 * through: Node ends the whole process by an internal assertion when a write that began before ends after.
 */
export function writeAll(stream: Duplex, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => (error ? reject(error) : resolve()));
  });
}
