import 'reflect-metadata';
import { create, createFileRegistry, type DescMethod, type DescMethodUnary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import * as x509 from '@peculiar/x509';
import { X509Certificate } from 'node:crypto';
import http from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
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
