// Takes the place of node-pty's search for its binary in what tools/build-agent.mjs makes: there is no node_modules. The
// binary is an asset of the single executable, or lies beside the bundle.
const { mkdtempSync, rmSync, writeFileSync } = require('node:fs');
const { homedir, tmpdir } = require('node:os');
const { join } = require('node:path');
const { getRawAsset, isSea } = require('node:sea');

/** Loads a library that only a file can be loaded from. A folder may be read-only, or forbid programs in it. */
function loadAsset(name) {
  const bytes = Buffer.from(getRawAsset(name));
  let failure;
  for (const parent of [tmpdir(), '/dev/shm', homedir(), process.cwd()]) {
    let folder;
    try {
      folder = mkdtempSync(join(parent, '.knot-agent-'));
      const path = join(folder, name);
      writeFileSync(path, bytes, { mode: 0o700 });
      return load(path);
    } catch (error) {
      failure = error;
    } finally {
      // what is loaded stays loaded
      if (folder) rmSync(folder, { recursive: true, force: true });
    }
  }
  throw failure;
}

function load(path) {
  const loaded = { exports: {} };
  process.dlopen(loaded, path);
  return loaded.exports;
}

exports.requireBinary = (name) => (isSea() ? loadAsset(name) : load(join(__dirname, name)));
