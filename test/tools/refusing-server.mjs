// A cluster's own rules of admission over TLS: /refuse/<rule> says no in its own words, /silent/<rule> never answers.
// CERT, KEY, WORDS are in the environment; prints its port.
import { readFileSync } from 'node:fs';
import https from 'node:https';

const { CERT = '', KEY = '', WORDS = '' } = process.env;

const server = https.createServer({ cert: readFileSync(CERT), key: readFileSync(KEY) }, (request, response) => {
  let text = '';
  request.on('data', (piece) => (text += piece));
  request.on('end', () => {
    process.stdout.write(`asked ${request.url}\n`);
    if (request.url?.startsWith('/silent/')) return;
    const { uid } = JSON.parse(text).request;
    const answer = { uid, allowed: false, status: { code: 403, message: WORDS } };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response: answer }));
  });
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`listens on ${server.address().port}\n`));
