import { expect, it } from 'vitest';
import { systemContext } from '../command-context.js';
import { agentFile } from './agent-file.js';

function said(text: string, env: Readonly<Record<string, string>> = {}, path = '/work/knot.yaml') {
  const readFile = (asked: string) => {
    if (asked === path) return text;
    throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
  };
  return agentFile(
    { ...systemContext(), env, cwd: '/work', home: '/home/ann', readFile, listFolder: () => [] },
    undefined,
  );
}

it('what a knot.yaml says of an agent reaches it as its environment would, and nothing that is not said', () => {
  const { env, warnings } = said(`
resolver: { nameservers: [10.0.0.2] }
agent:
  endpoint: 10.0.0.1:3010
  syslog_port: 0
  vscode_tunnel: ""
  port: { http_port: [80=Web, 8080], code_server: "0" }
`);
  expect(env).toEqual({
    KNOT_NAMESERVERS: '10.0.0.2:53',
    KNOT_AGENT_ENDPOINT: '10.0.0.1:3010',
    KNOT_SYSLOG_PORT: '0',
    KNOT_VSCODE_TUNNEL: '',
    KNOT_HTTP_PORT: '80=Web 8080',
    KNOT_CODE_SERVER_PORT: '0',
  });
  expect(warnings).toEqual([]);
  expect(said('client: { server: https://knot.example.com }').env).toEqual({});
});

it('the file is the one that KNOT_CONFIG names; what has no effect is told, what is wrong refused', () => {
  const env = { KNOT_CONFIG: '/etc/agent.yaml', KNOT_HTTP_PORT: '81' };
  const { warnings } = said('agent: { port: { ssh: 2222 } }', env, '/etc/agent.yaml');
  expect(warnings).toEqual([expect.stringContaining('knot ssh-config update')]);
  expect(() => said('agent: { port: { htp_port: 80 } }')).toThrow('agent.port.http_port');
});
