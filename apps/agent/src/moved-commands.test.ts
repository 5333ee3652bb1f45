import { expect, it } from 'vitest';
import { movedCommand } from './moved-commands.js';

const env = { KNOT_SERVER: 'https://knot.example.com/' };

it('connect says the command that fetches the command line and signs in', () => {
  expect(movedCommand(['connect'], env, 'x64')).toContain(
    'curl -fsSO https://knot.example.com/download/knot_linux_amd64.zip && unzip -o knot_linux_amd64.zip knot && ./knot connect https://knot.example.com\n',
  );
  expect(movedCommand(['connect'], {}, 'arm64')).toContain('"$KNOT_SERVER"/download/knot_linux_arm64.zip');
});

it('tunnel says how its port is reached here, whatever stands in its place', () => {
  expect(movedCommand(['tunnel', 'http', '3000', 'web'], env, 'x64')).toContain('share-port <space> 3000 public');
  expect(movedCommand(['tunnel', 'http', '$(reboot)', 'web'], env, 'x64')).not.toContain('reboot');
});

it('agent set-description says how a space is described here', () => {
  expect(movedCommand(['agent', 'set-description', 'mine'], env, 'x64')).toContain('knot spaces change <space> --desc');
});

it('nothing else is of the existing program', () => expect(movedCommand(['agent'], env, 'x64')).toBeNull());
