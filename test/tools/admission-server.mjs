// A cluster's own rules of admission over TLS: /no/<rule> refuses in its own words, /never/<rule> does not answer, and
// /sidecar/<rule> puts a container beside those of a pod. CERT, KEY, WORDS, SIDECAR are in the environment; prints its port.
import { readFileSync } from 'node:fs';
import https from 'node:https';

const { CERT = '', KEY = '', WORDS = '', SIDECAR = '' } = process.env;
const PATCH = Buffer.from(JSON.stringify([{ op: 'add', path: '/spec/containers/-', value: JSON.parse(SIDECAR) }]));
const refused = { allowed: false, status: { code: 403, message: WORDS } };
const injected = { allowed: true, patchType: 'JSONPatch', patch: PATCH.toString('base64') };

const server = https.createServer({ cert: readFileSync(CERT), key: readFileSync(KEY) }, (request, response) => {
  let text = '';
  request.on('data', (piece) => (text += piece));
  request.on('end', () => {
    process.stdout.write(`asked ${request.url}\n`);
    const [, what] = request.url?.split('/') ?? [];
    if (what === 'never') return;
    const { uid } = JSON.parse(text).request;
    const answer = { uid, ...(what === 'sidecar' ? injected : refused) };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response: answer }));
  });
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`listens on ${server.address().port}\n`));
