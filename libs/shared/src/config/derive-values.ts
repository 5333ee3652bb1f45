import { join } from 'node:path';
import type { ConfigDraft } from './config-draft.js';
import type { Origin } from './config-value.js';
import { withDnsPort } from '../names/dns-port.js';
import { formatListenAddress } from './listen-address.js';
import { isTimeZone } from './sections/tests.js';
import type { ConfigWorld } from './sources/config-world.js';

const from = (text: string): Origin => ({ kind: 'derived', from: text });

/** Fills in what follows from other keys or from the machine, and brings texts into their one form. */
export function deriveValues(draft: ConfigDraft, world: ConfigWorld): void {
  deriveResolver(draft);
  deriveAddresses(draft, world);
  deriveMachine(draft, world);
  deriveProxy(draft);
  deriveNomad(draft);
  normaliseTexts(draft);
}

function deriveResolver(draft: ConfigDraft): void {
  draft.rewrite('resolver.nameservers', draft.texts('resolver.nameservers').map(withDnsPort));
  const domains = Object.entries(draft.domains('resolver.domains'));
  const withPorts = domains.map(([suffix, servers]) => [suffix, servers.map(withDnsPort)] as const);
  const consul = draft.texts('resolver.consul').map(withDnsPort);
  if (consul.length > 0) draft.rewrite('resolver.consul', consul);
  const all = Object.fromEntries(consul.length > 0 ? [...withPorts, ['consul', consul] as const] : withPorts);
  const origin = draft.isGiven('resolver.domains') ? draft.originOf('resolver.domains') : from('resolver.consul');
  draft.set('resolver.domains', all, consul.length > 0 ? origin : draft.originOf('resolver.domains'));
}

function deriveAddresses(draft: ConfigDraft, world: ConfigWorld): void {
  const listen = draft.listen('server.listen');
  if (listen?.scheme !== undefined && !draft.isGiven('server.tls.use_tls')) {
    draft.set('server.tls.use_tls', listen.scheme === 'https', from('server.listen'));
  }
  if (draft.get('server.url') === undefined && listen !== undefined) {
    const scheme = draft.isOn('server.tls.use_tls') ? 'https' : 'http';
    const host = ['', '0.0.0.0', '::'].includes(listen.host) ? '127.0.0.1' : listen.host;
    draft.set('server.url', formatListenAddress({ scheme, host, port: listen.port }), from('server.listen'));
  }
  if (draft.get('server.internal_url') === undefined && listen !== undefined) {
    const scheme = draft.isOn('server.tls.use_tls') ? 'https' : 'http';
    const host = ['', '0.0.0.0', '::'].includes(listen.host) ? world.hostname : listen.host;
    draft.set('server.internal_url', formatListenAddress({ scheme, host, port: listen.port }), from('server.listen'));
  }
  const url = draft.text('server.url');
  const agents = draft.listen('server.listen_agent');
  if (draft.get('server.agent_endpoint') === undefined && url !== undefined && agents !== undefined) {
    const endpoint = `${new URL(url).hostname}:${agents.port}`;
    draft.set('server.agent_endpoint', endpoint, from('server.url and server.listen_agent'));
  }
}

function deriveMachine(draft: ConfigDraft, world: ConfigWorld): void {
  const fill = (path: string, value: string, source: string): void => {
    if (draft.get(path) === undefined) draft.set(path, value, from(source));
  };
  const { NOMAD_DC: datacenter = '' } = world.env;
  if (datacenter !== '') fill('server.location', datacenter, '$NOMAD_DC');
  fill('server.location', world.hostname.split('.')[0] ?? world.hostname, 'the host name');
  fill('server.timezone', isTimeZone(world.timeZone) ? world.timeZone : 'UTC', "the system's time zone");
  const folder = world.isRoot ? '/var/lib/knot' : join(world.home, '.local', 'share', 'knot');
  fill('server.data_path', folder, world.isRoot ? 'running as root' : 'the home folder');
  const data = draft.text('server.data_path') ?? folder;
  fill('server.local.path', join(data, 'local'), 'server.data_path');
  fill('server.sqlite.path', data, 'server.data_path');
}

/** One switch under two names; where both are given, a rule has seen to it that they agree. */
function deriveProxy(draft: ConfigDraft): void {
  if (draft.isGiven('server.enable_proxy') && !draft.isGiven('server.disable_proxy')) {
    draft.set('server.disable_proxy', !draft.isOn('server.enable_proxy'), from('server.enable_proxy'));
  } else if (!draft.isGiven('server.enable_proxy')) {
    draft.set('server.enable_proxy', !draft.isOn('server.disable_proxy'), from('server.disable_proxy'));
  }
}

/** No Nomad where it is off; a location on Kubernetes has none that nobody named: it would be warned of for ever. */
function deriveNomad(draft: ConfigDraft): void {
  if (!draft.isOn('server.nomad.enabled')) {
    draft.set('server.nomad.addr', undefined, from('server.nomad.enabled'));
  } else if (draft.isOn('server.kubernetes.enabled') && !draft.isGiven('server.nomad.addr')) {
    draft.set('server.nomad.addr', undefined, from('server.kubernetes'));
  }
}

function normaliseTexts(draft: ConfigDraft): void {
  const rewrite = (path: string, change: (text: string) => string): void => {
    const text = draft.text(path);
    if (text !== undefined) draft.rewrite(path, change(text));
  };
  rewrite('server.wildcard_domain', (text) => text.toLowerCase());
  rewrite('server.origin_fingerprint', (text) =>
    text
      .replace(/^sha-?256:/i, '')
      .replaceAll(':', '')
      .toLowerCase(),
  );
  rewrite('server.redis.key_prefix', (text) => (text.endsWith(':') ? text : `${text}:`));
}
