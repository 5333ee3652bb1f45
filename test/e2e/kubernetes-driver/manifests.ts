import { BUSYBOX } from '../../tools/kubernetes.js';

export interface PodText {
  /** Shell that runs in it. */
  readonly run?: string;
  /** Lines of the container, by the pod's own indentation. */
  readonly container?: string;
  /** Lines of the pod's spec. */
  readonly pod?: string;
}

const FOREVER = 'exec sleep 100000';

function podSpec({ run = FOREVER, container = '', pod = '' }: PodText): string {
  return `
terminationGracePeriodSeconds: 0
${pod}
containers:
  - name: main
    image: ${BUSYBOX}
    imagePullPolicy: Never
    command: [sh, -c, ${JSON.stringify(run)}]
${indent(container, 4)}`;
}

export function indent(text: string, by: number): string {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => ' '.repeat(by) + line)
    .join('\n');
}

/** A Deployment of one pod. */
export function deployment(text: PodText = {}, spec = ''): string {
  return `
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
${indent(spec, 2)}
  selector:
    matchLabels: { app: web }
  template:
    metadata:
      labels: { app: web }
    spec:
${indent(podSpec(text), 6)}
`;
}

/** A pod of its own, which nothing begins anew. */
export function barePod(text: PodText = {}): string {
  return `
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  restartPolicy: Never
${indent(podSpec(text), 2)}
`;
}
