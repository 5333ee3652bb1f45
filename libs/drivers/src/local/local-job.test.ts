import { describe, expect, it } from 'vitest';
import { isKnotError } from '@knot/shared/errors';
import { parseLocalJob } from './local-job.js';

const POLICY = { drivers: [], hostVolumes: ['/srv/data'], exceptions: ['host-path:/opt/tools'] };

function parse(job: string, volumes = '') {
  return parseLocalJob({ job, volumes, policy: POLICY });
}

function refusalOf(job: string, volumes = ''): string {
  try {
    parse(job, volumes);
  } catch (error) {
    if (isKnotError(error, 'template.rejected', 'template.policy')) return error.message;
    throw error;
  }
  return 'accepted';
}

describe('the job text of a local space', () => {
  it('is one command for the shell, with defaults for all else', () => {
    expect(parse('command: cd src && exec ./serve')).toEqual({
      command: ['/bin/sh', '-c', 'cd src && exec ./serve'],
      env: {},
      workdir: '',
      stop: { signal: 'SIGTERM', graceMs: 10_000 },
      ready: null,
      mounts: [],
    });
  });

  it('may say everything', () => {
    const job = `
command: [python3, -m, http.server, 8080]
env: { PORT: 8080, DEBUG: true, RATIO: 1.50, EMPTY: , ZIP: "007" }
workdir: src/app
stop: { signal: INT, grace: 2.5s }
ready: { http: { port: 8080, path: /up?x=1 } }
volumes: [home, { name: data, path: ./var/data/ }]
`;
    expect(parse(job, '- home\n- name: data\n- spare')).toEqual({
      command: ['python3', '-m', 'http.server', '8080'],
      env: { PORT: '8080', DEBUG: 'true', RATIO: '1.50', EMPTY: '', ZIP: '007' },
      workdir: 'src/app',
      stop: { signal: 'SIGINT', graceMs: 2_500 },
      ready: { by: 'http', port: 8080, path: '/up?x=1' },
      mounts: [
        { volume: 'home', path: 'home' },
        { volume: 'data', path: 'var/data' },
      ],
    });
  });

  it.each([
    ['', 'The job, line 1, column 1: a job is a map with the keys command,'],
    ['command: sleep 1\ncomand: x', 'line 2, column 1: "comand" is not known here; did you mean "command"?'],
    ['command: x\nstop: { signl: INT }', 'line 2, column 9: "signl" is not known here; did you mean "signal"?'],
    ['command: x\nzzzzzzzz: 1', '"zzzzzzzz" is not known here; known are command, shell'],
    ['env: {}', 'a job needs a command'],
    ['command: []', 'the command is empty'],
    ['command: "  "', 'the command is empty'],
    ['command: { a: 1 }', 'command is a text'],
    ['command: [sh, [a]]', 'a word of the command is a text'],
    ['command: [sh]\nshell: bash', 'a shell is for a command of one text'],
    ['command: x\nenv: { A-B: 1 }', '"A-B" is no name of a variable'],
    ['command: x\nenv: { KNOT_MARK: other }', 'KNOT_MARK is set by knot'],
    ['command: x\nenv:\n  A: [1]', 'line 3, column 6: env.A is a text'],
    ['command: x\nstop: { signal: SIGSTOP }', 'stop.signal is one of SIGTERM'],
    ['command: x\nstop: { grace: soon }', 'stop.grace is a number of seconds'],
    ['command: x\nready: { port: 0 }', 'a port is from 1 to 65535'],
    ['command: x\nready: { port: 1, file: a }', 'ready has one of the keys'],
    ['command: x\nready: { file: ../a }', 'ready.file is a path in the space’s folder'],
    ['command: "x\\0y"', 'command holds a NUL character'],
    ['command: [a\nb: 1', 'line 2'],
    ['command: a\ncommand: b', 'unique'],
  ])('%j is refused: %s', (job, sentence) => {
    const said = refusalOf(job);
    expect(said).toContain(sentence);
  });

  it('is refused when it is huge or nested without end, before it is parsed', () => {
    expect(refusalOf(`command: ${'x'.repeat(300_000)}`)).toContain('longer than 256 KiB');
    // a parser that sees this ends the process
    expect(refusalOf(`command: ${'['.repeat(100_000)}`)).toContain('nested too deeply');
  });

  it.each([
    ['volumes: [data]', '"data" is no volume of this template\'s volumes text; it defines home'],
    ['volumes: [../home]', 'is no volume'],
    ['volumes: [{ name: home, path: /etc }]', 'the path "/etc" does not lie in the space\'s folder'],
    ['volumes: [{ name: home, path: a/../../b }]', "does not lie in the space's folder"],
    ['volumes: [{ name: home, path: .knot/runs }]', "does not lie in the space's folder"],
    ['volumes: [{ name: home, path: . }]', "does not lie in the space's folder"],
    ['volumes: [home, { name: home, path: home/inner }]', "lies at or in another volume's"],
    ['volumes: [{ path: home }]', 'a volume needs a name'],
  ])('%s is refused: %s', (volumes, sentence) => {
    expect(refusalOf(`command: x\n${volumes}`, '- home')).toContain(sentence);
  });

  it.each([
    ['- home\n- home', 'the volume "home" is defined twice'],
    ['- a/b', '"a/b" is no name of a volume'],
    ['- ..', '".." is no name of a volume'],
    ['volums: []', 'did you mean "volumes"?'],
    ['- { nam: a }', 'did you mean "name"?'],
  ])('the volumes text %j is refused: %s', (volumes, sentence) => {
    expect(refusalOf('command: x\nvolumes: []', volumes)).toContain(sentence);
  });

  it('may work elsewhere on the machine only where the location allows it, by name', () => {
    expect(parse('command: x\nworkdir: /srv/data').workdir).toBe('/srv/data');
    expect(parse('command: x\nworkdir: /opt/tools').workdir).toBe('/opt/tools');
    for (const folder of ['/etc', '/srv/data/..', '../other', 'a/../../other']) {
      expect(refusalOf(`command: x\nworkdir: ${folder}`)).toContain(`"${folder}"`);
    }
  });
});
