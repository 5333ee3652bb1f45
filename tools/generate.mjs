// Code made from other files: messages from .proto, API types from openapi.json, OpenAPI metadata from the origin's DTOs.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { filesUnder, hashFiles, isDone, markDone, root, runOrFail, say } from './shell.mjs';

const contract = 'libs/contract';
const generated = `${contract}/src/generated`;
const origin = 'apps/origin';

/** `buf generate` when a .proto, its configuration or the generated code changed. Works offline: the plugin is local. */
export async function generateProtobuf({ force = false } = {}) {
  const protos = filesUnder(contract, (path) => path.endsWith('.proto') || /buf[^/]*\.ya?ml$/.test(path));
  if (!protos.some((path) => path.endsWith('.proto'))) return;
  const state = () => hashFiles([...protos, ...filesUnder(generated, (path) => path.endsWith('_pb.ts'))]);
  if (!force && isDone('protobuf', state())) return;
  say('Generating code from .proto files ...');
  await runOrFail('buf generate', 'buf', ['generate'], { cwd: join(root, contract), quiet: true });
  markDone('protobuf', state());
}

/**
 * Swagger's metadata of DTOs and controllers into apps/origin/src/metadata.ts: under plain tsc a DTO's properties would
 * be missing from the OpenAPI document. The libs must be built before (types come from their dist).
 */
export async function generateOpenApiMetadata({ force = false } = {}) {
  const sources = filesUnder(`${origin}/src`, (path) => /\.(dto|controller)\.ts$/.test(path));
  if (!sources.some((path) => path.endsWith('.dto.ts'))) return;
  const target = `${origin}/src/metadata.ts`;
  const state = () => hashFiles([...sources, 'nest-cli.json', ...(existsSync(join(root, target)) ? [target] : [])]);
  if (!force && isDone('openapi-metadata', state())) return;
  say('Generating OpenAPI metadata ...');
  const { PluginMetadataGenerator } = await import(
    pathToFileURL(join(root, 'node_modules/@nestjs/cli/lib/compiler/plugins/plugin-metadata-generator.js')).href
  );
  const fromOrigin = createRequire(join(root, origin, 'package.json'));
  const { ReadonlyVisitor } = await import(pathToFileURL(fromOrigin.resolve('@nestjs/swagger/plugin')).href);
  const plugins = JSON.parse(readFileSync(join(root, 'nest-cli.json'), 'utf8')).compilerOptions.plugins;
  const { options } = plugins.find((plugin) => plugin.name === '@nestjs/swagger');
  const folder = join(root, origin, 'src');
  process.chdir(root);
  const { default: typescript } = await import('typescript');
  const read = typescript.readConfigFile(join(root, origin, 'tsconfig.json'), typescript.sys.readFile);
  const config = typescript.parseJsonConfigFileContent(read.config, typescript.sys, join(root, origin));
  new PluginMetadataGenerator().generate({
    visitors: [new ReadonlyVisitor({ ...options, pathToSource: folder })],
    outputDir: folder,
    filename: 'metadata.ts',
    // With a program of our own type errors do not end the run: the compiler tells them a moment later, and
    // the first run lacks the very file that it is about to make.
    tsProgramRef: typescript.createProgram(config.fileNames, config.options),
  });
  markDone('openapi-metadata', state());
}

/** The REST API's types for CLI and dashboard, from the OpenAPI document that the origin's tests keep true. */
export async function generateApiTypes({ force = false } = {}) {
  const source = `${origin}/openapi.json`;
  const target = `${generated}/openapi.ts`;
  if (!existsSync(join(root, source))) return;
  const state = () => hashFiles([source, ...(existsSync(join(root, target)) ? [target] : [])]);
  if (!force && isDone('api-types', state())) return;
  say('Generating types of the REST API ...');
  await runOrFail('openapi-typescript', 'openapi-typescript', [source, '-o', target], { quiet: true });
  markDone('api-types', state());
}

if (process.argv[1] === join(root, 'tools', 'generate.mjs')) {
  await generateProtobuf({ force: true });
  await generateApiTypes({ force: true });
  await generateOpenApiMetadata({ force: true });
}
