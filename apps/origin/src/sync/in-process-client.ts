import { create } from '@bufbuild/protobuf';
import { sync, type SyncClient } from '@knot/contract';
import type { Store } from '@knot/shared/store';
import type { LocationKeys } from '../agents/location-keys.js';
import type { LeafIdentity, SyncCaller } from './caller.js';
import type { SyncService } from './sync-service.js';

/** The transport of the origin's own location: the same service, no credential, no socket. */
export function inProcessClient(
  service: SyncService,
  store: Store,
  locationKeys: LocationKeys,
  identity: LeafIdentity,
): SyncClient {
  const caller = (signal: AbortSignal): SyncCaller => ({ identity, address: 'in-process', signal });
  return {
    hello: (request) => service.hello(request),
    enroll: async ({ listenerCsr }) => {
      const installation = await store.get('installation', 'installation');
      return create(sync.EnrollResponseSchema, {
        installation: installation?.uuid ?? '',
        location: identity.location,
        credential: 'in-process',
        credentialExpiresAt: BigInt(Number.MAX_SAFE_INTEGER),
        ...(await locationKeys.forLeaf({ location: identity.location, listenerCsr })),
      });
    },
    renewLease: (request, call) => service.renewLease(request, caller(call.signal)),
    list: (request, call) => service.list(request, caller(call.signal)),
    watch: (request, call) => service.watch(request, caller(call.signal)),
    reportStatus: (request, call) => service.reportStatus(request, caller(call.signal)),
    wish: (request, call) => service.wish(request, caller(call.signal)),
    useCredential: () => undefined,
    close: () => undefined,
  };
}
