import type { Scope } from '@knot/domain';
import {
  createKubernetesDriver,
  createLocalDriver,
  createNomadDriver,
  type Driver,
  type DriverClock,
} from '@knot/drivers';
import { readPem } from '@knot/link';
import { Secret } from '@knot/shared';
import type { KnotConfig, NomadConfig } from '@knot/shared/config';

/** The drivers that knot.yaml switches on. Throws `config.invalid` when a file it names cannot be read. */
export async function configuredDrivers(
  { server, tlsSkipVerify }: Pick<KnotConfig, 'server' | 'tlsSkipVerify'>,
  scope: Scope,
  clock: DriverClock,
): Promise<readonly Driver[]> {
  const drivers: Driver[] = [];
  const { nomad, kubernetes, local, url } = server;
  if (nomad.addr !== undefined) drivers.push(await nomadDriver(nomad.addr, nomad, tlsSkipVerify, scope, clock));
  if (kubernetes.enabled) {
    const { kubeconfig, context, namespace, spaceObjects } = kubernetes;
    drivers.push(createKubernetesDriver({ scope, kubeconfig, context, namespace, spaceObjects, clock }));
  }
  if (local.enabled) {
    drivers.push(createLocalDriver({ scope, path: local.path, clock, environment: { KNOT_SERVER: url } }));
  }
  return drivers;
}

async function nomadDriver(
  addr: string,
  nomad: NomadConfig,
  tlsSkipVerify: boolean,
  scope: Scope,
  clock: DriverClock,
): Promise<Driver> {
  const [ca, cert, key] = await Promise.all([
    readPem('server.nomad.ca_file', nomad.caFile),
    readPem('server.nomad.cert_file', nomad.certFile),
    readPem('server.nomad.key_file', nomad.keyFile),
  ]);
  const { token = new Secret(''), namespace, region } = nomad;
  const tls = { ca, cert, key, rejectUnauthorized: !tlsSkipVerify };
  return createNomadDriver({ scope, addr, token, namespace, region, tls, clock });
}
