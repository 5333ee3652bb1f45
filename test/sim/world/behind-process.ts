import type { SimProcess } from './sim-process.js';

/**
 * A port as a process of the simulation has it: its promises come through the process, so that a frozen one waits for
 * them and a dead one never has them.
 */
export function behindProcess<T extends object>(process: SimProcess, port: T): T {
  return new Proxy(port, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      return (...given: unknown[]) => {
        let sync: unknown;
        const answer = process.call(async () => {
          sync = Reflect.apply(member, target, given);
          return sync instanceof Promise ? ((await sync) as unknown) : sync;
        });
        return sync === undefined || sync instanceof Promise ? answer : sync;
      };
    },
  });
}
