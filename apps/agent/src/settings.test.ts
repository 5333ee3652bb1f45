import { describe, expect, it } from 'vitest';
import { readSettings } from './settings.js';

const env = {
  KNOT_AGENT_ENDPOINT: '10.0.0.1:3010',
  KNOT_SPACEID: '11111111-2222-4333-8444-555555555555',
  KNOT_JOIN_SECRET: 'knj_x',
  KNOT_AGENT_CA: Buffer.from('-----BEGIN CERTIFICATE-----').toString('base64'),
};

describe('what an agent is told', () => {
  it('comes from the environment, ports with their labels, and a flag beats it', () => {
    const given = {
      ...env,
      KNOT_NAMESERVERS: '10.0.0.2 10.0.0.3:8600',
      KNOT_HTTP_PORT: '80=Web 8080',
      KNOT_TCP_PORT: '5432',
    };
    expect(readSettings(['--endpoint', 'srv+agents.example'], given).settings).toEqual({
      endpoint: 'srv+agents.example',
      nameservers: ['10.0.0.2:53', '10.0.0.3:8600'],
      space: env.KNOT_SPACEID,
      secret: 'knj_x',
      ca: '-----BEGIN CERTIFICATE-----',
      ports: [
        { port: 5432, label: '', protocol: 'tcp' },
        { port: 80, label: 'Web', protocol: 'http' },
        { port: 8080, label: '', protocol: 'http' },
        { port: 49374, label: '', protocol: 'http', kind: 'code-server' },
      ],
      logs: { syslog: 514, api: 12201 },
      startScripts: [],
      tunnel: false,
    });
  });

  it.each(Object.keys(env))('names %s when it is missing', (name) => {
    expect(() => readSettings([], { ...env, [name]: undefined })).toThrow(name);
  });

  it('knows where the editor and the desktop are, and that 0 is nowhere', () => {
    const ports = ['--code-server-port=0', '--vnc-http-port', '5680', '--syslog-port=0', '--api-port=9000'];
    const { settings } = readSettings(ports, env);
    expect(settings.logs).toEqual({ syslog: 0, api: 9000 });
    expect(settings.ports).toEqual([{ port: 5680, label: '', protocol: 'http', kind: 'desktop' }]);
  });

  it('takes a flag of ports several times, and lets be what images say to other agents', () => {
    const args = [
      '--ssh-port',
      '22',
      '--http-port',
      '80',
      '--use-tls',
      '--http-port=81=Docs',
      '--advertise-addr=10.0.0.1',
      '--dns-listen=127.0.0.1:53',
      '--tls-skip-verify',
      '--config',
      '/etc/knot.yaml',
      '--code-server-port=0',
    ];
    const { settings, notices } = readSettings(args, env);
    expect(settings.ports.map(({ port, label }) => [port, label])).toEqual([
      [80, ''],
      [81, 'Docs'],
    ]);
    const idle = ['--ssh-port', '--use-tls', '--advertise-addr', '--dns-listen', '--tls-skip-verify', '--config'];
    expect(notices.map((notice) => notice.split(' ')[0])).toEqual(idle);
  });

  it('names the scripts that it runs at first, and runs the tunnel of VS Code only where it is asked to', () => {
    const given = { ...env, KNOT_START_SCRIPT: '/etc/knot-startup.d ~/.knot-startup.d', KNOT_VSCODE_TUNNEL: 'on' };
    const { settings } = readSettings([], given);
    expect(settings).toMatchObject({ startScripts: ['/etc/knot-startup.d', '~/.knot-startup.d'], tunnel: true });
    expect(readSettings(['--vscode-tunnel='], given).settings.tunnel).toBe(false);
  });

  it('says which port is none, and which flag is unknown', () => {
    expect(() => readSettings([], { ...env, KNOT_TCP_PORT: '99999' })).toThrow('99999 is no port');
    expect(() => readSettings(['--nonsense'], env)).toThrow('nonsense');
  });
});
