import 'reflect-metadata';
import { create, createFileRegistry, type DescMethod, type DescMethodUnary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import * as x509 from '@peculiar/x509';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { toKnotError } from '@knot/shared/errors';
import { createGrpcServer } from './create-grpc-server.js';
import { openGrpcClient } from './grpc-client.js';
import { serviceDefinition, unary } from './grpc-service.js';
import { listenOnePort } from './one-port.js';

const EC = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const opened: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

/** A service with one call, as a .proto would make it. */
function echo(): DescMethodUnary {
  const file = create(FileDescriptorProtoSchema, {
    ...{ name: 'echo.proto', package: 'echo', syntax: 'proto3', messageType: [{ name: 'Word' }] },
    service: [{ name: 'Echo', method: [{ name: 'Say', inputType: '.echo.Word', outputType: '.echo.Word' }] }],
  });
  const isUnary = (method: DescMethod): method is DescMethodUnary => method.methodKind === 'unary';
  const method = createFileRegistry(file, () => undefined)
    .getService('echo.Echo')
    ?.methods.find(isUnary);
  if (!method) throw new Error('there is no such call');
  return method;
}

/** A certificate for another name, signed by an authority that nobody here knows. */
async function signedCertificate(): Promise<{ key: string; cert: string; fingerprint: string }> {
  const [authority, own] = await Promise.all([0, 1].map(() => crypto.subtle.generateKey(EC, true, ['sign', 'verify'])));
  if (!authority || !own) throw new Error('no keys');
  const certificate = await x509.X509CertificateGenerator.create({
    ...{ subject: 'CN=elsewhere', issuer: 'CN=authority', signingAlgorithm: EC },
    ...{ signingKey: authority.privateKey, publicKey: own.publicKey },
    ...{ notBefore: new Date(Date.now() - 60_000), notAfter: new Date(Date.now() + 600_000) },
  });
  const key = x509.PemConverter.encode(await crypto.subtle.exportKey('pkcs8', own.privateKey), 'PRIVATE KEY');
  const cert = certificate.toString('pem');
  return { key, cert, fingerprint: new X509Certificate(cert).fingerprint256 };
}

/** What a caller is told by a server that speaks HTTP/2 and answers each call so, as a proxy does that knows no gRPC. */
async function toldBy(status: number): Promise<unknown> {
  const proxy = createHttp2Server((_request, response) => response.writeHead(status).end('no')).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  opened.push(async () => void proxy.close());
  const { port } = proxy.address() as AddressInfo;
  const client = await openGrpcClient({ host: '127.0.0.1', port, tls: false, ca: '', fingerprint: '' });
  opened.push(async () => client.close());
  const method = echo();
  const call = { signal: AbortSignal.timeout(5_000), deadlineMs: 5_000, credential: '' };
  return client.unary(method, create(method.input), call).catch((error: unknown) => error);
}

async function ask(fingerprint: string, tls: { key: string; cert: string }): Promise<unknown> {
  const method = echo();
  const grpc = createGrpcServer();
  grpc.addService(serviceDefinition(method.parent), { say: unary(async () => create(method.output)) });
  const port = await listenOnePort({ host: '127.0.0.1', port: 0, tls, web: http.createServer(), grpc });
  opened.push(() => port.close(0));
  const client = await openGrpcClient({ host: '127.0.0.1', port: port.port, tls: true, ca: '', fingerprint });
  const call = { signal: AbortSignal.timeout(5_000), deadlineMs: 5_000, credential: '' };
  return client.unary(method, create(method.input), call).finally(() => client.close());
}

describe('an answer of HTTP alone', () => {
  it.each([400, 404, 405, 501])('of %i says that a proxy passes no gRPC on', async (status) => {
    const { message, hint } = toKnotError(await toldBy(status));
    expect(message).toMatch(/^127\.0\.0\.1:\d+ answers, but leads no gRPC to a knot origin\.$/);
    expect(hint).toContain('a proxy before the origin has to pass HTTP/2 on below /knot.sync.v1.');
  });

  it.each([502, 503, 504])('of %i says that the proxy reaches no origin', async (status) => {
    expect(toKnotError(await toldBy(status)).message).toMatch(
      new RegExp(`^A proxy at 127\\.0\\.0\\.1:\\d+ does not reach the origin \\(${status}\\)\\.$`),
    );
  });
});

describe('a pinned certificate', () => {
  it('is trusted whoever has signed it and whatever name it bears', async () => {
    const tls = await signedCertificate();
    expect(await ask(tls.fingerprint, tls)).toMatchObject({ $typeName: 'echo.Word' });
  });

  it('is the only one that is trusted', async () => {
    const [shown, pinned] = [await signedCertificate(), await signedCertificate()];
    await expect(ask(pinned.fingerprint, shown)).rejects.toMatchObject({
      code: 'server.unavailable',
      hint: expect.stringContaining(shown.fingerprint),
    });
    await expect(ask('', shown)).rejects.toMatchObject({ message: expect.stringContaining('is not trusted') });
  });
});
