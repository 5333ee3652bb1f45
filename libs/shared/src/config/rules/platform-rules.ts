import { problem, type ConfigRule } from './config-rule.js';

const kubernetesNotBuilt: ConfigRule = ({ config: { server } }) =>
  server.kubernetes.enabled
    ? [problem('server.kubernetes.enabled', 'spaces on Kubernetes are not built yet', 'server.nomad or server.local')]
    : [];

const dockerNotBuilt: ConfigRule = ({ config: { server } }) =>
  server.docker.enabled
    ? [problem('server.docker.enabled', 'spaces on Docker are not built yet', 'server.nomad or server.local')]
    : [];

export const PLATFORM_RULES = [kubernetesNotBuilt, dockerNotBuilt];
