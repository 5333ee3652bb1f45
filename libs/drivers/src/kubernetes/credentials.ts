import { existsSync } from 'node:fs';
import type { RequestOptions } from 'node:https';
import { createSecureContext, type ConnectionOptions, type SecureContext } from 'node:tls';
import { KnotError } from '@knot/shared/errors';
import type { DriverClock } from '../clock.js';
import type { KubernetesOptions } from './options.js';

/** Where the API server is, and what is shown to it now. */
export interface Credentials {
  readonly server: URL;
  /** Header, certificates and trust of one request. */
  readonly request: RequestOptions & Pick<ConnectionOptions, 'secureContext'>;
}

/** Tokens of pods and of exec plugins run out; the files are read again and the plugin asked this often, ms. */
const FRESH_MS = 30_000;

interface Config {
  getCurrentCluster(): { readonly server: string; readonly proxyUrl?: string } | null;
  applyToHTTPSOptions(options: RequestOptions): Promise<void>;
}

/** Kubeconfig, in-cluster account and exec plugins by client-node, which is loaded only where it is used. */
export class CredentialSource {
  private config: Config | null = null;
  private trust: { readonly shown: string; readonly secureContext: SecureContext } | null = null;
  private known: { readonly at: number; readonly value: Promise<Credentials> } | null = null;

  constructor(
    private readonly options: Pick<KubernetesOptions, 'kubeconfig' | 'context'>,
    private readonly clock: DriverClock,
  ) {}

  /** Where requests go, for messages. */
  get where(): string {
    const server = this.config?.getCurrentCluster()?.server;
    return server !== undefined && URL.canParse(server) ? new URL(server).host : 'the API server';
  }

  current(): Promise<Credentials> {
    const now = this.clock.monotonic();
    if (this.known && now - this.known.at < FRESH_MS) return this.known.value;
    const value = this.read();
    this.known = { at: now, value };
    value.catch(() => (this.known = null));
    return value;
  }

  /** What was shown was not accepted: the next request asks anew. */
  forget(): void {
    this.known = null;
    this.config = null;
  }

  private async read(): Promise<Credentials> {
    const config = (this.config ??= await this.load());
    const cluster = config.getCurrentCluster();
    if (!cluster || !URL.canParse(cluster.server)) throw unusable('it names no cluster with an address');
    const request: RequestOptions = { headers: {} };
    try {
      await config.applyToHTTPSOptions(request);
    } catch (error) {
      throw unusable(error instanceof Error ? error.message : String(error), error);
    }
    // its agent opens a new connection each time a plugin hands out a new certificate; ours keys them by what is shown
    if (cluster.proxyUrl === undefined) delete request.agent;
    return { server: new URL(cluster.server), request: { ...request, secureContext: this.contextOf(request) } };
  }

  /** One for all connections that show and trust the same: Node would read the certificates again for each. */
  private contextOf({ ca, cert, key, pfx, passphrase }: RequestOptions): SecureContext {
    const given = { ca, cert, key, pfx, passphrase };
    const shown = JSON.stringify(given);
    if (this.trust?.shown !== shown) {
      try {
        this.trust = { shown, secureContext: createSecureContext(given) };
      } catch (error) {
        throw unusable(error instanceof Error ? error.message : String(error), error);
      }
    }
    return this.trust.secureContext;
  }

  private async load(): Promise<Config> {
    // its root would load a class for each kind that Kubernetes has
    const { KubeConfig } = await import('@kubernetes/client-node/dist/config.js');
    const config = new KubeConfig();
    const { kubeconfig = '', context = '' } = this.options;
    if (kubeconfig === '') {
      if (!existsSync('/var/run/secrets/kubernetes.io/serviceaccount/token')) {
        throw unusable('server.kubernetes.kubeconfig is empty, and this process runs in no pod with an account');
      }
      config.loadFromCluster();
      return config;
    }
    try {
      config.loadFromFile(kubeconfig);
    } catch (error) {
      throw unusable(error instanceof Error ? error.message : String(error), error);
    }
    if (context !== '') {
      if (!config.getContexts().some(({ name }) => name === context)) throw unusable(`it has no context ${context}`);
      config.setCurrentContext(context);
    }
    return config;
  }
}

function unusable(why: string, cause?: unknown): KnotError {
  return new KnotError(
    'backend.unavailable',
    `The kubeconfig cannot be used: ${why}.`,
    'Check server.kubernetes.kubeconfig and server.kubernetes.context.',
    {},
    { cause },
  );
}
