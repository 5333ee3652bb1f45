import { problem, type ConfigRule } from './config-rule.js';

const dockerNotBuilt: ConfigRule = ({ config: { server } }) =>
  server.docker.enabled
    ? [problem('server.docker.enabled', 'spaces on Docker are not built yet', 'server.nomad or server.local')]
    : [];

export const PLATFORM_RULES = [dockerNotBuilt];
