import type { KeyRing, Logger } from '@knot/shared';
import { toKnotError } from '@knot/shared/errors';
import type { Store } from '@knot/shared/store';
import { rekey } from './rekey.js';

const BETWEEN_NEWS = 500;

/** Seals everything with the present key while the origin serves; begun at each start with more than one key. */
export function startRekey(store: Store, keys: KeyRing, logger: Logger): { close(): Promise<void> } {
  const ending = new AbortController();
  const progress = (count: number): void => {
    if (count % BETWEEN_NEWS === 0) logger.info({ count }, 'values are being sealed with the present key');
  };
  const running = rekey({ store, keys, progress, signal: ending.signal }).then(
    (count) => {
      if (ending.signal.aborted) return;
      logger.info(
        { count },
        'everything is sealed with the present key: the former ones may leave server.encrypt_keys',
      );
    },
    (error: unknown) => {
      if (!ending.signal.aborted) logger.warn({ err: toKnotError(error) }, 'former keys are still needed');
    },
  );
  return {
    close: () => {
      ending.abort();
      return running;
    },
  };
}
